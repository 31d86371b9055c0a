using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Arguments;

namespace SaltActors.Modules.Publish;

/// <summary>The module <c>publish</c>: a minion has the master run something on other minions, where the master's <c>peer</c> lets it.</summary>
/// <remarks>Follows Salt 3006, salt/modules/publish.py. A master that says no answers with nothing.</remarks>
public static class PublishModule
{
    // What the master may take on top of the time that the job gets.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>Runs a function on other minions.</summary>
    /// <param name="tgt">Which minions.</param>
    /// <param name="fun">The function.</param>
    /// <param name="arg">Its argument, or a list of them; <c>name=value</c> is a keyword.</param>
    /// <param name="tgtType">The kind of target.</param>
    /// <param name="returner">Returners that get the answers too.</param>
    /// <param name="timeout">Seconds to wait for the minions.</param>
    /// <param name="viaMaster">Taken for compatibility: the minion asks the master that it is connected to.</param>
    /// <returns>Id to return; empty where the master refuses.</returns>
    /// <example><code>salt system.example.com publish.publish '*' cmd.run 'ls -la /tmp'</code></example>
    [SaltFunction("publish.publish")]
    public static Task<MapValue> Publish(
        CallContext context, Value tgt, Value fun, Value? arg = null, string tgtType = "glob", string returner = "", double timeout = 5, string? viaMaster = null) =>
        CallAsync(context, tgt, fun, arg, tgtType, returner, timeout, "clean");

    /// <summary>Runs a function on other minions, and answers with all that came back.</summary>
    /// <param name="tgt">Which minions.</param>
    /// <param name="fun">The function.</param>
    /// <param name="arg">Its argument, or a list of them; <c>name=value</c> is a keyword.</param>
    /// <param name="tgtType">The kind of target.</param>
    /// <param name="returner">Returners that get the answers too.</param>
    /// <param name="timeout">Seconds to wait for the minions.</param>
    /// <returns>Id to a map: <c>ret</c>, and <c>out</c> where the function asks for an outputter.</returns>
    /// <example><code>salt system.example.com publish.full_data '*' cmd.run 'ls -la /tmp'</code></example>
    [SaltFunction("publish.full_data")]
    public static Task<MapValue> FullData(
        CallContext context, Value tgt, Value fun, Value? arg = null, string tgtType = "glob", string returner = "", double timeout = 5) =>
        CallAsync(context, tgt, fun, arg, tgtType, returner, timeout, "full");

    /// <summary>Runs a runner on the master, where its <c>peer_run</c> lets this minion.</summary>
    /// <param name="fun">The runner.</param>
    /// <param name="arg">Its argument, or a list of them; <c>name=value</c> is a keyword.</param>
    /// <param name="timeout">Seconds to wait.</param>
    /// <returns>What it answers; a text where there is no master.</returns>
    /// <example><code>salt '*' publish.runner manage.down</code></example>
    [SaltFunction("publish.runner")]
    public static async Task<Value> Runner(CallContext context, string fun, Value? arg = null, double timeout = 5)
    {
        if (context.Services.Master is not { } master) return "No access to master. If using salt-call with --local, please remove.";
        var load = MapValue.Of(("cmd", "minion_runner"), ("fun", fun), ("arg", Arguments(arg)), ("tmo", timeout), ("id", context.MinionId), ("no_parse", NoParse(context)));
        return await master.AskAsync(load, Patience(timeout), context.Stopped).ConfigureAwait(false) ?? $"'{fun}' publish timed out";
    }

    private static async Task<MapValue> CallAsync(CallContext context, Value target, Value function, Value? argument, string type, string returner, double timeout, string form)
    {
        if (context.Services.Master is not { } master)
        {
            context.Services.Log?.Write(LogSeverity.Error, "Cannot run publish commands without a connection to a salt master. No command sent.");
            return MapValue.Empty;
        }
        if (function.AsText() is "publish.publish")
        {
            context.Services.Log?.Write(LogSeverity.Info, "Cannot publish publish calls. Returning {}");
            return MapValue.Empty;
        }
        var load = MapValue.Of(
            ("cmd", "minion_publish"), ("fun", function), ("arg", Arguments(argument)), ("tgt", target), ("tgt_type", type), ("ret", returner),
            ("tmo", timeout), ("form", form), ("id", context.MinionId), ("no_parse", NoParse(context)));
        return await master.AskAsync(load, Patience(timeout), context.Stopped).ConfigureAwait(false) as MapValue ?? MapValue.Empty;
    }

    // As on the command line: name=value is a keyword, and texts mean what YAML reads in them.
    private static ListValue Arguments(Value? argument) =>
        ArgumentText.ParseAll(argument switch { null => [], ListValue list => list.Items, var one => [one] }).ToLoad();

    private static ListValue NoParse(CallContext context) => context.Options.ListOf("no_parse");

    private static TimeSpan Patience(double seconds) => TimeSpan.FromSeconds(double.IsFinite(seconds) ? Math.Clamp(seconds, 0, 600) : 5) + Grace;
}
