using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Loading;

namespace SaltActors.Modules.Grains.Functions;

/// <summary>Picks an entry of a table by a value: what <c>grains.filter_by</c>, <c>pillar.filter_by</c> and map.jinja files do.</summary>
/// <remarks>Follows Salt 3006, salt/utils/data.py, filter_by(). The table itself is never changed.</remarks>
public static class GrainFilter
{
    /// <param name="table">Keys are globs; the first that fits, in their order, wins.</param>
    /// <param name="data">Where the value to compare is found, under <paramref name="path"/>; a list offers each of its items.</param>
    /// <param name="merge">A map laid deeply over the result, or null.</param>
    /// <param name="fallback">The key whose entry is taken where none fits.</param>
    /// <param name="basis">The key of an entry that lies deeply under the result, or null.</param>
    /// <returns>The entry; <see cref="Value.Null"/> where there is none.</returns>
    /// <exception cref="NamedError">What has to be merged is not a map.</exception>
    public static Value Pick(MapValue table, Value data, string path, Value? merge, Value fallback, Value? basis)
    {
        var picked = First(table, KeyPath.Find(data, path)) ?? table.Get(fallback);
        if (picked is NullValue) picked = null;
        if (basis is { IsTruthy: true } && table.Get(basis) is { } under)
            picked = (under, picked) switch
            {
                (_, null) => under,
                (MapValue lower, MapValue upper) => DeepMerge.Over(lower, upper),
                (MapValue, _) => throw new NamedError("SaltException", "filter_by default and look-up values must both be dictionaries."),
                _ => picked,
            };
        if (merge is null or { IsTruthy: false }) return picked ?? Value.Null;
        if (merge is not MapValue over) throw new NamedError("SaltException", "filter_by merge argument must be a dictionary.");
        return picked switch
        {
            null => over,
            MapValue lower => DeepMerge.Over(lower, over),
            _ => throw new NamedError("TypeError", "Cannot update using non-dict types in dictupdate.update()"),
        };
    }

    private static Value? First(MapValue table, Value? found)
    {
        IEnumerable<Value> values = found switch { null => [], ListValue { IsTuple: false } list => list, _ => [found] };
        foreach (var value in values)
            if (table.Where(e => GlobPattern.Matches(e.Key.ToString(), value.ToString())).Select(e => e.Value).FirstOrDefault() is { IsNull: false } entry)
                return entry;
        return null;
    }
}
