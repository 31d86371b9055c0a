using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Modules.MasterCache;

/// <summary>The runner <c>cache</c>: what the master remembers of minions, without asking them.</summary>
/// <remarks>Follows Salt 3006, salt/runners/cache.py and salt/utils/master.py. A minion of which nothing is known has an empty map.</remarks>
public static class CacheRunner
{
    /// <summary>Grains that are remembered.</summary>
    /// <param name="tgt">Whose.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <param name="kwargs">Accepted for compatibility.</param>
    /// <returns>Minion id to grains.</returns>
    /// <example><code>salt-run cache.grains '*'</code></example>
    [SaltRunner("cache.grains")]
    public static MapValue Grains(CallContext context, Value tgt, string tgtType = "glob", [Keywords] MapValue? kwargs = null) =>
        Each(context, tgt, tgtType, (cache, id) => cache.Grains(id));

    /// <summary>Pillars that are remembered.</summary>
    /// <param name="tgt">Whose; all minions' where it is not given.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <param name="kwargs">Accepted for compatibility.</param>
    /// <returns>Minion id to pillar.</returns>
    /// <example><code>salt-run cache.pillar</code></example>
    [SaltRunner("cache.pillar")]
    public static MapValue Pillar(CallContext context, Value? tgt = null, string tgtType = "glob", [Keywords] MapValue? kwargs = null) =>
        Each(context, tgt, tgtType, (cache, id) => cache.Pillar(id));

    /// <summary>What minions published of themselves.</summary>
    /// <param name="tgt">Whose; all minions' where it is not given.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <param name="kwargs">Accepted for compatibility.</param>
    /// <returns>Minion id to a map of function and value.</returns>
    /// <example><code>salt-run cache.mine</code></example>
    [SaltRunner("cache.mine")]
    public static MapValue Mine(CallContext context, Value? tgt = null, string tgtType = "glob", [Keywords] MapValue? kwargs = null) =>
        Each(context, tgt, tgtType, (cache, id) => cache.Mine(id));

    /// <summary>Forgets pillars.</summary>
    /// <param name="tgt">Whose.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <returns>False without a target.</returns>
    /// <example><code>salt-run cache.clear_pillar '*'</code></example>
    [SaltRunner("cache.clear_pillar")]
    public static Task<bool> ClearPillar(CallContext context, Value? tgt = null, string tgtType = "glob") => Clear(context, tgt, tgtType, MinionMemory.Pillar);

    /// <summary>Forgets grains: until the minion tells them again, targeting by grains does not know it.</summary>
    /// <param name="tgt">Whose.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <returns>False without a target.</returns>
    /// <example><code>salt-run cache.clear_grains '*'</code></example>
    [SaltRunner("cache.clear_grains")]
    public static Task<bool> ClearGrains(CallContext context, Value? tgt = null, string tgtType = "glob") => Clear(context, tgt, tgtType, MinionMemory.Grains);

    /// <summary>Forgets what minions published.</summary>
    /// <param name="tgt">Whose.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <returns>False without a target.</returns>
    /// <example><code>salt-run cache.clear_mine '*'</code></example>
    [SaltRunner("cache.clear_mine")]
    public static Task<bool> ClearMine(CallContext context, Value? tgt = null, string tgtType = "glob") => Clear(context, tgt, tgtType, MinionMemory.Mine);

    /// <summary>Forgets what minions published under one function.</summary>
    /// <param name="tgt">Whose.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <param name="clearMineFuncFlag">The function.</param>
    /// <returns>False without a target or a function.</returns>
    /// <example><code>salt-run cache.clear_mine_func tgt='*' clear_mine_func_flag='network.interfaces'</code></example>
    [SaltRunner("cache.clear_mine_func")]
    public static Task<bool> ClearMineFunction(CallContext context, Value? tgt = null, string tgtType = "glob", string? clearMineFuncFlag = null) =>
        clearMineFuncFlag is null ? Task.FromResult(false) : Clear(context, tgt, tgtType, MinionMemory.None, clearMineFuncFlag);

    /// <summary>Forgets grains, pillars, and what minions published.</summary>
    /// <param name="tgt">Whose.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <returns>False without a target.</returns>
    /// <example><code>salt-run cache.clear_all '*'</code></example>
    [SaltRunner("cache.clear_all")]
    public static Task<bool> ClearAll(CallContext context, Value? tgt = null, string tgtType = "glob") =>
        Clear(context, tgt, tgtType, MinionMemory.Grains | MinionMemory.Pillar | MinionMemory.Mine);

    internal static IMasterCache Cache(CallContext context) => CallServices.Need(context.Services.MasterCache, "the cache runner reads what a running master remembers");

    private static ImmutableArray<MinionId> Minions(CallContext context, Value? tgt, string tgtType) =>
        CallServices.Need(context.Services.Targets, "the cache runner reads the minions of a running master").Match(tgt is null or NullValue ? "*" : tgt, tgtType, ":");

    private static MapValue Each(CallContext context, Value? tgt, string tgtType, Func<IMasterCache, MinionId, MapValue?> read)
    {
        var cache = Cache(context);
        return MapValue.From(Minions(context, tgt, tgtType).Select(id => KeyValuePair.Create(id.Text, (Value)(read(cache, id) ?? MapValue.Empty))));
    }

    private static async Task<bool> Clear(CallContext context, Value? tgt, string tgtType, MinionMemory what, string? mineFunction = null)
    {
        if (tgt is null or NullValue) return false;
        var cache = Cache(context);
        foreach (var id in Minions(context, tgt, tgtType)) await cache.ForgetAsync(id, what, mineFunction, context.Stopped).ConfigureAwait(false);
        return true;
    }
}
