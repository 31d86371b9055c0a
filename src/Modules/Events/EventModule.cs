using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Environs;

namespace SaltActors.Modules.Events;

/// <summary>The module <c>event</c>: tells the minion's bus, or the master's, that something happened.</summary>
/// <remarks>Follows Salt 3006, salt/modules/event.py. Without a daemon or a master the answer is <c>False</c>.</remarks>
public static class EventModule
{
    /// <summary>Fires an event on the master's bus.</summary>
    /// <param name="data">What to tell.</param>
    /// <param name="tag">The event's tag.</param>
    /// <param name="preload">Fields that are sent along; those of <paramref name="data"/> win.</param>
    /// <returns>Whether the master took it.</returns>
    /// <example><code>salt '*' event.fire_master '{"data":"my event data"}' 'tag'</code></example>
    [SaltFunction("event.fire_master")]
    public static async Task<bool> FireMaster(CallContext context, Value data, string tag, MapValue? preload = null) =>
        context.Services.Events is { } events
        && await events.FireMasterAsync(new SaltEvent(tag, (preload ?? MapValue.Empty).Over(Map(data, "fire_master"))), context.Stopped).ConfigureAwait(false);

    /// <summary>Fires an event on the minion's own bus.</summary>
    /// <param name="data">What to tell.</param>
    /// <param name="tag">The event's tag.</param>
    /// <param name="timeout">Taken for compatibility: firing does not wait.</param>
    /// <returns>Whether it was fired.</returns>
    /// <example><code>salt '*' event.fire '{"data":"my event data"}' 'tag'</code></example>
    [SaltFunction("event.fire")]
    public static async Task<bool> Fire(CallContext context, Value data, string tag, double? timeout = null) =>
        context.Services.Events is { } events
        && await events.FireAsync(new SaltEvent(tag, Map(data, "fire")), context.Stopped).ConfigureAwait(false);

    /// <summary>Fires an event on the master's bus, with facts of this minion where they are asked for.</summary>
    /// <param name="tag">The event's tag, as <c>mycompany/myapp/build</c>.</param>
    /// <param name="data">What to tell; wins over everything else.</param>
    /// <param name="preload">Fields that are sent along.</param>
    /// <param name="withEnv">Add the environment as <c>environ</c>: <c>True</c>, or a list of names.</param>
    /// <param name="withGrains">Add the grains as <c>grains</c>: <c>True</c>, or a list of keys.</param>
    /// <param name="withPillar">Add the pillar as <c>pillar</c>: <c>True</c>, or a list of keys.</param>
    /// <param name="withEnvOpts">Add <c>saltenv</c> and <c>pillarenv</c>.</param>
    /// <param name="timeout">Taken for compatibility.</param>
    /// <param name="kwargs">More fields of the event.</param>
    /// <returns>Whether the master took it.</returns>
    /// <example><code>salt-call event.send 'myco/build/success' '{success: True, message: "It works!"}' with_grains='[os]'</code></example>
    [SaltFunction("event.send")]
    public static Task<bool> Send(
        CallContext context, string tag, Value? data = null, MapValue? preload = null,
        [System.ComponentModel.DefaultValue(false)] Value? withEnv = null, [System.ComponentModel.DefaultValue(false)] Value? withGrains = null,
        [System.ComponentModel.DefaultValue(false)] Value? withPillar = null, bool withEnvOpts = false, double timeout = 60, [Keywords] MapValue? kwargs = null)
    {
        var fields = new MapValue.Builder();
        Add(fields, "environ", withEnv, EnvironModule.All);
        Add(fields, "grains", withGrains, () => context.Grains);
        Add(fields, "pillar", withPillar, () => context.Pillar);
        if (withEnvOpts)
        {
            fields["saltenv"] = context.Options.Get("saltenv") is { IsTruthy: true } saltenv ? saltenv : "base";
            fields["pillarenv"] = context.Options.Get("pillarenv") ?? Value.Null;
        }
        return FireMaster(context, fields.Build().Over(kwargs ?? MapValue.Empty).Over(data is MapValue map ? map : MapValue.Empty), tag, preload);
    }

    private static void Add(MapValue.Builder fields, string key, Value? wanted, Func<MapValue> all)
    {
        if (wanted is not { IsTruthy: true }) return;
        var facts = all();
        fields[key] = wanted is ListValue names ? MapValue.From(names.Select(n => KeyValuePair.Create(n, facts.Get(n) ?? ""))) : facts;
    }

    private static MapValue Map(Value data, string function) => data switch
    {
        MapValue map => map,
        NullValue => MapValue.Empty,

        _ => throw new ArgumentRefused($"{function}() expected a map for 'data', found {data.KindName} {PythonText.Repr(data)}"),
    };
}
