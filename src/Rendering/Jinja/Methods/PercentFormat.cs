using System.Globalization;
using System.Numerics;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Methods;

/// <summary><c>'%s %(name)05.2f' % values</c>, as Python prints it.</summary>
internal static class PercentFormat
{
    private const int WidestField = 1_000_000;

    internal static string Format(RenderRun run, TextObj format, Obj values)
    {
        var text = format.Text;
        var tuple = values is ListObj { IsTuple: true } t ? t.List : null;
        var used = 0;
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                result.Append(text[i]);
                continue;
            }
            i++;
            Obj? named = null;
            if (At(i) == '(')
            {
                var depth = 1;
                var start = ++i;
                for (; depth > 0; i++)
                {
                    if (i >= text.Length) throw JinjaFault.Other("incomplete format key");
                    if (text[i] == '(') depth++;
                    else if (text[i] == ')') depth--;
                }
                if (values is not DictObj map) throw JinjaFault.Other("format requires a mapping");
                var key = text[start..(i - 1)];
                named = map.Get(key) ?? throw JinjaFault.Other(PythonText.Repr(key));
            }
            var flags = i;
            while (At(i) is '-' or '+' or ' ' or '#' or '0') i++;
            var given = text[flags..i];
            var width = Count(ref i);
            var precision = -1;
            if (At(i) == '.')
            {
                i++;
                precision = Count(ref i);
            }
            while (At(i) is 'l' or 'h' or 'L') i++;
            if (i >= text.Length) throw JinjaFault.Other("incomplete format");
            if (text[i] == '%')
            {
                result.Append('%');
                continue;
            }
            result.Append(Field(format, text[i], i, given, width, precision, named ?? Next()));
            run.CheckText(result.Length);
        }
        if (tuple is not null ? used < tuple.Count : used == 0 && values is not (DictObj or ListObj))
            throw JinjaFault.Other("not all arguments converted during string formatting");
        return result.ToString();

        char At(int place) => place < text.Length ? text[place] : '\0';

        Obj Next()
        {
            if (tuple is null ? used > 0 : used >= tuple.Count) throw JinjaFault.Other("not enough arguments for format string");
            return tuple is null ? used++ == 0 ? values : values : tuple[used++];
        }

        int Count(ref int place)
        {
            if (At(place) == '*')
            {
                place++;
                return Math.Min(Next().AsInt(), WidestField);
            }
            var start = place;
            while (char.IsAsciiDigit(At(place))) place++;
            if (place == start) return 0;
            return int.TryParse(text.AsSpan(start, place - start), CultureInfo.InvariantCulture, out var number) && number <= WidestField ? number
                : throw JinjaFault.Limit($"a field of {text[start..place]} characters", $"{WidestField}");
        }
    }

    private static string Field(TextObj format, char type, int place, string flags, int width, int precision, Obj value)
    {
        UndefinedObj.Refuse(value);
        var isLeft = flags.Contains('-') || width < 0;
        width = Math.Abs(width);
        string sign = "", body;
        var isNumber = true;
        switch (type)
        {
            case 's' or 'r' or 'a':
                body = type == 's' ? value.ToString() : value.Repr();
                if (format.IsMarkup) body = value is TextObj { IsMarkup: true } && type == 's' ? body : Escaping.Escape(body);
                if (precision >= 0 && body.Length > precision) body = body[..TextObj.Of(body).Offset(precision)];
                isNumber = false;
                break;
            case 'c':
                body = value is TextObj { Length: 1 } one ? one.Text : value.Whole is { } code && code >= 0 && code < 0x110000 && Rune.IsValid((int)code) ? new Rune((int)code).ToString()
                    : throw JinjaFault.Other("%c requires int or char");
                isNumber = false;
                break;
            case 'd' or 'i' or 'u' or 'x' or 'X' or 'o':
                var number = value.Whole ?? (value.Number is not null && type is 'd' or 'i' or 'u' && double.IsFinite(value.Number.Value) ? new BigInteger(Math.Truncate(value.Number.Value))
                    : throw JinjaFault.Other(type is 'd' or 'i' or 'u' ? $"%{type} format: a real number is required, not {value.TypeName}" : $"%{type} format: an integer is required, not {value.TypeName}"));
                if (number.Sign < 0) sign = "-";
                var size = BigInteger.Abs(number);
                body = type switch { 'x' => FormatSpec.Hex(size), 'X' => FormatSpec.Hex(size).ToUpperInvariant(), 'o' => FormatSpec.Radix(size, 3), _ => size.ToString(CultureInfo.InvariantCulture) };
                if (precision > body.Length) body = body.PadLeft(precision, '0');
                if (flags.Contains('#') && type is 'x' or 'X' or 'o' && flags.Contains('#')) sign += $"0{type}";
                break;
            case 'f' or 'F' or 'e' or 'E' or 'g' or 'G':
                var value64 = value.Number ?? throw JinjaFault.Other($"must be real number, not {value.TypeName}");
                if (double.IsNegative(value64) && !double.IsNaN(value64)) sign = "-";
                body = double.IsNaN(value64) ? "nan" : double.IsInfinity(value64) ? "inf" : FormatSpec.Digits(Math.Abs(value64), type, precision < 0 ? 6 : precision, flags.Contains('#'));
                if (!double.IsFinite(value64) && char.IsUpper(type)) body = body.ToUpperInvariant();
                break;
            default:
                throw JinjaFault.Other($"unsupported format character '{type}' (0x{(int)type:x}) at index {place}");
        }
        if (isNumber && !sign.StartsWith('-')) sign = (flags.Contains('+') ? "+" : flags.Contains(' ') ? " " : "") + sign;
        var room = width - sign.Length - Output.PythonLines.Length(body);
        if (room <= 0) return sign + body;
        if (isLeft) return sign + body + new string(' ', room);
        return isNumber && flags.Contains('0') ? sign + new string('0', room) + body : new string(' ', room) + sign + body;
    }
}
