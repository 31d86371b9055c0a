using System.Numerics;

namespace SaltActors.Core.Values;

/// <summary>
/// One value as Salt passes it around: what YAML, JSON, msgpack, templates, pillar, returns and outputters share.
/// The set of kinds is closed: <see cref="NullValue"/>, <see cref="BoolValue"/>, <see cref="IntegerValue"/>,
/// <see cref="FloatValue"/>, <see cref="TextValue"/>, <see cref="BytesValue"/>, <see cref="ListValue"/>,
/// <see cref="MapValue"/>, <see cref="TimeValue"/>.
/// </summary>
/// <remarks>
/// Equality and hash follow Python: <c>1 == 1.0 == True</c>, text never equals bytes, maps ignore order.
/// Printing is in <see cref="PythonText"/>, ordering in <see cref="PythonOrder"/>.
/// </remarks>
public abstract class Value : IEquatable<Value>
{
    private protected Value() { }

    public static NullValue Null => NullValue.Instance;

    /// <summary>Python's <c>bool(value)</c>: null, false, zero and everything empty are false.</summary>
    public abstract bool IsTruthy { get; }

    /// <summary>The name of the kind for error messages, as Python calls it: <c>str</c>, <c>dict</c>, <c>NoneType</c> …</summary>
    public abstract string KindName { get; }

    public abstract bool Equals(Value? other);
    public abstract override int GetHashCode();
    public sealed override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <summary>Python's <c>str(value)</c>.</summary>
    public sealed override string ToString() => PythonText.Str(this);

    /// <summary>The text of a <see cref="TextValue"/>, otherwise null.</summary>
    public string? AsText() => (this as TextValue)?.Text;

    /// <summary>The whole number of an <see cref="IntegerValue"/> (or 0/1 of a bool) that fits 64 bits, otherwise null.</summary>
    public long? AsInteger() => this switch
    {
        IntegerValue { IsLong: true } i => i.Long,
        BoolValue b => b.IsTrue ? 1 : 0,
        _ => null,
    };

    /// <summary>The number of an integer, bool or float, otherwise null.</summary>
    public double? AsNumber() => this switch
    {
        FloatValue f => f.Number,
        IntegerValue i => (double)i.Number,
        BoolValue b => b.IsTrue ? 1 : 0,
        _ => null,
    };

    public bool IsNull => this is NullValue;

    public static implicit operator Value(string? text) => text is null ? Null : TextValue.Of(text);
    public static implicit operator Value(bool flag) => BoolValue.Of(flag);
    public static implicit operator Value(int number) => IntegerValue.Of(number);
    public static implicit operator Value(long number) => IntegerValue.Of(number);
    public static implicit operator Value(double number) => new FloatValue(number);
    public static implicit operator Value(BigInteger number) => IntegerValue.Of(number);
    public static implicit operator Value(byte[] bytes) => new BytesValue(bytes);

    public static bool operator ==(Value? left, Value? right) => left is null ? right is null : left.Equals(right);
    public static bool operator !=(Value? left, Value? right) => !(left == right);
}
