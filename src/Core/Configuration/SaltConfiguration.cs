using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Core.Configuration;

/// <summary>Whose configuration it is: each has its own file and defaults.</summary>
public enum ConfigurationRole { Master, Minion }

/// <summary>What a configuration file says, laid over the defaults: the rules, without a file.</summary>
public static class SaltConfiguration
{
    // Paths that root_dir moves, unless they lie below it already.
    private static readonly ImmutableArray<string> Paths =
    [
        "pki_dir", "cachedir", "pidfile", "sock_dir", "extension_modules", "log_file", "key_logfile", "ssh_log_file", "syndic_log_file", "syndic_pidfile",
        "autosign_file", "autoreject_file", "autosign_grains_dir", "token_dir", "syndic_dir", "sqlite_queue_dir",
    ];

    public static MapValue Defaults(ConfigurationRole role) => role == ConfigurationRole.Master ? ConfigurationTables.Master() : ConfigurationTables.Minion();

    /// <summary>The whole configuration: defaults, then the files' values, then what <c>root_dir</c> moves. Unknown keys are kept.</summary>
    /// <param name="given">What the files say.</param>
    /// <param name="configDir">The folder of the main file.</param>
    public static MapValue Complete(ConfigurationRole role, MapValue given, string configDir)
    {
        var name = role == ConfigurationRole.Master ? "master" : "minion";
        var options = Defaults(role).Over(given)
            .With("conf_file", configDir.TrimEnd('/') + "/" + name)
            .With("config_dir", configDir)
            .With("__role", name);
        if (!given.Has("pidfile")) options = options.With("pidfile", $"/var/run/salt-{name}.pid");
        return WithRoot(options);
    }

    /// <summary>Moves the paths below <c>root_dir</c>.</summary>
    public static MapValue WithRoot(MapValue options)
    {
        var root = options.TextOf("root_dir") ?? "/";
        if (root is "/" or "") return options;
        root = root.TrimEnd('/');
        var moved = options.ToBuilder();
        foreach (var key in Paths)
            if (options.TextOf(key) is { Length: > 0 } path && Moved(root, path) is { } there) moved[key] = there;
        return moved.Build();
    }

    private static string? Moved(string root, string path)
    {
        if (path.Contains("://", StringComparison.Ordinal)) return null;   // a log that goes somewhere else
        if (path == root || path.StartsWith(root + "/", StringComparison.Ordinal)) return null;
        return root + "/" + path.TrimStart('/');
    }

    /// <summary>Lays one included file over another: maps and lists grow together, everything else is replaced.</summary>
    public static MapValue MergeIncluded(MapValue below, MapValue above)
    {
        var merged = below.ToBuilder();
        foreach (var (key, value) in above)
            merged[key] = (below.Get(key), value) switch
            {
                (MapValue b, MapValue a) => MergeIncluded(b, a),
                (ListValue b, ListValue a) => new ListValue(b.Items.AddRange(a.Items)),
                _ => value,
            };
        return merged.Build();
    }

    /// <summary>What a person would want to know of the values in a file: a wrong kind, or a key that is nearly one of Salt's.</summary>
    public static IEnumerable<string> Check(ConfigurationRole role, MapValue given, string file)
    {
        var known = Defaults(role);
        foreach (var (key, value) in given)
        {
            var name = key.ToString();
            if (ConfigurationTables.Types.Value.TryGetValue(name, out var types))
            {
                if (!IsOf(types, value))
                    yield return $"{file}: the option '{name}' is {Article(value)} ({PythonText.Repr(value)}), where {types.Replace("|", " or ", StringComparison.Ordinal)} was expected";
            }
            else if (!known.Has(name) && Near(name, known) is { } near)
                yield return $"{file}: the option '{name}' is not known; did you mean '{near}'? It is kept, but changes nothing by itself";
        }
    }

    private static string Article(Value value) => value is NullValue ? "empty" : $"a {value.KindName}";

    private static bool IsOf(string types, Value value) => value is NullValue || types.Split('|').Any(type => type switch
    {
        "str" => value is TextValue or IntegerValue or FloatValue,
        "int" => value is IntegerValue || value is TextValue { Text: var t } && long.TryParse(t, System.Globalization.CultureInfo.InvariantCulture, out _),
        "float" => value is FloatValue or IntegerValue || value is TextValue { Text: var t } && double.TryParse(t, System.Globalization.CultureInfo.InvariantCulture, out _),
        "bool" => value is BoolValue,
        "list" or "tuple" => value is ListValue or TextValue,
        "dict" => value is MapValue,
        _ => false,
    });

    private static string? Near(string name, MapValue known)
    {
        var limit = name.Length < 6 ? 1 : 2;
        return known.Keys.Select(k => k.ToString()).Select(k => (Key: k, Distance: Distance(name, k, limit))).Where(k => k.Distance <= limit).OrderBy(k => k.Distance).Select(k => k.Key).FirstOrDefault();
    }

    // How many letters have to be added, removed or changed; more than the limit is not counted out.
    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit) return limit + 1;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (corner, best) = (row[0], limit + 1);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
                corner = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
                best = Math.Min(best, row[j]);
            }
            if (best > limit) return limit + 1;
        }
        return row[^1];
    }
}
