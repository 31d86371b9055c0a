using SaltActors.Actors.Minion.Jobs;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Rendering.Arguments;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>The one function that <c>salt-call</c> runs: called, printed, and given to returners.</summary>
/// <remarks>Follows Salt 3006, salt/cli/caller.py.</remarks>
internal sealed class FunctionCall(ParsedCommandLine parsed, Printer printer, MapValue options, FunctionTable table, Lazy<MapValue> grains, FunctionCommand command)
{
    /// <summary>The exit status, and the return as a master takes it; null where nothing was run.</summary>
    internal async Task<(int Exit, MapValue? Return)> RunAsync(CallServices services, Lazy<MapValue> pillar)
    {
        var jid = new JidClock(TimeProvider.System).Next();
        var context = new CallContext
        {
            Functions = table,
            Options = options,
            GrainsLater = grains,
            PillarLater = pillar,
            Publish = MapValue.Of(("fun", command.Function), ("pid", Environment.ProcessId), ("jid", jid.Text), ("tgt", "salt-call")),
            Services = services,
        };
        var executors = Yaml("module_executors") ?? (options.Get("module_executors") is { IsTruthy: true } configured ? configured : "direct_call");
        var outcome = await Executors.RunAsync(executors, Yaml("executor_opts") as MapValue ?? MapValue.Empty, context, command.Function, command.Arguments);
        if (Refusal(outcome) is { } refused) return (refused, null);

        // The arguments are told as they were typed.
        var typed = ListValue.OfTexts(parsed.Positionals.Skip(1));
        var publish = MapValue.Of(("jid", "req"), ("fun", command.Function), ("arg", typed));
        if (Yaml("metadata") is { } metadata) publish = publish.With("metadata", metadata);
        var load = JobReturn.Of(MinionId.Parse(options.TextOf("id")!), publish, outcome);
        var shown = parsed.Flag("print_metadata") ? Envelope(jid, outcome, typed) : outcome.Return;
        printer.Print(MapValue.Of(("local", shown)), outcome.Outputter, outcome.Retcode);
        await GiveToReturnersAsync(load, pillar);
        return (parsed.Flag("retcode_passthrough") ? outcome.Retcode : outcome.Retcode == 0 ? 0 : 1, load);
    }

    private MapValue Envelope(Jid jid, CallOutcome outcome, ListValue typed)
    {
        var envelope = MapValue.Of(("jid", jid.Text), ("return", outcome.Return), ("retcode", outcome.Retcode));
        if (outcome.Outputter is { } outputter) envelope = envelope.With("out", outputter);
        return envelope.Over(MapValue.Of(("id", options.Get("id")!), ("fun", command.Function), ("fun_args", typed)));
    }

    private Value? Yaml(string option) => parsed.Options.Get(option) switch
    {
        null or NullValue or TextValue { Text.Length: 0 } => null,
        TextValue text => ArgumentText.Parse(text.Text),
        var set => set,
    };

    // One try: who called is there, reads why it failed, and calls again.
    private async Task GiveToReturnersAsync(MapValue load, Lazy<MapValue> pillar)
    {
        var names = ReturnerTable.NamesIn(ListValue.Create([parsed.Text("return"), options.Get("return") ?? Value.Null]), options.Get(ReturnerTable.Multi));
        if (names.IsEmpty) return;
        var returners = Modules.Returners.BuiltInReturners.Table();
        var context = new ReturnerContext { Options = options, Grains = grains.Value, Pillar = pillar.Value };
        var named = load.Without("cmd").With("jid", new JidClock(TimeProvider.System).Next().Text);
        foreach (var name in names)
            try
            {
                var returner = returners.Find(name) ?? throw new ReturnerFailed(returners.UnknownText(name));
                await returner.ReturnAsync(context, [named], CancellationToken.None);
            }
            catch (ReturnerFailed failed)
            {
                await Console.Error.WriteLineAsync($"[ERROR   ] {failed.Message}");
            }
    }

    // What never ran is an error of the command line, not a result.
    private int? Refusal(CallOutcome outcome)
    {
        var name = command.Function;
        switch (outcome.Failure)
        {
            case CallFailure.Unknown when outcome.Return is MapValue docs:
                Documentation.Print(printer, docs.Without(name), isPlain: true);
                Console.Error.WriteLine(Invocation.UnknownText(name));
                return 255;
            case CallFailure.Unknown:
                Console.Error.WriteLine(Invocation.UnknownText(name));
                return 255;
            case CallFailure.BadArguments when outcome.Return.ToString() is var text && text.StartsWith("ERROR executing", StringComparison.Ordinal):
                Console.Error.WriteLine(text[(text.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
                return 1;
            case CallFailure.BadArguments when table.Find(FunctionKind.Execution, name) is { } function:
                var said = outcome.Return.ToString().Split('\n')[0];
                Console.Error.WriteLine($"\nPassed invalid arguments: {said[(said.IndexOf(": ", StringComparison.Ordinal) + 2)..]}.\n\nUsage:");
                Console.WriteLine(function.Doc);
                return 1;
            case CallFailure.Failed:
                Console.Error.WriteLine($"Error running '{name}': {outcome.Return.ToString()["ERROR: ".Length..]}");
                return 1;
            case CallFailure.Exception:
                var exception = outcome.Return.ToString();
                Console.Error.Write(exception[(exception.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
                return 1;
            default: return null;
        }
    }
}
