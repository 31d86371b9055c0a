using System.Net;
using Akka.Configuration;
using SaltActors.Actors.Daemon.Logging;
using SaltActors.Actors.Daemon.Settings;
using SaltActors.Actors.Minion;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains;
using SaltActors.Modules.Grains.Loading;
using SaltActors.Rendering.Arguments;
using SaltActors.Rendering.Configuration;
using SaltActors.Rendering.Yaml;
using SaltActors.Transport;

namespace SaltActors.Hosts;

/// <summary>What a minion is made from, for the programs that run one.</summary>
internal static class MinionWiring
{
    /// <summary>The configuration with the minion's name in it; a name that was found is kept in <c>minion_id</c>.</summary>
    internal static MapValue WithId(MapValue options, string configDir, Action<string> warn)
    {
        var (id, isFound) = new MinionName(new DiskFiles(), () => Dns.GetHostName(), FullHostName).Of(options, configDir);
        if (isFound && options.Get("minion_id_caching") is not { IsTruthy: false } && Directory.Exists(configDir))
            try
            {
                File.WriteAllText(Path.Combine(configDir, "minion_id"), id);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                warn($"the minion's id [{id}] could not be kept in {configDir}/minion_id: {cause.Message}; if the host is renamed, so is the minion");
            }
        return options.With("id", id);
    }

    internal static FunctionTable Functions() => new(Modules.DeclaredFunctions.All);

    internal static StaticGrainsFile? GrainsFile(MapValue options) => StaticGrainsFile.PathFor(options) is { } path
        ? new StaticGrainsFile(path, new YamlText(text => YamlLoader.Load(text, path), value => YamlDumper.Dump(value, new YamlLayout())))
        : null;

    internal static GrainsSource Grains(MapValue options, Action<string> warn) => (refresh, stop) =>
        MinionGrains.LoadAsync(new GrainOrigins(GrainSources.Local) { File = GrainsFile(options), Warn = warn }, options, refresh, stop);

    internal static MinionStart Start(MapValue options, ITransport transport, FunctionTable functions, Config hocon, Action<string> warn) => new()
    {
        Options = options,
        Hocon = hocon,
        Functions = functions,
        Transport = transport,
        Grains = Grains(options, warn),
        ParseArguments = ArgumentText.ParseReceived,
        Returners = Modules.Returners.BuiltInReturners.Table(),
        Resolves = ResolvesAsync,
        Services = options.TextOf("file_client") == "local"
            ? LocalDoors.WithoutMaster(new CallServices { GrainsFile = GrainsFile(options) }, functions, options, warn)
            : new CallServices { GrainsFile = GrainsFile(options) },
    };

    internal static Config Hocon(MapValue options, string layer) => SaltLogger.Settings(
        options.TextOf("log_level") ?? "warning", options.TextOf("log_file") ?? "", options.TextOf("log_level_logfile") ?? options.TextOf("log_level") ?? "warning", LogFormats.From(options))
        .WithFallback(HoconLayers.Load(layer));

    private static async Task<bool> ResolvesAsync(string host, CancellationToken stop)
    {
        if (IPAddress.TryParse(host, out _)) return true;
        try
        {
            return (await Dns.GetHostAddressesAsync(host, stop).ConfigureAwait(false)).Length > 0;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static string FullHostName()
    {
        try
        {
            return Dns.GetHostEntry("").HostName;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return "";   // the name service knows nothing of this machine; other names are tried
        }
    }
}
