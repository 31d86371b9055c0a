using System.Globalization;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Clock;

/// <summary>Reads offsets, times and dates as people write them for <c>system</c>.</summary>
internal static class SystemClock
{
    private static readonly string[] TimeForms = ["h:mm:ss tt", "h:mm tt", "H:mm:ss", "H:mm"];
    private static readonly string[] DateForms = ["yyyy-M-d", "M-d-yyyy", "M-d-yy", "M/d/yyyy", "M/d/yy", "yyyy/M/d"];

    /// <summary>The time somewhere: at an offset as <c>+0530</c>, or here.</summary>
    /// <exception cref="NamedError">It is no offset.</exception>
    public static DateTimeOffset Now(TimeProvider clock, Value? offset) => offset switch
    {
        null => clock.GetLocalNow(),
        TextValue { Text: var text } => clock.GetUtcNow().ToOffset(OffsetOf(text.Trim('\''))),
        var other => throw new NamedError("TypeError", $"expected string or bytes-like object, got '{other.KindName}'"),
    };

    private static TimeSpan OffsetOf(string text)
    {
        var digits = text.TrimStart('+', '-');
        if (digits.Length == 4 && text.Length <= 5 && digits.All(char.IsAsciiDigit))
        {
            var minutes = int.Parse(digits.AsSpan(0, 2), CultureInfo.InvariantCulture) * 60 + int.Parse(digits.AsSpan(2), CultureInfo.InvariantCulture);
            if (minutes <= 14 * 60) return TimeSpan.FromMinutes(text[0] == '-' ? -minutes : minutes);
        }
        throw new NamedError("SaltInvocationError", "Invalid UTC offset.");
    }

    /// <exception cref="NamedError">It is no time of day.</exception>
    public static TimeOnly Time(string text) => TimeOnly.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var time)
        ? time : throw new NamedError("SaltInvocationError", $"Invalid time: found '{text}', expected a form as 11:31:00 or 11:31 AM");

    /// <exception cref="NamedError">It is no date.</exception>
    public static DateOnly Date(string text) => DateOnly.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var date)
        ? date : throw new NamedError("SaltInvocationError", $"Invalid date: found '{text}', expected a form as 2026-03-28 or 03/28/26");

    /// <summary>The time now with some parts of it replaced.</summary>
    /// <exception cref="NamedError">There is no such time.</exception>
    public static DateTimeOffset With(DateTimeOffset now, int? years, int? months, int? days, int? hours, int? minutes, int? seconds)
    {
        try
        {
            return new(years ?? now.Year, months ?? now.Month, days ?? now.Day, hours ?? now.Hour, minutes ?? now.Minute, seconds ?? now.Second, now.Offset);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new NamedError("SaltInvocationError", "Invalid date or time: a part is out of its range");
        }
    }

    /// <summary>Words for <c>date</c> that set the clock.</summary>
    public static IReadOnlyList<string> DateArguments(DateTimeOffset time) => ["-u", "-s", time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)];

    /// <summary>Words for <c>shutdown</c>.</summary>
    /// <param name="flag"><c>-r</c> or <c>-h</c>.</param>
    /// <param name="at">Minutes from now, or a time as <c>23:30</c>; null for now.</param>
    /// <exception cref="NamedError">It is neither.</exception>
    public static IReadOnlyList<string> ShutdownArguments(string flag, Value? at) => at switch
    {
        null => [flag, "now"],
        IntegerValue { IsLong: true, Long: >= 0 } minutes => [flag, $"+{minutes.Long.ToString(CultureInfo.InvariantCulture)}"],
        TextValue { Text: "now" } => [flag, "now"],
        TextValue { Text: var text } when text.Length > 1 && text[0] == '+' && text.Skip(1).All(char.IsAsciiDigit) => [flag, text],
        TextValue { Text: var text } when TimeOnly.TryParseExact(text, "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => [flag, text],
        _ => throw new NamedError("SaltInvocationError", $"at_time: found {PythonText.Repr(at)}, expected minutes from now or a time as 23:30"),
    };
}
