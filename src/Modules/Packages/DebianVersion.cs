using System.Numerics;

namespace SaltActors.Modules.Packages;

/// <summary>The order of Debian's versions: <c>[epoch:]upstream[-revision]</c>.</summary>
/// <remarks>Follows Debian Policy 5.6.12.</remarks>
internal static class DebianVersion
{
    /// <summary>-1, 0 or 1.</summary>
    /// <param name="ignoreEpoch">Compare what stands behind the colon only.</param>
    public static int Compare(string left, string right, bool ignoreEpoch = false)
    {
        var (l, r) = (Parts(left), Parts(right));
        var order = ignoreEpoch ? 0 : l.Epoch.CompareTo(r.Epoch);
        if (order == 0) order = ComparePart(l.Upstream, r.Upstream);
        if (order == 0) order = ComparePart(l.Revision, r.Revision);
        return Math.Sign(order);
    }

    private static (BigInteger Epoch, string Upstream, string Revision) Parts(string version)
    {
        version = version.Trim();
        var colon = version.IndexOf(':');
        var epoch = colon > 0 && version[..colon].All(char.IsAsciiDigit) ? Number(version[..colon]) : BigInteger.Zero;
        var rest = version[(colon + 1)..];
        var dash = rest.LastIndexOf('-');
        return dash < 0 ? (epoch, rest, "") : (epoch, rest[..dash], rest[(dash + 1)..]);
    }

    // Text and numbers by turns: a tilde comes before the end, the end before letters, letters before all other signs.
    private static int ComparePart(string left, string right)
    {
        var (l, r) = (0, 0);
        while (l < left.Length || r < right.Length)
        {
            while ((l < left.Length && !char.IsAsciiDigit(left[l])) || (r < right.Length && !char.IsAsciiDigit(right[r])))
            {
                var order = Weight(left, l) - Weight(right, r);
                if (order != 0) return order;
                (l, r) = (l + 1, r + 1);
            }
            var (leftDigits, rightDigits) = (Digits(left, ref l), Digits(right, ref r));
            var numbers = Number(leftDigits).CompareTo(Number(rightDigits));
            if (numbers != 0) return numbers;
        }
        return 0;
    }

    private static int Weight(string text, int at)
    {
        if (at >= text.Length || char.IsAsciiDigit(text[at])) return 0;
        var c = text[at];
        return c == '~' ? -1 : char.IsAsciiLetter(c) ? c : c + 256;
    }

    private static string Digits(string text, ref int at)
    {
        var start = Math.Min(at, text.Length);
        at = start;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return text[start..at];
    }

    private static BigInteger Number(string digits) =>
        digits.Length == 0 ? BigInteger.Zero : BigInteger.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
}
