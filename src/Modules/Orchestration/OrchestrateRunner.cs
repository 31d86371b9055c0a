using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains;
using SaltActors.Modules.Grains.Loading;
using SaltActors.Modules.Highstates;

namespace SaltActors.Modules.Orchestration;

/// <summary>The runner <c>state</c>: states that are run on the master, and tell minions what to do.</summary>
/// <remarks>Follows Salt 3006, salt/runners/state.py: the master runs them as a minion named after its machine, <c>HOST_master</c>.</remarks>
public static class OrchestrateRunner
{
    /// <summary>Runs SLS files on the master, from its own file roots.</summary>
    /// <param name="mods">Names with commas between them, or a list.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="test">Test mode, for the minions too.</param>
    /// <param name="exclude">What to leave out.</param>
    /// <param name="pillar">A map that is laid over the pillar.</param>
    /// <param name="pillarenv">The environment of the pillar.</param>
    /// <param name="pillarEnc">Encrypted pillars: not there in this version.</param>
    /// <param name="orchestrationJid">Taken for compatibility: the runner's own jid counts.</param>
    /// <returns><c>data</c> (the master's id → tag → result), <c>outputter</c>, <c>retcode</c>.</returns>
    /// <example><code>salt-run state.orchestrate orch.deploy pillar='{"version": "1.2"}'</code></example>
    [SaltRunner("state.orchestrate")]
    public static Task<MapValue> Orchestrate(
        CallContext context, Value mods, string saltenv = "base", bool? test = null, Value? exclude = null, MapValue? pillar = null, string? pillarenv = null, Value? pillarEnc = null, string? orchestrationJid = null)
    {
        _ = orchestrationJid;
        if (pillarEnc is { IsTruthy: true }) throw new CommandFailed("pillar_enc: encrypted pillars are not there in this version");
        var arguments = MapValue.Of(("saltenv", saltenv));
        if (test is { } isTest) arguments = arguments.With("test", isTest);
        if (exclude is { IsTruthy: true }) arguments = arguments.With("exclude", exclude);
        if (pillar is not null) arguments = arguments.With("pillar", pillar);
        if (pillarenv is not null) arguments = arguments.With("pillarenv", pillarenv);
        return AnswerAsync(context, inner => StateModule.Sls(inner, mods, arguments));
    }

    /// <summary>The short names of <c>state.orchestrate</c>.</summary>
    /// <param name="mods">Names with commas between them, or a list.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="test">Test mode, for the minions too.</param>
    /// <param name="exclude">What to leave out.</param>
    /// <param name="pillar">A map that is laid over the pillar.</param>
    /// <param name="pillarenv">The environment of the pillar.</param>
    /// <example><code>salt-run state.orch orch.deploy</code></example>
    [SaltRunner("state.orch")]
    public static Task<MapValue> Orch(CallContext context, Value mods, string saltenv = "base", bool? test = null, Value? exclude = null, MapValue? pillar = null, string? pillarenv = null) =>
        Orchestrate(context, mods, saltenv, test, exclude, pillar, pillarenv);

    /// <summary>Runs SLS files on the master: an older name of <c>state.orchestrate</c>.</summary>
    /// <param name="mods">Names with commas between them, or a list.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="test">Test mode, for the minions too.</param>
    /// <param name="exclude">What to leave out.</param>
    /// <param name="pillar">A map that is laid over the pillar.</param>
    /// <example><code>salt-run state.sls orch.deploy</code></example>
    [SaltRunner("state.sls")]
    public static Task<MapValue> Sls(CallContext context, Value mods, string saltenv = "base", bool? test = null, Value? exclude = null, MapValue? pillar = null) =>
        Orchestrate(context, mods, saltenv, test, exclude, pillar);

    /// <summary>Runs one state function on the master.</summary>
    /// <param name="fun">The function, as <c>salt.function</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="test">Test mode.</param>
    /// <param name="pillar">A map that is laid over the pillar.</param>
    /// <param name="kwargs">Its arguments.</param>
    /// <example><code>salt-run state.orchestrate_single fun=salt.wheel name=key.list_all</code></example>
    [SaltRunner("state.orchestrate_single")]
    public static Task<MapValue> Single(CallContext context, string fun, string name, bool? test = null, MapValue? pillar = null, [Keywords] MapValue? kwargs = null)
    {
        var arguments = MapValue.From((kwargs ?? MapValue.Empty).Where(k => !k.Key.ToString().StartsWith("__", StringComparison.Ordinal)));
        if (test is { } isTest) arguments = arguments.With("test", isTest);
        if (pillar is not null) arguments = arguments.With("pillar", pillar);
        return AnswerAsync(context, inner => StateModule.Single(inner, fun, name, arguments));
    }

    /// <summary>The high data of SLS files as the master would run them.</summary>
    /// <param name="mods">Names with commas between them, or a list.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="pillar">A map that is laid over the pillar.</param>
    /// <example><code>salt-run state.orchestrate_show_sls orch.deploy</code></example>
    [SaltRunner("state.orchestrate_show_sls")]
    public static async Task<MapValue> ShowSls(CallContext context, Value mods, string saltenv = "base", MapValue? pillar = null)
    {
        var arguments = MapValue.Of(("saltenv", saltenv));
        if (pillar is not null) arguments = arguments.With("pillar", pillar);
        var inner = await MasterAsMinionAsync(context).ConfigureAwait(false);
        return MapValue.Of((inner.MinionId, await StateShowModule.ShowSls(inner, mods, arguments).ConfigureAwait(false)));
    }

    private static async Task<MapValue> AnswerAsync(CallContext context, Func<CallContext, Task<Value>> run)
    {
        var inner = await MasterAsMinionAsync(context).ConfigureAwait(false);
        var data = await run(inner).ConfigureAwait(false);
        context.Retcode = inner.Retcode == 0 ? 0 : 1;
        return MapValue.Of(("data", MapValue.Of((inner.MinionId, data))), ("outputter", "highstate"), ("retcode", context.Retcode));
    }

    private static async Task<CallContext> MasterAsMinionAsync(CallContext context)
    {
        var id = context.MinionId is { Length: > 0 } own ? own : $"{Environment.MachineName}_master";
        var grains = await MinionGrains.LoadAsync(new GrainOrigins(GrainSources.Local), context.Options, false, context.Stopped).ConfigureAwait(false);
        return new CallContext
        {
            Functions = context.Functions,
            Options = context.Options.With("id", id),
            Grains = grains,
            Publish = context.Publish,
            Clock = context.Clock,
            Stopped = context.Stopped,
            Services = context.Services,
        };
    }
}
