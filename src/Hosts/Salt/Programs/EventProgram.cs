using SaltActors.CommandLine.Events;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Arguments;
using SaltActors.Transport.Ipc;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary><c>salt-run state.event</c>: shows the master's bus as it goes. It listens itself, as Salt's does: a runner of the master could not print here.</summary>
internal static class EventProgram
{
    private const string Function = "state.event";

    /// <summary>The exit status, or null where the words mean something else.</summary>
    internal static async Task<int?> TryRunAsync(string program, string[] args)
    {
        if (program != "salt-run") (program, args) = args is ["salt-run", .. var rest] ? ("salt-run", rest) : (program, args);
        if (program != "salt-run" || !args.Contains(Function) || args.Contains("-d") || args.Contains("--doc")) return null;
        if (!CommandLineParser.TryParse(program, args, Console.In, out var parsed, out var stop)) return Program.Stop(stop);
        return parsed.Positionals is [Function, ..] ? await RunAsync(parsed) : null;
    }

    private static async Task<int> RunAsync(ParsedCommandLine parsed)
    {
        var configuration = HostConfiguration.Load(ConfigurationRole.Master, parsed, Console.Error);
        EventWatch watch;
        try
        {
            watch = new EventWatch(ArgumentText.ParseAll(parsed.Positionals.Skip(1).Select(Value (t) => t)));
        }
        catch (ArgumentRefused refused)
        {
            Console.WriteLine($"\nPassed invalid arguments: {refused.Message}");
            return 0;
        }
        if (watch.Node != "master")
        {
            await Console.Error.WriteLineAsync($"ERROR: node={watch.Node}: only the master's bus can be watched from here");
            return 1;
        }
        var socket = Path.Combine(watch.SocketFolder ?? configuration.Options.TextOf("sock_dir")!, "master_event_pub.ipc");
        using var signals = new ExitSignals();
        try
        {
            await using var stream = await UnixEventStream.ConnectAsync(socket, CancellationToken.None);
            while (!watch.IsOver)
            {
                var next = stream.Events.ReadAsync().AsTask();
                if (await Task.WhenAny(next, signals.Received) != next) return 0;
                if (watch.Take(await next) is { } line) Console.Out.WriteLine(line);
                await Console.Out.FlushAsync();
            }
            return 0;
        }
        catch (Exception cause) when (cause is System.Net.Sockets.SocketException or IOException or UnauthorizedAccessException or System.Threading.Channels.ChannelClosedException)
        {
            await Console.Error.WriteLineAsync($"ERROR: the master's event bus at {socket} cannot be heard: {cause.Message}. Is the master running, and may this user read the socket?");
            return 2;
        }
    }
}
