using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Methods;
using SaltActors.Rendering.Jinja.Objects;
using static SaltActors.Rendering.Jinja.Filters.Salt.PatternFilters;

namespace SaltActors.Rendering.Jinja.Filters.Salt;

/// <summary>Salt's filters of single values. Salt: salt/utils/jinja.py, stringutils.py, dateutils.py.</summary>
internal static partial class TextShapeFilters
{
    // The name space of every id that Salt's filter makes.
    private static readonly Guid IdSpace = new("91633EBF-1C86-5E33-935A-28061F4B480E");
    private static readonly Native Number = new("to_num", "", static (_, s, _) => ToNumber(s));
    private static readonly Native Time = new("strftime", "fmt?", static (run, s, a) => TextObj.Of(TimeText.Format(Moment(run, s), a.Text(0, "%Y-%m-%d"))));

    internal static readonly Native[] All =
    [
        Number, Number.As("str_to_num"), Time, Time.As("date_format"),
        new("to_bool", "", static (_, s, _) => s switch
        {
            UndefinedObj undefined => throw undefined.Fault(),
            TextObj text => text.Text.ToLowerInvariant() is "yes" or "1" or "true",
            Scalar { Value: BoolValue or IntegerValue } => s.Whole > 0,
            _ => !s.IsHashable && s.IsTruthy,
        }),
        new("quote", "", static (_, s, _) => TextObj.Of(ShellQuoted(Subject(s)))),
        new("uuid", "", static (_, s, _) => TextObj.Of(NamedId(FilterTable.Soft(s).Text))),
        new("skip", "", static (_, _, _) => TextObj.Empty),
        new("to_bytes", "encoding? errors?", static (_, s, a) => s is Scalar { Value: BytesValue } ? s : new Scalar(new BytesValue(MethodTables.Encode(Subject(s), a.MaybeText(0) ?? "utf-8")))),
        new("is_hex", "", static (_, s, _) => s is TextObj text && MethodTables.ParseWhole(text.Text, 16) is not null),
        new("contains_whitespace", "", static (_, s, _) => Subject(s).Any(Output.PythonLines.IsSpace)),
        new("human_to_bytes", "default_unit? handle_metric?", static (_, s, a) => Bytes(s.ToString(), a.Text(0, "B"), a.Flag(1, false))),
        new("to_snake_case", "", static (_, s, _) => TextObj.Of(SnakeCase(Subject(s)))),
        new("to_camelcase", "uppercamel?", static (_, s, a) =>
        {
            var parts = Subject(s).Split('_');
            return TextObj.Of(string.Concat(parts.Select((p, i) => i == 0 && !a.Flag(0, false) ? p : TextMethods.Title(p))));
        }),
    ];

    private static Obj ToNumber(Obj self)
    {
        UndefinedObj.Refuse(self);
        if (self is not TextObj text) return self;
        if (MethodTables.ParseWhole(text.Text, 10) is { } whole) return whole;
        return MethodTables.ParseReal(text.Text) is { } real ? real : text;
    }

    internal static string ShellQuoted(string text) => text.Length == 0 ? "''"
        : text.All(c => char.IsAsciiLetterOrDigit(c) || "_@%+=:,./-".Contains(c)) ? text : $"'{text.Replace("'", "'\"'\"'")}'";

    // A version 5 id: SHA-1 of the name space in network order and the name.
    private static string NamedId(string name)
    {
        Span<byte> space = stackalloc byte[16];
        IdSpace.TryWriteBytes(space, bigEndian: true, out _);
        var hash = SHA1.HashData([.. space, .. Encoding.UTF8.GetBytes(name)]);
        hash[6] = (byte)(hash[6] & 0x0F | 0x50);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString();
    }

    private static BigInteger Bytes(string size, string defaultUnit, bool isMetric)
    {
        var match = Size().Match(Output.PythonLines.Trim(size));
        var unit = (match.Groups[2].Length > 0 ? match.Groups[2].Value : defaultUnit).ToLowerInvariant();
        var isDecimal = unit.Length == 2 && unit[1] == 'b' && "kmgtpezy".Contains(unit[0]);
        if (!isDecimal && unit != "b" && !(unit.Length > 0 && "kmgtpezy".Contains(unit[0]) && unit[1..] is "" or "ib")) return 0;
        var factor = isDecimal && isMetric ? BigInteger.Pow(1000, "bkmgtpezy".IndexOf(unit[0])) : BigInteger.Pow(1024, "bkmgtpezy".IndexOf(unit[0]));
        var digits = match.Groups[1].Value;
        if (BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)) return whole * factor;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var real) ? new BigInteger(real * (double)factor) : 0;
    }

    private static string SnakeCase(string text)
    {
        var snake = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (i > 0 && char.IsUpper(text[i]) && (char.IsLower(text[i - 1]) || i + 1 < text.Length && char.IsLower(text[i + 1]))) snake.Append('_');
            snake.Append(char.ToLowerInvariant(text[i]));
        }
        return snake.ToString();
    }

    private static DateTime Moment(RenderRun run, Obj self)
    {
        UndefinedObj.Refuse(self);
        if (self is Scalar { Value: TimeValue time }) return time.Time;
        var zone = run.Settings.Time;
        if (self.IsNone) return zone.GetLocalNow().DateTime;
        var seconds = self is TextObj text ? MethodTables.ParseReal(text.Text) : self.Number;
        if (seconds is not { } epoch || !double.IsFinite(epoch) || Math.Abs(epoch) > 1e11) throw JinjaFault.Other($"Unable to parse {self}. Consider installing timelib");
        var utc = DateTimeOffset.UnixEpoch.AddTicks((long)(epoch * TimeSpan.TicksPerSecond));
        return TimeZoneInfo.ConvertTime(utc, zone.LocalTimeZone).DateTime;
    }

    [GeneratedRegex(@"^([0-9.]*)\s*(.*)$", RegexOptions.Singleline)]
    private static partial Regex Size();
}
