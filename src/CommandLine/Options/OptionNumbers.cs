using System.Globalization;
using System.Numerics;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Options;

/// <summary>Numbers as an option's text, read as Python reads them: blanks around, any script's digits, single underscores between digits.</summary>
internal static class OptionNumbers
{
    /// <summary>Null where the text is no whole number.</summary>
    /// <remarks>A leading <c>0x</c>, <c>0b</c> or <c>0</c> says the radix, before any blank or sign: CPython 3.11, Lib/optparse.py, _parse_num().</remarks>
    internal static Value? Whole(string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return Whole(text, 16, 'x');
        if (text.StartsWith("0b", StringComparison.OrdinalIgnoreCase)) return Whole(text.Length == 2 ? "0" : text[2..], 2, 'b');
        return text.StartsWith('0') ? Whole(text, 8, 'o') : Whole(text, 10, null);
    }

    /// <summary>Null where the text is no number. What is too large is infinite, what is too small is 0.</summary>
    internal static Value? Float(string text)
    {
        var plain = AsciiDigits(text.Trim()).ToLowerInvariant();
        var sign = plain.StartsWith('-') ? -1.0 : 1.0;
        var size = plain.StartsWith('-') || plain.StartsWith('+') ? plain[1..] : plain;
        switch (size)
        {
            case "inf" or "infinity": return sign * double.PositiveInfinity;
            case "nan": return double.NaN;
        }
        // Digits, a point or an exponent alone: the framework would take the culture's names and signs of infinity, too.
        if (!size.All(c => char.IsAsciiDigit(c) || c is '.' or 'e' or '+' or '-' or '_') || !HasFairUnderscores(size, char.IsAsciiDigit)) return null;
        return double.TryParse(size.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            ? (Value)(sign * number) : null;
    }

    // int(text, radix), where the prefix of the radix may stand behind the sign.
    private static Value? Whole(string text, int radix, char? prefix)
    {
        var digits = AsciiDigits(text.Trim()).ToLowerInvariant();
        var isNegative = digits.StartsWith('-');
        if (isNegative || digits.StartsWith('+')) digits = digits[1..];
        var hasPrefix = prefix is { } p && digits.Length > 1 && digits[0] == '0' && digits[1] == p;
        if (hasPrefix) digits = digits[2..];
        if (!HasFairUnderscores(digits, char.IsAsciiHexDigit, hasPrefix)) return null;

        digits = digits.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length == 0) return null;
        var number = BigInteger.Zero;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? (char.IsAsciiDigit(c) ? c - '0' : c - 'a' + 10) : radix;
            if (digit >= radix) return null;
            number = number * radix + digit;
        }
        return isNegative ? -number : number;
    }

    // An underscore stands between two digits, or right behind a radix's prefix.
    private static bool HasFairUnderscores(string digits, Func<char, bool> isDigit, bool afterPrefix = false)
    {
        for (var i = 0; i < digits.Length; i++)
        {
            if (digits[i] != '_') continue;
            var isAfter = i == 0 ? afterPrefix : isDigit(digits[i - 1]);
            var isBefore = i + 1 < digits.Length && isDigit(digits[i + 1]);
            if (!isAfter || !isBefore) return false;
        }
        return true;
    }

    private static string AsciiDigits(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var ascii = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // GetNumericValue is a whole number for fractions and superscripts too; a decimal digit has a category of its own.
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber) ascii.Append((int)Rune.GetNumericValue(rune));
            else ascii.Append(rune.ToString());
        }
        return ascii.ToString();
    }
}
