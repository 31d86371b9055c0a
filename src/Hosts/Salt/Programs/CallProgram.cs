using SaltActors.Actors.Minion;
using SaltActors.Actors.Minion.Jobs;
using SaltActors.Actors.Minion.Session;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Rendering.Arguments;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary><c>salt-call</c>: runs one function on this machine, with a master behind it or without.</summary>
internal static class CallProgram
{
    internal static async Task<int> RunAsync(ParsedCommandLine parsed)
    {
        var table = MinionWiring.Functions();
        if (parsed.Positionals.IsEmpty && !parsed.Flag("grains_run") && !parsed.Flag("doc"))
        {
            Console.Write(CommandLineParser.Help("salt-call"));
            return Program.Stop(CommandLineParser.Error("salt-call", "Requires at least one argument: the function to call"));
        }
        if (parsed.Flag("doc")) return PrintDocumentation(table, parsed.Positionals.IsEmpty ? "" : parsed.Positionals[0]);

        var configuration = HostConfiguration.Load(ConfigurationRole.Minion, parsed, Console.Error);
        var options = MinionWiring.WithId(configuration.Options, configuration.ConfigDir, Warn);
        var isLocal = parsed.Flag("local") || options.TextOf("file_client") == "local";
        // Most functions never look at the grains, and collecting them takes longer than running those.
        var grains = new Lazy<MapValue>(() => parsed.Flag("skip_grains") ? MapValue.Empty
            : Task.Run(() => MinionWiring.Grains(options, Warn)(parsed.Flag("refresh_grains_cache"), CancellationToken.None)).GetAwaiter().GetResult());
        if (parsed.Flag("grains_run"))
        {
            new Printer(parsed, configuration).Print(MapValue.Of(("local", grains.Value)), null);
            return 0;
        }
        using var transport = new ZeroMqTransport();
        if (isLocal)
        {
            var doors = LocalDoors.WithoutMaster(new CallServices { GrainsFile = MinionWiring.GrainsFile(options), Log = new CallLog() }, table, options, Warn);
            var localPillar = PillarLater(doors.Pillars!, options, grains);
            var (localExit, localLoad) = await CallAsync(parsed, configuration, options, table, grains, localPillar, doors);
            await GiveToReturnersAsync(parsed, options, grains, localPillar, localLoad);
            return localExit;
        }

        var minion = MinionOptions.From(options);
        var keys = new MinionKeys(minion);
        await using var master = new MasterConversation(transport, minion, keys.LoadOrMake(), keys, TimeProvider.System);
        if (await SignInAsync(master, minion) is { } problem)
        {
            await Console.Error.WriteLineAsync($"ERROR: {problem}");
            return 2;
        }
        var services = CallDoors.Of(master, options);
        var pillar = PillarLater(services.Pillars!, options, grains);
        var (exit, load) = await CallAsync(parsed, configuration, options, table, grains, pillar, services);
        await GiveToReturnersAsync(parsed, options, grains, pillar, load);
        if (load is not null && !parsed.Flag("no_return_event"))
        {
            var reading = await master.AskAsync(load, TimeSpan.FromSeconds(60), 3, CancellationToken.None);
            if (reading.Result != SessionResult.Opened) await Console.Error.WriteLineAsync($"[ERROR   ] the master did not take the return: {reading.Reason}");
        }
        return exit;
    }

    private static async Task<string?> SignInAsync(MasterConversation master, MinionOptions options) => await master.SignInAsync(null, CancellationToken.None) switch
    {
        SignInOutcome.Accepted => null,
        SignInOutcome.Pending => $"the key of [{options.Id}] waits for the operator; on the master: salt-key -a {options.Id}. To work without a master: --local",
        SignInOutcome.Refused => $"the master rejects the key of [{options.Id}]; on the master: salt-key -L. To work without a master: --local",
        SignInOutcome.Full => "the master has as many minions as it may (max_minions)",
        WrongFinger => "the master's key is not the one that master_finger names; start the minion to read what to do",
        SignInOutcome.MasterChanged => "the master's key has changed; start the minion to read what to do",
        SignInOutcome.Failed failed => $"{failed.Reason}. To work without a master: --local",
        _ => "the master gave an answer that is none",
    };

    // Many functions never look at the pillar, and compiling it takes longer than running those.
    private static Lazy<MapValue> PillarLater(IPillarSource pillars, MapValue options, Lazy<MapValue> grains) => new(() =>
    {
        try
        {
            var question = new PillarQuestion(MinionId.Parse(options.TextOf("id")!), grains.Value, options.TextOf("saltenv"), options.TextOf("pillarenv"), MapValue.Empty);
            return Task.Run(() => pillars.CompileAsync(question, CancellationToken.None)).GetAwaiter().GetResult();
        }
        catch (Exception cause) when (cause is MasterAnswerRefused or TimeoutException)
        {
            Console.Error.WriteLine($"[ERROR   ] {cause.Message}");
            return MapValue.Empty;
        }
    });

    private static async Task<(int Exit, MapValue? Return)> CallAsync(ParsedCommandLine parsed, HostConfiguration configuration, MapValue options, FunctionTable table, Lazy<MapValue> grains, Lazy<MapValue> pillar, CallServices services)
    {
        var name = parsed.Positionals[0];
        var noParse = (parsed.Options.Get("no_parse") as ListValue)?.Items.Select(n => n.ToString()).ToHashSet();
        var arguments = ArgumentText.ParseAll(parsed.Positionals.Skip(1).Select(Value (t) => t), noParse);
        var jid = new JidClock(TimeProvider.System).Next();
        var context = new CallContext
        {
            Functions = table,
            Options = options,
            GrainsLater = grains,
            PillarLater = pillar,
            Publish = MapValue.Of(("fun", name), ("pid", Environment.ProcessId), ("jid", jid.Text), ("tgt", "salt-call")),
            Services = services,
        };
        var outcome = await Invocation.RunAsync(context, FunctionKind.Execution, name, arguments);
        if (Refusal(table, name, outcome) is { } exit) return (exit, null);

        var printer = new Printer(parsed, configuration);
        var publish = MapValue.Of(("jid", "req"), ("fun", name), ("arg", arguments.ToFunArgs()));
        var load = JobReturn.Of(MinionId.Parse(options.TextOf("id")!), publish, outcome);
        if (parsed.Flag("print_metadata"))
            printer.Print(MapValue.Of(("local", MapValue.Of(("jid", jid.Text), ("return", outcome.Return), ("retcode", outcome.Retcode), ("id", options.Get("id")!), ("fun", name), ("fun_args", arguments.ToFunArgs())))), outcome.Outputter, outcome.Retcode);
        else printer.Print(MapValue.Of(("local", outcome.Return)), outcome.Outputter, outcome.Retcode);
        return (parsed.Flag("retcode_passthrough") ? outcome.Retcode : outcome.Retcode == 0 ? 0 : 1, load);
    }

    // One try: who called is there, reads why it failed, and calls again.
    private static async Task GiveToReturnersAsync(ParsedCommandLine parsed, MapValue options, Lazy<MapValue> grains, Lazy<MapValue> pillar, MapValue? load)
    {
        var names = ReturnerTable.NamesIn(ListValue.Create([parsed.Text("return"), options.Get("return") ?? Value.Null]), options.Get(ReturnerTable.Multi));
        if (load is null || names.IsEmpty) return;
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
    private static int? Refusal(FunctionTable table, string name, CallOutcome outcome)
    {
        switch (outcome.Failure)
        {
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
            default: return null;
        }
    }

    private static int PrintDocumentation(FunctionTable table, string name)
    {
        foreach (var function in table.OfKind(FunctionKind.Execution))
            if (name.Length == 0 || function.Name == name || function.Name.StartsWith(name + ".", StringComparison.Ordinal))
                Console.WriteLine($"{function.Name}:\n{function.Doc}\n");
        return 0;
    }

    private static void Warn(string text) => Console.Error.WriteLine($"[WARNING ] {text}");
}
