using System.Collections.Immutable;
using System.Globalization;

namespace SaltActors.Core.Schedules;

/// <summary>Times by minute, hour, day of the month, month, day of the week and, where a sixth field stands, second.</summary>
/// <remarks>
/// The dialect is croniter's, which Salt uses: lists, ranges, steps, names (<c>jan</c>, <c>mon</c>), <c>L</c> for a month's last day, <c>5#2</c> for its
/// second Friday, 0 and 7 for Sunday, <c>@hourly</c> and its like. Where both kinds of day are limited, one of them is enough.
/// </remarks>
public sealed class CronExpression
{
    private const int YearsAhead = 8;   // a 29 February that falls on a year of no leap
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly ImmutableArray<bool> _seconds, _minutes, _hours, _days, _months, _weekdays;
    private readonly ImmutableArray<(int Weekday, int Nth)> _nthWeekdays;
    private readonly bool _isLastDay, _isAnyDay, _isAnyWeekday;

    private CronExpression(string[] fields)
    {
        _minutes = Field(fields[0], 0, 59, []);
        _hours = Field(fields[1], 0, 23, []);
        var days = fields[2].Split(',');
        _isLastDay = days.Contains("l", StringComparer.Ordinal);
        _days = Field(string.Join(',', days.Where(d => d != "l")), 1, 31, []);
        _isAnyDay = fields[2] is "*" or "?";
        _months = Field(fields[3], 1, 12, Months);
        var weekdays = fields[4].Split(',');
        _nthWeekdays = [.. weekdays.Where(d => d.Contains('#')).Select(Nth)];
        var plain = Field(string.Join(',', weekdays.Where(d => !d.Contains('#'))), 0, 7, Weekdays);
        _weekdays = plain.SetItem(0, plain[0] || plain[7]);
        _isAnyWeekday = fields[4] is "*" or "?";
        _seconds = Field(fields.Length > 5 ? fields[5] : "0", 0, 59, []);
    }

    /// <exception cref="FormatException">The text is no such expression; the message names the field.</exception>
    public static CronExpression Parse(string text)
    {
        var written = text.Trim().ToLowerInvariant() switch
        {
            "@yearly" or "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" or "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            var other => other,
        };
        var fields = written.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length is 5 or 6 ? new CronExpression(fields)
            : throw new FormatException($"the cron expression '{text}' has {fields.Length} fields, where minute, hour, day, month and weekday were expected");
    }

    /// <summary>The first moment after another; null where there is none in the next years, as for 30 February.</summary>
    public DateTime? After(DateTime moment)
    {
        var start = new DateTime(moment.Year, moment.Month, moment.Day, moment.Hour, moment.Minute, moment.Second).AddSeconds(1);
        var last = start.Date.AddYears(YearsAhead);
        for (var day = start.Date; day < last; day = day.AddDays(1))
        {
            if (!_months[day.Month] || !IsDay(day)) continue;
            var earliest = day == start.Date ? start.TimeOfDay : TimeSpan.Zero;
            if (TimeFrom(earliest) is { } time) return day + time;
        }
        return null;
    }

    private bool IsDay(DateTime day)
    {
        var isDay = _days[day.Day] || (_isLastDay && day.Day == DateTime.DaysInMonth(day.Year, day.Month));
        var isWeekday = _weekdays[(int)day.DayOfWeek] || _nthWeekdays.Contains(((int)day.DayOfWeek, (day.Day - 1) / 7 + 1));
        return _isAnyDay ? isWeekday : _isAnyWeekday ? isDay : isDay || isWeekday;
    }

    private TimeSpan? TimeFrom(TimeSpan earliest)
    {
        for (var hour = earliest.Hours; hour < 24; hour++)
        {
            if (!_hours[hour]) continue;
            var isFirstHour = hour == earliest.Hours;
            for (var minute = isFirstHour ? earliest.Minutes : 0; minute < 60; minute++)
            {
                if (!_minutes[minute]) continue;
                for (var second = isFirstHour && minute == earliest.Minutes ? earliest.Seconds : 0; second < 60; second++)
                    if (_seconds[second]) return new TimeSpan(hour, minute, second);
            }
        }
        return null;
    }

    private static ImmutableArray<bool> Field(string text, int least, int most, string[] names)
    {
        var allowed = new bool[most + 1];
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 1),
                [var some, var by] when int.TryParse(by, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 => (some, n),
                _ => throw Wrong(part, least, most),
            };
            var (from, to) = range is "*" or "?" ? (least, names == Weekdays ? 6 : most) : range.Split('-') switch
            {
                [var one] => (Number(one, least, most, names), part.Contains('/') ? most : Number(one, least, most, names)),
                [var first, var final] => (Number(first, least, most, names), Number(final, least, most, names)),
                _ => throw Wrong(part, least, most),
            };
            if (from > to) throw Wrong(part, least, most);
            for (var n = from; n <= to; n += step) allowed[n] = true;
        }
        return [.. allowed];
    }

    private static (int, int) Nth(string text) => text.Split('#') is [var day, var nth] && int.TryParse(nth, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 5
        ? (Number(day, 0, 7, Weekdays) % 7, n)
        : throw new FormatException($"'{text}' in a cron expression is no weekday of a month, as 5#2");

    private static int Number(string text, int least, int most, string[] names)
    {
        var name = Array.IndexOf(names, text.Length > 3 ? text[..3] : text);
        if (name >= 0) return name + (names == Months ? 1 : 0);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most ? n : throw Wrong(text, least, most);
    }

    private static FormatException Wrong(string text, int least, int most) =>
        new($"'{text}' in a cron expression is no number, range or step from {least} to {most}");
}
