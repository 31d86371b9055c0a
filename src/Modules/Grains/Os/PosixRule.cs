using System.Globalization;
using System.Text.RegularExpressions;

namespace SaltActors.Modules.Grains.Os;

/// <summary>A time zone as POSIX writes it: <c>CET-1CEST,M3.5.0,M10.5.0/3</c>.</summary>
internal static partial class PosixRule
{
    internal static (string Standard, string Summer) Names(string rule)
    {
        var match = Rule().Match(rule);
        var standard = match.Groups["std"].Value.Trim('<', '>');
        return (standard, match.Groups["dst"] is { Success: true } summer ? summer.Value.Trim('<', '>') : standard);
    }

    /// <summary>The name that holds at a moment. Days counted by number instead of month and week are taken as winter.</summary>
    internal static string NameAt(string rule, DateTimeOffset now)
    {
        var (standard, summer) = Names(rule);
        var match = Rule().Match(rule);
        if (standard == summer || !match.Groups["from"].Success) return standard;
        var local = now.UtcDateTime - Offset(match.Groups["off"].Value);
        var (from, to) = (Change(match.Groups["from"].Value, local.Year), Change(match.Groups["to"].Value, local.Year) - TimeSpan.FromHours(1));
        var isSummer = from < to ? local >= from && local < to : local >= from || local < to;
        return isSummer ? summer : standard;
    }

    // M3.5.0/2: month, week (5 is the last), weekday from Sunday, hour of the change.
    private static DateTime Change(string text, int year)
    {
        var (day, time) = text.Split('/') is [var d, var t] ? (d, t) : (text, "2");
        var parts = day[1..].Split('.').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        var date = new DateTime(year, parts[0], 1);
        date = date.AddDays(((parts[2] - (int)date.DayOfWeek) + 7) % 7 + (parts[1] - 1) * 7);
        return (date.Month == parts[0] ? date : date.AddDays(-7)) + Offset(time);
    }

    private static TimeSpan Offset(string text)
    {
        var isNegative = text.StartsWith('-');
        var parts = text.TrimStart('-', '+').Split(':').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        var span = new TimeSpan(parts[0], parts.Length > 1 ? parts[1] : 0, parts.Length > 2 ? parts[2] : 0);
        return isNegative ? -span : span;
    }

    [GeneratedRegex(@"^(?<std><[^>]+>|[A-Za-z]+)(?<off>[-+]?[\d:]+)(?:(?<dst><[^>]+>|[A-Za-z]+)(?:[-+]?[\d:]+)?(?:,(?<from>M[^,]+),(?<to>M[^,]+))?)?")]
    private static partial Regex Rule();
}
