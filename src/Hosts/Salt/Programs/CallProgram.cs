using SaltActors.Actors.Minion;
using SaltActors.Actors.Minion.Session;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary><c>salt-call</c>: runs one function on this machine, with a master behind it or without.</summary>
internal static class CallProgram
{
    internal static async Task<int> RunAsync(ParsedCommandLine parsed)
    {
        if (!FunctionCommandLine.TryRead(parsed, out var command, out var stop)) return Program.Stop(stop);
        if (parsed.IsTyped("proxyid")) return Program.Stop(CommandLineParser.Error("salt-call", "--proxyid: proxy minions are not available in this version"));
        var table = MinionWiring.Functions();
        var configuration = HostConfiguration.Load(ConfigurationRole.Minion, parsed, Console.Error);
        var printer = new Printer(parsed, configuration);
        if (parsed.Flag("doc"))
        {
            Documentation.Print(printer, Documentation.Of(table, FunctionKind.Execution, command.Function, isBeginning: true), isPlain: true);
            return 0;
        }
        UnusedOptions.Warn(parsed, "module_dirs", "states_dir", "profiling_path", "profiling_enabled");
        var options = WithRoots(parsed, MinionWiring.WithId(configuration.Options, configuration.ConfigDir, Warn));
        var isLocal = parsed.Flag("local") || options.TextOf("file_client") == "local";
        if (isLocal) options = options.With("file_client", "local");
        // Most functions never look at the grains, and collecting them takes longer than running those.
        var grains = new Lazy<MapValue>(() => parsed.Flag("skip_grains") ? MapValue.Empty
            : Task.Run(() => MinionWiring.Grains(options, Warn)(parsed.Flag("refresh_grains_cache"), CancellationToken.None)).GetAwaiter().GetResult());
        if (parsed.Flag("grains_run"))
        {
            printer.Print(MapValue.Of(("local", grains.Value)), null);
            return 0;
        }
        using var log = new CallLog(options);
        var call = new FunctionCall(parsed, printer, options, table, grains, command);
        using var transport = new ZeroMqTransport();
        if (isLocal)
        {
            var doors = LocalDoors.WithoutMaster(new CallServices { GrainsFile = MinionWiring.GrainsFile(options), Log = log }, table, options, Warn);
            return (await call.RunAsync(doors, PillarLater(doors.Pillars!, options, grains))).Exit;
        }

        var minion = MinionOptions.From(options);
        var keys = new MinionKeys(minion);
        await using var master = new MasterConversation(transport, minion, keys.LoadOrMake(), keys, TimeProvider.System);
        if (await SignInAsync(master, minion) is { } problem)
        {
            await Console.Error.WriteLineAsync($"ERROR: {problem}");
            return 2;
        }
        var services = CallDoors.Of(master, options, log);
        var (exit, load) = await call.RunAsync(services, PillarLater(services.Pillars!, options, grains));
        if (load is not null && !parsed.Flag("no_return_event"))
        {
            var reading = await master.AskAsync(load, TimeSpan.FromSeconds(60), 3, CancellationToken.None);
            if (reading.Result != SessionResult.Opened) await Console.Error.WriteLineAsync($"[ERROR   ] the master did not take the return: {reading.Reason}");
        }
        return exit;
    }

    // One folder instead of all that the configuration says of the base environment.
    private static MapValue WithRoots(ParsedCommandLine parsed, MapValue options)
    {
        foreach (var (option, setting) in (ReadOnlySpan<(string, string)>)[("file_root", "file_roots"), ("pillar_root", "pillar_roots")])
            if (parsed.Text(option) is { } folder) options = options.With(setting, MapValue.Of(("base", ListValue.OfTexts([Path.GetFullPath(folder)]))));
        return options;
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

    private static void Warn(string text) => Console.Error.WriteLine($"[WARNING ] {text}");
}
