using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains;
using SaltActors.Modules.Grains.Loading;
using SaltActors.Modules.Testing;

namespace SaltActors.Modules.MasterCalls;

/// <summary>The runner <c>salt</c>: execution functions, on the master itself or on minions.</summary>
/// <remarks>Follows Salt 3006, salt/runners/salt.py.</remarks>
public static class SaltRunner
{
    /// <summary>Calls an execution function on the master's own machine.</summary>
    /// <param name="fun">The function.</param>
    /// <param name="args">Its arguments in places.</param>
    /// <param name="kwargs">Its arguments by name; <c>with_pillar=True</c> compiles the pillar of the master's own id for it.</param>
    /// <returns>What the function answers, or a text that it is not available.</returns>
    /// <example><code>
    /// salt-run salt.cmd test.ping
    /// salt-run salt.cmd test.arg 1 2 3 a=1
    /// </code></example>
    [SaltRunner("salt.cmd")]
    public static async Task<Value> Cmd(CallContext context, string fun, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        if (context.Functions.Find(FunctionKind.Execution, fun) is not { } function) return $"'{fun}' is not available.";
        var keywords = TestArguments.WithoutPublishFields(kwargs);
        var hasPillar = keywords.Get("with_pillar") is { IsTruthy: true };
        var grains = await MinionGrains.LoadAsync(new GrainOrigins(GrainSources.Local), context.Options, false, context.Stopped).ConfigureAwait(false);
        var pillar = hasPillar ? await PillarOf(context, grains).ConfigureAwait(false) : MapValue.Empty;
        var inner = new CallContext
        {
            Functions = context.Functions,
            Options = context.Options,
            Grains = grains,
            Pillar = pillar,
            Publish = context.Publish.With("fun", fun),
            Clock = context.Clock,
            Stopped = context.Stopped,
            Services = context.Services,
        };
        return await function.Body(inner, BoundArguments.Bind(function, new CallArguments(args.Items, keywords.Without("with_pillar")))).ConfigureAwait(false);
    }

    /// <summary>Calls an execution function on minions and waits for them.</summary>
    /// <param name="tgt">Whom to ask.</param>
    /// <param name="fun">The function.</param>
    /// <param name="arg">Its arguments in places.</param>
    /// <param name="timeout">Seconds of silence to allow; the master's <c>timeout</c> where it is not given.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <param name="ret">Returners that the minions send their answers to, too.</param>
    /// <param name="jid">Must be empty: the master names its jobs itself.</param>
    /// <param name="kwarg">Its arguments by name.</param>
    /// <param name="kwargs">More of them.</param>
    /// <returns>Minion id to answer.</returns>
    /// <example><code>salt-run salt.execute 'web*' cmd.run arg='["uptime"]'</code></example>
    [SaltRunner("salt.execute")]
    public static Task<MapValue> Execute(CallContext context, Value tgt, string fun, Value? arg = null, double? timeout = null, string tgtType = "glob",
        string ret = "", string jid = "", MapValue? kwarg = null, [Keywords] MapValue? kwargs = null)
    {
        if (jid.Length > 0) throw new CommandFailed($"jid={jid}: the master itself names its jobs in this version; leave it out");
        var positional = arg switch { null or NullValue => [], ListValue several => several.Items, var one => [one] };
        var keywords = (kwarg ?? MapValue.Empty).Over(TestArguments.WithoutPublishFields(kwargs ?? MapValue.Empty));
        return CallAsync(context, tgt, tgtType, fun, new CallArguments(positional, keywords), timeout, ret);
    }

    /// <summary>Asks minions, for other runners.</summary>
    /// <returns>Minion id to answer, sorted by id.</returns>
    internal static async Task<MapValue> CallAsync(CallContext context, Value target, string targetType, string function, CallArguments arguments, double? timeout = null, string ret = "")
    {
        var minions = CallServices.Need(context.Services.Minions, "this runner asks the minions, and works on a running master");
        var standard = Manage.ManageRunner.Patience(context.Options);
        var request = new JobRequest
        {
            Function = function,
            Target = target,
            TargetType = targetType,
            Arguments = arguments.ToLoad(),
            Returners = ret,
            User = context.Publish.TextOf("user") ?? "root",
        };
        var answers = await minions.CallAsync(request, timeout is { } t ? TimeSpan.FromSeconds(t) : standard.Timeout, standard.Gather, context.Stopped).ConfigureAwait(false);
        return MapValue.From(answers.Returns.OrderBy(r => r.Id.Text, StringComparer.Ordinal).Select(r => KeyValuePair.Create(r.Id.Text, r.Return)));
    }

    private static async Task<MapValue> PillarOf(CallContext context, MapValue grains)
    {
        var pillars = CallServices.Need(context.Services.Pillars, "with_pillar=True needs the pillars of a running master");
        var id = context.MinionId is { Length: > 0 } own ? own : $"{Environment.MachineName}_master";
        return await pillars.CompileAsync(new PillarQuestion(MinionId.Parse(id), grains, context.Options.TextOf("saltenv"), context.Options.TextOf("pillarenv"), MapValue.Empty), context.Stopped).ConfigureAwait(false);
    }
}
