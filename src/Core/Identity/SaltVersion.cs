namespace SaltActors.Core.Identity;

/// <summary>The Salt release whose behaviour we keep, as <c>test.version</c>, grains and handshakes report it.</summary>
public static class SaltVersion
{
    /// <summary>Major and minor, as the grain <c>saltversioninfo</c> lists them.</summary>
    public const int Major = 3006, Minor = 0;

    /// <summary>The grain <c>saltversion</c>.</summary>
    public const string Text = "3006.0";

    /// <summary>Our own release.</summary>
    public const string Product = "SaltActors 0.1.0";

    /// <summary>Which of two releases is older, by their numbers: negative, zero or positive.</summary>
    public static int Compare(string left, string right)
    {
        var (l, r) = (Numbers(left), Numbers(right));
        for (var i = 0; i < Math.Max(l.Length, r.Length); i++)
            if (l.ElementAtOrDefault(i).CompareTo(r.ElementAtOrDefault(i)) is not 0 and var order) return order;
        return 0;
    }

    private static int[] Numbers(string version) =>
        [.. version.Split('.', '-', '+').Select(part => int.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : 0)];
}
