using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>Compares a pattern with a value deep inside grains or pillar: <c>key:sub:pattern</c>, where the pattern may hold the delimiter, too.</summary>
/// <remarks>
/// The longest key that leads somewhere is tried first, then shorter ones; what is left is the pattern. Text is compared in lower case. Below the first map
/// the delimiter is always a colon, whatever was given: Salt's rule.
/// </remarks>
internal sealed class DataWalk
{
    private readonly string _delimiter;
    private readonly DataMatch _how;
    private readonly (string Key, string Tail, DataPattern Pattern)[] _splits;

    internal DataWalk(string expression, string delimiter, DataMatch how)
    {
        (_delimiter, _how) = (delimiter, how);
        var parts = delimiter.Length == 0 ? [expression] : expression.Split(delimiter);
        _splits = new (string, string, DataPattern)[parts.Length - 1];
        for (var i = parts.Length - 1; i > 0; i--)
        {
            var key = string.Join(delimiter, parts[..i]);
            var rest = key == "*" ? expression : string.Join(delimiter, parts[i..]);   // a star means all of the data, and stays in the pattern
            _splits[parts.Length - 1 - i] = (key, rest, new DataPattern(rest, how));
        }
    }

    internal bool Matches(MapValue data)
    {
        foreach (var (key, rest, pattern) in _splits)
        {
            var found = key == "*" ? data : KeyPath.Find(data, key, _delimiter);
            if (found is null or MapValue { Count: 0 }) continue;
            if (MatchesValue(found, rest, pattern)) return true;
        }
        return false;
    }

    private bool MatchesValue(Value found, string rest, DataPattern pattern) => found switch
    {
        MapValue map => MatchesMap(map, rest),
        ListValue list => list.Items.Any(item => item is MapValue map ? Inner(rest.StartsWith("*:", StringComparison.Ordinal) ? rest[2..] : rest).Matches(map) : pattern.Matches(item)),
        _ => pattern.Matches(found),
    };

    private bool MatchesMap(MapValue map, string rest)
    {
        if (rest == "*" || map.Has(rest)) return true;
        var isWild = rest.StartsWith("*:", StringComparison.Ordinal);
        if (isWild) rest = rest[2..];
        if (rest == "*" || Inner(rest).Matches(map)) return true;
        if (!isWild) return false;
        var pattern = new DataPattern(rest, _how);
        return map.Values.Any(value => value switch
        {
            MapValue inner => MatchesMap(inner, rest),
            ListValue list => list.Items.Any(pattern.Matches),
            _ => pattern.Matches(value),
        });
    }

    private DataWalk Inner(string rest) => new(rest, ":", _how);
}

/// <summary>One pattern for values, compiled once.</summary>
internal sealed class DataPattern(string pattern, DataMatch how)
{
    private readonly string _pattern = pattern.ToLowerInvariant();
    private readonly Lazy<Regex?> _regex = new(() => PythonRegex.Compile(pattern.ToLowerInvariant()));

    internal bool Matches(Value value)
    {
        var text = value.ToString().ToLowerInvariant();
        return how switch
        {
            DataMatch.Regex => PythonRegex.Matches(_regex.Value, text),
            DataMatch.Exact => text == _pattern,
            _ => NamePattern.Matches(_pattern, text),
        };
    }
}
