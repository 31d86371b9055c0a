using SaltActors.Client.Link;
using SaltActors.Client.Runners;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Arguments;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary><c>salt-run</c>: runs a function on the master. Salt's own runs it in its own process; ours asks the running master.</summary>
internal static class RunProgram
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    internal static async Task<int> RunAsync(ParsedCommandLine parsed)
    {
        var configuration = HostConfiguration.Load(ConfigurationRole.Master, parsed, Console.Error);
        var table = MinionWiring.Functions();
        if (parsed.Flag("doc") || parsed.Positionals.IsEmpty) return PrintDocumentation(table, parsed.Positionals.IsEmpty ? null : parsed.Positionals[0]);

        var noParse = (parsed.Options.Get("no_parse") as ListValue)?.Items.Select(n => n.ToString()).ToHashSet();
        var arguments = ArgumentText.ParseAll(parsed.Positionals.Skip(1).Select(Value (t) => t), noParse);
        using var transport = new ZeroMqTransport();
        try
        {
            await using var link = await MasterLink.OpenAsync(transport, MasterAddress.From(configuration.Options, HostConfiguration.Caller()), CancellationToken.None);
            if (parsed.Flag("async"))
            {
                var jid = await RunnerCall.StartAsync(link, parsed.Positionals[0], arguments, AnswerTime, CancellationToken.None);
                await Console.Error.WriteLineAsync($"[WARNING ] Running in asynchronous mode. Results of this execution may be collected by attaching to the master event bus or by examining the master job cache, if configured. This execution is running under tag salt/run/{jid}");
                Console.WriteLine(jid.Text);
                return 0;
            }
            var result = await RunnerCall.RunAsync(link, parsed.Positionals[0], arguments, AnswerTime, CancellationToken.None);
            var printer = new Printer(parsed, configuration);
            var value = result.Return;
            var outputter = result.Outputter;
            if (value is MapValue wrapped && wrapped.Get("data") is { } data && wrapped.TextOf("outputter") is { } asked) (value, outputter) = (data, asked);
            if (value is TextValue text && !printer.IsChosen) printer.Line(text.Text);
            else printer.Print(value, outputter);
            return value is MapValue map && map.Get("retcode")?.AsInteger() is { } code ? (int)code : 0;
        }
        catch (MasterUnreachable unreachable)
        {
            await Console.Error.WriteLineAsync($"ERROR: {unreachable.Message}");
            return 2;
        }
        catch (LocalKeyUnreadable unreadable)
        {
            await Console.Error.WriteLineAsync($"ERROR: {unreadable.Message}");
            return 2;
        }
    }

    private static int PrintDocumentation(FunctionTable table, string? name)
    {
        foreach (var function in table.OfKind(FunctionKind.Runner))
            if (name is null || function.Name == name || function.Name.StartsWith(name + ".", StringComparison.Ordinal))
                Console.WriteLine($"{function.Name}:\n{function.Doc}\n");
        return 0;
    }
}
