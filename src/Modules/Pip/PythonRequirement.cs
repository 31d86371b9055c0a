using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace SaltActors.Modules.Pip;

/// <summary>A Python package that is wanted, and its versions: <c>name[extra] &gt;= 1.0, &lt; 2</c> (PEP 508 without markers and addresses).</summary>
internal sealed partial record PythonRequirement(string Text, string Name, ImmutableArray<(string Comparison, string Version)> Conditions)
{
    /// <summary>Null where the text is none.</summary>
    public static PythonRequirement? Of(string text)
    {
        var match = Form().Match(text.Trim());
        if (!match.Success) return null;
        var conditions = match.Groups["conditions"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(c => Condition().Match(c)).ToList();
        return conditions.TrueForAll(c => c.Success) ? new(text.Trim(), Normal(match.Groups["name"].Value), [.. conditions.Select(c => (c.Groups[1].Value, c.Groups[2].Value))]) : null;
    }

    public bool Fits(string version) => Conditions.All(c => c.Comparison switch
    {
        "==" when c.Version.EndsWith(".*", StringComparison.Ordinal) => version == c.Version[..^2] || version.StartsWith(c.Version[..^1], StringComparison.Ordinal),
        "==" or "===" => PythonVersion.Compare(version, c.Version) == 0,
        "!=" => PythonVersion.Compare(version, c.Version) != 0,
        ">=" => PythonVersion.Compare(version, c.Version) >= 0,
        "<=" => PythonVersion.Compare(version, c.Version) <= 0,
        ">" => PythonVersion.Compare(version, c.Version) > 0,
        "<" => PythonVersion.Compare(version, c.Version) < 0,
        _ => PythonVersion.Compare(version, c.Version) >= 0 && version.StartsWith(c.Version[..(c.Version.LastIndexOf('.') + 1)], StringComparison.Ordinal),
    });

    /// <summary>Names that differ by case and by <c>-</c>, <c>_</c> and <c>.</c> are the same.</summary>
    public static string Normal(string name) => Separators().Replace(name, "-").ToLowerInvariant();

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(?<conditions>([=!<>~].*)?)$")]
    private static partial Regex Form();
    [GeneratedRegex(@"^(===|==|!=|>=|<=|~=|>|<)\s*([A-Za-z0-9.*+!_-]+)$")]
    private static partial Regex Condition();
    [GeneratedRegex("[-_.]+")]
    private static partial Regex Separators();
}

/// <summary>Versions of Python packages in their order (PEP 440).</summary>
internal static partial class PythonVersion
{
    public static int Compare(string a, string b)
    {
        var (one, two) = (Parts(a), Parts(b));
        for (var i = 0; i < Math.Max(one.Count, two.Count); i++)
        {
            var order = (i < one.Count ? one[i] : (0, 0L)).CompareTo(i < two.Count ? two[i] : (0, 0L));
            if (order != 0) return order;
        }
        return 0;
    }

    // A number is (0, n); what comes before a release is lower, what comes after it higher.
    private static List<(int Rank, long Number)> Parts(string version)
    {
        var plain = version.Split('+')[0].TrimStart('v', 'V').ToLowerInvariant();
        var parts = new List<(int, long)>();
        foreach (Match word in Words().Matches(plain))
            parts.Add(word.Value switch
            {
                [>= '0' and <= '9', ..] => (0, long.TryParse(word.Value, out var number) ? number : long.MaxValue),
                "dev" => (-4, 0),
                "a" or "alpha" => (-3, 0),
                "b" or "beta" => (-2, 0),
                "rc" or "c" or "pre" or "preview" => (-1, 0),
                _ => (1, 0),
            });
        while (parts.Count > 1 && parts[^1] == (0, 0)) parts.RemoveAt(parts.Count - 1);
        return parts;
    }

    [GeneratedRegex("[0-9]+|[a-z]+")]
    private static partial Regex Words();
}
