using System.Numerics;

namespace SaltActors.Core.Values;

/// <summary>How Python orders values. Unlike kinds have no order: <c>1 &lt; 'a'</c> is an error there, and here.</summary>
public static class PythonOrder
{
    /// <summary>Sorts by Python's <c>&lt;</c>; <see cref="Compare"/> throws where two values have no order.</summary>
    public static readonly IComparer<Value> ByValue = Comparer<Value>.Create(Compare);

    /// <summary>Orders text by code point, as Python does; UTF-16 order differs beyond the basic plane.</summary>
    public static readonly IComparer<string> ByCodePoint = Comparer<string>.Create(CompareText);

    /// <summary>Negative, zero or positive.</summary>
    /// <exception cref="UnorderableValues">Python would raise a TypeError.</exception>
    public static int Compare(Value? left, Value? right)
    {
        switch (left, right)
        {
            case (TextValue l, TextValue r): return CompareText(l.Text, r.Text);
            case (BytesValue l, BytesValue r): return l.Bytes.Span.SequenceCompareTo(r.Bytes.Span);
            case (TimeValue l, TimeValue r) when l.IsDateOnly == r.IsDateOnly: return l.Time.CompareTo(r.Time);
            case (IntegerValue or BoolValue or FloatValue, IntegerValue or BoolValue or FloatValue): return CompareNumbers(left, right);
            case (ListValue l, ListValue r) when l.IsTuple == r.IsTuple:
                for (var i = 0; i < Math.Min(l.Count, r.Count); i++)
                    if (!l[i].Equals(r[i])) return Compare(l[i], r[i]);
                return l.Count.CompareTo(r.Count);
            default:
                throw new UnorderableValues($"'<' not supported between instances of '{left?.KindName}' and '{right?.KindName}'");
        }
    }

    /// <summary>A map's entries by key, as Python's <c>sorted</c>; null where the keys have no order.</summary>
    public static KeyValuePair<Value, Value>[]? TrySortKeys(MapValue map)
    {
        var entries = new KeyValuePair<Value, Value>[map.Count];
        for (var i = 0; i < entries.Length; i++) entries[i] = map[i];
        return TrySort(entries, static e => e.Key) ? entries : null;
    }

    /// <summary>Sorts in place and keeps the order of equals, as Python's <c>sorted</c>; false, with nothing moved, where two values have no order.</summary>
    public static bool TrySort<T>(T[] items, Func<T, Value> key)
    {
        var keys = new (Value Key, int Place)[items.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = (key(items[i]), i);
        try
        {
            Array.Sort(keys, static (l, r) => Compare(l.Key, r.Key) is var order && order != 0 ? order : l.Place.CompareTo(r.Place));
        }
        catch (InvalidOperationException failed) when (failed.InnerException is UnorderableValues)
        {
            return false;
        }
        var unsorted = (T[])items.Clone();
        for (var i = 0; i < keys.Length; i++) items[i] = unsorted[keys[i].Place];
        return true;
    }

    private static int CompareNumbers(Value left, Value right)
    {
        if (left.AsInteger() is { } l && right.AsInteger() is { } r) return l.CompareTo(r);
        return (left, right) switch
        {
            (FloatValue lf, FloatValue rf) => lf.Number.CompareTo(rf.Number),
            (FloatValue lf, _) => -CompareWhole(Whole(right), lf.Number),
            (_, FloatValue rf) => CompareWhole(Whole(left), rf.Number),
            _ => Whole(left).CompareTo(Whole(right)),
        };
    }

    private static BigInteger Whole(Value number) => number is IntegerValue i ? i.Number : number.AsInteger()!.Value;

    // Exact, as in Python: a whole number past 2^53 is not rounded to a float first.
    private static int CompareWhole(BigInteger whole, double number)
    {
        if (!double.IsFinite(number)) return 0.0.CompareTo(number);
        var floor = Math.Floor(number);
        return whole.CompareTo(new BigInteger(floor)) is not 0 and var order ? order : floor < number ? -1 : 0;
    }

    public static int CompareText(string? left, string? right)
    {
        if (left is null || right is null) return string.CompareOrdinal(left, right);
        var shared = Math.Min(left.Length, right.Length);
        for (var i = 0; i < shared; i++)
        {
            char l = left[i], r = right[i];
            if (l == r) continue;
            // Surrogates stand for code points above every other char.
            var (ls, rs) = (char.IsSurrogate(l), char.IsSurrogate(r));
            return ls == rs ? l.CompareTo(r) : ls ? 1 : -1;
        }
        return left.Length.CompareTo(right.Length);
    }
}

/// <summary>Two values that have no order were compared.</summary>
public sealed class UnorderableValues(string message) : Exception(message);
