using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.SaltUtil;

/// <summary>Modules that Salt would fetch from the file server. They are Python, which this minion does not run: where there are some, it says so.</summary>
public static class ExtensionModules
{
    // The answer's names, and the folders of the file server where they differ.
    private static readonly (string Name, string Folder)[] Kinds =
    [
        ("clouds", "clouds"), ("beacons", "beacons"), ("modules", "modules"), ("states", "states"), ("sdb", "sdb"), ("grains", "grains"), ("renderers", "renderers"),
        ("returners", "returners"), ("output", "output"), ("utils", "utils"), ("log_handlers", "log_handlers"), ("executors", "executors"), ("proxymodules", "proxy"),
        ("engines", "engines"), ("thorium", "thorium"), ("serializers", "serializers"), ("matchers", "matchers"),
    ];

    /// <summary>Looks for extension modules of all kinds in the file server. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Ask the minion to get its pillar anew afterwards.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>Kind to the modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_all</code></example>
    [SaltFunction("saltutil.sync_all")]
    public static async Task<MapValue> SyncAll(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null)
    {
        var kinds = context.Options.TextOf("file_client") == "local" ? [.. Kinds, ("pillar", "pillar")] : Kinds;
        var synced = new MapValue.Builder(kinds.Length);
        foreach (var (name, folder) in kinds) synced[name] = await SyncAsync(context, folder, name, saltenv, extmodWhitelist, extmodBlacklist).ConfigureAwait(false);
        if (refresh) await SaltUtilModule.RefreshPillar(context).ConfigureAwait(false);
        return synced.Build();
    }

    /// <summary>The extension modules that this minion has.</summary>
    /// <returns>Empty: all modules are built in.</returns>
    /// <example><code>salt '*' saltutil.list_extmods</code></example>
    [SaltFunction("saltutil.list_extmods")]
    public static MapValue ListExtmods() => MapValue.Empty;

    /// <exception cref="CommandFailed">There are extension modules.</exception>
    internal static async Task<ListValue> SyncAsync(CallContext context, string folder, string kind, string? saltenv, MapValue? whitelist, MapValue? blacklist)
    {
        if (context.Services.Files is not { } files) return ListValue.Empty;
        foreach (var environment in (saltenv is { Length: > 0 } ? saltenv : "base").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var found = (await files.ListAsync(FileListing.Files, environment, $"_{folder}/", context.Stopped).ConfigureAwait(false))
                .Where(f => Path.GetExtension(f) is ".py" or ".pyx" or ".pyd" or ".so" or ".zip" && IsWanted(Path.GetFileNameWithoutExtension(f), kind, whitelist, blacklist)).ToList();
            if (found.Count > 0)
                throw new CommandFailed($"extension modules are Python and are not available in this version: salt://{found[0]}{(found.Count > 1 ? $" and {found.Count - 1} more" : "")} (saltenv {environment}) cannot be used by this minion");
        }
        return ListValue.Empty;
    }

    private static bool IsWanted(string name, string kind, MapValue? whitelist, MapValue? blacklist) =>
        name != "__init__" && (whitelist is not { Count: > 0 } || whitelist.ListOf(kind).Items.Any(m => m.ToString() == name)) && blacklist?.ListOf(kind).Items.Any(m => m.ToString() == name) != true;
}
