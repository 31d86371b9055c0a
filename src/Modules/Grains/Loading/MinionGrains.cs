using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Loading;

/// <summary>How much may be done for grains.</summary>
public enum GrainEffort
{
    /// <summary>Programs and name servers are asked, within <see cref="GrainSources.Patience"/>.</summary>
    Full,
    /// <summary>Files alone are read: some milliseconds, for commands that end at once.</summary>
    FilesOnly,
}

/// <summary>Everything that grains come from.</summary>
public sealed record GrainOrigins(GrainSources Sources)
{
    /// <summary>The static file beside the configuration; null where there is none to read.</summary>
    public IGrainsFile? File { get; init; }
    /// <summary>Grains that extension modules bring, in the order of loading; each map is one module's.</summary>
    public Func<MapValue, CancellationToken, Task<IReadOnlyList<MapValue>>>? Custom { get; init; }
    public GrainEffort Effort { get; init; }
    /// <summary>Takes a line for the log.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}

/// <summary>A minion's grains as everyone sees them.</summary>
/// <remarks>
/// From low to high: core, custom modules, the static file, <c>grains:</c> of the configuration. Options: <c>grains_deep_merge</c>
/// merges maps on every level instead of the first; <c>grains_blacklist</c> globs take grains out of all but the configuration's own;
/// <c>grains_cache</c> with <c>grains_cache_expiration</c> (seconds) keeps the result in <c>cachedir</c>; <c>skip_grains</c> leaves them all out.
/// </remarks>
public static class MinionGrains
{
    /// <param name="refresh">Collects anew where a cache would do.</param>
    public static async Task<MapValue> LoadAsync(GrainOrigins origins, MapValue options, bool refresh, CancellationToken stop)
    {
        if (IsOn(options, "skip_grains")) return MapValue.Empty;
        var cache = IsOn(options, "grains_cache") ? options.TextOf("cachedir") : null;
        if (cache is not null && !refresh)
        {
            var expiration = TimeSpan.FromSeconds(options.Get("grains_cache_expiration")?.AsNumber() ?? 300);
            if (GrainsCache.Read(cache, expiration, origins.Sources.Clock) is { } kept) return kept;
        }

        var core = origins.Effort == GrainEffort.Full
            ? await CoreGrains.CollectAsync(origins.Sources, options, stop).ConfigureAwait(false)
            : CoreGrains.CollectFast(origins.Sources, options);
        var layers = new List<MapValue> { core };
        if (origins.Custom is { } custom) layers.AddRange(await custom(core, stop).ConfigureAwait(false));
        if (origins.File is { } file) layers.Add(Static(file, origins.Warn));
        var grains = Merge(layers, options);

        // What comes from files alone is not all there is, so nobody else may take it for that.
        if (cache is not null && origins.Effort == GrainEffort.Full && GrainsCache.Write(cache, grains) is { } trouble) origins.Warn(trouble);
        return grains;
    }

    /// <summary>Lays grains over each other, the lowest first, then the configuration's own over all.</summary>
    public static MapValue Merge(IEnumerable<MapValue> layers, MapValue options)
    {
        var isDeep = IsOn(options, "grains_deep_merge");
        var unwanted = options.ListOf("grains_blacklist").Select(p => p.ToString()).ToList();
        var merged = layers.Select(Wanted).Aggregate(MapValue.Empty, Lay);
        return Lay(merged, options.MapOf("grains"));

        MapValue Lay(MapValue lower, MapValue upper) => isDeep ? DeepMerge.Over(lower, upper) : lower.Over(upper);
        MapValue Wanted(MapValue layer) => unwanted.Count == 0
            ? layer
            : MapValue.From(layer.Where(g => !unwanted.Any(p => GlobPattern.Matches(p, g.Key.ToString()))));
    }

    private static MapValue Static(IGrainsFile file, Action<string> warn)
    {
        try
        {
            return file.Read();
        }
        catch (CommandFailed broken)
        {
            warn($"Bad syntax in grains file! Skipping. {broken.Message}");
            return MapValue.Empty;
        }
    }

    private static bool IsOn(MapValue options, string option) => options.Get(option) is { IsTruthy: true };
}
