using System.Globalization;
using System.Numerics;

namespace SaltActors.Rendering.Jinja.Methods;

/// <summary>Floats as decimals, rounded half to even from their exact value, as Python rounds and prints them.</summary>
internal static class ExactDecimal
{
    /// <summary>A finite float with so many digits behind the point, as <c>%.2f</c>.</summary>
    internal static string Fixed(double number, int digits)
    {
        var scaled = Scaled(Math.Abs(number), digits);
        var text = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        var sign = double.IsNegative(number) ? "-" : "";
        return digits == 0 ? sign + text : $"{sign}{text[..^digits]}.{text[^digits..]}";
    }

    /// <summary>Rounded to so many digits behind the point, before it where negative.</summary>
    internal static double Round(double number, int digits)
    {
        if (!double.IsFinite(number) || digits > 323) return number;
        if (digits < -308) return double.IsNegative(number) ? -0.0 : 0.0;
        if (digits >= 0) return double.Parse(Fixed(number, digits), CultureInfo.InvariantCulture);
        var whole = Scaled(Math.Abs(number), digits) * BigInteger.Pow(10, -digits);
        return Math.CopySign((double)whole, number);
    }

    /// <summary>A finite float as <c>%.3e</c>: a digit, a point, digits and an exponent of two digits or more.</summary>
    internal static string Exponential(double number, int digits)
    {
        var (mantissa, exponent) = Significant(Math.Abs(number), digits + 1);
        var text = mantissa.ToString(CultureInfo.InvariantCulture).PadRight(digits + 1, '0');
        var sign = double.IsNegative(number) ? "-" : "";
        return $"{sign}{text[0]}{(digits > 0 ? "." + text[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
    }

    /// <summary>The decimal exponent that <paramref name="number"/> has once it is rounded to so many significant digits.</summary>
    internal static int Exponent(double number, int significant) => Significant(Math.Abs(number), significant).Exponent;

    private static (BigInteger Mantissa, int Exponent) Significant(double number, int digits)
    {
        if (number == 0) return (0, 0);
        var exponent = (int)Math.Floor(Math.Log10(number));
        while (true)
        {
            var mantissa = Scaled(number, digits - 1 - exponent);
            if (mantissa >= BigInteger.Pow(10, digits)) exponent++;
            else if (mantissa < BigInteger.Pow(10, digits - 1)) exponent--;
            else return (mantissa, exponent);
        }
    }

    // number * 10^digits as a whole number, half to even.
    private static BigInteger Scaled(double number, int digits)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)(bits >> 52 & 0x7FF);
        BigInteger above = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52), below = 1;
        var power = Math.Max(exponent, 1) - 1075;
        if (power > 0) above <<= power;
        else below <<= -power;
        if (digits > 0) above *= BigInteger.Pow(10, digits);
        else below *= BigInteger.Pow(10, -digits);
        var whole = BigInteger.DivRem(above, below, out var rest);
        var twice = rest * 2;
        return twice > below || twice == below && !whole.IsEven ? whole + 1 : whole;
    }
}
