using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Highstates;

/// <summary>The functions of <c>state</c> about runs: which go on, which wait, which may not begin.</summary>
/// <remarks>Follows Salt 3006, salt/modules/state.py.</remarks>
public static class StateRunsModule
{
    private const string DisabledGrain = "state_runs_disabled";
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>The runs of states that go on at this minion, each as a sentence.</summary>
    /// <param name="concurrent">Taken as it is: nothing is told then.</param>
    /// <example><code>salt '*' state.running</code></example>
    [SaltFunction("state.running")]
    public static async Task<ListValue> Running(CallContext context, bool concurrent = false) => concurrent ? ListValue.Empty : ListValue.OfTexts(await OthersAsync(context).ConfigureAwait(false));

    /// <summary>Lets a run wait before a state, or before each.</summary>
    /// <param name="jid">The run's jid.</param>
    /// <param name="stateId">The id of the state; all as standard.</param>
    /// <param name="duration">Seconds; until <c>state.resume</c> as standard.</param>
    /// <example><code>salt '*' state.pause 20171130110407769519 vim</code></example>
    [SaltFunction("state.pause")]
    public static string Pause(CallContext context, string jid, string? stateId = null, double? duration = null)
    {
        var (pauses, key) = (Needed(context, jid), stateId ?? StatePauses.All);
        pauses.Write(pauses.Read().With(key, duration is { } seconds ? MapValue.Of(("duration", seconds)) : MapValue.Empty));
        return $"Pause of {key} for {jid} was set";
    }

    /// <summary>Lets a run that waits go on.</summary>
    /// <param name="jid">The run's jid.</param>
    /// <param name="stateId">The id of the state; all as standard.</param>
    /// <example><code>salt '*' state.resume 20171130110407769519</code></example>
    [SaltFunction("state.resume")]
    public static string Resume(CallContext context, string jid, string? stateId = null)
    {
        var (pauses, key) = (Needed(context, jid), stateId ?? StatePauses.All);
        var there = pauses.Read();
        if (!there.Has(key) && key != StatePauses.All) return $"No pause of {key} is set for {jid}";
        pauses.Write(key == StatePauses.All ? MapValue.Empty : there.Without(key));
        return $"Pause of {key} for {jid} was taken back";
    }

    /// <summary>Lets a run end before a state, or before the next: what has begun is done.</summary>
    /// <param name="jid">The run's jid.</param>
    /// <param name="stateId">The id of the state; the next as standard.</param>
    /// <example><code>salt '*' state.soft_kill 20171130110407769519</code></example>
    [SaltFunction("state.soft_kill")]
    public static string SoftKill(CallContext context, string jid, string? stateId = null)
    {
        var (pauses, key) = (Needed(context, jid), stateId ?? StatePauses.All);
        pauses.Write(pauses.Read().With(key, MapValue.Of(("kill", true))));
        return $"{jid} ends before {(stateId is null ? "its next state" : stateId)}";
    }

    /// <summary>What is asked of runs: jid → state id → <c>duration</c> or <c>kill</c>.</summary>
    /// <param name="jid">Only of this run.</param>
    /// <example><code>salt '*' state.get_pauses</code></example>
    [SaltFunction("state.get_pauses")]
    public static MapValue GetPauses(CallContext context, string? jid = null)
    {
        var folder = Path.Combine(context.Options.TextOf("cachedir") ?? "", "state_pause");
        var jids = jid is not null ? [jid] : Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal).ToArray() : [];
        return MapValue.From(jids.Select(j => KeyValuePair.Create(j, (Value)(StatePauses.Of(context, j)?.Read() ?? MapValue.Empty))).Where(p => ((MapValue)p.Value).Count > 0));
    }

    /// <summary>Forbids runs: <c>highstate</c>, an SLS file by its name, a state function as <c>pkg.installed</c>.</summary>
    /// <param name="states">Names with commas between them, or a list.</param>
    /// <returns><c>res</c>, and <c>msg</c>.</returns>
    /// <example><code>salt '*' state.disable highstate,nginx</code></example>
    [SaltFunction("state.disable")]
    public static Task<MapValue> Disable(CallContext context, Value states) => ChangeAsync(context, states, disable: true);

    /// <summary>Allows runs that were forbidden.</summary>
    /// <param name="states">Names with commas between them, or a list.</param>
    /// <returns><c>res</c>, and <c>msg</c>.</returns>
    /// <example><code>salt '*' state.enable highstate</code></example>
    [SaltFunction("state.enable")]
    public static Task<MapValue> Enable(CallContext context, Value states) => ChangeAsync(context, states, disable: false);

    /// <summary>What is forbidden.</summary>
    /// <example><code>salt '*' state.list_disabled</code></example>
    [SaltFunction("state.list_disabled")]
    public static ListValue ListDisabled(CallContext context) => DisabledIn(context);

    /// <summary>Removes compiled state data below the cache: there is none in this project.</summary>
    /// <example><code>salt '*' state.clear_cache</code></example>
    [SaltFunction("state.clear_cache")]
    public static ListValue ClearCache(CallContext context)
    {
        var removed = new List<string>();
        foreach (var file in Directory.Exists(context.Options.TextOf("cachedir")) ? Directory.EnumerateFiles(context.Options.TextOf("cachedir")!, "*.cache.p") : [])
        {
            File.Delete(file);
            removed.Add(Path.GetFileName(file));
        }
        return ListValue.OfTexts(removed);
    }

    /// <summary>Runs states in test mode, and keeps what was asked, so that <c>state.run_request</c> may do it.</summary>
    /// <param name="mods">SLS files; the highstate as standard.</param>
    /// <param name="kwargs">As for <c>state.apply</c>; <c>name</c> under which it is kept, <c>default</c> as standard.</param>
    /// <example><code>salt '*' state.request stuff pillar='{"foo": "bar"}'</code></example>
    [SaltFunction("state.request", Outputter = "highstate")]
    public static async Task<Value> Request(CallContext context, Value? mods = null, [Keywords] MapValue? kwargs = null)
    {
        var asked = kwargs ?? MapValue.Empty;
        var result = await StateModule.Apply(context, mods, asked.With("test", true)).ConfigureAwait(false);
        var requests = new StateRequests(context);
        requests.Write(requests.Read().With(asked.TextOf("name") ?? "default", MapValue.Of(("mods", mods ?? Value.Null),
            ("kwargs", MapValue.From(asked.Where(k => !k.Key.ToString().StartsWith("__", StringComparison.Ordinal) && k.Key.AsText() != "name"))), ("test_run", result))));
        return result;
    }

    /// <summary>The requests that are kept.</summary>
    /// <param name="name">Only this one.</param>
    /// <example><code>salt '*' state.check_request</code></example>
    [SaltFunction("state.check_request")]
    public static Value CheckRequest(CallContext context, string? name = null)
    {
        var kept = new StateRequests(context).Read();
        return name is null ? kept : kept.Get(name) ?? MapValue.Empty;
    }

    /// <summary>Forgets a request, or all.</summary>
    /// <param name="name">The request.</param>
    /// <example><code>salt '*' state.clear_request</code></example>
    [SaltFunction("state.clear_request")]
    public static bool ClearRequest(CallContext context, string? name = null)
    {
        var requests = new StateRequests(context);
        var kept = requests.Read();
        if (name is not null && !kept.Has(name)) return false;
        requests.Write(name is null ? MapValue.Empty : kept.Without(name));
        return true;
    }

    /// <summary>Does what was requested, and forgets it.</summary>
    /// <param name="name">The request.</param>
    /// <param name="kwargs">Laid over what was requested.</param>
    /// <example><code>salt '*' state.run_request</code></example>
    [SaltFunction("state.run_request", Outputter = "highstate")]
    public static async Task<Value> RunRequest(CallContext context, string name = "default", [Keywords] MapValue? kwargs = null)
    {
        var requests = new StateRequests(context);
        var kept = requests.Read();
        if (kept.Get(name) is not MapValue request) return MapValue.Empty;
        requests.Write(kept.Without(name));
        var mods = request.Get("mods");
        return await StateModule.Apply(context, mods is NullValue ? null : mods, ((request.Get("kwargs") as MapValue) ?? MapValue.Empty).Over(kwargs ?? MapValue.Empty)).ConfigureAwait(false);
    }

    /// <summary>Null where a run may begin; else what stands in its way, as Salt says it. With <c>queue</c> it waits until the others have ended.</summary>
    internal static async Task<ListValue?> ConflictAsync(CallContext context, MapValue kwargs)
    {
        if (kwargs.Get("concurrent") is { IsTruthy: true }) return null;
        var others = await OthersAsync(context).ConfigureAwait(false);
        if (others.Count == 0) return null;
        var queue = kwargs.Get("queue") ?? context.Options.Get("state_queue");
        if (queue is not { IsTruthy: true } || queue is IntegerValue most && others.Count > most.Long) return ListValue.OfTexts(others);
        while ((await OthersAsync(context, onlyOlder: true).ConfigureAwait(false)).Count > 0) await Task.Delay(LookAgain, context.Clock, context.Stopped).ConfigureAwait(false);
        return null;
    }

    /// <summary>The names of those that are forbidden.</summary>
    internal static ListValue DisabledIn(CallContext context) =>
        (context.Services.GrainsFile?.Read().Get(DisabledGrain) ?? (context.GrainsLater is null ? context.Grains : MapValue.Empty).Get(DisabledGrain)) as ListValue ?? ListValue.Empty;

    private static async Task<List<string>> OthersAsync(CallContext context, bool onlyOlder = false)
    {
        if (context.Services.RunningJobs is not { } running) return [];
        var told = new List<string>();
        foreach (var job in await running.ListAsync(context.Stopped).ConfigureAwait(false))
        {
            var (function, jid) = (job.TextOf("fun") ?? "", job.TextOf("jid") ?? "");
            if (jid == context.Jid || !IsRun(function) || onlyOlder && string.CompareOrdinal(jid, context.Jid) > 0) continue;
            told.Add($"The function \"{function}\" is running as PID {job.Get("pid")} and was started at {Began(jid)} with jid {jid}");
        }
        return told;
    }

    private static bool IsRun(string function) => function is "state.apply" or "state.sls" or "state.highstate" or "state.sls_id" or "state.single" or "state.high" or "state.low" or "state.template" or "state.template_str" or "state.request" or "state.run_request";

    private static string Began(string jid) => Core.Identity.Jid.TryParse(jid, out var parsed) && parsed.ToString() is { Length: 20 } digits
        ? DateTime.TryParseExact(digits[..14], "yyyyMMddHHmmss", null, System.Globalization.DateTimeStyles.None, out var time) ? $"{time.ToString("yyyy, MMM dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)}.{digits[14..]}" : digits : jid;

    private static async Task<MapValue> ChangeAsync(CallContext context, Value states, bool disable)
    {
        var (now, messages) = (DisabledIn(context).ToList(), new List<string>());
        foreach (var state in StateCompiling.Names(states))
        {
            var isThere = now.Contains(TextValue.Of(state));
            messages.Add($"Info: {state} state {(isThere == disable ? "already " : "")}{(disable ? "disabled" : "enabled")}.");
            if (disable && !isThere) now.Add(state);
            if (!disable) now.Remove(TextValue.Of(state));
        }
        await context.Call("grains.setval", DisabledGrain, ListValue.From(now)).ConfigureAwait(false);
        return MapValue.Of(("res", true), ("msg", string.Join('\n', messages)));
    }

    private static StatePauses Needed(CallContext context, string jid) =>
        Core.Identity.Jid.TryParse(jid, out _) ? StatePauses.Of(context, jid) ?? throw new CommandFailed("cachedir has no value, so there is no place to ask") : throw new CommandFailed($"'{jid}' is not a jid");
}
