using System.Globalization;
using System.Text;

namespace SaltActors.Rendering.Jinja.Filters;

/// <summary>C's <c>strftime</c> in the C locale.</summary>
internal static class TimeText
{
    internal static string Format(DateTime time, string format, TimeSpan? offset = null)
    {
        var text = new StringBuilder();
        var culture = CultureInfo.InvariantCulture;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            var isBare = format[++i] == '-' && i + 1 < format.Length;
            if (isBare) i++;
            var part = format[i] switch
            {
                'a' => time.ToString("ddd", culture),
                'A' => time.ToString("dddd", culture),
                'b' or 'h' => time.ToString("MMM", culture),
                'B' => time.ToString("MMMM", culture),
                'c' => $"{time.ToString("ddd MMM", culture)} {time.Day,2} {time.ToString("HH:mm:ss yyyy", culture)}",
                'C' => (time.Year / 100).ToString("00", culture),
                'd' => time.Day.ToString("00", culture),
                'D' or 'x' => time.ToString("MM'/'dd'/'yy", culture),
                'e' => time.Day.ToString(culture).PadLeft(2),
                'f' => (time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond).ToString("000000", culture),
                'F' => time.ToString("yyyy-MM-dd", culture),
                'g' => (ISOWeek.GetYear(time) % 100).ToString("00", culture),
                'G' => ISOWeek.GetYear(time).ToString("0000", culture),
                'H' => time.Hour.ToString("00", culture),
                'I' => ((time.Hour + 11) % 12 + 1).ToString("00", culture),
                'j' => time.DayOfYear.ToString("000", culture),
                'k' => time.Hour.ToString(culture).PadLeft(2),
                'l' => ((time.Hour + 11) % 12 + 1).ToString(culture).PadLeft(2),
                'm' => time.Month.ToString("00", culture),
                'M' => time.Minute.ToString("00", culture),
                'n' => "\n",
                'p' => time.Hour < 12 ? "AM" : "PM",
                'P' => time.Hour < 12 ? "am" : "pm",
                'r' => $"{(time.Hour + 11) % 12 + 1:00}:{time.ToString("mm:ss", culture)} {(time.Hour < 12 ? "AM" : "PM")}",
                'R' => time.ToString("HH:mm", culture),
                's' => new DateTimeOffset(time, offset ?? TimeSpan.Zero).ToUnixTimeSeconds().ToString(culture),
                'S' => time.Second.ToString("00", culture),
                't' => "\t",
                'T' or 'X' => time.ToString("HH:mm:ss", culture),
                'u' => (((int)time.DayOfWeek + 6) % 7 + 1).ToString(culture),
                'U' => ((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7).ToString("00", culture),
                'V' => ISOWeek.GetWeekOfYear(time).ToString("00", culture),
                'w' => ((int)time.DayOfWeek).ToString(culture),
                'W' => ((time.DayOfYear + 6 - ((int)time.DayOfWeek + 6) % 7) / 7).ToString("00", culture),
                'y' => (time.Year % 100).ToString("00", culture),
                'Y' => time.Year.ToString(culture),
                'z' => offset is { } zone ? $"{(zone < TimeSpan.Zero ? '-' : '+')}{zone:hhmm}" : "",
                'Z' => offset is { } named ? named == TimeSpan.Zero ? "UTC" : "" : "",
                '%' => "%",
                var other => $"%{(isBare ? "-" : "")}{other}",
            };
            text.Append(isBare && part.Length > 1 && char.IsAsciiDigit(part[^1]) ? part.TrimStart('0', ' ') is { Length: > 0 } bare ? bare : "0" : part);
        }
        return text.ToString();
    }
}
