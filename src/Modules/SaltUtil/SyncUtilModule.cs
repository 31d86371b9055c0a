using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.SaltUtil;

/// <summary>The module <c>saltutil</c>: extension modules from the file server, each kind by itself.</summary>
/// <remarks>Follows Salt 3006, salt/modules/saltutil.py, in names and answers. <see cref="ExtensionModules"/> says what comes of them.</remarks>
public static class SyncUtilModule
{
    /// <summary>Looks for beacons in <c>salt://_beacons</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_beacons</code></example>
    [SaltFunction("saltutil.sync_beacons")]
    public static Task<ListValue> SyncBeacons(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "beacons", "beacons", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for sdb in <c>salt://_sdb</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_sdb</code></example>
    [SaltFunction("saltutil.sync_sdb")]
    public static Task<ListValue> SyncSdb(CallContext context, string? saltenv = null, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "sdb", "sdb", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for execution modules in <c>salt://_modules</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_modules</code></example>
    [SaltFunction("saltutil.sync_modules")]
    public static Task<ListValue> SyncModules(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "modules", "modules", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for state modules in <c>salt://_states</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_states</code></example>
    [SaltFunction("saltutil.sync_states")]
    public static Task<ListValue> SyncStates(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "states", "states", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for grains modules in <c>salt://_grains</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_grains</code></example>
    [SaltFunction("saltutil.sync_grains")]
    public static Task<ListValue> SyncGrains(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "grains", "grains", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for renderers in <c>salt://_renderers</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_renderers</code></example>
    [SaltFunction("saltutil.sync_renderers")]
    public static Task<ListValue> SyncRenderers(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "renderers", "renderers", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for returners in <c>salt://_returners</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_returners</code></example>
    [SaltFunction("saltutil.sync_returners")]
    public static Task<ListValue> SyncReturners(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "returners", "returners", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for proxy modules in <c>salt://_proxy</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_proxymodules</code></example>
    [SaltFunction("saltutil.sync_proxymodules")]
    public static Task<ListValue> SyncProxymodules(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "proxy", "proxymodules", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for matchers in <c>salt://_matchers</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_matchers</code></example>
    [SaltFunction("saltutil.sync_matchers")]
    public static Task<ListValue> SyncMatchers(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "matchers", "matchers", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for engines in <c>salt://_engines</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_engines</code></example>
    [SaltFunction("saltutil.sync_engines")]
    public static Task<ListValue> SyncEngines(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "engines", "engines", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for thorium modules in <c>salt://_thorium</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_thorium</code></example>
    [SaltFunction("saltutil.sync_thorium")]
    public static Task<ListValue> SyncThorium(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "thorium", "thorium", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for outputters in <c>salt://_output</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_output</code></example>
    [SaltFunction("saltutil.sync_output")]
    public static Task<ListValue> SyncOutput(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "output", "output", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for cloud modules in <c>salt://_clouds</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_clouds</code></example>
    [SaltFunction("saltutil.sync_clouds")]
    public static Task<ListValue> SyncClouds(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "clouds", "clouds", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for utility modules in <c>salt://_utils</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_utils</code></example>
    [SaltFunction("saltutil.sync_utils")]
    public static Task<ListValue> SyncUtils(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "utils", "utils", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for serializers in <c>salt://_serializers</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_serializers</code></example>
    [SaltFunction("saltutil.sync_serializers")]
    public static Task<ListValue> SyncSerializers(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "serializers", "serializers", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for log handlers in <c>salt://_log_handlers</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_log_handlers</code></example>
    [SaltFunction("saltutil.sync_log_handlers")]
    public static Task<ListValue> SyncLogHandlers(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "log_handlers", "log_handlers", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for external pillars in <c>salt://_pillar</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_pillar</code></example>
    [SaltFunction("saltutil.sync_pillar")]
    public static Task<ListValue> SyncPillar(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "pillar", "pillar", saltenv, extmodWhitelist, extmodBlacklist);

    /// <summary>Looks for executors in <c>salt://_executors</c>. None there is a success; those that are there are refused, since they are Python.</summary>
    /// <param name="saltenv">Environments, with commas between; null for <c>base</c>.</param>
    /// <param name="refresh">Taken for compatibility: what is built in needs no loading.</param>
    /// <param name="extmodWhitelist">Only these, by kind: a map of lists.</param>
    /// <param name="extmodBlacklist">But these, by kind: a map of lists.</param>
    /// <returns>The modules that are new: none.</returns>
    /// <example><code>salt '*' saltutil.sync_executors</code></example>
    [SaltFunction("saltutil.sync_executors")]
    public static Task<ListValue> SyncExecutors(CallContext context, string? saltenv = null, bool refresh = true, MapValue? extmodWhitelist = null, MapValue? extmodBlacklist = null) =>
        ExtensionModules.SyncAsync(context, "executors", "executors", saltenv, extmodWhitelist, extmodBlacklist);
}
