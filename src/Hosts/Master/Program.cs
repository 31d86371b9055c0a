using SaltActors.Actors.Master;
using SaltActors.Actors.Master.Jobs.Archive;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Configuration;
using SaltActors.Transport;
using SaltActors.Transport.Keys;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Master;

/// <summary><c>salt-master</c>, and <c>up</c>: a playground in one command.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args.Length > 0 && args[0] == "up") return await Playground.RunAsync(args[1..]);
        if (!CommandLineParser.TryParse("salt-master", args, Console.In, out var parsed, out var stop)) return Stop(stop);
        if (parsed.Flag("daemon") && !Background.IsHere) return await Background.StartAsync(args);
        try
        {
            var configuration = HostConfiguration.Load(ConfigurationRole.Master, parsed, Console.Error);
            await DaemonProcess.BecomeUserAsync(configuration.Options);
            using var transport = new ZeroMqTransport();
            await using var master = await StartAsync(configuration.Options, transport);
            using var signals = new ExitSignals();
            DaemonProcess.WritePid(configuration.Options, text => Console.Error.WriteLine($"[WARNING ] {text}"));
            Background.SayUp();
            var ended = await Task.WhenAny(master.Stopped, signals.Received);
            return ended == signals.Received ? 0 : 1;
        }
        catch (Exception cause) when (cause is ConfigurationBroken or FormatException or PortUnavailable or KeyStoreBroken or CommandFailed or ArchiveFailed or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"ERROR: the master cannot start: {cause.Message}");
            return 1;
        }
    }

    internal static Task<MasterDaemon> StartAsync(MapValue options, ITransport transport) => MasterDaemon.StartAsync(new MasterStart
    {
        Options = options,
        Hocon = MinionWiring.Hocon(options, "master"),
        Functions = MinionWiring.Functions(),
        Transport = transport,
        Returners = Modules.Returners.BuiltInReturners.Table(),
        Minions = connected => new MinionCalls(options, transport, connected),
    });

    private static int Stop(CommandLineStop stop)
    {
        Console.Out.Write(stop.Stdout);
        Console.Error.Write(stop.Stderr);
        return stop.ExitCode;
    }
}
