using SaltActors.Actors.Minion;
using SaltActors.Actors.Minion.Session;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;
using SaltActors.Transport;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary><c>salt-minion</c>: runs until it is told to stop.</summary>
internal static class MinionProgram
{
    internal static async Task<int> RunAsync(ParsedCommandLine parsed)
    {
        var configuration = HostConfiguration.Load(ConfigurationRole.Minion, parsed, Console.Error);
        var options = MinionWiring.WithId(configuration.Options, configuration.ConfigDir, Warn);
        using var transport = new ZeroMqTransport();
        try
        {
            if (options.TextOf("user") is { Length: > 0 } user && (user != "root" || ProcessOwner.IsRoot)) await BecomeAsync(user, options);
            var start = MinionWiring.Start(options, transport, MinionWiring.Functions(), MinionWiring.Hocon(options, "minion"), Warn) with { AtRest = IdleMemory.GiveBack };
            await using var minion = await MinionDaemon.StartAsync(start);
            using var signals = new ExitSignals();
            WritePid(options.TextOf("pidfile"));
            var ended = await Task.WhenAny(minion.Stopped, signals.Received);
            return ended == minion.Stopped ? await minion.Stopped : 0;
        }
        catch (Exception cause) when (cause is FormatException or MinionKeysBroken or PortUnavailable or CommandFailed or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"ERROR: the minion cannot start: {cause.Message}");
            return 1;
        }
    }

    // Before anything is opened: what is made from here on belongs to that user.
    private static Task BecomeAsync(string user, MapValue options)
    {
        string[] folders = ["pki_dir", "cachedir", "sock_dir"];
        var paths = folders.Select(f => options.TextOf(f)).OfType<string>().Where(f => f.Length > 1).ToList();
        foreach (var folder in paths) Directory.CreateDirectory(folder);
        if (options.TextOf("log_file") is { Length: > 0 } log && Path.IsPathRooted(log)) paths.Add(Touched(log));
        if (options.TextOf("pidfile") is { Length: > 0 } pid) paths.Add(Touched(pid));
        return ProcessOwner.BecomeAsync(user, paths, CancellationToken.None);
    }

    private static string Touched(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        using (File.Open(path, FileMode.OpenOrCreate)) { }
        return path;
    }

    private static void Warn(string text) => Console.Error.WriteLine($"[WARNING ] {text}");

    private static void WritePid(string? path)
    {
        if (path is not { Length: > 0 }) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Warn($"the process id could not be written to {path}: {cause.Message}");
        }
    }
}
