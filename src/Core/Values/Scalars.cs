using System.Numerics;

namespace SaltActors.Core.Values;

/// <summary>Nothing: YAML's <c>null</c>, Python's <c>None</c>.</summary>
public sealed class NullValue : Value
{
    internal static readonly NullValue Instance = new();
    private NullValue() { }
    public override bool IsTruthy => false;
    public override string KindName => "NoneType";
    public override bool Equals(Value? other) => other is NullValue;
    public override int GetHashCode() => 0x2F6E;
}

public sealed class BoolValue : Value
{
    public static readonly BoolValue True = new(true), False = new(false);
    private BoolValue(bool isTrue) => IsTrue = isTrue;
    public static BoolValue Of(bool flag) => flag ? True : False;
    public bool IsTrue { get; }
    public override bool IsTruthy => IsTrue;
    public override string KindName => "bool";
    public override bool Equals(Value? other) => other switch
    {
        BoolValue b => b.IsTrue == IsTrue,
        IntegerValue or FloatValue => other.Equals(this),
        _ => false,
    };
    public override int GetHashCode() => Numbers.Hash(IsTrue ? 1 : 0);
}

/// <summary>A whole number of any size.</summary>
public sealed class IntegerValue : Value
{
    private static readonly IntegerValue[] Small = [.. Enumerable.Range(-16, 273).Select(n => new IntegerValue(n))];
    private readonly BigInteger? _big;
    private IntegerValue(long number) => Long = number;
    private IntegerValue(BigInteger number) => _big = number;

    public static IntegerValue Of(long number) => number is >= -16 and <= 256 ? Small[number + 16] : new(number);
    public static IntegerValue Of(BigInteger number) =>
        number >= long.MinValue && number <= long.MaxValue ? Of((long)number) : new(number);

    /// <summary>True where the number fits 64 bits; only then is <see cref="Long"/> meaningful.</summary>
    public bool IsLong => _big is null;
    public long Long { get; }
    public BigInteger Number => _big ?? Long;
    public override bool IsTruthy => !IsLong || Long != 0;
    public override string KindName => "int";
    public override bool Equals(Value? other) => other switch
    {
        IntegerValue i => IsLong == i.IsLong && (IsLong ? Long == i.Long : Number == i.Number),
        BoolValue b => IsLong && Long == (b.IsTrue ? 1 : 0),
        FloatValue f => f.Equals(this),
        _ => false,
    };
    public override int GetHashCode() => IsLong ? Numbers.Hash(Long) : Number.GetHashCode();
}

/// <summary>A 64-bit floating point number.</summary>
public sealed class FloatValue(double number) : Value
{
    public double Number { get; } = number;
    public override bool IsTruthy => Number != 0;
    public override string KindName => "float";
    public override bool Equals(Value? other) => other switch
    {
        FloatValue f => f.Number == Number,
        IntegerValue i => double.IsInteger(Number) && new BigInteger(Number) == i.Number,
        BoolValue b => Number == (b.IsTrue ? 1 : 0),
        _ => false,
    };
    public override int GetHashCode() =>
        double.IsInteger(Number) && Number is >= long.MinValue and < long.MaxValue ? Numbers.Hash((long)Number)
        : double.IsInteger(Number) ? new BigInteger(Number).GetHashCode() : Numbers.Hash(BitConverter.DoubleToInt64Bits(Number));
}

/// <summary>Text. Never null.</summary>
public sealed class TextValue : Value
{
    public static readonly TextValue Empty = new("");
    private TextValue(string text) => Text = text;
    public static TextValue Of(string text) => text.Length == 0 ? Empty : new(text);
    public string Text { get; }
    public override bool IsTruthy => Text.Length > 0;
    public override string KindName => "str";
    public override bool Equals(Value? other) => other is TextValue t && t.Text == Text;
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>Bytes that are not text. The array is owned by the value and never changed.</summary>
public sealed class BytesValue(ReadOnlyMemory<byte> bytes) : Value
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;
    public override bool IsTruthy => Bytes.Length > 0;
    public override string KindName => "bytes";
    public override bool Equals(Value? other) => other is BytesValue b && b.Bytes.Span.SequenceEqual(Bytes.Span);
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }
}

/// <summary>A date and time of day without a zone (Python's naive <c>datetime</c>; msgpack extension 78), or a date alone.</summary>
public sealed class TimeValue(DateTime time, bool isDateOnly = false) : Value
{
    public DateTime Time { get; } = DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
    /// <summary>True for Python's <c>date</c>: printed without time of day.</summary>
    public bool IsDateOnly { get; } = isDateOnly;
    public override bool IsTruthy => true;
    public override string KindName => IsDateOnly ? "date" : "datetime";
    public override bool Equals(Value? other) => other is TimeValue t && t.Time == Time && t.IsDateOnly == IsDateOnly;
    public override int GetHashCode() => Numbers.Hash(Time.Ticks);
}

internal static class Numbers
{
    // Seeded anew in every process: keys of a map come from strangers, who could choose them to share one plain hash.
    internal static int Hash(long number) => HashCode.Combine((int)number, (int)(number >> 32));
}
