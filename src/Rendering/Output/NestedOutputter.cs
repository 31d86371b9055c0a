using System.Globalization;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary><c>nested</c>: keys and values below each other, each level further in. What people see when they ask for nothing else.</summary>
internal static class NestedOutputter
{
    private const string Dashes = "----------";

    internal static string Render(Value data, OutputSettings settings)
    {
        var lines = new List<string>();
        var writer = new Writer(lines, new Palette(settings.HasColour), settings);
        writer.Write(data, (int)(settings.Options.Get("nested_indent")?.AsInteger() ?? 0), "");
        return string.Join('\n', lines);
    }

    private sealed class Writer(List<string> lines, Palette palette, OutputSettings settings)
    {
        private string Structure(string usual) => settings.Retcode != 0 ? palette.Red : usual;

        internal void Write(Value value, int indent, string prefix)
        {
            switch (value)
            {
                case NullValue or BoolValue or IntegerValue or FloatValue:
                    Line(indent, palette.LightYellow, prefix, value.ToString());
                    break;
                case TextValue text:
                    foreach (var line in SplitLines(text.Text))
                    {
                        Line(indent, palette.Green, prefix, settings.StripEscapes ? line.Replace('\x1b', '?') : line);
                        prefix = new string(' ', prefix.Length);
                    }
                    break;
                case ListValue list:
                    foreach (var item in list)
                        if (item is MapValue or ListValue)
                        {
                            Line(indent, Structure(palette.Green), "", "|_");
                            Write(item, indent + 2, item is MapValue ? "" : "- ");
                        }
                        else Write(item, indent, "- ");
                    break;
                case MapValue map:
                    if (indent > 0) Line(indent, Structure(palette.Cyan), "", Dashes);
                    foreach (var (key, inner) in map.IsOrdered ? map.AsEnumerable() : map.OrderBy(e => e.Key.ToString(), PythonOrder.ByCodePoint))
                    {
                        Line(indent, Structure(palette.Cyan), prefix, key.ToString(), ":");
                        Write(inner, indent + 4, "");
                    }
                    break;
                default:
                    Line(indent, palette.Green, prefix, value is BytesValue b ? Latin(b) : value.ToString());
                    break;
            }
        }

        private void Line(int indent, string colour, string prefix, string text, string suffix = "") =>
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{new string(' ', indent)}{colour}{prefix}{text}{palette.End}{suffix}"));

        private static string Latin(BytesValue bytes) => Encoding.UTF8.GetString(bytes.Bytes.Span);
    }

    /// <summary>Lines as Python's <c>splitlines</c> finds them: also at form feeds and Unicode's separators; no empty last line.</summary>
    internal static IEnumerable<string> SplitLines(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029')) continue;
            yield return text[start..i];
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n') i++;
            start = i + 1;
        }
        if (start < text.Length) yield return text[start..];
    }
}
