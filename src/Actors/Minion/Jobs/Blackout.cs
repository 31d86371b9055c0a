using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion.Jobs;

/// <summary>The minion's blackout: while <c>minion_blackout</c> stands in pillar or grains, only what the whitelist beside it names is run.</summary>
/// <remarks>Follows Salt 3006, salt/minion.py, _execute_job_function(); <c>saltutil.refresh_pillar</c> is always let through, so that there is a way out.</remarks>
public static class Blackout
{
    public const string Text = "Minion in blackout mode. Set 'minion_blackout' to False in pillar or grains to resume operations. Only saltutil.refresh_pillar allowed in blackout mode.";
    private const string WayOut = "saltutil.refresh_pillar";

    public static bool Refuses(string function, MapValue pillar, MapValue grains) => function != WayOut && (Refuses(function, pillar) || Refuses(function, grains));

    private static bool Refuses(string function, MapValue source) =>
        source.Get("minion_blackout") is { IsTruthy: true } && !Allows(source.Get("minion_blackout_whitelist"), function);

    // Python's in: an item of a list, a part of a text.
    private static bool Allows(Value? whitelist, string function) => whitelist switch
    {
        ListValue list => list.Items.Any(f => f.AsText() == function),
        MapValue map => map.Has(function),
        TextValue text => text.Text.Contains(function, StringComparison.Ordinal),
        _ => false,
    };
}
