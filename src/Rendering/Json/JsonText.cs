using System.Globalization;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Json;

/// <summary>How JSON is laid out.</summary>
/// <param name="Indent">What stands before a line, once a level; null writes everything on one line, empty breaks lines without indenting.</param>
/// <param name="SortKeys">Keys in the order of their code points.</param>
/// <param name="EnsureAscii">Write everything beyond ASCII as escapes.</param>
public sealed record JsonLayout(string? Indent = null, bool SortKeys = false, bool EnsureAscii = false);

/// <summary>Values as JSON, as Python's <c>json.dumps</c> writes it.</summary>
public static class JsonText
{
    public static string Write(Value value, JsonLayout layout)
    {
        var text = new StringBuilder();
        Append(text, value, layout, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Value value, JsonLayout layout, int level)
    {
        switch (value)
        {
            case NullValue: text.Append("null"); break;
            case BoolValue b: text.Append(b.IsTrue ? "true" : "false"); break;
            case IntegerValue i: text.Append(i.Number.ToString(CultureInfo.InvariantCulture)); break;
            case FloatValue f: text.Append(Float(f.Number)); break;
            case TextValue t: AppendText(text, t.Text, layout.EnsureAscii); break;
            case ListValue list: AppendList(text, list, layout, level); break;
            case MapValue map: AppendMap(text, map, layout, level); break;
            default: AppendText(text, PythonText.Repr(value), layout.EnsureAscii); break;   // what JSON does not know is shown as Python shows it
        }
    }

    private static void AppendList(StringBuilder text, ListValue list, JsonLayout layout, int level)
    {
        if (list.Count == 0)
        {
            text.Append("[]");
            return;
        }
        text.Append('[');
        for (var i = 0; i < list.Count; i++)
        {
            Separate(text, layout, level + 1, isFirst: i == 0);
            Append(text, list[i], layout, level + 1);
        }
        Close(text, layout, level).Append(']');
    }

    private static void AppendMap(StringBuilder text, MapValue map, JsonLayout layout, int level)
    {
        if (map.Count == 0)
        {
            text.Append("{}");
            return;
        }
        text.Append('{');
        var isFirst = true;
        foreach (var (key, value) in layout.SortKeys ? map.OrderBy(e => Key(e.Key), PythonOrder.ByCodePoint) : map.AsEnumerable())
        {
            Separate(text, layout, level + 1, isFirst);
            AppendText(text, Key(key), layout.EnsureAscii);
            text.Append(": ");
            Append(text, value, layout, level + 1);
            isFirst = false;
        }
        Close(text, layout, level).Append('}');
    }

    private static void Separate(StringBuilder text, JsonLayout layout, int level, bool isFirst)
    {
        if (layout.Indent is { } indent) text.Append(isFirst ? "\n" : ",\n").Insert(text.Length, indent, level);
        else if (!isFirst) text.Append(", ");
    }

    private static StringBuilder Close(StringBuilder text, JsonLayout layout, int level) =>
        layout.Indent is { } indent ? text.Append('\n').Insert(text.Length, indent, level) : text;

    private static string Key(Value key) => key switch
    {
        TextValue t => t.Text,
        NullValue => "null",
        BoolValue b => b.IsTrue ? "true" : "false",
        FloatValue f => Float(f.Number),
        _ => key.ToString(),
    };

    private static string Float(double number) => double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? number > 0 ? "Infinity" : "-Infinity" : PythonText.Float(number);

    private static void AppendText(StringBuilder text, string value, bool ensureAscii)
    {
        text.Append('"');
        foreach (var c in value)
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append(@"\\"); break;
                case '\n': text.Append(@"\n"); break;
                case '\r': text.Append(@"\r"); break;
                case '\t': text.Append(@"\t"); break;
                case '\b': text.Append(@"\b"); break;
                case '\f': text.Append(@"\f"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                case > '~' when ensureAscii: text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: text.Append(c); break;
            }
        text.Append('"');
    }
}
