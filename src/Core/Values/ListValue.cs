using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace SaltActors.Core.Values;

/// <summary>Values in order. <see cref="IsTuple"/> is kept because Python prints and outputters show a tuple otherwise.</summary>
[CollectionBuilder(typeof(ListValue), nameof(Create))]
public sealed class ListValue : Value, IReadOnlyList<Value>
{
    public static readonly ListValue Empty = new([]);
    private readonly ImmutableArray<Value> _items;

    public ListValue(ImmutableArray<Value> items, bool isTuple = false) => (_items, IsTuple) = (items, isTuple);
    public static ListValue Create(ReadOnlySpan<Value> items) => items.IsEmpty ? Empty : new([.. items]);
    public static ListValue From(IEnumerable<Value> items) => new([.. items]);
    public static ListValue OfTexts(IEnumerable<string> texts) => new([.. texts.Select(Value (t) => TextValue.Of(t))]);

    public bool IsTuple { get; }
    public ImmutableArray<Value> Items => _items;
    public int Count => _items.Length;
    public Value this[int index] => _items[index];
    public override bool IsTruthy => _items.Length > 0;
    public override string KindName => IsTuple ? "tuple" : "list";

    public ListValue Add(Value item) => new(_items.Add(item), IsTuple);

    public override bool Equals(Value? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is not ListValue list || list.Count != Count || list.IsTuple != IsTuple) return false;
        for (var i = 0; i < Count; i++)
            if (!_items[i].Equals(list._items[i])) return false;
        return true;
    }

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items) hash.Add(item);
        return hash.ToHashCode();
    }

    public ImmutableArray<Value>.Enumerator GetEnumerator() => _items.GetEnumerator();
    IEnumerator<Value> IEnumerable<Value>.GetEnumerator() => ((IEnumerable<Value>)_items).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)_items).GetEnumerator();
}
