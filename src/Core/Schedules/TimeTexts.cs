using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SaltActors.Core.Schedules;

/// <summary>Moments as people write them in a schedule: <c>5:00pm</c>, <c>Monday 5pm</c>, <c>11/22/2026 17:00</c>, <c>2026-11-22T17:00:00</c>, <c>Nov 22 2026</c>.</summary>
/// <remarks>
/// Follows python-dateutil's parser in what Salt's users write: what is not said is today's, a weekday is the next one (today included),
/// <c>1/2/2026</c> is a second of January, and a number that cannot be a month is a day. Moments with a zone are not taken: a schedule has the machine's time.
/// </remarks>
public static partial class TimeTexts
{
    /// <summary>The form of <c>once</c>, and of every time that <c>schedule.*</c> takes and gives.</summary>
    public const string StandardFormat = "%Y-%m-%dT%H:%M:%S";

    private const int PivotYears = 50;
    private static readonly string[] Months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    private static readonly string[] Weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    private static readonly HashSet<string> Filling = ["at", "on", "and", "of", "the"];

    /// <param name="today">What unsaid parts are taken from; its time of day does not count.</param>
    public static bool TryRead(string text, DateTime today, out DateTime moment)
    {
        moment = default;
        var parts = new Parts(today.Date);
        var matches = Token().Matches(text.Trim());
        if (matches.Count == 0 || matches.Sum(m => m.Length) != text.Trim().Length) return false;
        foreach (Match match in matches)
            if (!parts.Take(match)) return false;
        return parts.TryBuild(out moment);
    }

    /// <summary>Reads a moment by a format of C's <c>strptime</c>.</summary>
    public static bool TryReadExact(string text, string format, out DateTime moment) =>
        DateTime.TryParseExact(text, ToDotNet(format), CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out moment);

    /// <summary>Writes a moment by a format of C's <c>strftime</c>.</summary>
    public static string Write(DateTime moment, string format) => moment.ToString(ToDotNet(format), CultureInfo.InvariantCulture);

    // Letters that .NET gives a meaning are quoted, so that they stand for themselves.
    private static string ToDotNet(string format)
    {
        var written = new StringBuilder("''");
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                written.Append(Literal(format[i]));
                continue;
            }
            written.Append(format[++i] switch
            {
                'Y' => "yyyy",
                'm' => "MM",
                'd' => "dd",
                'H' => "HH",
                'M' => "mm",
                'S' => "ss",
                'f' => "ffffff",
                'y' => "yy",
                'I' => "hh",
                'p' => "tt",
                'b' => "MMM",
                'B' => "MMMM",
                'a' => "ddd",
                'A' => "dddd",
                'T' => "HH:mm:ss",
                'D' => "MM/dd/yy",
                'F' => "yyyy-MM-dd",
                'R' => "HH:mm",
                var other => Literal(other),
            });
        }
        return written.ToString();
    }

    private static string Literal(char one) => one switch { ' ' => " ", '\'' => "\\'", _ => $"'{one}'" };

    // A time of day; a date of three numbers; a word; a number; what separates them.
    [GeneratedRegex(@"(?<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?\s*(?<half>[ap]\.?m\.?)?(?![\d:]))|(?<hour>\d{1,2})\s*(?<hourhalf>[ap]\.?m\.?)(?![a-z])|(?<date>\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})|(?<month>\d{1,2}/\d{1,2})(?![/\d])|(?<compact>\d{8})(?!\d)|(?<word>[a-z]{2,})|(?<number>\d{1,4})(?:st|nd|rd|th)?|(?<gap>[\s,]+|t(?=\d))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Token();

    private sealed class Parts(DateTime today)
    {
        private readonly List<int> _numbers = [];
        private int? _year, _month, _day, _weekday;
        private TimeSpan? _time;

        internal bool Take(Match token)
        {
            if (token.Groups["gap"].Success) return true;
            if (token.Groups["time"].Success) return TakeTime(token.Groups["time"].Value, token.Groups["half"].Value);
            if (token.Groups["hour"].Success) return TakeTime(token.Groups["hour"].Value + ":00", token.Groups["hourhalf"].Value);
            if (token.Groups["date"].Success) return TakeDate(token.Groups["date"].Value.Split('-', '/', '.'));
            if (token.Groups["month"].Success) return TakeDate(token.Groups["month"].Value.Split('/'));
            if (token.Groups["compact"].Value is { Length: 8 } c) return TakeDate([c[..4], c[4..6], c[6..]]);
            if (token.Groups["number"].Success)
            {
                _numbers.Add(Int(token.Groups["number"].Value));
                return _numbers.Count <= 3;
            }
            return TakeWord(token.Groups["word"].Value.ToLowerInvariant());
        }

        private bool TakeTime(string text, string half)
        {
            if (_time is not null) return false;
            var numbers = text.Split(' ', 'a', 'A', 'p', 'P')[0].Split(':');
            var (hour, minute) = (Int(numbers[0]), Int(numbers[1]));
            var second = numbers.Length > 2 ? double.Parse(numbers[2], CultureInfo.InvariantCulture) : 0;
            if (half.Length > 0)
            {
                var isAfternoon = half[0] is 'p' or 'P';
                if (hour > 12 ? !isAfternoon : hour < 1) return false;
                if (hour <= 12) hour = hour % 12 + (isAfternoon ? 12 : 0);
            }
            if (hour > 23 || minute > 59 || second >= 60) return false;
            _time = new TimeSpan(hour, minute, 0) + TimeSpan.FromSeconds(second);
            return true;
        }

        private bool TakeDate(string[] texts)
        {
            if (_day is not null || _numbers.Count > 0) return false;
            var n = Array.ConvertAll(texts, Int);
            if (n.Length == 2) (_month, _day) = n[0] > 12 ? (n[1], n[0]) : (n[0], n[1]);
            else if (texts[0].Length > 2 || n[0] > 31) (_year, _month, _day) = n[1] > 12 ? (n[0], n[2], n[1]) : (n[0], n[1], n[2]);
            else (_year, _month, _day) = n[0] > 12 ? (Full(n[2], texts[2]), n[1], n[0]) : (Full(n[2], texts[2]), n[0], n[1]);
            return true;
        }

        private bool TakeWord(string word)
        {
            if (Filling.Contains(word)) return true;
            if (PlaceOf(Months, word == "sept" ? "sep" : word) is >= 0 and var month && _month is null) _month = month + 1;
            else if (PlaceOf(Weekdays, word) is >= 0 and var weekday && _weekday is null) _weekday = weekday;
            else return false;
            return true;
        }

        // The whole name, or its first three letters.
        private static int PlaceOf(string[] names, string word) => Array.FindIndex(names, n => n == word || (word.Length == 3 && n.StartsWith(word, StringComparison.Ordinal)));

        internal bool TryBuild(out DateTime moment)
        {
            moment = default;
            foreach (var n in _numbers)
                if (n > 31) _year ??= n < 100 ? Full(n, "00") : n;
                else if (_day is null) _day = n;
                else if (_month is null) _month = n;
                else _year ??= Full(n, "00");
            var (year, month, day) = (_year ?? today.Year, _month ?? today.Month, _day ?? today.Day);
            if (year is < 1 or > 9998 || month is < 1 or > 12 || day < 1) return false;
            var daysInMonth = DateTime.DaysInMonth(year, month);
            if (day > daysInMonth && _day is not null) return false;
            var date = new DateTime(year, month, Math.Min(day, daysInMonth));
            if (_weekday is { } weekday && _day is null) date = date.AddDays((weekday - (int)date.DayOfWeek + 7) % 7);
            moment = date + (_time ?? TimeSpan.Zero);
            return true;
        }

        private int Full(int year, string text)
        {
            if (text.Length > 2) return year;
            var full = today.Year / 100 * 100 + year;
            return full > today.Year + PivotYears ? full - 100 : full < today.Year - PivotYears ? full + 100 : full;
        }

        private static int Int(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
