using System.ComponentModel;
using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Configuration;

/// <summary>The module <c>config</c>: options wherever they are set.</summary>
/// <remarks>Follows Salt 3006, salt/modules/config.py. <c>sdb://</c> values are answered as they stand.</remarks>
public static partial class ConfigModule
{
    /// <summary>
    /// Answers with an option, looked for in the minion's configuration, then in the grains, the pillar and the master's
    /// configuration that the pillar brings (<c>pillar_opts</c>), then among the defaults of modules.
    /// </summary>
    /// <param name="key">The option; a path with the delimiter goes into maps and lists.</param>
    /// <param name="default">What to answer where nobody sets it.</param>
    /// <param name="delimiter">What parts the key.</param>
    /// <param name="merge">
    /// Lay all that is found together instead of taking the first: <c>recurse</c> into maps, or <c>overwrite</c> their keys on the top level.
    /// The nearest wins.
    /// </param>
    /// <param name="omitOpts">Do not look into the minion's configuration.</param>
    /// <param name="omitPillar">Do not look into the pillar.</param>
    /// <param name="omitMaster">Do not look into the master's configuration.</param>
    /// <param name="omitGrains">Do not look into the grains.</param>
    /// <example><code>
    /// salt '*' config.get pkg:apache
    /// salt '*' config.get lxc.container_profile:centos merge=recurse
    /// </code></example>
    [SaltFunction("config.get")]
    public static Value Get(
        CallContext context, string key, [DefaultValue("")] Value @default, string delimiter = ":", string? merge = null,
        bool omitOpts = false, bool omitPillar = false, bool omitMaster = false, bool omitGrains = false)
    {
        var sources = OptionSources.Of(context, omitOpts, omitGrains, omitPillar, omitMaster);
        if (merge is not null)
            return KeyPath.Find(sources.Merged(recurse: merge != "overwrite"), key, delimiter) ?? @default;
        foreach (var source in sources.NearestFirst)
            if (KeyPath.Find(source, key, delimiter) is { } found) return found;
        return @default;
    }

    /// <summary>Answers with an option by its whole name, looked for in the same places as <c>config.get</c>.</summary>
    /// <param name="value">The option; with <c>wildcard</c> a pattern.</param>
    /// <param name="default">What to answer where nobody sets it; empty text, or an empty map with <c>wildcard</c>, where none is given.</param>
    /// <param name="omitOpts">Do not look into the minion's configuration.</param>
    /// <param name="omitGrains">Do not look into the grains.</param>
    /// <param name="omitPillar">Do not look into the pillar.</param>
    /// <param name="omitMaster">Do not look into the master's configuration.</param>
    /// <param name="omitAll">Look at the defaults of modules only.</param>
    /// <param name="wildcard">Answer with a map of all options whose name fits the pattern.</param>
    /// <example><code>
    /// salt '*' config.option redis.host
    /// salt '*' config.option 'redis.*' wildcard=True
    /// </code></example>
    [SaltFunction("config.option")]
    public static Value Option(
        CallContext context, string value, Value? @default = null, bool omitOpts = false, bool omitGrains = false,
        bool omitPillar = false, bool omitMaster = false, bool omitAll = false, bool wildcard = false)
    {
        var sources = OptionSources.Of(context, omitOpts || omitAll, omitGrains || omitAll, omitPillar || omitAll, omitMaster || omitAll);
        if (wildcard)
        {
            var matched = MapValue.From(sources.Merged(recurse: false).Where(o => NamePattern.Matches(value, o.Key.ToString())));
            return matched.Count > 0 ? matched : @default ?? MapValue.Empty;
        }
        foreach (var source in sources.NearestFirst)
            if (source.TryGet(value, out var found)) return found;
        return @default ?? TextValue.Empty;
    }

    /// <summary>
    /// Answers with an option that may be set in several places: maps and lists of the minion's configuration, of the master's and of the
    /// pillar are laid together, a text is taken from the first that has it.
    /// </summary>
    /// <param name="value">The option.</param>
    /// <param name="default">What to answer where nobody sets it.</param>
    /// <param name="omitOpts">Do not look into the minion's configuration.</param>
    /// <param name="omitMaster">Do not look into the master's configuration.</param>
    /// <param name="omitPillar">Do not look into the pillar.</param>
    /// <example><code>salt '*' config.merge schedule</code></example>
    [SaltFunction("config.merge")]
    public static Value Merge(
        CallContext context, string value, [DefaultValue("")] Value @default, bool omitOpts = false, bool omitMaster = false, bool omitPillar = false)
    {
        Value? merged = null;
        if (!omitOpts) merged = context.Options.Get(value);
        foreach (var source in new[] { omitMaster ? MapValue.Empty : context.Pillar.MapOf("master"), omitPillar ? MapValue.Empty : context.Pillar })
        {
            if (merged is TextValue) return merged;
            merged = (merged, source.Get(value)) switch
            {
                (null, var found) => found,
                (MapValue near, MapValue far) => far.Over(near),
                (ListValue near, ListValue far) => new ListValue(near.Items.AddRange(far.Items)),
                var (near, _) => near,
            };
        }
        return merged ?? OptionSources.ModuleDefaults.Get(value) ?? @default;
    }

    /// <summary>Answers with all options of this minion.</summary>
    /// <example><code>salt '*' config.items</code></example>
    [SaltFunction("config.items")]
    public static MapValue Items(CallContext context) => context.Options;

    /// <summary>Answers with the options whose name begins with a word and a dot; those of the minion win over the master's.</summary>
    /// <param name="value">The word, as <c>host</c>.</param>
    /// <example><code>salt '*' config.dot_vals host</code></example>
    [SaltFunction("config.dot_vals")]
    public static MapValue DotVals(CallContext context, string value)
    {
        var all = context.Pillar.MapOf("master").Over(context.Options);
        return MapValue.From(all.Where(o => o.Key.AsText()?.StartsWith(value + ".", StringComparison.Ordinal) == true));
    }

    /// <summary>Answers whether the file server understands an address: <c>salt</c>, <c>http</c>, <c>https</c> or <c>ftp</c>.</summary>
    /// <param name="uri">The address.</param>
    /// <example><code>salt '*' config.valid_fileproto salt://path/to/file</code></example>
    [SaltFunction("config.valid_fileproto")]
    public static bool ValidFileproto(string uri) => FileProtocol().IsMatch(uri);

    /// <summary>Answers with a backup mode: the given one, else the option <c>backup_mode</c>.</summary>
    /// <param name="backup">A mode, as <c>minion</c>; empty for the option.</param>
    /// <example><code>salt '*' config.backup_mode</code></example>
    [SaltFunction("config.backup_mode")]
    public static Value BackupMode(CallContext context, string? backup = "") =>
        string.IsNullOrEmpty(backup) ? Option(context, "backup_mode") : backup;

    /// <summary>Answers with a file mode in its one spelling: quotes and leading zeros away, then four digits.</summary>
    /// <param name="mode">The mode in octal digits, as <c>644</c> or <c>"0644"</c>; <c>None</c> stays <c>None</c>.</param>
    /// <example><code>salt '*' config.manage_mode 644</code></example>
    [SaltFunction("config.manage_mode")]
    public static string? ManageMode(string? mode) =>
        mode?.Replace("0o", "0", StringComparison.Ordinal).Trim('"').Trim('\'').TrimStart('0').PadLeft(4, '0');

    [GeneratedRegex("^(?:salt|https?|ftp)://")]
    private static partial Regex FileProtocol();
}
