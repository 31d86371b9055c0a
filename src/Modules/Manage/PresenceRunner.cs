using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Manage;

/// <summary>The runner <c>manage</c>, as far as it looks at connections and asks no minion.</summary>
/// <remarks>Follows Salt 3006, salt/runners/manage.py: the names <c>present</c>, <c>joined</c>, <c>allowed</c>, <c>alived</c>, <c>reaped</c> and <c>list_state</c> mean one and the same.</remarks>
public static class PresenceRunner
{
    /// <summary>The minions that hold a connection to the publish port.</summary>
    /// <param name="subset">Only these ids.</param>
    /// <param name="showIp">Also where each comes from.</param>
    /// <returns>Sorted ids; with <paramref name="showIp"/> id to address.</returns>
    /// <example><code>salt-run manage.present</code></example>
    [SaltRunner("manage.present")]
    [SaltRunner("manage.list_state")]
    [SaltRunner("manage.joined")]
    [SaltRunner("manage.allowed")]
    [SaltRunner("manage.alived")]
    [SaltRunner("manage.reaped")]
    public static async Task<Value> Present(CallContext context, Value? subset = null, bool showIp = false)
    {
        var connected = await Connected(context).ConfigureAwait(false);
        var chosen = Subset(subset) is { } ids ? MapValue.From(connected.Where(c => ids.Contains(c.Key.ToString()))) : connected;
        return showIp ? chosen : (Value)Sorted(chosen.Keys.Select(k => k.ToString()));
    }

    /// <summary>The accepted minions that hold no connection to the publish port.</summary>
    /// <param name="subset">Only these ids.</param>
    /// <param name="showIp">Accepted for compatibility: who is not there has no address.</param>
    /// <returns>Sorted ids.</returns>
    /// <example><code>salt-run manage.not_present</code></example>
    [SaltRunner("manage.not_present")]
    [SaltRunner("manage.list_not_state")]
    [SaltRunner("manage.not_joined")]
    [SaltRunner("manage.not_allowed")]
    [SaltRunner("manage.not_alived")]
    [SaltRunner("manage.not_reaped")]
    public static async Task<ListValue> NotPresent(CallContext context, Value? subset = null, bool showIp = false)
    {
        var keys = await CallServices.Need(context.Services.Keys, "this runner reads the key store of a running master").ListAsync(context.Stopped).ConfigureAwait(false);
        var (connected, chosen) = (await Connected(context).ConfigureAwait(false), Subset(subset));
        return Sorted(keys.ListOf("minions").Items.Select(id => id.ToString()).Where(id => !connected.Has(id) && chosen?.Contains(id) != false));
    }

    /// <summary>The minions that hold a connection to the publish port.</summary>
    /// <returns>Sorted ids.</returns>
    /// <example><code>wheel.cmd('minions.connected')</code></example>
    [SaltWheel("minions.connected")]
    public static async Task<ListValue> WheelConnected(CallContext context) => Sorted((await Connected(context).ConfigureAwait(false)).Keys.Select(k => k.ToString()));

    internal static Task<MapValue> Connected(CallContext context) =>
        CallServices.Need(context.Services.MasterState, "this looks at the connections of a running master").ConnectedFromAsync(context.Stopped);

    private static ImmutableHashSet<string>? Subset(Value? subset) => subset switch
    {
        null or NullValue => null,
        ListValue several => [.. several.Items.Select(i => i.ToString())],
        var text => [.. text.ToString().Split(',')],
    };

    private static ListValue Sorted(IEnumerable<string> ids) => ListValue.OfTexts(ids.Order(StringComparer.Ordinal));
}
