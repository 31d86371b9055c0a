using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.SaltUtil;

/// <summary>The module <c>saltutil</c>: what a minion asks of its master, and of the other minions through it.</summary>
/// <remarks>
/// Follows Salt 3006, salt/modules/saltutil.py, where <c>cmd</c>, <c>runner</c> and <c>wheel</c> open the master's files and so work on its machine alone.
/// Here the master is asked, and its <c>peer</c> and <c>peer_run</c> say what a minion may.
/// </remarks>
public static class MasterUtilModule
{
    private const double StandardTimeout = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a function on minions, where the master's <c>peer</c> lets this one.</summary>
    /// <param name="tgt">Which minions.</param>
    /// <param name="fun">The function.</param>
    /// <param name="arg">A list of arguments, or one.</param>
    /// <param name="timeout">Seconds to wait for the minions.</param>
    /// <param name="tgtType">The kind of target.</param>
    /// <param name="ret">Returners that get the answers too.</param>
    /// <param name="kwarg">The function's keywords.</param>
    /// <param name="ssh">Not supported: <c>True</c> is refused.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>Id to a map: <c>ret</c>, and <c>out</c> where the function asks for an outputter.</returns>
    /// <example><code>salt master1 saltutil.cmd '*' test.ping</code></example>
    [SaltFunction("saltutil.cmd")]
    public static async Task<MapValue> Cmd(CallContext context, Value tgt, Value fun, Value? arg = null, double? timeout = null, string tgtType = "glob",
        string ret = "", MapValue? kwarg = null, bool ssh = false, [Keywords] MapValue? kwargs = null)
    {
        if (ssh) throw new CommandFailed("saltutil.cmd: ssh=True is not supported here; run salt-ssh on the machine that has the roster");
        var words = WithKeywords(arg, kwarg);
        return await context.Call("publish.full_data", tgt, fun, words, tgtType, ret, timeout ?? StandardTimeout).ConfigureAwait(false) as MapValue ?? MapValue.Empty;
    }

    /// <summary>Runs a function on minions as <c>saltutil.cmd</c> does, and answers with one map a minion.</summary>
    /// <param name="tgt">Which minions.</param>
    /// <param name="fun">The function.</param>
    /// <param name="arg">A list of arguments, or one.</param>
    /// <param name="timeout">Seconds to wait for the minions.</param>
    /// <param name="tgtType">The kind of target.</param>
    /// <param name="ret">Returners that get the answers too.</param>
    /// <param name="kwarg">The function's keywords.</param>
    /// <param name="ssh">Not supported: <c>True</c> is refused.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt master1 saltutil.cmd_iter '*' test.ping</code></example>
    [SaltFunction("saltutil.cmd_iter")]
    public static async Task<ListValue> CmdIter(CallContext context, Value tgt, Value fun, Value? arg = null, double? timeout = null, string tgtType = "glob",
        string ret = "", MapValue? kwarg = null, bool ssh = false, [Keywords] MapValue? kwargs = null) =>
        ListValue.From((await Cmd(context, tgt, fun, arg, timeout, tgtType, ret, kwarg, ssh, kwargs).ConfigureAwait(false)).Select(r => (Value)MapValue.From([r])));

    /// <summary>Runs a runner on the master, where its <c>peer_run</c> lets this minion.</summary>
    /// <param name="name">The runner.</param>
    /// <param name="arg">A list of arguments, or one.</param>
    /// <param name="kwarg">The runner's keywords.</param>
    /// <param name="fullReturn">Taken for compatibility: the master answers with the return alone.</param>
    /// <param name="saltenv">Taken for compatibility.</param>
    /// <param name="jid">Taken for compatibility.</param>
    /// <param name="asynchronous">Not supported: <c>True</c> is refused.</param>
    /// <param name="kwargs">More of the runner's keywords.</param>
    /// <example><code>salt master1 saltutil.runner jobs.list_jobs</code></example>
    [SaltFunction("saltutil.runner")]
    public static ValueTask<Value> Runner(CallContext context, string name, Value? arg = null, MapValue? kwarg = null, bool fullReturn = false, string saltenv = "base",
        string? jid = null, bool asynchronous = false, [Keywords] MapValue? kwargs = null)
    {
        if (asynchronous) throw new CommandFailed("saltutil.runner: asynchronous=True is not supported; the answer is waited for");
        return context.Call("publish.runner", name, WithKeywords(arg, (kwarg ?? MapValue.Empty).Over(Own(kwargs))), StandardTimeout);
    }

    /// <summary>Wheel functions manage the master itself. A minion has no right to them, so that this is refused.</summary>
    /// <param name="name">The wheel function.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="kwargs">Its keywords.</param>
    /// <example><code>salt master1 saltutil.wheel key.list_all</code></example>
    [SaltFunction("saltutil.wheel")]
    public static Value Wheel(CallContext context, string name, [Rest] ListValue args, [Keywords] MapValue kwargs) =>
        throw new FunctionUnavailable($"the wheel function {name} belongs to the master, which lets no minion call it; use salt-key, the API or wheel of the master's own user");

    /// <summary>Calls an execution function of this minion.</summary>
    /// <param name="saltenv">Taken for compatibility: functions come with the minion, not from an environment.</param>
    /// <param name="fun">The function.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="kwargs">Its keywords.</param>
    /// <example><code>salt '*' saltutil.mmodule base test.ping</code></example>
    [SaltFunction("saltutil.mmodule")]
    public static ValueTask<Value> Mmodule(CallContext context, string saltenv, string fun, [Rest] ListValue args, [Keywords] MapValue kwargs) =>
        context.Call(fun, new CallArguments(args.Items, Own(kwargs)));

    /// <summary>Has the master delete this minion's key. The answer may not reach it any more.</summary>
    /// <param name="preserveMinionCache">Have the master keep what it knows of this minion.</param>
    /// <returns>Whether the master answered.</returns>
    /// <example><code>salt '*' saltutil.revoke_auth</code></example>
    [SaltFunction("saltutil.revoke_auth")]
    public static async Task<bool> RevokeAuth(CallContext context, bool preserveMinionCache = false) =>
        await CallServices.Need(context.Services.Master, "a key is revoked at the master, and this call has none")
            .AskAsync(MapValue.Of(("cmd", "revoke_auth"), ("preserve_minion_cache", preserveMinionCache)), Patience, context.Stopped).ConfigureAwait(false) is not null;

    private static ListValue WithKeywords(Value? arg, MapValue? keywords)
    {
        var words = arg switch { null or NullValue => ListValue.Empty, ListValue list => list, TextValue { Text.Length: 0 } => ListValue.Empty, var one => [one] };
        return new CallArguments(words.Items, keywords ?? MapValue.Empty).ToLoad();
    }

    private static MapValue Own(MapValue? kwargs) =>
        kwargs is null ? MapValue.Empty : MapValue.From(kwargs.Where(k => !k.Key.ToString().StartsWith("__", StringComparison.Ordinal)));
}
