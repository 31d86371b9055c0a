using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.SaltUtil;

/// <summary>The module <c>saltutil</c>: the minion's own files, and its keys.</summary>
/// <remarks>Follows Salt 3006, salt/modules/saltutil.py.</remarks>
public static class CacheUtilModule
{
    // Not a cache: what runs, and what nobody has taken yet.
    private static readonly HashSet<string> Kept = ["proc", "returns", "returner_queue"];

    /// <summary>Removes every file that the minion has cached; jobs that run and returns that are on their way stay.</summary>
    /// <returns><c>False</c> where a file could not be removed; the log names it.</returns>
    /// <example><code>salt '*' saltutil.clear_cache</code></example>
    [SaltFunction("saltutil.clear_cache")]
    public static bool ClearCache(CallContext context)
    {
        var folder = CacheDir(context);
        if (!Directory.Exists(folder)) return true;
        var walk = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => !Kept.Any(k => e.Name == k || e.Name.StartsWith(k + "-", StringComparison.Ordinal))))
            try
            {
                if (entry is FileInfo) entry.Delete();
                else if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    foreach (var path in Directory.EnumerateFiles(entry.FullName, "*", walk)) File.Delete(path);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                context.Services.Log?.Write(LogSeverity.Error, $"saltutil.clear_cache: {entry.FullName} could not be cleared: {cause.Message}");
                return false;
            }
        return true;
    }

    /// <summary>Removes the returns that the minion keeps for itself (option <c>cache_jobs</c>) and that are old.</summary>
    /// <param name="hours">How old, in hours.</param>
    /// <returns><c>False</c> where one could not be removed; the log names it.</returns>
    /// <example><code>salt '*' saltutil.clear_job_cache hours=12</code></example>
    [SaltFunction("saltutil.clear_job_cache")]
    public static bool ClearJobCache(CallContext context, double hours = 24)
    {
        var folder = new DirectoryInfo(Path.Combine(CacheDir(context), "minion_jobs"));
        if (!folder.Exists) return true;
        var threshold = context.Clock.GetUtcNow().UtcDateTime.AddHours(-hours);
        foreach (var job in folder.EnumerateDirectories().Where(d => d.LastWriteTimeUtc < threshold).ToList())
            try
            {
                job.Delete(recursive: true);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                context.Services.Log?.Write(LogSeverity.Error, $"saltutil.clear_job_cache: {job.FullName} could not be removed: {cause.Message}");
                return false;
            }
        return true;
    }

    /// <summary>Removes the minion's keys, and what it knows of its master's: it makes new ones when it is started again, and the master must accept them.</summary>
    /// <example><code>salt '*' saltutil.regen_keys</code></example>
    [SaltFunction("saltutil.regen_keys")]
    public static Value RegenKeys(CallContext context)
    {
        var folder = context.Options.TextOf("pki_dir") is { Length: > 0 } there ? there : throw new CommandFailed("the option pki_dir is empty: it is not known where the keys are");
        foreach (var path in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
            try
            {
                File.Delete(path);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                context.Services.Log?.Write(LogSeverity.Error, $"saltutil.regen_keys: {path} could not be removed: {cause.Message}");
            }
        return Value.Null;
    }

    /// <summary>Asks the minion to read its beacons anew.</summary>
    /// <returns><c>True</c> where the minion was asked; <c>False</c> where no daemon runs.</returns>
    /// <example><code>salt '*' saltutil.refresh_beacons</code></example>
    [SaltFunction("saltutil.refresh_beacons")]
    public static Task<bool> RefreshBeacons(CallContext context) => FireAsync(context, "beacons_refresh");

    /// <summary>Asks the minion to load its matchers anew; they are built in, so that nothing changes.</summary>
    /// <returns><c>True</c> where the minion was asked; <c>False</c> where no daemon runs.</returns>
    /// <example><code>salt '*' saltutil.refresh_matchers</code></example>
    [SaltFunction("saltutil.refresh_matchers")]
    public static Task<bool> RefreshMatchers(CallContext context) => FireAsync(context, "matchers_refresh");

    private static async Task<bool> FireAsync(CallContext context, string tag) =>
        context.Services.Events is { } events && await events.FireAsync(new SaltEvent(tag, MapValue.Empty), context.Stopped).ConfigureAwait(false);

    private static string CacheDir(CallContext context) => context.Options.TextOf("cachedir") is { Length: > 1 } folder ? folder
        : throw new CommandFailed("the option cachedir is empty: it is not known where the caches are");
}
