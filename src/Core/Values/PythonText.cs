using System.Globalization;
using System.Text;

namespace SaltActors.Core.Values;

/// <summary>How Python prints a value: <c>str()</c> and <c>repr()</c>. Templates, outputters and targeting depend on it.</summary>
public static class PythonText
{
    /// <summary><c>str(value)</c>: text as it is, everything else as <see cref="Repr"/>.</summary>
    public static string Str(Value value) => value switch
    {
        TextValue t => t.Text,
        TimeValue { IsDateOnly: true } d => d.Time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeValue t => IsoTime(t.Time, ' '),
        _ => Repr(value),
    };

    /// <summary><c>repr(value)</c>.</summary>
    public static string Repr(Value value)
    {
        switch (value)
        {
            case NullValue: return "None";
            case BoolValue b: return b.IsTrue ? "True" : "False";
            case IntegerValue { IsLong: true } i: return i.Long.ToString(CultureInfo.InvariantCulture);
            case FloatValue f: return Float(f.Number);
        }
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    /// <summary>A float's shortest text that reads back the same: <c>3.0</c>, <c>1e+22</c>, <c>inf</c>, <c>nan</c>.</summary>
    public static string Float(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        if (number == 0) return double.IsNegative(number) ? "-0.0" : "0.0";
        // Shortest digits from .NET, laid out by Python's rule: an exponent below -4 or from 16 on is written out.
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var (digits, exponent) = Digits(shortest);
        var sign = double.IsNegative(number) ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
            var size = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
            return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{size}";
        }
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        if (digits.Length <= exponent + 1) return $"{sign}{digits}{new string('0', exponent + 1 - digits.Length)}.0";
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    // The significant digits without leading or trailing zeros, and the decimal exponent of the first.
    private static (string Digits, int Exponent) Digits(string shortest)
    {
        var text = shortest.AsSpan().TrimStart('-');
        var exponent = 0;
        var e = text.IndexOfAny('E', 'e');
        if (e >= 0)
        {
            exponent = int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? [] : text[(point + 1)..];
        var all = string.Concat(whole, fraction);
        var first = 0;
        while (first < all.Length - 1 && all[first] == '0') first++;
        exponent += whole.Length - 1 - first;
        var digits = all[first..].TrimEnd('0');
        return (digits.Length == 0 ? "0" : digits, exponent);
    }

    private static void Append(StringBuilder text, Value value)
    {
        switch (value)
        {
            case NullValue or BoolValue or FloatValue: text.Append(Repr(value)); break;
            case IntegerValue i: text.Append(i.IsLong ? i.Long.ToString(CultureInfo.InvariantCulture) : i.Number.ToString(CultureInfo.InvariantCulture)); break;
            case TextValue t: AppendQuoted(text, t.Text); break;
            case BytesValue b: AppendBytes(text, b.Bytes.Span); break;
            case TimeValue t: AppendTime(text, t); break;
            case ListValue list: AppendList(text, list); break;
            case MapValue map: AppendMap(text, map); break;
            default: throw new InvalidOperationException($"a value of the unknown kind {value.GetType()}");
        }
    }

    private static void AppendList(StringBuilder text, ListValue list)
    {
        text.Append(list.IsTuple ? '(' : '[');
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0) text.Append(", ");
            Append(text, list[i]);
        }
        if (list is { IsTuple: true, Count: 1 }) text.Append(',');
        text.Append(list.IsTuple ? ')' : ']');
    }

    private static void AppendMap(StringBuilder text, MapValue map)
    {
        if (map.IsOrdered)
        {
            text.Append("OrderedDict(");
            if (map.Count > 0)
            {
                text.Append('[');
                for (var i = 0; i < map.Count; i++)
                {
                    text.Append(i > 0 ? ", (" : "(");
                    Append(text, map[i].Key);
                    text.Append(", ");
                    Append(text, map[i].Value);
                    text.Append(')');
                }
                text.Append(']');
            }
            text.Append(')');
            return;
        }
        text.Append('{');
        for (var i = 0; i < map.Count; i++)
        {
            if (i > 0) text.Append(", ");
            Append(text, map[i].Key);
            text.Append(": ");
            Append(text, map[i].Value);
        }
        text.Append('}');
    }

    private static void AppendTime(StringBuilder text, TimeValue value)
    {
        var t = value.Time;
        text.Append(value.IsDateOnly ? "datetime.date(" : "datetime.datetime(")
            .Append(CultureInfo.InvariantCulture, $"{t.Year}, {t.Month}, {t.Day}");
        if (!value.IsDateOnly)
        {
            text.Append(CultureInfo.InvariantCulture, $", {t.Hour}, {t.Minute}");
            var micros = (int)(t.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
            if (t.Second != 0 || micros != 0) text.Append(CultureInfo.InvariantCulture, $", {t.Second}");
            if (micros != 0) text.Append(CultureInfo.InvariantCulture, $", {micros}");
        }
        text.Append(')');
    }

    /// <summary>ISO 8601 as Python's <c>isoformat</c>: microseconds only where they are not zero.</summary>
    public static string IsoTime(DateTime time, char separator = 'T')
    {
        var micros = time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond;
        var format = micros == 0 ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd'T'HH:mm:ss.ffffff";
        var text = time.ToString(format, CultureInfo.InvariantCulture);
        return separator == 'T' ? text : text.Replace('T', separator);
    }

    private static void AppendQuoted(StringBuilder text, string value)
    {
        // Python prefers single quotes, and takes double ones where only single ones occur inside.
        var quote = value.Contains('\'') && !value.Contains('"') ? '"' : '\'';
        text.Append(quote);
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            switch (c)
            {
                case '\\': text.Append(@"\\"); break;
                case '\n': text.Append(@"\n"); break;
                case '\r': text.Append(@"\r"); break;
                case '\t': text.Append(@"\t"); break;
                case var _ when c == quote: text.Append('\\').Append(c); break;
                case < ' ' or '\x7f': text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"); break;
                case < '\x7f': text.Append(c); break;
                default: i += AppendUnicode(text, value, i); break;
            }
        }
        text.Append(quote);
    }

    // Returns how many extra chars were consumed.
    private static int AppendUnicode(StringBuilder text, string value, int i)
    {
        if (Rune.TryGetRuneAt(value, i, out var rune))
        {
            if (IsPrintable(rune)) text.Append(rune.ToString());
            else if (rune.Value <= 0xFF) text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            else if (rune.Value <= 0xFFFF) text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
            return rune.Utf16SequenceLength - 1;
        }
        text.Append(CultureInfo.InvariantCulture, $"\\u{(int)value[i]:x4}");
        return 0;
    }

    // Python's str.isprintable: no control, format, surrogate, private, unassigned; no separator but the space.
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

    private static void AppendBytes(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        var quote = bytes.Contains((byte)'\'') && !bytes.Contains((byte)'"') ? '"' : '\'';
        text.Append('b').Append(quote);
        foreach (var b in bytes)
            switch (b)
            {
                case (byte)'\\': text.Append(@"\\"); break;
                case (byte)'\n': text.Append(@"\n"); break;
                case (byte)'\r': text.Append(@"\r"); break;
                case (byte)'\t': text.Append(@"\t"); break;
                case var _ when b == quote: text.Append('\\').Append(quote); break;
                case < 32 or >= 127: text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}"); break;
                default: text.Append((char)b); break;
            }
        text.Append(quote);
    }
}
