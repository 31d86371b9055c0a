using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Yaml;

/// <summary>What a plain scalar means: YAML 1.1 as PyYAML reads it, with Salt's change that leading zeros do not make a number octal.</summary>
public static partial class YamlScalars
{
    /// <summary>The value of a plain (unquoted, untagged) scalar; times stay text.</summary>
    public static Value Resolve(string text) => TagOf(text) switch
    {
        "null" => Value.Null,
        "bool" => Flag(text)!.Value,
        "int" => Integer(text) is { } whole ? whole : text,
        "float" => Float(text) is { } real ? real : text,
        _ => text,
    };

    /// <summary>Whether a text would be read as something else than itself, were it written without quotes.</summary>
    public static bool IsAmbiguous(string text) => TagOf(text) != "str";

    /// <summary>The tag that a plain scalar has by its form, without YAML's prefix. The first character rules most of them out.</summary>
    internal static string TagOf(string text)
    {
        if (text.Length == 0) return "null";
        switch (text[0])
        {
            case '~' when text.Length == 1: return "null";
            case '=' when text.Length == 1: return "value";
            case '<' when text == "<<": return "merge";
            case '*' or '&' or '!' when text.Length == 1: return "yaml";   // only in quotes behind a lone '!'; nobody can mean it
            case 'n' or 'N' when text is "null" or "Null" or "NULL": return "null";
            case 'y' or 'Y' or 'n' or 'N' or 't' or 'T' or 'f' or 'F' or 'o' or 'O': return Flag(text) is null ? "str" : "bool";
            case '-' or '+' or '.' or (>= '0' and <= '9'): return IntegerForm().IsMatch(text) ? "int" : FloatForm().IsMatch(text) ? "float" : TimeForm().IsMatch(text) ? "timestamp" : "str";
            default: return "str";
        }
    }

    /// <summary>The same, whole; no text is made for it.</summary>
    internal static string FullTagOf(string text) => TagOf(text) switch
    {
        "str" => YamlNode.TextTag,
        "null" => YamlNode.Prefix + "null",
        "bool" => YamlNode.Prefix + "bool",
        "int" => YamlNode.Prefix + "int",
        "float" => YamlNode.Prefix + "float",
        "timestamp" => YamlNode.Prefix + "timestamp",
        "merge" => YamlNode.Prefix + "merge",
        "value" => YamlNode.Prefix + "value",
        var other => YamlNode.Prefix + other,
    };

    internal static bool? Flag(string text) => text switch
    {
        "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
        "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    /// <summary>A whole number of any YAML form; null where it is none. Salt drops leading zeros, but only where no sign stands before them.</summary>
    internal static IntegerValue? Integer(string text)
    {
        if (text.Length > 1 && text[0] == '0' && !text.StartsWith("0b", StringComparison.Ordinal) && !text.StartsWith("0x", StringComparison.Ordinal))
            text = text.TrimStart('0') is { Length: > 0 } rest ? rest : "0";
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var sign = digits.StartsWith('-') ? -1 : 1;
        if (digits.StartsWith('-') || digits.StartsWith('+')) digits = digits[1..];
        var number = digits switch
        {
            ['0', 'b', .. var binary] => InBase(binary, 2),
            ['0', 'x', .. var hex] => hex.Length > 0 && hex.All(char.IsAsciiHexDigit) ? BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : null,
            ['0', _, ..] => InBase(digits, 8),
            _ when digits.Contains(':', StringComparison.Ordinal) => Sexagesimal(digits),
            _ => InBase(digits, 10),
        };
        return number is { } whole ? IntegerValue.Of(sign * whole) : null;
    }

    /// <summary>A number with a point, or any other form that YAML's <c>!!float</c> takes; null where it is none.</summary>
    internal static FloatValue? Float(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        var sign = digits.StartsWith('-') ? -1.0 : 1.0;
        if (digits.StartsWith('-') || digits.StartsWith('+')) digits = digits[1..];
        if (digits is ".inf" or "inf" or "infinity") return new FloatValue(sign * double.PositiveInfinity);
        if (digits is ".nan" or "nan") return new FloatValue(double.NaN);
        var sum = 0.0;
        foreach (var part in digits.Split(':'))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)) return null;
            sum = sum * 60 + number;
        }
        return new FloatValue(sign * sum);
    }

    private static BigInteger? Sexagesimal(string digits)
    {
        BigInteger sum = 0;
        foreach (var part in digits.Split(':'))
        {
            if (InBase(part, 10) is not { } number) return null;
            sum = sum * 60 + number;
        }
        return sum;
    }

    private static BigInteger? InBase(string digits, int radix)
    {
        if (digits.Length == 0 || digits.Any(d => d < '0' || d >= '0' + radix)) return null;
        return radix == 10 ? BigInteger.Parse(digits, CultureInfo.InvariantCulture) : digits.Aggregate(BigInteger.Zero, (sum, digit) => sum * radix + (digit - '0'));
    }

    [GeneratedRegex(@"\A(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)\z")]
    private static partial Regex IntegerForm();

    [GeneratedRegex(@"\A(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z")]
    private static partial Regex FloatForm();

    [GeneratedRegex(@"\A(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)\z")]
    private static partial Regex TimeForm();
}
