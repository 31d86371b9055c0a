using System.Numerics;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;

namespace SaltActors.Rendering.Jinja.Objects;

/// <summary>Python's <c>range</c>.</summary>
public sealed class RangeObj(BigInteger start, BigInteger stop, BigInteger step) : Obj
{
    public override string TypeName => "range";
    public BigInteger Start => start;
    public BigInteger Step => step;
    public BigInteger Count => step > 0 ? start < stop ? (stop - start - 1) / step + 1 : 0 : start > stop ? (start - stop - 1) / -step + 1 : 0;
    public override bool IsTruthy => Count > 0;
    public override int? Length => Count > int.MaxValue ? int.MaxValue : (int)Count;
    public override Obj? Attribute(string name) => name switch { "start" => start, "stop" => stop, "step" => step, _ => null };

    public override Obj? Item(Obj key)
    {
        if (key.Whole is not { } at) return null;
        if (at < 0) at += Count;
        return at >= 0 && at < Count ? start + at * step : null;
    }

    public override IEnumerable<Obj>? Iterate()
    {
        for (var (i, count) = (BigInteger.Zero, Count); i < count; i++) yield return start + i * step;
    }

    public override void AppendRepr(StringBuilder text)
    {
        text.Append("range(").Append(start).Append(", ").Append(stop);
        if (step != 1) text.Append(", ").Append(step);
        text.Append(')');
    }

    public override bool Equals(Obj? other) => other is RangeObj range && Count == range.Count && (Count == 0 || Start == range.Start && (Count == 1 || Step == range.Step));
    public override int GetHashCode() => HashCode.Combine(Count, start, step);
}

/// <summary>Items that are made while they are walked, once: Python's generators and <c>itertools</c>.</summary>
public sealed class IteratorObj(IEnumerable<Obj> items, string typeName = "generator", string label = "generator object") : Obj
{
    private IEnumerator<Obj>? _walk;
    public override string TypeName => typeName;

    /// <summary>The next item, or null at the end.</summary>
    public Obj? Next() => (_walk ??= items.GetEnumerator()).MoveNext() ? _walk.Current : null;

    public override IEnumerable<Obj>? Iterate()
    {
        while (Next() is { } item) yield return item;
    }

    public override void AppendRepr(StringBuilder text) => text.Append('<').Append(label).Append(" at 0x7f0000000000>");
}

/// <summary>Which part of its map's entries a view shows.</summary>
public enum DictPart { Keys, Values, Items }

/// <summary>Python's live view of a map: <c>d.keys()</c>, <c>d.values()</c>, <c>d.items()</c>.</summary>
public sealed class DictView(DictObj dict, DictPart part) : Obj
{
    public override string TypeName => part switch { DictPart.Keys => "dict_keys", DictPart.Values => "dict_values", _ => "dict_items" };
    public override bool IsTruthy => dict.IsTruthy;
    public override int? Length => dict.Count;
    public DictPart Part => part;
    public DictObj Dict => dict;

    public override Obj? Attribute(string name) => Methods.MethodTables.Find(this, name);

    public override IEnumerable<Obj>? Iterate() => dict.Walk(part switch
    {
        DictPart.Keys => static e => e.Key,
        DictPart.Values => static e => e.Value,
        _ => static e => ListObj.Tuple(e.Key, e.Value),
    });

    public bool Has(Obj item) => part == DictPart.Keys ? dict.Entries.ContainsKey(item.AsKey()) : Items().Contains(item);
    public override void AppendRepr(StringBuilder text) => Append(text, static (o, t) => o.AppendRepr(t));

    private void Append(StringBuilder text, Action<Obj, StringBuilder> each)
    {
        text.Append(dict.IsOrdered ? "o" + TypeName : TypeName).Append('(');
        new ListObj([.. Items()]).Append(text, each);
        text.Append(')');
    }

    public override bool Equals(Obj? other) => ReferenceEquals(this, other)
        || part != DictPart.Values && other is DictView view && view.Part != DictPart.Values && view.Length == Length && Items().All(view.Items().Contains);
    public override int GetHashCode() => part == DictPart.Values ? base.GetHashCode() : throw JinjaFault.Other($"unhashable type: '{TypeName}'");
}

/// <summary>Order between objects, as Python's <c>&lt;</c>.</summary>
public static class ObjOrder
{
    /// <param name="sign">The operator that an error shows.</param>
    /// <exception cref="JinjaFault">The two have no order.</exception>
    public static int Compare(Obj left, Obj right, string sign)
    {
        UndefinedObj.Refuse(left);
        UndefinedObj.Refuse(right);
        switch (left, right)
        {
            case (TextObj l, TextObj r): return PythonOrder.CompareText(l.Text, r.Text);
            case (ListObj l, ListObj r) when l.IsTuple == r.IsTuple:
                for (var i = 0; i < Math.Min(l.Count, r.Count); i++)
                    if (!l.List[i].Equals(r.List[i])) return Compare(l.List[i], r.List[i], sign);
                return l.Count.CompareTo(r.Count);
            case (Scalar l, Scalar r):
                try
                {
                    return PythonOrder.Compare(l.Value, r.Value);
                }
                catch (UnorderableValues)
                {
                    break;
                }
        }
        throw JinjaFault.Other($"'{sign}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'");
    }

    /// <summary>A new list in order; equals keep theirs. Of two objects Python compares the later with the earlier, which errors tell.</summary>
    public static List<Obj> Sorted(IEnumerable<Obj> items, Func<Obj, Obj>? key = null, bool isReversed = false)
    {
        var from = items.Select(o => (Key: key is null ? o : key(o), Item: o)).ToArray();
        if (isReversed) Array.Reverse(from);
        var to = new (Obj Key, Obj Item)[from.Length];
        for (var width = 1; width < from.Length; width *= 2)
        {
            for (var start = 0; start < from.Length; start += 2 * width)
            {
                var (left, middle, end) = (start, Math.Min(start + width, from.Length), Math.Min(start + 2 * width, from.Length));
                var right = middle;
                for (var i = start; i < end; i++)
                    to[i] = left < middle && (right >= end || Compare(from[right].Key, from[left].Key, "<") >= 0) ? from[left++] : from[right++];
            }
            (from, to) = (to, from);
        }
        if (isReversed) Array.Reverse(from);
        return [.. from.Select(p => p.Item)];
    }
}
