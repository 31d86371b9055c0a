using System.Globalization;
using System.Numerics;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Output;

namespace SaltActors.Rendering.Jinja.Methods;

/// <summary>Python's format specification: <c>[[fill]align][sign][z][#][0][width][,][.precision][type]</c>.</summary>
internal readonly record struct FormatSpec(string Fill, char Align, char Sign, bool IsAlternate, int Width, char Grouping, int Precision, char Type)
{
    private const int WidestField = 1_000_000;

    internal static FormatSpec Parse(string text)
    {
        var at = 0;
        string fill = " ";
        var align = '\0';
        var first = text.Length > 0 && char.IsHighSurrogate(text[0]) ? 2 : 1;
        if (text.Length > first && text[first] is '<' or '>' or '=' or '^')
        {
            (fill, align) = (text[..first], text[first]);
            at = first + 1;
        }
        else if (text.Length > 0 && text[0] is '<' or '>' or '=' or '^') align = text[at++];
        var sign = Take("+- ");
        if (At() == 'z') at++;
        var isAlternate = Take("#") != '\0';
        if (At() == '0')
        {
            at++;
            if (align == '\0') (fill, align) = (fill == " " ? "0" : fill, '=');
        }
        var width = Number();
        var grouping = Take(",_");
        var precision = -1;
        if (At() == '.')
        {
            at++;
            precision = char.IsAsciiDigit(At()) ? Number() : throw JinjaFault.Other("Format specifier missing precision");
        }
        var type = at < text.Length ? text[at++] : '\0';
        if (at < text.Length) throw JinjaFault.Other("Invalid format specifier");
        return new(fill, align, sign, isAlternate, width, grouping, precision, type);

        char At() => at < text.Length ? text[at] : '\0';

        char Take(string any) => at < text.Length && any.Contains(text[at]) ? text[at++] : '\0';

        int Number()
        {
            var start = at;
            while (char.IsAsciiDigit(At())) at++;
            if (at == start) return 0;
            return int.TryParse(text.AsSpan(start, at - start), CultureInfo.InvariantCulture, out var number) && number <= WidestField ? number
                : throw JinjaFault.Limit($"a field of {text[start..at]} characters", $"{WidestField}");
        }
    }

    /// <summary>Python's <c>format(value, spec)</c>.</summary>
    internal static string Format(Obj value, string spec)
    {
        UndefinedObj.Refuse(value);
        if (spec.Length == 0) return value.ToString();
        switch (value)
        {
            case TextObj text: return Parse(spec).Text(text.Text);
            case Scalar { Value: BoolValue flag }:
                return Parse(spec).Whole(flag.IsTrue ? 1 : 0);
            case Scalar { Value: IntegerValue whole }: return Parse(spec).Whole(whole.Number);
            case Scalar { Value: FloatValue real }: return Parse(spec).Real(real.Number);
            case Scalar { Value: TimeValue time }: return Filters.TimeText.Format(time.Time, spec);
            default: throw JinjaFault.Other($"unsupported format string passed to {value.TypeName}.__format__");
        }
    }

    private JinjaFault Unknown(string kind) => JinjaFault.Other($"Unknown format code '{Type}' for object of type '{kind}'");

    private string Text(string text)
    {
        if (Type is not ('\0' or 's')) throw Unknown("str");
        if (Sign != '\0') throw JinjaFault.Other("Sign not allowed in string format specifier");
        if (Grouping != '\0') throw JinjaFault.Other($"Cannot specify '{Grouping}' with 's'.");
        if (Align == '=' && Fill != "0") throw JinjaFault.Other("'=' alignment not allowed in string format specifier");
        if (Precision >= 0 && Precision < PythonLines.Length(text)) text = text[..TextObj.Of(text).Offset(Precision)];
        return Pad("", text, Align is '\0' or '=' ? '<' : Align);
    }

    private string Whole(BigInteger number)
    {
        if (Type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%') return Real((double)number);
        if (Precision >= 0) throw JinjaFault.Other("Precision not allowed in integer format specifier");
        var size = BigInteger.Abs(number);
        var (prefix, digits) = Type switch
        {
            '\0' or 'd' or 'n' => ("", size.ToString(CultureInfo.InvariantCulture)),
            'x' => ("0x", Hex(size)),
            'X' => ("0X", Hex(size).ToUpperInvariant()),
            'o' => ("0o", Radix(size, 3)),
            'b' => ("0b", Radix(size, 1)),
            'c' => ("", Rune.IsValid((int)number) ? new Rune((int)number).ToString() : throw JinjaFault.Other("%c arg not in range(0x110000)")),
            _ => throw Unknown("int"),
        };
        return Number(number.Sign < 0, IsAlternate ? prefix : "", digits, "", Type is 'x' or 'X' or 'o' or 'b' ? 4 : 3);
    }

    internal static string Hex(BigInteger number) => number.IsZero ? "0" : number.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');

    internal static string Radix(BigInteger number, int bits)
    {
        if (number.IsZero) return "0";
        var digits = new StringBuilder();
        for (; !number.IsZero; number >>= bits) digits.Insert(0, (int)(number & ((1 << bits) - 1)));
        return digits.ToString();
    }

    private string Real(double number)
    {
        var type = Type;
        if (type is not ('\0' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'n' or '%')) throw Unknown("float");
        var isNegative = double.IsNegative(number);
        var size = Math.Abs(number);
        var tail = type == '%' ? "%" : "";
        if (!double.IsFinite(number))
        {
            var word = double.IsNaN(number) ? "nan" : "inf";
            return Number(isNegative && !double.IsNaN(number), "", char.IsUpper(type) ? word.ToUpperInvariant() : word, tail, 0);
        }
        var text = type == '\0' && Precision < 0 ? PythonText.Float(size) : Digits(size, type, Precision, IsAlternate);
        var point = text.AsSpan().IndexOfAny('.', 'e', 'E');
        var (whole, rest) = point < 0 ? (text, "") : (text[..point], text[point..]);
        return Number(isNegative, "", whole, rest + tail, 3);
    }

    /// <summary>A float that is not negative, by the type letter of a format.</summary>
    internal static string Digits(double size, char type, int precision, bool isAlternate)
    {
        switch (type)
        {
            case 'f' or 'F': return ExactDecimal.Fixed(size, precision < 0 ? 6 : precision) + (isAlternate && precision == 0 ? "." : "");
            case '%': return ExactDecimal.Fixed(size * 100, precision < 0 ? 6 : precision);
            case 'e' or 'E':
                var exponential = ExactDecimal.Exponential(size, precision < 0 ? 6 : precision);
                return type == 'E' ? exponential.ToUpperInvariant() : exponential;
        }
        // Significant digits: without an exponent where it lies from -4 up to their number.
        var significant = precision < 0 ? 6 : Math.Max(precision, 1);
        var exponent = ExactDecimal.Exponent(size, significant);
        // A float without a type keeps a digit behind the point, and leaves it for an exponent one place earlier.
        var limit = type == '\0' ? significant - 1 : significant;
        if (exponent >= -4 && exponent < Math.Max(limit, type == '\0' ? 1 : 0) || exponent >= -4 && exponent < limit)
        {
            var plain = ExactDecimal.Fixed(size, Math.Max(0, significant - 1 - exponent));
            if (!isAlternate && plain.Contains('.')) plain = plain.TrimEnd('0').TrimEnd('.');
            return type == '\0' && !plain.Contains('.') ? plain + ".0" : plain;
        }
        var text = ExactDecimal.Exponential(size, significant - 1);
        var e = text.IndexOf('e');
        if (!isAlternate && text.Contains('.')) text = text[..e].TrimEnd('0').TrimEnd('.') + text[e..];
        return char.IsUpper(type) ? text.ToUpperInvariant() : text;
    }

    private string Number(bool isNegative, string prefix, string digits, string rest, int group)
    {
        var sign = isNegative ? "-" : Sign is '+' or ' ' ? Sign.ToString() : "";
        if (Grouping != '\0' && group > 0)
        {
            // Zeros that fill up are grouped as well.
            if (Fill == "0" && Align == '=')
                while (Grouped(digits, group).Length + sign.Length + prefix.Length + rest.Length < Width)
                {
                    if (Grouped("0" + digits, group).Length + sign.Length + prefix.Length + rest.Length > Width && Grouped("0" + digits, group)[1] == Grouping) { digits = "0" + digits; break; }
                    digits = "0" + digits;
                }
            digits = Grouped(digits, group);
        }
        return Pad(sign + prefix, digits + rest, Align == '\0' ? '>' : Align);
    }

    private string Grouped(string digits, int group)
    {
        var text = new StringBuilder(digits);
        for (var i = digits.Length - group; i > 0; i -= group) text.Insert(i, Grouping);
        return text.ToString();
    }

    private string Pad(string head, string text, char align)
    {
        var room = Width - PythonLines.Length(head) - PythonLines.Length(text);
        if (room <= 0) return head + text;
        var (left, middle) = align switch { '<' => (0, 0), '^' => (room / 2, 0), '=' => (0, room), _ => (room, 0) };
        var padded = new StringBuilder();
        padded.Insert(0, Fill, left).Append(head);
        for (var i = 0; i < middle; i++) padded.Append(Fill);
        padded.Append(text);
        for (var i = left + middle; i < room; i++) padded.Append(Fill);
        return padded.ToString();
    }
}

/// <summary><c>'{0} {name!r:>5}'.format(…)</c>, inside the sandbox: attributes as templates may read them.</summary>
internal static class BraceFormat
{
    private const int DeepestSpec = 2;

    internal static string Format(RenderRun run, TextObj format, Obj[] values, KeyValuePair<string, Obj>[] named)
    {
        var next = 0;
        return Format(run, format, format.Text, values, named, ref next, DeepestSpec);
    }

    private static string Format(RenderRun run, TextObj format, string text, Obj[] values, KeyValuePair<string, Obj>[] named, ref int next, int depth)
    {
        if (depth == 0) throw JinjaFault.Other("Max string recursion exceeded");
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                result.Append(c);
                i++;
                continue;
            }
            if (c == '}') throw JinjaFault.Other("Single '}' encountered in format string");
            if (c != '{')
            {
                result.Append(c);
                continue;
            }
            var end = i + 1;
            for (var open = 1; end < text.Length; end++)
            {
                if (text[end] == '{') open++;
                else if (text[end] == '}' && --open == 0) break;
            }
            if (end >= text.Length) throw JinjaFault.Other(i + 1 == text.Length ? "Single '{' encountered in format string" : "expected '}' before end of string");
            result.Append(Field(run, format, text[(i + 1)..end], values, named, ref next, depth));
            run.CheckText(result.Length);
            i = end;
        }
        return result.ToString();
    }

    private static string Field(RenderRun run, TextObj format, string field, Obj[] values, KeyValuePair<string, Obj>[] named, ref int next, int depth)
    {
        var (name, conversion, spec) = (field, '\0', "");
        var brackets = 0;
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '[') brackets++;
            else if (field[i] == ']') brackets--;
            else if (brackets <= 0 && field[i] is ':' or '!')
            {
                name = field[..i];
                if (field[i] == '!')
                {
                    if (i + 1 >= field.Length) throw JinjaFault.Other("unmatched '{' in format spec");
                    conversion = field[i + 1];
                    if (i + 2 < field.Length && field[i + 2] != ':') throw JinjaFault.Other("expected ':' after conversion specifier");
                    i += 2;
                }
                spec = i < field.Length ? field[(i + 1)..] : "";
                break;
            }
        }
        var value = Value(run, name, values, named, ref next);
        if (spec.Contains('{')) spec = Format(run, TextObj.Empty, spec, values, named, ref next, depth - 1);
        var converted = conversion switch
        {
            '\0' => value,
            's' => TextObj.Of(value.ToString()),
            'r' => TextObj.Of(value.Repr()),
            'a' => TextObj.Of(string.Concat(value.Repr().Select(c => c < 128 ? c.ToString() : c < 256 ? $"\\x{(int)c:x2}" : $"\\u{(int)c:x4}"))),
            _ => throw JinjaFault.Other($"Unknown conversion specifier {conversion}"),
        };
        if (!format.IsMarkup) return FormatSpec.Format(converted, spec);
        return converted is TextObj { IsMarkup: true } markup && spec.Length == 0 ? markup.Text : Escaping.Escape(FormatSpec.Format(converted, spec));
    }

    private static Obj Value(RenderRun run, string name, Obj[] values, KeyValuePair<string, Obj>[] named, ref int next)
    {
        var end = name.AsSpan().IndexOfAny('.', '[');
        var first = end < 0 ? name : name[..end];
        Obj? value;
        if (first.Length == 0 || first.All(char.IsAsciiDigit))
        {
            if (first.Length == 0)
            {
                if (next < 0) throw JinjaFault.Other("cannot switch from manual field specification to automatic field numbering");
                first = next++.ToString(CultureInfo.InvariantCulture);
            }
            else if (next > 0) throw JinjaFault.Other("cannot switch from automatic field numbering to manual field specification");
            else next = -1;
            value = int.TryParse(first, CultureInfo.InvariantCulture, out var place) && place < values.Length ? values[place]
                : throw JinjaFault.Other("tuple index out of range");
        }
        else value = Array.FindIndex(named, n => n.Key == first) is >= 0 and var at ? named[at].Value : throw JinjaFault.Other(PythonText.Repr(first));
        for (var i = end; i >= 0 && i < name.Length;)
        {
            if (name[i] == '.')
            {
                var stop = name.AsSpan(i + 1).IndexOfAny('.', '[');
                var attribute = stop < 0 ? name[(i + 1)..] : name[(i + 1)..(i + 1 + stop)];
                if (attribute.Length == 0) throw JinjaFault.Other("Empty attribute in format string");
                value = Access.Attribute(run, value, attribute);
                i = stop < 0 ? name.Length : i + 1 + stop;
            }
            else if (name[i] == '[')
            {
                var close = name.IndexOf(']', i);
                if (close < 0) throw JinjaFault.Other("Missing ']' in format string");
                var key = name[(i + 1)..close];
                if (key.Length == 0) throw JinjaFault.Other("Empty attribute in format string");
                value = Access.Item(run, value, key.All(char.IsAsciiDigit) ? BigInteger.Parse(key, CultureInfo.InvariantCulture) : key);
                i = close + 1;
            }
            else throw JinjaFault.Other("Only '.' or '[' may follow ']' in format field specifier");
        }
        return value;
    }
}
