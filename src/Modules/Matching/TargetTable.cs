using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Matching;

/// <summary>Picks entries of tables whose keys, or values, are targets.</summary>
/// <remarks>Follows Salt 3006, salt/modules/match.py: the first target that fits wins.</remarks>
internal static class TargetTable
{
    /// <summary>Lays a map over what was picked.</summary>
    /// <param name="picked">Null (C#'s) where nothing fits.</param>
    /// <param name="mergesLists">Lists take over the items that they have not; else the upper list stands alone.</param>
    /// <exception cref="NamedError">One of the two is no map.</exception>
    public static Value Merged(Value? picked, Value? merge, bool mergesLists)
    {
        if (picked is NullValue) picked = null;
        if (merge is not { IsTruthy: true }) return picked ?? Value.Null;
        if (merge is not MapValue over) throw new NamedError("SaltException", "filter_by merge argument must be a dictionary.");
        return picked switch
        {
            null => over,
            MapValue lower => Over(lower, over, mergesLists),
            _ => throw new NamedError("TypeError", "Cannot update using non-dict types in dictupdate.update()"),
        };
    }

    private static MapValue Over(MapValue lower, MapValue upper, bool mergesLists)
    {
        var merged = lower.ToBuilder();
        foreach (var (key, value) in upper)
            merged[key] = (merged.Get(key), value) switch
            {
                (MapValue below, MapValue above) => Over(below, above, mergesLists),
                (ListValue below, ListValue above) when mergesLists => ListValue.From([.. below, .. above.Where(v => !below.Contains(v))]),
                _ => value,
            };
        return merged.Build();
    }
}
