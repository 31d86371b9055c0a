using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Methods;

/// <summary>Python's methods by the kind of object.</summary>
public static class MethodTables
{
    private static readonly FrozenDictionary<string, Native> Bytes = Native.Table(
        new Native("decode", "encoding? errors?", static (_, self, a) => Decode(((BytesValue)((Scalar)self).Value).Bytes.Span, a.Text(0, "utf-8"))),
        new Native("hex", "", static (_, self, _) => Convert.ToHexStringLower(((BytesValue)((Scalar)self).Value).Bytes.Span)));

    private static readonly FrozenDictionary<string, Native> Whole = Native.Table(
        new Native("bit_length", "", static (_, self, _) => (int)System.Numerics.BigInteger.Abs(self.Whole!.Value).GetBitLength()),
        new Native("is_integer", "", static (_, _, _) => true),
        new Native("conjugate", "", static (_, self, _) => self.Whole!.Value));

    private static readonly FrozenDictionary<string, Native> Real = Native.Table(
        new Native("is_integer", "", static (_, self, _) => double.IsInteger(self.Number!.Value)),
        new Native("conjugate", "", static (_, self, _) => self));

    private static readonly FrozenDictionary<string, Native> Time = Native.Table(
        new Native("strftime", "format", static (_, self, a) => Filters.TimeText.Format(((TimeValue)((Scalar)self).Value).Time, a.Text(0))),
        new Native("isoformat", "sep?", static (_, self, a) => ((Scalar)self).Value is TimeValue { IsDateOnly: true } d ? PythonText.Str(d)
            : PythonText.IsoTime(((TimeValue)((Scalar)self).Value).Time, a.Text(0, "T")[0])));

    /// <summary>A method bound to an object, or an attribute of a number or time; null where there is none.</summary>
    public static Obj? Find(Obj self, string name)
    {
        var table = self switch
        {
            TextObj => TextMethods.Table,
            DictObj => DictMethods.Table,
            ListObj { IsTuple: false } => ListMethods.Table,
            ListObj => ListMethods.OfTuples,
            SetObj => SetMethods.Table,
            DictView => null,
            Scalar { Value: BytesValue } => Bytes,
            Scalar { Value: IntegerValue or BoolValue } => Whole,
            Scalar { Value: FloatValue } => Real,
            Scalar { Value: TimeValue } => Time,
            _ => null,
        };
        if (table is not null && table.TryGetValue(name, out var native)) return new NativeObj(native, self);
        return self is Scalar scalar ? Part(scalar.Value, name) : self is DictView view ? OfView(view, name) : null;
    }

    private static Obj? Part(Value value, string name) => (value, name) switch
    {
        (IntegerValue or BoolValue, "real" or "numerator") => new Scalar(value),
        (IntegerValue or BoolValue, "imag") => 0,
        (IntegerValue or BoolValue, "denominator") => 1,
        (FloatValue, "real") => new Scalar(value),
        (FloatValue, "imag") => 0.0,
        (TimeValue t, "year") => t.Time.Year,
        (TimeValue t, "month") => t.Time.Month,
        (TimeValue t, "day") => t.Time.Day,
        (TimeValue { IsDateOnly: false } t, "hour") => t.Time.Hour,
        (TimeValue { IsDateOnly: false } t, "minute") => t.Time.Minute,
        (TimeValue { IsDateOnly: false } t, "second") => t.Time.Second,
        _ => null,
    };

    private static DelegateObj? OfView(DictView view, string name) => name == "isdisjoint" && view.Part != DictPart.Values
        ? new DelegateObj(name, (_, a) => !a.Positional[0].Items().Any(view.Has)) : null;

    private static string Decode(ReadOnlySpan<byte> bytes, string encoding)
    {
        try
        {
            return encoding.ToLowerInvariant() switch
            {
                "utf-8" or "utf8" or "utf_8" => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes),
                "ascii" or "us-ascii" => bytes.ContainsAnyExceptInRange((byte)0, (byte)127) ? throw JinjaFault.Other("'ascii' codec can't decode byte: ordinal not in range(128)") : Encoding.ASCII.GetString(bytes),
                "latin-1" or "latin1" or "iso-8859-1" => Encoding.Latin1.GetString(bytes),
                _ => throw JinjaFault.Other($"unknown encoding: {encoding}"),
            };
        }
        catch (DecoderFallbackException)
        {
            throw JinjaFault.Other("'utf-8' codec can't decode the bytes: invalid start byte");
        }
    }

    internal static byte[] Encode(string text, string encoding) => encoding.ToLowerInvariant() switch
    {
        "utf-8" or "utf8" or "utf_8" => Encoding.UTF8.GetBytes(text),
        "ascii" or "us-ascii" => text.All(char.IsAscii) ? Encoding.ASCII.GetBytes(text)
            : throw JinjaFault.Other($"'ascii' codec can't encode character '\\x{(int)text.First(c => !char.IsAscii(c)):x}': ordinal not in range(128)"),
        "latin-1" or "latin1" or "iso-8859-1" => Encoding.Latin1.GetBytes(text),
        "utf-16" => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
        "utf-16-le" or "utf-16le" => Encoding.Unicode.GetBytes(text),
        _ => throw JinjaFault.Other($"unknown encoding: {encoding}"),
    };

    /// <summary>A number as Python's <c>int(text, base)</c> reads it, or null.</summary>
    internal static System.Numerics.BigInteger? ParseWhole(string text, int radix)
    {
        var t = Output.PythonLines.Trim(text);
        var isNegative = t.StartsWith('-');
        if (t.Length > 0 && t[0] is '-' or '+') t = t[1..];
        if (t.Length > 1 && t[0] == '0' && char.ToLowerInvariant(t[1]) is 'x' or 'o' or 'b')
        {
            var prefixed = char.ToLowerInvariant(t[1]) switch { 'x' => 16, 'o' => 8, _ => 2 };
            if (radix == 0) radix = prefixed;
            if (radix == prefixed)
            {
                t = t[2..];
                if (t.StartsWith('_')) t = t[1..];
            }
        }
        else if (radix == 0)
        {
            if (t.Length > 1 && t[0] == '0' && t.Trim('0', '_').Length > 0) return null;
            radix = 10;
        }
        if (t.Length == 0 || t.Length > 4300 || radix is < 2 or > 36) return null;
        var number = System.Numerics.BigInteger.Zero;
        var mayUnderscore = false;
        foreach (var c in t)
        {
            if (c == '_' && mayUnderscore)
            {
                mayUnderscore = false;
                continue;
            }
            var digit = char.IsDigit(c) ? (int)CharUnicodeInfo.GetDecimalDigitValue(c) : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : 99;
            if (digit < 0 || digit >= radix) return null;
            number = number * radix + digit;
            mayUnderscore = true;
        }
        return !mayUnderscore ? null : isNegative ? -number : number;
    }

    /// <summary>A number as Python's <c>float(text)</c> reads it, or null.</summary>
    internal static double? ParseReal(string text)
    {
        var t = Output.PythonLines.Trim(text);
        var unsigned = t.TrimStart('+', '-').ToLowerInvariant();
        if (t.Length - unsigned.Length > 1) return null;
        var sign = t.StartsWith('-') ? -1 : 1;
        if (unsigned is "inf" or "infinity") return sign * double.PositiveInfinity;
        if (unsigned == "nan") return double.NaN;
        if (unsigned.StartsWith('_') || unsigned.EndsWith('_') || unsigned.Contains("__") || unsigned.Contains("_.") || unsigned.Contains("._") || unsigned.Contains("_e") || unsigned.Contains("e_")) return null;
        return unsigned.Length > 0 && (char.IsAsciiDigit(unsigned[0]) || unsigned[0] == '.')
            && double.TryParse(unsigned.Replace("_", ""), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? sign * number : null;
    }
}

/// <summary>Methods of <c>set</c>.</summary>
internal static class SetMethods
{
    internal static readonly FrozenDictionary<string, Native> Table = Native.Table(
        new Native("add", "item", static (_, self, a) =>
        {
            ((SetObj)self).Add(a[0]!);
            return Obj.None;
        }),
        new Native("discard", "item", static (_, self, a) =>
        {
            ((SetObj)self).Remove(a[0]!);
            return Obj.None;
        }),
        new Native("remove", "item", static (_, self, a) => ((SetObj)self).Remove(a[0]!) ? Obj.None : throw JinjaFault.Other(a[0]!.Repr())),
        new Native("clear", "", static (_, self, _) =>
        {
            ((SetObj)self).Clear();
            return Obj.None;
        }),
        new Native("update", "*others", static (_, self, a) =>
        {
            foreach (var item in a.Rest.SelectMany(o => o.Items()).ToArray()) ((SetObj)self).Add(item);
            return Obj.None;
        }),
        new Native("copy", "", static (_, self, _) => new SetObj(self.Items())),
        new Native("union", "*others", static (_, self, a) => new SetObj(self.Items().Concat(a.Rest.SelectMany(o => o.Items())))),
        new Native("intersection", "other", static (_, self, a) => new SetObj(self.Items().Where(new SetObj(a[0]!.Items()).Has))),
        new Native("difference", "other", static (_, self, a) => new SetObj(self.Items().Except(a[0]!.Items()))),
        new Native("symmetric_difference", "other", static (_, self, a) =>
            new SetObj(self.Items().Except(a[0]!.Items()).Concat(a[0]!.Items().Where(o => !((SetObj)self).Has(o))))),
        new Native("issubset", "other", static (_, self, a) => self.Items().All(new SetObj(a[0]!.Items()).Has)),
        new Native("issuperset", "other", static (_, self, a) => a[0]!.Items().All(((SetObj)self).Has)),
        new Native("isdisjoint", "other", static (_, self, a) => !a[0]!.Items().Any(((SetObj)self).Has)));
}
