using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Yaml;

/// <summary>What a plain scalar means: YAML 1.1 as PyYAML reads it, with Salt's change that leading zeros do not make a number octal.</summary>
public static partial class YamlScalars
{
    /// <summary>The value of a plain (unquoted, untagged) scalar.</summary>
    public static Value Resolve(string text)
    {
        if (text.Length == 0) return Value.Null;
        // Most scalars are words; the first character tells which could be something else.
        switch (text[0])
        {
            case '~': return text.Length == 1 ? Value.Null : text;
            case 'n' or 'N' when text is "null" or "Null" or "NULL": return Value.Null;
            case 'y' or 'Y' or 'n' or 'N' or 't' or 'T' or 'f' or 'F' or 'o' or 'O': return Flag(text) is { } flag ? flag : text;
            case '-' or '+' or '.' or (>= '0' and <= '9'): return Number(text) ?? Moment(text) ?? text;
            default: return text;
        }
    }

    /// <summary>Whether a text would be read as something else than itself, were it written without quotes.</summary>
    public static bool IsAmbiguous(string text) => text.Length == 0 || text is "=" or "<<" || Resolve(text) is not TextValue;

    internal static bool? Flag(string text) => text switch
    {
        "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
        "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    internal static Value? Number(string text)
    {
        if (IntegerForm().IsMatch(text)) return Integer(text);
        return FloatForm().IsMatch(text) ? Float(text) : null;
    }

    internal static Value Integer(string text)
    {
        if (text.Length > 1 && text[0] == '0' && !text.StartsWith("0b", StringComparison.Ordinal) && !text.StartsWith("0x", StringComparison.Ordinal))
            text = text.TrimStart('0') is { Length: > 0 } rest ? rest : "0";
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var sign = digits.StartsWith('-') ? -1 : 1;
        digits = digits.TrimStart('-', '+');
        if (digits.StartsWith("0b", StringComparison.Ordinal)) return sign * InBase(digits[2..], 2);
        if (digits.StartsWith("0x", StringComparison.Ordinal)) return sign * BigInteger.Parse("0" + digits[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (digits.Contains(':', StringComparison.Ordinal)) return sign * digits.Split(':').Aggregate(BigInteger.Zero, (sum, part) => sum * 60 + int.Parse(part, CultureInfo.InvariantCulture));
        if (digits.Length > 1 && digits[0] == '0') return sign * InBase(digits[1..], 8);
        return sign * BigInteger.Parse(digits, CultureInfo.InvariantCulture);
    }

    internal static Value Float(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        var sign = digits.StartsWith('-') ? -1.0 : 1.0;
        digits = digits.TrimStart('-', '+');
        return digits switch
        {
            ".inf" => sign * double.PositiveInfinity,
            ".nan" => double.NaN,
            _ when digits.Contains(':', StringComparison.Ordinal) =>
                sign * digits.Split(':').Aggregate(0.0, (sum, part) => sum * 60 + double.Parse(part, CultureInfo.InvariantCulture)),
            _ => sign * double.Parse(digits, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A date, or a date and time, normalised to UTC without a zone as PyYAML does; null where the text is none.</summary>
    internal static Value? Moment(string text)
    {
        if (text.Length < 8 || !char.IsAsciiDigit(text[0])) return null;
        if (DateForm().IsMatch(text))
            return DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? new TimeValue(date, isDateOnly: true) : null;
        var match = TimeForm().Match(text);
        if (!match.Success) return null;
        int Part(string name) => int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
        try
        {
            var time = new DateTime(Part("y"), Part("mo"), Part("d"), Part("h"), Part("mi"), Part("s"));
            if (match.Groups["f"].Value is { Length: > 0 } fraction) time = time.AddTicks(long.Parse(fraction[..Math.Min(6, fraction.Length)].PadRight(6, '0'), CultureInfo.InvariantCulture) * TimeSpan.TicksPerMicrosecond);
            if (match.Groups["zh"].Success)
            {
                var offset = new TimeSpan(Part("zh"), match.Groups["zm"].Success ? Part("zm") : 0, 0);
                time = match.Groups["zs"].Value == "-" ? time + offset : time - offset;
            }
            return new TimeValue(time);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;   // the form of a time, but no such day or hour
        }
    }

    private static BigInteger InBase(string digits, int radix) => digits.Aggregate(BigInteger.Zero, (sum, digit) => sum * radix + (digit - '0'));

    [GeneratedRegex(@"\A(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)\z")]
    private static partial Regex IntegerForm();

    [GeneratedRegex(@"\A(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z")]
    private static partial Regex FloatForm();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z")]
    private static partial Regex DateForm();

    [GeneratedRegex(@"\A(?<y>[0-9]{4})-(?<mo>[0-9]{1,2})-(?<d>[0-9]{1,2})(?:[Tt]|[ \t]+)(?<h>[0-9]{1,2}):(?<mi>[0-9]{2}):(?<s>[0-9]{2})(?:\.(?<f>[0-9]*))?(?:[ \t]*(?:Z|(?<zs>[-+])(?<zh>[0-9]{1,2})(?::(?<zm>[0-9]{2}))?))?\z")]
    private static partial Regex TimeForm();
}
