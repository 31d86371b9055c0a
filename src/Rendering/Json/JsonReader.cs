using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Json;

/// <summary>A text is not JSON. The message is worded as Python's, with line, column and place: <c>Expecting value: line 1 column 5 (char 4)</c>.</summary>
public sealed class JsonRefused(string found, int line, int column, int place)
    : Exception($"{found}: line {line} column {column} (char {place})")
{
    /// <summary>Counted from 1.</summary>
    public int Line { get; } = line;
    /// <summary>Counted from 1.</summary>
    public int Column { get; } = column;
    /// <summary>Counted from 0, in UTF-16 units.</summary>
    public int Place { get; } = place;
}

/// <summary>Reads what Python's <c>json.loads</c> reads: also <c>NaN</c>, <c>Infinity</c>, lone surrogates, numbers of any size.</summary>
/// <remarks>A framework reader refuses those, so this is one of our own.</remarks>
internal sealed class JsonReader(string text)
{
    /// <summary>Deeper nesting is refused, so that hostile text cannot exhaust the stack; Python stops near 1000 too.</summary>
    private const int DeepestLevel = 990;
    private int _at;
    private int _level;

    internal Value Document()
    {
        if (text.StartsWith('\uFEFF')) throw Refused("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0);
        SkipBlanks();
        var value = Any();
        SkipBlanks();
        return _at == text.Length ? value : throw Refused("Extra data", _at);
    }

    private Value Any()
    {
        if (_at >= text.Length) throw Refused("Expecting value", _at);
        switch (text[_at])
        {
            case '"': return TextAt(_at++);
            case '{': return Nested(Map);
            case '[': return Nested(List);
            case 'n' when Word("null"): return Value.Null;
            case 't' when Word("true"): return true;
            case 'f' when Word("false"): return false;
            case 'N' when Word("NaN"): return double.NaN;
            case 'I' when Word("Infinity"): return double.PositiveInfinity;
            case '-' when Word("-Infinity"): return double.NegativeInfinity;
            case '-' or (>= '0' and <= '9'): return Number();
            default: throw Refused("Expecting value", _at);
        }
    }

    private Value Nested(Func<Value> read)
    {
        if (++_level > DeepestLevel) throw Refused($"Nested deeper than {DeepestLevel} levels", _at);
        _at++;
        var value = read();
        _level--;
        return value;
    }

    private MapValue Map()
    {
        var map = new MapValue.Builder();
        SkipBlanks();
        if (Take('}')) return map.Build();
        while (true)
        {
            if (Peek() != '"') throw Refused("Expecting property name enclosed in double quotes", _at);
            var key = TextAt(_at++);
            SkipBlanks();
            if (!Take(':')) throw Refused("Expecting ':' delimiter", _at);
            SkipBlanks();
            map[key] = Any();
            SkipBlanks();
            if (Take('}')) return map.Build();
            if (!Take(',')) throw Refused("Expecting ',' delimiter", _at);
            SkipBlanks();
        }
    }

    private ListValue List()
    {
        SkipBlanks();
        if (Take(']')) return ListValue.Empty;
        var items = ImmutableArray.CreateBuilder<Value>();
        while (true)
        {
            items.Add(Any());
            SkipBlanks();
            if (Take(']')) return new(items.ToImmutable());
            if (!Take(',')) throw Refused("Expecting ',' delimiter", _at);
            SkipBlanks();
        }
    }

    // _at stands behind the opening quote, which is at 'start'.
    private TextValue TextAt(int start)
    {
        var plain = text.AsSpan(_at).IndexOfAny('"', '\\');
        if (plain >= 0 && text[_at + plain] == '"' && text.AsSpan(_at, plain).IndexOfAnyInRange('\0', '\u001F') < 0)
        {
            _at += plain + 1;
            return TextValue.Of(text.Substring(_at - plain - 1, plain));
        }
        var built = new StringBuilder();
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c == '"')
            {
                _at++;
                return TextValue.Of(built.ToString());
            }
            if (c < ' ') throw Refused("Invalid control character at", _at);
            _at++;
            built.Append(c == '\\' ? Escape(start) : c);
        }
        throw Refused("Unterminated string starting at", start);
    }

    private char Escape(int start)
    {
        if (_at >= text.Length) throw Refused("Unterminated string starting at", start);
        var c = text[_at++];
        return c switch
        {
            '"' or '\\' or '/' => c,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => Unicode(),
            _ => throw Refused("Invalid \\escape", _at - 2),
        };
    }

    private char Unicode()
    {
        if (_at + 4 > text.Length || !ushort.TryParse(text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            throw Refused("Invalid \\uXXXX escape", _at - 1);
        _at += 4;
        return (char)code;
    }

    private Value Number()
    {
        var start = _at;
        if (Peek() == '-') _at++;
        if (Peek() == '0') _at++;
        else if (!Digits()) throw Refused("Expecting value", start);
        var whole = _at;
        if (Peek() == '.')
        {
            _at++;
            if (!Digits()) _at = whole;
        }
        var beforeExponent = _at;
        if (Peek() is 'e' or 'E')
        {
            _at++;
            if (Peek() is '+' or '-') _at++;
            if (!Digits()) _at = beforeExponent;
        }
        var number = text.AsSpan(start, _at - start);
        if (_at > whole) return double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        return long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small)
            ? small
            : BigInteger.Parse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    private bool Digits()
    {
        var start = _at;
        while (Peek() is >= '0' and <= '9') _at++;
        return _at > start;
    }

    private bool Word(string word)
    {
        if (!text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal)) return false;
        _at += word.Length;
        return true;
    }

    private char Peek() => _at < text.Length ? text[_at] : '\0';

    private bool Take(char c)
    {
        if (Peek() != c) return false;
        _at++;
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\n' or '\r') _at++;
    }

    private JsonRefused Refused(string found, int place)
    {
        var before = text.AsSpan(0, Math.Min(place, text.Length));
        return new(found, before.Count('\n') + 1, place - before.LastIndexOf('\n'), place);
    }
}
