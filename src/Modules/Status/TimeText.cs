using System.Globalization;
using System.Text;

namespace SaltActors.Modules.Status;

/// <summary>Writes a time by a format of C's <c>strftime</c>, in the C locale, as Python does.</summary>
internal static class TimeText
{
    private static readonly CultureInfo C = CultureInfo.InvariantCulture;

    /// <summary>A directive that is not known stays as it is written.</summary>
    /// <param name="isAware">False for a time without zone: then <c>%z</c> and <c>%Z</c> are empty.</param>
    public static string Format(DateTimeOffset time, string format, bool isAware = false, string zoneName = "")
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length) text.Append(format[i]);
            else text.Append(Directive(time, format[++i], isAware, zoneName));
        }
        return text.ToString();
    }

    private static string Directive(DateTimeOffset t, char directive, bool isAware, string zoneName) => directive switch
    {
        'a' => t.ToString("ddd", C),
        'A' => t.ToString("dddd", C),
        'b' or 'h' => t.ToString("MMM", C),
        'B' => t.ToString("MMMM", C),
        'c' => $"{t.ToString("ddd MMM", C)} {t.Day.ToString(C),2} {t.ToString("HH:mm:ss yyyy", C)}",
        'C' => (t.Year / 100).ToString("00", C),
        'd' => t.ToString("dd", C),
        'D' or 'x' => t.ToString("MM'/'dd'/'yy", C),
        'e' => t.Day.ToString(C).PadLeft(2),
        'f' => t.ToString("ffffff", C),
        'F' => t.ToString("yyyy-MM-dd", C),
        'g' => (ISOWeek.GetYear(t.DateTime) % 100).ToString("00", C),
        'G' => ISOWeek.GetYear(t.DateTime).ToString("0000", C),
        'H' => t.ToString("HH", C),
        'I' => t.ToString("hh", C),
        'j' => t.DayOfYear.ToString("000", C),
        'k' => t.Hour.ToString(C).PadLeft(2),
        'l' => t.ToString("%h", C).PadLeft(2),
        'm' => t.ToString("MM", C),
        'M' => t.ToString("mm", C),
        'n' => "\n",
        'p' => t.Hour < 12 ? "AM" : "PM",
        'P' => t.Hour < 12 ? "am" : "pm",
        'r' => $"{t.ToString("hh:mm:ss", C)} {(t.Hour < 12 ? "AM" : "PM")}",
        'R' => t.ToString("HH:mm", C),
        's' => t.ToUnixTimeSeconds().ToString(C),
        'S' => t.ToString("ss", C),
        't' => "\t",
        'T' or 'X' => t.ToString("HH:mm:ss", C),
        'u' => (((int)t.DayOfWeek + 6) % 7 + 1).ToString(C),
        // Weeks of a year begin with its first Sunday (U) or Monday (W); days before are week 0.
        'U' => ((t.DayOfYear + 6 - (int)t.DayOfWeek) / 7).ToString("00", C),
        'V' => ISOWeek.GetWeekOfYear(t.DateTime).ToString("00", C),
        'w' => ((int)t.DayOfWeek).ToString(C),
        'W' => ((t.DayOfYear + 6 - ((int)t.DayOfWeek + 6) % 7) / 7).ToString("00", C),
        'y' => t.ToString("yy", C),
        'Y' => t.ToString("yyyy", C),
        'z' => isAware ? Offset(t.Offset) : "",
        'Z' => isAware ? zoneName : "",
        '%' => "%",
        _ => "%" + directive,
    };

    /// <summary>An offset as <c>+0530</c>.</summary>
    public static string Offset(TimeSpan offset) => $"{(offset < TimeSpan.Zero ? '-' : '+')}{offset.Duration().ToString("hhmm", C)}";
}
