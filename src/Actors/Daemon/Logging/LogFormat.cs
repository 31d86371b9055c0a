using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SaltActors.Actors.Daemon.Logging;

/// <summary>One line to log, in the parts that a format may name.</summary>
/// <param name="Jid">The job that the line is about, or null.</param>
/// <param name="MinionId">The minion that the line is about, or null.</param>
public sealed partial record LogLine(DateTime At, string Source, string Level, int Severity, string Message, string? Jid = null, string? MinionId = null)
{
    /// <summary>Reads from the message which job and minion it is about: our lines name them as <c>job [2026…]</c> and <c>minion [web1]</c>.</summary>
    public LogLine WithSubjects()
    {
        var (jid, minion) = (Jid, MinionId);
        foreach (Match named in Brackets().Matches(Message))
            if (named.Groups[1].ValueSpan is "minion") minion ??= named.Groups[2].Value;
            else jid ??= named.Groups[2].Value;
        return this with { Jid = jid, MinionId = minion };
    }

    [GeneratedRegex(@"\b(job|runner|wheel|minion) \[([^\]\s]{1,255})\]", RegexOptions.CultureInvariant)]
    private static partial Regex Brackets();
}

/// <summary>A format as of <c>log_fmt_console</c> and <c>log_fmt_logfile</c>: Python's <c>%(name)s</c> with widths, and a format of time beside it.</summary>
/// <remarks>
/// Follows Salt 3006, salt/_logging: besides Python's own names there are <c>jid</c> (in the form of <c>log_fmt_jid</c>, empty outside of jobs) and
/// <c>minion_id</c>, and the coloured names, which are shown without colour. A name that is unknown is empty.
/// </remarks>
public sealed partial class LogFormat
{
    private readonly string _dates, _jidFormat;
    private readonly List<(string Text, string Name, string Flags, int Width, int Precision, char Kind)> _parts = [];
    private readonly bool _hasSubjects;

    /// <param name="format">As <c>[%(levelname)-8s] %(message)s</c>.</param>
    /// <param name="dates">The format of <c>%(asctime)s</c>, in the letters of C's <c>strftime</c>.</param>
    /// <param name="jidFormat">The form of <c>%(jid)s</c>, itself with <c>%(jid)s</c>.</param>
    public LogFormat(string format, string dates, string jidFormat = "[JID: %(jid)s]")
    {
        (_dates, _jidFormat) = (dates, jidFormat);
        var end = 0;
        foreach (Match field in Field().Matches(format))
        {
            var text = format[end..field.Index];
            _parts.Add(field.Value == "%%" ? (text + "%", "", "", -1, -1, 's')
                : (text, field.Groups[1].Value, field.Groups[2].Value, Number(field.Groups[3].Value), Number(field.Groups[4].Value), field.Groups[5].Value[0]));
            end = field.Index + field.Length;
        }
        _parts.Add((format[end..], "", "", -1, -1, 's'));
        _hasSubjects = _parts.Any(p => p.Name is "jid" or "minion_id");
    }

    public string Format(LogLine line)
    {
        if (_hasSubjects) line = line.WithSubjects();
        var text = new StringBuilder();
        foreach (var (before, name, flags, width, precision, kind) in _parts)
        {
            text.Append(before);
            if (name.Length == 0) continue;
            var value = ValueOf(name, line);
            if (kind is 'd' && long.TryParse(value, CultureInfo.InvariantCulture, out var number) && precision > 0) value = number.ToString(CultureInfo.InvariantCulture).PadLeft(precision, '0');
            else if (kind is 's' && precision >= 0 && value.Length > precision) value = value[..precision];
            text.Append(width < 0 ? value : flags.Contains('-') ? value.PadRight(width) : value.PadLeft(width, flags.Contains('0') && kind is not 's' ? '0' : ' '));
        }
        return text.ToString();
    }

    private string ValueOf(string name, LogLine line) => name switch
    {
        "message" or "msg" => line.Message,
        "colormsg" => line.Message,
        "levelname" => line.Level,
        "levelno" => line.Severity.ToString(CultureInfo.InvariantCulture),
        "colorlevel" => $"[{line.Level,-8}]",
        "name" or "module" => line.Source,
        "colorname" => $"[{line.Source,-17}]",
        "process" => Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        "colorprocess" => $"[{Environment.ProcessId,5}]",
        "asctime" => PythonTime.Format(line.At, _dates),
        "msecs" => line.At.Millisecond.ToString(CultureInfo.InvariantCulture),
        "created" => new DateTimeOffset(line.At).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        "lineno" => "0",
        "thread" or "threadName" or "processName" => "",
        "jid" => line.Jid is null ? "" : _jidFormat.Replace("%(jid)s", line.Jid, StringComparison.Ordinal),
        "minion_id" => line.MinionId ?? "",
        _ => "",
    };

    private static int Number(string digits) => digits.Length == 0 ? -1 : int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"%%|%\((\w+)\)([-0 +#]*)(\d{0,3})(?:\.(\d{1,3}))?([sdfr])")]
    private static partial Regex Field();
}

/// <summary>Times in the letters of C's <c>strftime</c>.</summary>
internal static class PythonTime
{
    internal static string Format(DateTime at, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
            if (format[i] != '%' || i + 1 == format.Length) text.Append(format[i]);
            else text.Append(Letter(at, format[++i]));
        return text.ToString();
    }

    private static string Letter(DateTime at, char letter) => letter switch
    {
        'Y' => at.ToString("yyyy", CultureInfo.InvariantCulture),
        'y' => at.ToString("yy", CultureInfo.InvariantCulture),
        'm' => at.ToString("MM", CultureInfo.InvariantCulture),
        'd' => at.ToString("dd", CultureInfo.InvariantCulture),
        'e' => at.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'H' => at.ToString("HH", CultureInfo.InvariantCulture),
        'I' => at.ToString("hh", CultureInfo.InvariantCulture),
        'M' => at.ToString("mm", CultureInfo.InvariantCulture),
        'S' => at.ToString("ss", CultureInfo.InvariantCulture),
        'f' => at.ToString("ffffff", CultureInfo.InvariantCulture),
        'p' => at.ToString("tt", CultureInfo.InvariantCulture),
        'j' => at.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'a' => at.ToString("ddd", CultureInfo.InvariantCulture),
        'A' => at.ToString("dddd", CultureInfo.InvariantCulture),
        'b' => at.ToString("MMM", CultureInfo.InvariantCulture),
        'B' => at.ToString("MMMM", CultureInfo.InvariantCulture),
        'F' => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        'T' => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        'z' => at.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal),
        'Z' => TimeZoneInfo.Local.Id,
        '%' => "%",
        _ => $"%{letter}",
    };
}
