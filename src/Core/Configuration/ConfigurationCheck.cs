using System.Globalization;
using SaltActors.Core.Values;

namespace SaltActors.Core.Configuration;

/// <summary>What a person would want to know of the values in a file: a wrong kind, or a key that is nearly one of Salt's.</summary>
public static class ConfigurationCheck
{
    // Options that Salt reads, but neither gives a value nor checks.
    private static readonly string[] WithoutDefault =
    [
        "include", "append_domain", "beacons", "mine_functions", "autosign_file", "autoreject_file", "autosign_grains_dir", "environment", "log_dir", "token_file", "token_dir",
        "rest_cherrypy", "rest_tornado", "return", "roster", "roster_file", "ssh_minion_opts", "syndic_master_port", "syndic_user", "presence_events", "output", "color", "color_theme",
        "master_uri", "startup_state", "id", "master", "providers", "engines", "schedule", "sdb", "vault", "ext_pillar_first", "cluster_id", "cluster_peers", "cluster_pki_dir",
    ];

    private static readonly Lazy<HashSet<string>> Known = new(() =>
        [.. ConfigurationTables.Types.Value.Keys, .. Enum.GetValues<ConfigurationRole>().SelectMany(role => role.Defaults().Keys).Select(key => key.ToString()), .. WithoutDefault]);

    /// <summary>One sentence for each doubtful value, with the file, the option, what was found and what was expected.</summary>
    /// <remarks>What Salt takes without a word is taken here, too: numbers as text, text that is a number. A <c>sdb://</c> value may become anything.</remarks>
    public static IEnumerable<string> Of(MapValue given, string file)
    {
        foreach (var (key, value) in given)
        {
            var name = key.ToString();
            if (ConfigurationTables.Types.Value.TryGetValue(name, out var kinds))
            {
                if (!Fits(kinds, value))
                    yield return $"{file}: the option '{name}' is {Found(value)}, where {string.Join(" or ", kinds.Split('|').Select(Spelled))} was expected";
            }
            else if (key is TextValue && !name.Contains('.', StringComparison.Ordinal) && !Known.Value.Contains(name) && Nearest(name) is { } near)
                yield return $"{file}: the option '{name}' is not known; did you mean '{near}'? It is kept, but changes nothing by itself";
        }
    }

    private static string Found(Value value) => value is NullValue ? "empty" : $"{Spelled(value.KindName)} ({PythonText.Repr(value)})";

    private static string Spelled(string kind) => kind switch
    {
        "str" => "text",
        "int" => "a whole number",
        "float" => "a number",
        "bool" => "true or false",
        "list" or "tuple" => "a list",
        "dict" or "OrderedDict" => "a map",
        "NoneType" => "nothing",
        _ => kind,
    };

    private static bool Fits(string kinds, Value value) =>
        value is TextValue { Text: var text } && text.StartsWith("sdb://", StringComparison.Ordinal) || kinds.Split('|').Any(kind => FitsOne(kind, value));

    private static bool FitsOne(string kind, Value value) => kind switch
    {
        "str" => value is not (ListValue or MapValue),
        "int" => value is IntegerValue || value is TextValue { Text: var whole } && long.TryParse(whole, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
        "float" => value is FloatValue or IntegerValue || value is TextValue { Text: var real } && double.TryParse(real, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        "bool" => value is BoolValue,
        "list" or "tuple" => value is ListValue,
        "dict" => value is MapValue,
        "NoneType" => value is NullValue,
        _ => false,
    };

    private static string? Nearest(string name)
    {
        var limit = name.Length < 6 ? 1 : 2;
        return Known.Value.Select(known => (Known: known, Distance: Distance(name, known, limit))).Where(k => k.Distance <= limit)
            .OrderBy(k => k.Distance).ThenBy(k => k.Known, StringComparer.Ordinal).Select(k => k.Known).FirstOrDefault();
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
