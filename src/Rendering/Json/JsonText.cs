using System.Globalization;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Json;

/// <summary>How a value is written as JSON: the arguments of Python's <c>json.dumps</c>.</summary>
public sealed record JsonLayout
{
    /// <summary>One line, characters beyond ASCII kept: Salt's own default.</summary>
    public static readonly JsonLayout Default = new();
    /// <summary>Four spaces a level, as outputters print.</summary>
    public static readonly JsonLayout Indented = new() { Indent = "    " };

    /// <summary>What one level adds; empty breaks lines without indentation, null keeps all on one line.</summary>
    public string? Indent { get; init; }
    /// <summary>Sorts every map by key, ordered ones too.</summary>
    public bool SortKeys { get; init; }
    /// <summary>Escapes everything beyond ASCII as <c>\uXXXX</c>.</summary>
    public bool EnsureAscii { get; init; }
    /// <summary>Between items; null is <c>", "</c> on one line and <c>","</c> with <see cref="Indent"/>.</summary>
    public string? ItemSeparator { get; init; }
    public string KeySeparator { get; init; } = ": ";
    /// <summary>Kinds that JSON lacks (bytes, times): true writes their <c>repr</c> as text, false refuses them.</summary>
    public bool ReprForUnknown { get; init; }
}

/// <summary>A value, or the key of a map, has no form in JSON. The message is Python's.</summary>
public sealed class NotJson(string message) : Exception(message);

/// <summary>Values to JSON and back, as Python's <c>json</c> writes and reads it: <c>NaN</c>, <c>Infinity</c> and whole numbers of any size included.</summary>
public static class JsonText
{
    /// <exception cref="NotJson">Python would raise a TypeError: a kind that JSON lacks, a key that is a list or bytes, keys that do not sort.</exception>
    public static string Write(Value value, JsonLayout? options = null)
    {
        var writer = new Writer(options ?? JsonLayout.Default);
        writer.Append(value, 0);
        return writer.ToString();
    }

    /// <summary>Maps keep the order of the text; a key given twice keeps its last value.</summary>
    /// <exception cref="JsonRefused">The text is not JSON.</exception>
    public static Value Read(string text) => new JsonReader(text).Document();

    /// <inheritdoc cref="Read(string)"/>
    /// <param name="utf8">A byte order mark before the text is skipped.</param>
    public static Value Read(ReadOnlySpan<byte> utf8) => Read(Encoding.UTF8.GetString(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8));

    /// <summary>A text with its quotes, as it stands in JSON.</summary>
    public static string Quote(string text, bool ensureAscii = false)
    {
        var quoted = new StringBuilder(text.Length + 2);
        AppendQuoted(quoted, text, ensureAscii);
        return quoted.ToString();
    }

    private static void AppendQuoted(StringBuilder to, string text, bool ensureAscii)
    {
        to.Append('"');
        foreach (var c in text)
            switch (c)
            {
                case '"': to.Append("\\\""); break;
                case '\\': to.Append(@"\\"); break;
                case '\n': to.Append(@"\n"); break;
                case '\r': to.Append(@"\r"); break;
                case '\t': to.Append(@"\t"); break;
                case '\f': to.Append(@"\f"); break;
                case '\b': to.Append(@"\b"); break;
                case < ' ': to.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                case > '~' when ensureAscii: to.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: to.Append(c); break;
            }
        to.Append('"');
    }

    private static string Number(double number) =>
        double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? number > 0 ? "Infinity" : "-Infinity" : PythonText.Float(number);

    private sealed class Writer(JsonLayout options)
    {
        private readonly StringBuilder _text = new();
        private readonly string _separator = options.ItemSeparator ?? (options.Indent is null ? ", " : ",");

        public override string ToString() => _text.ToString();

        internal void Append(Value value, int level)
        {
            switch (value)
            {
                case NullValue: _text.Append("null"); break;
                case BoolValue b: _text.Append(b.IsTrue ? "true" : "false"); break;
                case IntegerValue i: _text.Append(i.Number.ToString(CultureInfo.InvariantCulture)); break;
                case FloatValue f: _text.Append(Number(f.Number)); break;
                case TextValue t: AppendQuoted(_text, t.Text, options.EnsureAscii); break;
                case ListValue list: AppendList(list, level); break;
                case MapValue map: AppendMap(map, level); break;
                default:
                    if (!options.ReprForUnknown) throw new NotJson($"Object of type {value.KindName} is not JSON serializable");
                    AppendQuoted(_text, PythonText.Repr(value), options.EnsureAscii);
                    break;
            }
        }

        private void AppendList(ListValue list, int level)
        {
            if (list.Count == 0)
            {
                _text.Append("[]");
                return;
            }
            _text.Append('[');
            for (var i = 0; i < list.Count; i++)
            {
                Next(i, level + 1);
                Append(list[i], level + 1);
            }
            Break(level);
            _text.Append(']');
        }

        private void AppendMap(MapValue map, int level)
        {
            if (map.Count == 0)
            {
                _text.Append("{}");
                return;
            }
            IReadOnlyList<KeyValuePair<Value, Value>> entries = !options.SortKeys ? map
                : PythonOrder.TrySortKeys(map) ?? throw new NotJson("the keys of a dict have no common order, so they cannot be sorted");
            _text.Append('{');
            for (var i = 0; i < entries.Count; i++)
            {
                Next(i, level + 1);
                AppendQuoted(_text, KeyText(entries[i].Key), options.EnsureAscii);
                _text.Append(options.KeySeparator);
                Append(entries[i].Value, level + 1);
            }
            Break(level);
            _text.Append('}');
        }

        private static string KeyText(Value key) => key switch
        {
            TextValue t => t.Text,
            BoolValue b => b.IsTrue ? "true" : "false",
            NullValue => "null",
            IntegerValue i => i.Number.ToString(CultureInfo.InvariantCulture),
            FloatValue f => Number(f.Number),
            _ => throw new NotJson($"keys must be str, int, float, bool or None, not {key.KindName}"),
        };

        private void Next(int place, int level)
        {
            if (place > 0) _text.Append(_separator);
            Break(level);
        }

        private void Break(int level)
        {
            if (options.Indent is null) return;
            _text.Append('\n');
            for (var i = 0; i < level; i++) _text.Append(options.Indent);
        }
    }
}
