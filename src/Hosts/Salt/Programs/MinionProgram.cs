using SaltActors.Actors.Minion;
using SaltActors.Actors.Minion.Session;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
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
            var start = MinionWiring.Start(options, transport, MinionWiring.Functions(), MinionWiring.Hocon(options, "minion"), Warn) with { AtRest = IdleMemory.GiveBack };
            await using var minion = await MinionDaemon.StartAsync(start);
            using var signals = new ExitSignals();
            WritePid(options.TextOf("pidfile"));
            var ended = await Task.WhenAny(minion.Stopped, signals.Received);
            return ended == minion.Stopped ? await minion.Stopped : 0;
        }
        catch (Exception cause) when (cause is FormatException or MinionKeysBroken or PortUnavailable or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"ERROR: the minion cannot start: {cause.Message}");
            return 1;
        }
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
