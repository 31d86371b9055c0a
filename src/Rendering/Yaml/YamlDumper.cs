using System.Globalization;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Yaml;

/// <summary>How YAML is laid out.</summary>
/// <param name="Indent">Blanks a level, 2 to 9.</param>
/// <param name="IsFlow">Everything on one line, in braces and brackets.</param>
/// <param name="Width">Where long plain and quoted texts are folded.</param>
public sealed record YamlLayout(int Indent = 2, bool IsFlow = false, int Width = 80);

/// <summary>Values as YAML, as PyYAML writes it: block style, keys sorted, the least quotes that read back the same.</summary>
public sealed class YamlDumper
{
    private const int LongestKey = 128;
    private readonly YamlLayout _layout;
    private readonly StringBuilder _text = new();
    private int _column;

    private YamlDumper(YamlLayout layout) => _layout = layout;

    /// <summary>A whole document, a newline at its end.</summary>
    public static string Dump(Value value, YamlLayout layout)
    {
        var dumper = new YamlDumper(layout);
        if (layout.IsFlow) dumper.Flow(value);
        else if (value is MapValue { Count: > 0 } or ListValue { Count: > 0 }) dumper.Block(value, 0, isFirst: true);
        else dumper.Flow(value);
        dumper.Write("\n");
        // A scalar alone is closed by the mark of a document's end.
        if (value is not (MapValue or ListValue) && dumper._text[0] is not ('\'' or '"')) dumper.Write("...\n");
        return dumper._text.ToString();
    }

    private void Block(Value value, int indent, bool isFirst)
    {
        if (value is ListValue list)
            foreach (var item in list)
            {
                NewLine(indent, ref isFirst);
                Write("-");
                // What is inside begins on the same line, and goes on below its own first character.
                if (item is MapValue { Count: > 0 } or ListValue { Count: > 0 })
                {
                    Write(new string(' ', _layout.Indent - 1));
                    Block(item, indent + _layout.Indent, isFirst: true);
                }
                else
                {
                    Write(" ");
                    Scalar(item, indent + _layout.Indent, isKey: false);
                }
            }
        else
            foreach (var (key, inner) in Sorted((MapValue)value))
            {
                NewLine(indent, ref isFirst);
                var isSimple = key is not (ListValue or MapValue) && IsSimpleKey(key);
                if (isSimple) Scalar(key, indent, isKey: true);
                else
                {
                    Write("? ");
                    Scalar(key, indent + _layout.Indent, isKey: false);
                    Write("\n" + new string(' ', indent));
                }
                Write(":");
                switch (inner)
                {
                    case MapValue { Count: > 0 }: Block(inner, indent + _layout.Indent, isFirst: false); break;
                    case ListValue { Count: > 0 }: Block(inner, indent, isFirst: false); break;   // lists stand below their key, not in it
                    default:
                        Write(" ");
                        Scalar(inner, indent + _layout.Indent, isKey: false);
                        break;
                }
            }
    }

    private void Flow(Value value)
    {
        switch (value)
        {
            case ListValue list:
                Write("[");
                for (var i = 0; i < list.Count; i++)
                {
                    if (i > 0) FlowSeparator();
                    Flow(list[i]);
                }
                Write("]");
                break;
            case MapValue map:
                Write("{");
                var isFirst = true;
                foreach (var (key, inner) in Sorted(map))
                {
                    if (!isFirst) FlowSeparator();
                    isFirst = false;
                    Scalar(key, 0, isKey: true, isFlow: true);
                    Write(": ");
                    Flow(inner);
                }
                Write("}");
                break;
            default: Scalar(value, _layout.Indent, isKey: false, isFlow: true); break;
        }
    }

    private void FlowSeparator() => Write(_column > _layout.Width ? ",\n" + new string(' ', _layout.Indent) : ", ");

    private static IEnumerable<KeyValuePair<Value, Value>> Sorted(MapValue map)
    {
        try
        {
            return map.OrderBy(e => e.Key, PythonOrder.ByValue).ToList();
        }
        catch (InvalidOperationException cause) when (cause.InnerException is UnorderableValues)
        {
            return map;   // PyYAML leaves keys of unlike kinds as they stand
        }
    }

    private void NewLine(int indent, ref bool isFirst)
    {
        if (!isFirst) Write("\n" + new string(' ', indent));
        isFirst = false;
    }

    private static bool IsSimpleKey(Value key) => key is not TextValue { Text: var text } || text.Length < LongestKey && !text.AsSpan().ContainsAny('\n', '\u2028', '\u2029');

    private void Scalar(Value value, int indent, bool isKey, bool isFlow = false)
    {
        switch (value)
        {
            case TextValue t: Text(t.Text, indent, isKey, isFlow); break;
            case NullValue: Write("null"); break;
            case BoolValue b: Write(b.IsTrue ? "true" : "false"); break;
            case FloatValue f: Write(Float(f.Number)); break;
            case BytesValue b: Binary(b, indent); break;
            case TimeValue t: Write(t.ToString()); break;
            case MapValue or ListValue: Flow(value); break;
            default: Write(value.ToString()); break;
        }
    }

    private static string Float(double number)
    {
        if (double.IsNaN(number)) return ".nan";
        if (double.IsInfinity(number)) return number > 0 ? ".inf" : "-.inf";
        var text = PythonText.Float(number);
        // 1e+17 would be read back as text: YAML 1.1 wants the point.
        return !text.Contains('.', StringComparison.Ordinal) && text.Contains('e', StringComparison.Ordinal) ? text.Replace("e", ".0e", StringComparison.Ordinal) : text;
    }

    private void Binary(BytesValue value, int indent)
    {
        Write("!!binary |");
        var base64 = Convert.ToBase64String(value.Bytes.Span);
        for (var i = 0; i < base64.Length; i += 76) Write("\n" + new string(' ', indent) + base64.Substring(i, Math.Min(76, base64.Length - i)));
    }

    private void Text(string text, int indent, bool isKey, bool isFlow)
    {
        var form = ScalarForm.Of(text);
        var isPlain = (isFlow ? form.MayBeFlowPlain : form.MayBeBlockPlain) && !YamlScalars.IsAmbiguous(text) && !(isKey && form.HasBreaks);
        if (isPlain) Plain(text, indent, !isKey);
        else if (form.MayBeSingleQuoted && !(isKey && form.HasBreaks)) Single(text, indent, !isKey);
        else Double(text, indent, !isKey);
    }

    private void Plain(string text, int indent, bool mayFold) => Words(text, indent, mayFold, 0);

    private void Single(string text, int indent, bool mayFold)
    {
        Write("'");
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            // One break is written as two, because a single one would be read as a blank.
            if (i > 0)
            {
                if (i == 1 || lines[i - 1].Length > 0) Write("\n");
                Write("\n");
                if (lines[i].Length > 0 || i == lines.Length - 1) Write(new string(' ', indent));
            }
            Words(lines[i].Replace("'", "''", StringComparison.Ordinal), indent, mayFold, 1);
        }
        Write("'");
    }

    // Folded at single blanks, once the line is longer than the width.
    private void Words(string text, int indent, bool mayFold, int edge)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var isLone = text[i] == ' ' && i >= edge && i < text.Length - edge && (i == 0 || text[i - 1] != ' ') && (i + 1 >= text.Length || text[i + 1] != ' ');
            if (mayFold && isLone && _column > _layout.Width && i > 0 && i < text.Length - 1) Write("\n" + new string(' ', indent));
            else Write(text[i]);
        }
    }

    private void Double(string text, int indent, bool mayFold)
    {
        Write("\"");
        for (var i = 0; i < text.Length; i++)
        {
            if (mayFold && text[i] == ' ' && i > 0 && i < text.Length - 1 && _column > _layout.Width)
            {
                Write("\\\n" + new string(' ', indent));
                if (text[i] == ' ') Write("\\ ");
                continue;
            }
            if (Rune.TryGetRuneAt(text, i, out var rune) && rune.Utf16SequenceLength == 2)
            {
                Write($"\\U{rune.Value:X8}");
                i++;
            }
            else Write(Escaped(text[i]));
        }
        Write("\"");
    }

    private static string Escaped(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => @"\\",
        '\0' => @"\0",
        '\a' => @"\a",
        '\b' => @"\b",
        '\t' => @"\t",
        '\n' => @"\n",
        '\v' => @"\v",
        '\f' => @"\f",
        '\r' => @"\r",
        '\x1b' => @"\e",
        '\x85' => @"\N",
        '\xa0' => "\xa0",
        '\u2028' => @"\L",
        '\u2029' => @"\P",
        (>= ' ' and <= '~') or (> '\xa0' and <= '\ud7ff') or (>= '\ue000' and <= '\ufffd' and not '\ufeff') => c.ToString(),
        <= '\xff' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
    };

    private void Write(string text)
    {
        foreach (var c in text) Write(c);
    }

    private void Write(char c)
    {
        _text.Append(c);
        _column = c == '\n' ? 0 : _column + 1;
    }
}
