using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>Compares a pattern with a value deep inside grains or pillar: <c>key:sub:pattern</c>, where the pattern may hold the delimiter, too.</summary>
/// <remarks>
/// The longest key that leads somewhere is tried first, then shorter ones; what is left over is the pattern. Below the first map the delimiter is a colon,
/// whatever was given: Salt's rule. Follows Salt 3006, salt/utils/data.py, subdict_match(). An expression of more than <see cref="MostParts"/> parts is nobody.
/// </remarks>
internal sealed class KeyPattern
{
    private const int MostParts = 64;
    private readonly string _delimiter;
    private readonly (string Key, Remainder Tail)[] _splits;

    internal KeyPattern(string expression, string delimiter, DataMatch how)
    {
        _delimiter = delimiter;
        var parts = expression.Split(delimiter);
        if (parts.Length > MostParts) parts = [];
        _splits = new (string, Remainder)[Math.Max(parts.Length - 1, 0)];
        for (var i = parts.Length - 1; i > 0; i--)
        {
            var key = string.Join(delimiter, parts[..i]);
            // A star means all of the data, and stays in the pattern.
            _splits[parts.Length - 1 - i] = (key, new Remainder(key == "*" ? expression : string.Join(delimiter, parts[i..]), how));
        }
    }

    internal bool Matches(MapValue data)
    {
        foreach (var (key, tail) in _splits)
            if ((key == "*" ? data : KeyPath.Find(data, key, _delimiter)) is { } found && tail.Matches(found)) return true;
        return false;
    }

    /// <summary>What is left of the expression behind the key: a pattern for a value, and perhaps more keys where that value is a map.</summary>
    private sealed class Remainder(string text, DataMatch how)
    {
        private readonly string _text = text;
        private readonly TextPattern _pattern = new(text, how);
        // Both are built only where a map is met, then kept. "*:" in front means: also in every value of the map.
        private Remainder? _everywhere;
        private KeyPattern? _below;

        internal bool Matches(Value found) => found switch
        {
            MapValue { Count: 0 } => false,
            MapValue map => MatchesIn(map),
            ListValue list => list.Items.Any(item => item is MapValue map && MatchesIn(map) || _pattern.Matches(item)),
            _ => _pattern.Matches(found),
        };

        private bool MatchesIn(MapValue map)
        {
            if (!_text.StartsWith("*:", StringComparison.Ordinal)) return MatchesAt(map);
            var everywhere = _everywhere ??= new Remainder(_text[2..], how);
            return everywhere.MatchesAt(map) || map.Values.Any(value => value switch
            {
                MapValue inner => everywhere.MatchesIn(inner),
                ListValue list => list.Items.Any(everywhere._pattern.Matches),
                _ => everywhere._pattern.Matches(value),
            });
        }

        private bool MatchesAt(MapValue map) => _text == "*" || map.Has(_text) || (_below ??= new KeyPattern(_text, ":", how)).Matches(map);
    }

    /// <summary>Compares with a value's text, as Python prints it; both in lower case, the pattern of a regular expression included.</summary>
    private sealed class TextPattern(string pattern, DataMatch how)
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
}
