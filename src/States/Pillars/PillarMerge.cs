using SaltActors.Core.Values;

namespace SaltActors.States.Pillars;

/// <summary>How one source of a pillar is laid over another: <c>pillar_source_merging_strategy</c>.</summary>
/// <remarks>Follows Salt 3006, salt/utils/dictupdate.py.</remarks>
public static class PillarMerge
{
    /// <param name="strategy"><c>smart</c>, <c>recurse</c>, <c>aggregate</c>, <c>overwrite</c>, <c>list</c> or <c>none</c>; any other word is <c>recurse</c>.</param>
    /// <param name="isAggregating">The renderer ends in <c>yamlex</c>, which <c>smart</c> looks at.</param>
    /// <param name="mergeLists">Lists of the same key are joined, each item once; else the upper one replaces the lower.</param>
    public static MapValue Over(MapValue lower, MapValue upper, string strategy, bool isAggregating, bool mergeLists) => strategy switch
    {
        "list" => Paired(lower, upper),
        "overwrite" => lower.Over(upper),
        "aggregate" => lower.Over(upper),
        "smart" when isAggregating => lower.Over(upper),
        _ => Deep(lower, upper, mergeLists),
    };

    /// <summary>Maps on every level; anything else is replaced. A map that is laid over keeps whether its order counts.</summary>
    public static MapValue Deep(MapValue lower, MapValue upper, bool mergeLists)
    {
        if (upper.Count == 0) return lower;
        if (lower.Count == 0) return upper.AsOrdered(lower.IsOrdered);
        var merged = lower.ToBuilder();
        foreach (var (key, value) in upper)
            merged[key] = (merged.Get(key), value) switch
            {
                (MapValue below, MapValue above) => Deep(below, above, mergeLists),
                (ListValue below, ListValue above) when mergeLists => Joined(below, above),
                _ => value,
            };
        return merged.Build();
    }

    /// <summary>The items of the first, then those of the second that are not there yet.</summary>
    public static ListValue Joined(ListValue first, ListValue second)
    {
        var seen = first.ToHashSet();
        var items = first.Items.ToBuilder();
        foreach (var item in second)
            if (seen.Add(item)) items.Add(item);
        return new ListValue(items.ToImmutable());
    }

    // Only keys that the lower one has are kept: Salt's own list strategy does so.
    private static MapValue Paired(MapValue lower, MapValue upper) =>
        MapValue.From(lower.Select(e => KeyValuePair.Create(e.Key, upper.Get(e.Key) is { } other ? ListValue.Create([e.Value, other]) : e.Value)));
}
