using System.Globalization;
using System.Text.RegularExpressions;

namespace SaltActors.Client.Batches;

/// <summary>How many minions work at a time: the text behind <c>--batch</c>.</summary>
/// <remarks>Follows Salt 3006, salt/cli/batch.py, get_bnum().</remarks>
public static partial class BatchSize
{
    /// <summary>What is said of a text that is no size.</summary>
    public static string Invalid(string text) => $"Invalid batch data sent: {text}\nData must be in the form of %10, 10% or 3";

    /// <summary>The size of the window, or null where the text is none. A percentage that gives less than one is rounded up, any other down.</summary>
    /// <param name="text"><c>3</c>, <c>10%</c> or <c>%10</c>.</param>
    /// <param name="minions">How many minions there are to work on.</param>
    public static int? Of(string text, int minions)
    {
        if (!text.Contains('%')) return WholeNumber().IsMatch(text) && int.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Integer, CultureInfo.InvariantCulture, out var size) ? size : null;
        if (!double.TryParse(text.Trim('%').Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) || !double.IsFinite(percent)) return null;
        var share = percent / 100 * minions;
        var window = share < 1 ? Math.Ceiling(share) : Math.Truncate(share);
        return window is > int.MinValue and < int.MaxValue ? (int)window : null;
    }

    [GeneratedRegex(@"^\s*[+-]?[0-9]+(_[0-9]+)*\s*$")]
    private static partial Regex WholeNumber();
}
