using SaltActors.Client.Link;
using SaltActors.Client.Runners;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary><c>salt-run</c>: runs a function on the master. Salt's own runs it in its own process; ours asks the running master.</summary>
internal static class RunProgram
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    internal static async Task<int> RunAsync(ParsedCommandLine parsed)
    {
        if (!FunctionCommandLine.TryRead(parsed, out var command, out var stop)) return Program.Stop(stop);
        var wished = Jid.TryParse(parsed.Text("jid"), out var jid) ? jid : (Jid?)null;
        if (wished is null && parsed.Text("jid") is { } wrong) return Program.Stop(CommandLineParser.Error("salt-run", $"'{wrong}' is no jid: 20 digits are needed, as of a time"));
        var configuration = HostConfiguration.Load(ConfigurationRole.Master, parsed, Console.Error);
        var printer = new Printer(parsed, configuration);
        var table = MinionWiring.Functions();
        if (parsed.Flag("doc") || command.Function.Length == 0)
        {
            Documentation.Print(printer, Documentation.Of(table, FunctionKind.Runner, command.Function), isPlain: true);
            return 0;
        }
        // The master asks for a module and a function; what is less is answered here.
        if (!command.Function.Contains('.'))
        {
            Show(printer, table, command.Function, new(default, Invocation.UnknownText(command.Function), false, null, 1));
            return 0;
        }
        UnusedOptions.Warn(parsed, "profiling_path", "profiling_enabled");

        using var transport = new ZeroMqTransport();
        try
        {
            await using var link = await Login.OpenAsync(transport, parsed, configuration);
            if (parsed.Flag("async"))
            {
                var started = await RunnerCall.StartAsync(link, command.Function, command.Arguments, AnswerTime, CancellationToken.None, wished);
                WarnOfOther(wished, started);
                await Console.Error.WriteLineAsync($"[WARNING ] Running in asynchronous mode. Results of this execution may be collected by attaching to the master event bus or by examining the master job cache, if configured. This execution is running under tag salt/run/{started}");
                return 0;
            }
            var result = await RunnerCall.RunAsync(link, command.Function, command.Arguments, AnswerTime, CancellationToken.None, wished);
            WarnOfOther(wished, result.Jid);
            if (!parsed.Flag("quiet")) Show(printer, table, command.Function, result);
            return ExitOf(result.Return);
        }
        catch (MasterRefused refused)
        {
            // As Salt: what the master says is what is shown, and the status is 0.
            if (!parsed.Flag("quiet")) printer.Print(refused.Message, null);
            return 0;
        }
        catch (Exception cause) when (cause is MasterUnreachable or LocalKeyUnreadable or LoginFailed)
        {
            await Console.Error.WriteLineAsync($"ERROR: {cause.Message}");
            return 2;
        }
    }

    private static void Show(Printer printer, FunctionTable table, string function, RunnerResult result)
    {
        var (value, outputter) = (result.Return, result.Outputter);
        if (value is MapValue wrapped && wrapped.Get("data") is { } data && wrapped.TextOf("outputter") is { } asked) (value, outputter) = (data, asked);
        // The beginning of a name is answered with the documentation of all that it may have meant.
        else if (value.AsText() == Invocation.UnknownText(function) && Documentation.Of(table, FunctionKind.Runner, function, isBeginning: true) is { Count: > 0 } docs) (value, outputter) = (docs, null);
        printer.Print(value, outputter);
    }

    private static int ExitOf(Value value) => value is not MapValue map ? 0
        : (int)(map.Get("retcode")?.AsInteger() ?? map.MapOf("data").Get("retcode")?.AsInteger() ?? 0);

    private static void WarnOfOther(Jid? wished, Jid started)
    {
        if (wished is { } jid && jid != started) Console.Error.WriteLine($"[WARNING ] the master gave the jid {started} and not the wished {jid}");
    }
}
