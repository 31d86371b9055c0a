using SaltActors.Actors.Minion;
using SaltActors.Actors.Minion.Session;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Functions;
using SaltActors.Transport;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary><c>salt-minion</c>: runs until it is told to stop.</summary>
internal static class MinionProgram
{
    /// <param name="args">As they were typed; a minion in the background is started with them.</param>
    internal static async Task<int> RunAsync(ParsedCommandLine parsed, string[] args)
    {
        if (parsed.Flag("daemon") && !Background.IsHere) return await Background.StartAsync(["salt-minion", .. args]);
        var configuration = HostConfiguration.Load(ConfigurationRole.Minion, parsed, Console.Error);
        var options = MinionWiring.WithId(configuration.Options, configuration.ConfigDir, Warn);
        using var transport = new ZeroMqTransport();
        try
        {
            await DaemonProcess.BecomeUserAsync(options);
            var start = MinionWiring.Start(options, transport, MinionWiring.Functions(), MinionWiring.Hocon(options, "minion"), Warn) with { AtRest = IdleMemory.GiveBack };
            await using var minion = await MinionDaemon.StartAsync(start);
            using var signals = new ExitSignals();
            DaemonProcess.WritePid(options, Warn);
            Background.SayUp();
            var ended = await Task.WhenAny(minion.Stopped, signals.Received);
            return ended == minion.Stopped ? await minion.Stopped : 0;
        }
        catch (Exception cause) when (cause is FormatException or MinionKeysBroken or PortUnavailable or CommandFailed or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"ERROR: the minion cannot start: {cause.Message}");
            return 1;
        }
    }

    private static void Warn(string text) => Console.Error.WriteLine($"[WARNING ] {text}");
}
