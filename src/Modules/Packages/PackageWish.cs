using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Packages;

/// <summary>A package that is wanted, and in which version: none, an exact one, one with a comparison before it, or a pattern.</summary>
internal sealed record PackageWish(string Name, string? Version)
{
    private static readonly string[] Comparisons = ["==", ">=", "<=", "!=", ">", "<", "="];

    /// <summary>Null where <paramref name="pkgs"/> is not a list of names and maps of a name to a version.</summary>
    public static List<PackageWish>? Of(string name, Value? version, Value? pkgs)
    {
        if (pkgs is null or NullValue) return [new PackageWish(name, Text(version))];
        if (pkgs is not ListValue list) return null;
        var wishes = new List<PackageWish>();
        foreach (var entry in list)
            if (entry is MapValue { Count: 1 } map) wishes.Add(new PackageWish(map[0].Key.ToString(), Text(map[0].Value)));
            else if (entry is TextValue or IntegerValue or FloatValue) wishes.Add(new PackageWish(entry.ToString(), null));
            else return null;
        return wishes;
    }

    public bool IsExact => Version is { } version && version != "latest" && !Comparisons.Any(c => version.StartsWith(c, StringComparison.Ordinal)) && !version.Contains('*') && !version.Contains(',');

    /// <param name="compare">-1, 0 or 1 of two versions.</param>
    public async Task<bool> FitsAsync(string installed, Func<string, string, Task<int>> compare, bool allowUpdates)
    {
        foreach (var part in Version!.Split(','))
        {
            var condition = part.Trim();
            var comparison = Comparisons.FirstOrDefault(c => condition.StartsWith(c, StringComparison.Ordinal)) ?? "";
            var version = condition[comparison.Length..].Trim();
            if (comparison.Length == 0 && version.Contains('*'))
            {
                if (!NamePattern.Matches(version, installed)) return false;
                continue;
            }
            var order = await compare(installed, version).ConfigureAwait(false);
            var fits = comparison switch
            {
                ">=" => order >= 0,
                "<=" => order <= 0,
                ">" => order > 0,
                "<" => order < 0,
                "!=" => order != 0,
                _ => allowUpdates ? order >= 0 : order == 0,
            };
            if (!fits) return false;
        }
        return true;
    }

    public override string ToString() => Version is null ? Name : IsExact ? $"{Name}={Version}" : $"{Name}{Version}";

    private static string? Text(Value? version) => version is { IsNull: false } && version.ToString() is { Length: > 0 } text ? text : null;
}
