using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Loading;

/// <summary>Merges maps on every level; anything else, lists too, is replaced.</summary>
/// <remarks>Follows Salt 3006, salt/utils/dictupdate.py, update() without merge_lists.</remarks>
public static class DeepMerge
{
    /// <summary>The lower map with the upper one laid over it.</summary>
    public static MapValue Over(MapValue lower, MapValue upper)
    {
        if (upper.Count == 0) return lower;
        var merged = lower.ToBuilder();
        foreach (var (key, value) in upper)
            merged[key] = value is MapValue above && merged.Get(key) is MapValue below ? Over(below, above) : value;
        return merged.Build();
    }
}
