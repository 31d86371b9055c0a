using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Events;

/// <summary>The state <c>event.send</c>.</summary>
/// <remarks>Follows Salt 3006, salt/states/event.py.</remarks>
public static class EventState
{
    /// <summary>Sends an event to the master.</summary>
    /// <param name="name">Its tag.</param>
    /// <param name="data">Its data.</param>
    /// <param name="preload">Taken for compatibility.</param>
    /// <param name="withEnv">The minion's environment too.</param>
    /// <param name="withGrains">The grains too.</param>
    /// <param name="withPillar">The pillar too.</param>
    /// <param name="showChanges">Tell what is sent.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("event.send")]
    public static async Task<MapValue> Send(
        CallContext context, string name, Value? data = null, Value? preload = null, bool withEnv = false, bool withGrains = false, bool withPillar = false, bool showChanges = true, [Keywords] MapValue? kwargs = null)
    {
        _ = (preload, kwargs);
        var changes = showChanges ? MapValue.Of(("tag", name), ("data", data ?? Value.Null)) : MapValue.Empty;
        if (context.IsTest) return StateResult.Of(name, null, "Event would have been fired", changes);
        var sent = await context.Call("event.send", new CallArguments([name], MapValue.Of(("data", data ?? Value.Null), ("with_env", withEnv), ("with_grains", withGrains), ("with_pillar", withPillar)))).ConfigureAwait(false);
        return sent.IsTruthy ? StateResult.Of(name, true, "Event fired", changes) : StateResult.Failed(name, "The event could not be fired: there is no master that takes it");
    }

    /// <summary>What <c>watch</c> does when something changed: the event is sent.</summary>
    /// <param name="name">Its tag.</param>
    /// <param name="data">Its data.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("event.mod_watch")]
    public static Task<MapValue> ModWatch(CallContext context, string name, Value? data = null, [Keywords] MapValue? kwargs = null) => Send(context, name, data, kwargs: kwargs);
}
