using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Modules.Pillar;
using SaltActors.States.Compiler;
using SaltActors.States.Pillars;
using SaltActors.States.Run;

namespace SaltActors.Modules.Highstates;

/// <summary>One use of states: its arguments read once, its pillar compiled, and the surroundings that templates and states see.</summary>
internal sealed class StateCompiling
{
    /// <summary>The argument by which a run reads another top file.</summary>
    internal const string OtherTop = "topfn";
    private const string NoFiles = "states are read from a file server, and there is none here";

    private StateCompiling(CallContext call, MapValue arguments, MapValue masterOptions) => (Call, Arguments, MasterOptions) = (call, arguments, masterOptions);

    /// <summary>What templates and states see: the pillar as it was compiled now, the options of the file server's side.</summary>
    public CallContext Call { get; }
    public MapValue Arguments { get; }
    public MapValue MasterOptions { get; }
    public SlsTree Tree => field ??= new SlsTree(Call, CallServices.Need(Call.Services.Files, NoFiles));
    public string? SaltEnv => Arguments.Get("saltenv") is { IsNull: false } given ? given.ToString() : Call.Options.TextOf("saltenv");

    /// <exception cref="NamedError">An argument is of the wrong kind.</exception>
    /// <exception cref="PillarBroken">The pillar has errors: nothing is run.</exception>
    public static async Task<StateCompiling> BeginAsync(CallContext context, MapValue kwargs)
    {
        var arguments = MapValue.From(kwargs.Where(k => !k.Key.ToString().StartsWith("__pub_", StringComparison.Ordinal)));
        var over = arguments.Get("pillar") switch
        {
            null or NullValue or TextValue { Text: "" } => MapValue.Empty,
            MapValue map => map,
            _ => throw new NamedError("SaltInvocationError", "Pillar data must be formatted as a dictionary, unless pillar_enc is specified."),
        };
        var files = CallServices.Need(context.Services.Files, NoFiles);
        var master = await files.OptionsAsync(context.Stopped).ConfigureAwait(false);
        var pillar = context.Services.Pillars is null ? PillarMerge.Deep(context.Pillar, over, mergeLists: false)
            : await PillarModule.CompileAsync(context, Text(arguments, "saltenv"), Text(arguments, "pillarenv"), over).ConfigureAwait(false);
        var errors = pillar.ListOf("_errors");
        if (errors.Count > 0 && arguments.Get("force") is not { IsTruthy: true }) throw new PillarBroken(errors);
        return new StateCompiling(Surroundings(context, arguments, master, pillar), arguments, master);
    }

    // What the file server's side says of templates and order counts, unless the minion has no master.
    private static CallContext Surroundings(CallContext context, MapValue arguments, MapValue master, MapValue pillar)
    {
        var options = context.Options;
        foreach (var name in new[] { "renderer", "failhard", "state_top", "state_top_saltenv", "nodegroups", "state_auto_order", "state_events", "jinja_env", "jinja_sls_env", "jinja_lstrip_blocks",
            "jinja_trim_blocks", "top_file_merging_strategy", "env_order", "default_top" })
            if (master.TryGet(name, out var value)) options = options.With(name, value);
        if (arguments.TryGet("test", out var test) && test is not NullValue) options = options.With("test", test.IsTruthy);
        if (arguments.TextOf(OtherTop) is { } top) options = options.With("state_top", top);
        if (arguments.Get("saltenv") is { IsNull: false } saltenv) options = options.With("saltenv", saltenv);
        return new CallContext
        {
            Functions = context.Functions,
            Options = options,
            Grains = context.GrainsLater is null ? context.Grains : MapValue.Empty,
            GrainsLater = context.GrainsLater,
            Pillar = pillar,
            Publish = MapValue.Empty,
            Clock = context.Clock,
            Stopped = context.Stopped,
            Services = context.Services,
        };
    }

    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> TopMatches() =>
        new StateTop(Tree, Call.Options, new MinionFacts(MinionId.Parse(Call.MinionId), Call.Grains, Call.Pillar)).Matches(SaltEnv);

    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Matches(Value mods) => [KeyValuePair.Create(SaltEnv ?? "base", (IReadOnlyList<string>)Names(mods))];

    public HighData Render(IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> matches)
    {
        var high = Highstate.Render(Tree, matches);
        if (Arguments.Get("exclude") is { IsTruthy: true } exclude) high.Excludes.AddRange(exclude is ListValue list ? list : ListValue.OfTexts(Names(exclude)));
        return high;
    }

    public async Task<MapValue> RunAsync(IEnumerable<LowChunk> chunks, string? jid)
    {
        var pauses = StatePauses.Of(Call, jid);
        var results = await RunAsync(chunks, jid, pauses).ConfigureAwait(false);
        pauses?.Forget();
        return results;
    }

    private Task<MapValue> RunAsync(IEnumerable<LowChunk> chunks, string? jid, StatePauses? pauses) => new StateRun(new StateCalls(Call), [.. chunks], new RunOptions
    {
        Before = pauses is null ? null : chunk => pauses.PassAsync(chunk.Id, Call.Clock, Call.Stopped),
        DisabledStates = [.. StateRunsModule.DisabledIn(Call).Select(d => d.ToString())],
        MinionId = Call.MinionId,
        Jid = jid,
        Clock = Call.Clock,
        StateEvents = Arguments.Get("state_events") is { IsTruthy: true },
        DisabledRequisites = [.. Names(Call.Options.Get("disabled_requisites") ?? ListValue.Empty)],
    }).RunAsync();

    internal static List<string> Names(Value names) => names switch
    {
        ListValue list => [.. list.Select(n => n.ToString())],
        _ => [.. names.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
    };

    private static string? Text(MapValue arguments, string name) => arguments.Get(name) is { IsNull: false } given ? given.ToString() : null;
}

/// <summary>The pillar could not be compiled, so that nothing is run with half of it.</summary>
internal sealed class PillarBroken(ListValue errors) : Exception
{
    public ListValue Told { get; } = ListValue.From([(Value)"Pillar failed to render with the following messages:", .. errors]);
}
