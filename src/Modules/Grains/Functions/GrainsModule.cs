using System.ComponentModel;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Functions;

/// <summary>The module <c>grains</c>: facts about the minion, and those that users set on it.</summary>
/// <remarks>Follows Salt 3006, salt/modules/grains.py.</remarks>
public static class GrainsModule
{
    /// <summary>All grains.</summary>
    /// <param name="sanitize">Hide what tells this machine from others: id, host names, domain, serial number.</param>
    /// <example><code>salt '*' grains.items sanitize=True</code></example>
    [SaltFunction("grains.items")]
    public static MapValue Items(CallContext context, bool sanitize = false) => sanitize ? Sanitized(context.Grains) : context.Grains;

    /// <summary>Some grains by their keys; one that is not there is given as empty text.</summary>
    /// <param name="args">Keys; a colon leads into nested values.</param>
    /// <param name="kwargs"><c>default</c> for grains that are not there, <c>delimiter</c>, and <c>sanitize</c>.</param>
    /// <returns>Key to value.</returns>
    /// <example><code>salt '*' grains.item os osrelease</code></example>
    [SaltFunction("grains.item")]
    public static MapValue Item(CallContext context, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        var (otherwise, delimiter) = (kwargs.Get("default") ?? "", kwargs.TextOf("delimiter") ?? ":");
        var found = MapValue.From(args.Select(k => KeyValuePair.Create(k, KeyPath.Find(context.Grains, k.ToString(), delimiter) ?? otherwise)));
        return kwargs.Get("sanitize") is { IsTruthy: true } ? Sanitized(found) : found;
    }

    /// <summary>One grain's value.</summary>
    /// <param name="key">The grain; the delimiter leads into nested values.</param>
    /// <param name="default">The answer where there is no such grain; empty text where it is not given.</param>
    /// <param name="delimiter">What stands between the keys of nested values.</param>
    /// <param name="ordered">Taken for Salt's sake: values keep their order in any case.</param>
    /// <example><code>salt '*' grains.get pkg:apache</code></example>
    [SaltFunction("grains.get")]
    [SaltFunction("grains.fetch")]
    public static Value Get(CallContext context, string key, [DefaultValue("")] Value @default, string delimiter = ":", bool ordered = true) =>
        KeyPath.Find(context.Grains, key, delimiter) ?? @default;

    /// <summary>Whether a grain is there and is not empty, zero or false.</summary>
    /// <param name="key">The grain; a colon leads into nested values.</param>
    /// <example><code>salt '*' grains.has_value os</code></example>
    [SaltFunction("grains.has_value")]
    public static bool HasValue(CallContext context, string key) => KeyPath.Find(context.Grains, key) is { IsTruthy: true };

    /// <summary>Whether a grain's text is this value's text.</summary>
    /// <param name="key">The grain; a colon leads into nested values.</param>
    /// <param name="value">What to compare with.</param>
    /// <example><code>salt '*' grains.equals osmajorrelease 12</code></example>
    [SaltFunction("grains.equals")]
    public static bool Equals(CallContext context, string key, Value value) => (KeyPath.Find(context.Grains, key) ?? "").ToString() == value.ToString();

    /// <summary>The keys of all grains, sorted.</summary>
    /// <example><code>salt '*' grains.ls</code></example>
    [SaltFunction("grains.ls")]
    public static ListValue Ls(CallContext context) => ListValue.From(context.Grains.Keys.Order(PythonOrder.ByValue));

    /// <summary>Picks an entry of a table by a grain, as map.jinja files do.</summary>
    /// <param name="lookupDict">Globs to values; the first that fits the grain wins.</param>
    /// <param name="grain">The grain to compare; a list offers each of its items.</param>
    /// <param name="merge">A map laid over the entry, as from pillar.</param>
    /// <param name="default">The key to take where none fits.</param>
    /// <param name="base">The key of an entry that lies under the one picked.</param>
    /// <returns>The entry, or null where there is none.</returns>
    /// <example><code>salt '*' grains.filter_by '{Debian: {pkg: apache2}, RedHat: {pkg: httpd}}' default=Debian</code></example>
    [SaltFunction("grains.filter_by")]
    public static Value FilterBy(CallContext context, MapValue lookupDict, string grain = "os_family", Value? merge = null, [System.ComponentModel.DefaultValue("default")] Value? @default = null, Value? @base = null) =>
        GrainFilter.Pick(lookupDict, context.Grains, grain, merge, @default ?? "default", @base);

    /// <summary>Sets a grain, nested ones too, in the minion's grains file.</summary>
    /// <param name="key">The grain; the delimiter leads into nested values.</param>
    /// <param name="val">Its value.</param>
    /// <param name="force">Replace maps and lists too.</param>
    /// <param name="destructive">Drop the key where the value is null.</param>
    /// <param name="delimiter">What stands between the keys of nested values.</param>
    /// <returns><c>result</c>, <c>comment</c>, and <c>changes</c>: the key on top with its value.</returns>
    /// <example><code>salt '*' grains.set apps:web:port 8080</code></example>
    [SaltFunction("grains.set")]
    public static async Task<MapValue> Set(CallContext context, string key, [DefaultValue("")] Value val, bool force = false, bool destructive = false, string delimiter = ":")
    {
        var edit = GrainEdits.Set(context.Grains, key, val, force, destructive, delimiter);
        if (edit.Refusal is not null) return Outcome(edit.Refusal, MapValue.Empty, edit.Refusal == GrainEdits.AlreadySet);
        try
        {
            return Outcome("", await SaveAsync(context, MapValue.Of((edit.Key, edit.Value)), destructive).ConfigureAwait(false), true);
        }
        catch (CommandFailed failed)
        {
            return Outcome(failed.Message, MapValue.Empty, false);
        }
    }

    /// <summary>Sets one grain in the minion's grains file.</summary>
    /// <param name="key">The grain, on the top level.</param>
    /// <param name="val">Its value.</param>
    /// <param name="destructive">Drop the key where the value is null.</param>
    /// <param name="refreshPillar">Taken for Salt's sake: the pillar follows the grains in any case.</param>
    /// <returns>The key with its value.</returns>
    /// <example><code>salt '*' grains.setval role web</code></example>
    [SaltFunction("grains.setval")]
    public static Task<MapValue> SetVal(CallContext context, string key, Value val, bool destructive = false, bool refreshPillar = true) =>
        SaveAsync(context, MapValue.Of((key, val)), destructive);

    /// <summary>Sets several grains in the minion's grains file.</summary>
    /// <param name="grains">Keys to values.</param>
    /// <param name="destructive">Drop the keys whose value is null.</param>
    /// <param name="refreshPillar">Taken for Salt's sake: the pillar follows the grains in any case.</param>
    /// <returns>What was given.</returns>
    /// <exception cref="NamedError">The grains are not a map.</exception>
    /// <example><code>salt '*' grains.setvals '{role: web, tier: front}'</code></example>
    [SaltFunction("grains.setvals")]
    public static Task<MapValue> SetVals(CallContext context, Value grains, bool destructive = false, bool refreshPillar = true) =>
        grains is MapValue map ? SaveAsync(context, map, destructive) : throw new NamedError("SaltException", "setvals grains must be a dictionary.");

    /// <summary>Adds a value to a list in the minion's grains file; a list adds each of its items.</summary>
    /// <param name="key">The grain; the delimiter leads into nested values. One that is not there becomes a list.</param>
    /// <param name="val">What to add.</param>
    /// <param name="convert">Make a list of a grain that is none.</param>
    /// <param name="delimiter">What stands between the keys of nested values.</param>
    /// <returns>The key on top with its value, or a text that says why nothing was added.</returns>
    /// <example><code>salt '*' grains.append roles web</code></example>
    [SaltFunction("grains.append")]
    public static Task<Value> Append(CallContext context, string key, Value val, bool convert = false, string delimiter = ":") =>
        ApplyAsync(context, GrainEdits.Append(context.Grains, key, val, convert, delimiter));

    /// <summary>Takes a value out of a list in the minion's grains file.</summary>
    /// <param name="key">The grain; the delimiter leads into nested values.</param>
    /// <param name="val">What to take out; the first one that equals it goes.</param>
    /// <param name="delimiter">What stands between the keys of nested values.</param>
    /// <returns>The key on top with its value, or a text that says why nothing was removed.</returns>
    /// <example><code>salt '*' grains.remove roles web</code></example>
    [SaltFunction("grains.remove")]
    public static Task<Value> Remove(CallContext context, string key, Value val, string delimiter = ":") =>
        ApplyAsync(context, GrainEdits.Remove(context.Grains, key, val, delimiter));

    /// <summary>Drops a grain from the minion's grains file.</summary>
    /// <param name="key">The grain; a colon leads into nested values.</param>
    /// <param name="force">Drop maps and lists too.</param>
    /// <returns><c>result</c>, <c>comment</c>, <c>changes</c>.</returns>
    /// <example><code>salt '*' grains.delkey role</code></example>
    [SaltFunction("grains.delkey")]
    public static Task<MapValue> DelKey(CallContext context, string key, bool force = false) => Set(context, key, Value.Null, force, destructive: true);

    /// <summary>Makes a grain in the minion's grains file null.</summary>
    /// <param name="key">The grain; a colon leads into nested values.</param>
    /// <param name="destructive">Drop the key too.</param>
    /// <param name="force">Replace maps and lists too.</param>
    /// <returns><c>result</c>, <c>comment</c>, <c>changes</c>.</returns>
    /// <example><code>salt '*' grains.delval role</code></example>
    [SaltFunction("grains.delval")]
    public static Task<MapValue> DelVal(CallContext context, string key, bool destructive = false, bool force = false) => Set(context, key, Value.Null, force, destructive);

    private static async Task<Value> ApplyAsync(CallContext context, GrainEdit edit) =>
        edit.Refusal ?? (Value)await SaveAsync(context, MapValue.Of((edit.Key, edit.Value)), destructive: false).ConfigureAwait(false);

    private static async Task<MapValue> SaveAsync(CallContext context, MapValue changes, bool destructive)
    {
        var file = CallServices.Need(context.Services.GrainsFile, "no grains file belongs to this call: the option conf_file is not set");
        var grains = file.Read().ToBuilder();
        foreach (var (key, value) in changes)
            if (value.IsNull && destructive) grains.Remove(key);
            else grains[key] = value;
        file.Write(grains.Build());
        if (context.Services.Daemon is { } daemon) await daemon.RefreshGrainsAsync(context.Stopped).ConfigureAwait(false);
        return changes;
    }

    private static MapValue Outcome(string comment, MapValue changes, bool result) =>
        MapValue.Of(("comment", comment), ("changes", changes), ("result", result));

    private static MapValue Sanitized(MapValue grains) => MapValue.From(grains.Select(g => KeyValuePair.Create(g.Key, g.Key.AsText() switch
    {
        "serialnumber" when g.Value.AsText() is { } serial => serial[..(serial.Length * 3 / 4)] + new string('X', serial.Length - serial.Length * 3 / 4),
        "domain" => "DOMAINNAME",
        "fqdn" or "id" => "MINION.DOMAINNAME",
        "host" or "localhost" or "nodename" => "MINION",
        _ => g.Value,
    })));
}
