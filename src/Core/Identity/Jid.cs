using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SaltActors.Core.Identity;

/// <summary>A job's id: 20 digits of UTC time (<c>YYYYMMDDhhmmssffffff</c>), or those followed by <c>_</c> and a suffix.</summary>
public readonly record struct Jid : IComparable<Jid>
{
    private const int Digits = 20, LongestText = 64;
    private readonly string? _text;
    private Jid(string text) => _text = text;

    public string Text => _text ?? throw new InvalidOperationException("a jid that was never set");

    public static bool TryParse([NotNullWhen(true)] string? text, out Jid jid)
    {
        jid = default;
        if (text is null || text.Length < Digits || text.Length > LongestText) return false;
        for (var i = 0; i < Digits; i++)
            if (!char.IsAsciiDigit(text[i])) return false;
        if (text.Length > Digits && (text[Digits] != '_' || text.Length == Digits + 1)) return false;
        for (var i = Digits + 1; i < text.Length; i++)
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('_' or '-')) return false;
        jid = new Jid(text);
        return true;
    }

    /// <exception cref="FormatException">The text is no jid.</exception>
    public static Jid Parse(string text) =>
        TryParse(text, out var jid) ? jid : throw new FormatException($"'{text}' is no job id: 20 digits of UTC time were expected");

    /// <summary>The moment in the digits, where they are a moment.</summary>
    public DateTime? Time =>
        DateTime.TryParseExact(Text.AsSpan(0, Digits), "yyyyMMddHHmmssffffff", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>The time as <c>jobs.list_jobs</c> prints it: <c>2026, Nov 22 23:28:44.198899</c>; empty where the digits are no moment.</summary>
    public string StartTime => Time?.ToString("yyyy, MMM dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "";

    public int CompareTo(Jid other) => string.CompareOrdinal(_text, other._text);
    public static bool operator <(Jid left, Jid right) => left.CompareTo(right) < 0;
    public static bool operator >(Jid left, Jid right) => left.CompareTo(right) > 0;
    public static bool operator <=(Jid left, Jid right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Jid left, Jid right) => left.CompareTo(right) >= 0;
    public override string ToString() => Text;
}

/// <summary>Gives jids that only ever grow, also where the clock is set back.</summary>
public sealed class JidClock(TimeProvider clock, string suffix = "")
{
    private readonly Lock _gate = new();
    private long _last;

    public Jid Next()
    {
        lock (_gate)
        {
            var micros = clock.GetUtcNow().Ticks / TimeSpan.TicksPerMicrosecond;
            _last = Math.Max(micros, _last + 1);
            var time = new DateTime(_last * TimeSpan.TicksPerMicrosecond);
            return Jid.Parse(time.ToString("yyyyMMddHHmmssffffff", CultureInfo.InvariantCulture) + suffix);
        }
    }
}
