using System.Collections.Immutable;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;

namespace SaltActors.Rendering.Jinja.Objects;

/// <summary>Items in order, which methods change in place; a tuple never changes.</summary>
public sealed class ListObj : Obj
{
    private readonly ListValue? _source;
    private List<Obj>? _items;
    public ListObj(List<Obj> items, bool isTuple = false) => (_items, IsTuple) = (items, isTuple);
    internal ListObj(ListValue source) => (_source, IsTuple) = (source, source.IsTuple);
    public static ListObj Of(params IEnumerable<Obj> items) => new([.. items]);
    public static ListObj Tuple(params IEnumerable<Obj> items) => new([.. items], isTuple: true);

    public bool IsTuple { get; }
    public List<Obj> List => _items ??= [.. _source!.Items.Select(Conversion.ToObj)];
    public int Count => _items?.Count ?? _source!.Count;
    /// <summary>The value this came from, while nobody has looked inside.</summary>
    internal ListValue? Untouched => _items is null ? _source : null;
    public override string TypeName => IsTuple ? "tuple" : "list";
    public override bool IsTruthy => Count > 0;
    public override int? Length => Count;
    public override bool IsHashable => IsTuple && List.TrueForAll(o => o.IsHashable);
    /// <summary>Names of the places, where it is one of Python's named tuples.</summary>
    public string[]? Fields { get; init; }

    public override Obj? Attribute(string name) =>
        Fields is not null && Array.IndexOf(Fields, name) is >= 0 and var place ? List[place] : Methods.MethodTables.Find(this, name);

    public override Obj? Item(Obj key)
    {
        if (key.Whole is not { } at) return null;
        if (at < 0) at += Count;
        return at >= 0 && at < Count ? List[(int)at] : null;
    }

    public override IEnumerable<Obj>? Iterate()
    {
        // As Python does: what is added while it is walked comes too.
        for (var i = 0; i < List.Count; i++) yield return List[i];
    }

    public override void AppendRepr(StringBuilder text) => Append(text, static (o, t) => o.AppendRepr(t));
    public override void AppendOutput(StringBuilder text) => Append(text, Printing.AppendPlain);

    internal void Append(StringBuilder text, Action<Obj, StringBuilder> each)
    {
        if (!Printing.Enter(this, text, IsTuple ? "(...)" : "[...]")) return;
        text.Append(IsTuple ? '(' : '[');
        for (var i = 0; i < List.Count; i++)
        {
            if (i > 0) text.Append(", ");
            each(List[i], text);
        }
        if (IsTuple && Count == 1) text.Append(',');
        text.Append(IsTuple ? ')' : ']');
        Printing.Leave(this);
    }

    public override bool Equals(Obj? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is not ListObj list || list.IsTuple != IsTuple || list.Count != Count) return false;
        RenderRun.Descend();
        for (var i = 0; i < Count; i++)
            if (!ReferenceEquals(List[i], list.List[i]) && !Operators.AreEqual(List[i], list.List[i])) return false;
        return true;
    }

    public override int GetHashCode()
    {
        RenderRun.Descend();
        var hash = new HashCode();
        foreach (var item in List) hash.Add(item);
        return hash.ToHashCode();
    }
}

/// <summary>Keys to objects in the order of insertion, which methods change in place. Made from a value, it opens one level at a time.</summary>
public sealed class DictObj : Obj
{
    private readonly MapValue? _source;
    private OrderedDictionary<Obj, Obj>? _entries;
    private readonly string? _objectName;
    public DictObj(OrderedDictionary<Obj, Obj>? entries = null, bool isOrdered = false) => (_entries, IsOrdered) = (entries ?? [], isOrdered);
    internal DictObj(MapValue source, string? objectName = null) => (_source, IsOrdered, _objectName) = (source, source.IsOrdered, objectName);

    /// <summary>Python's OrderedDict.</summary>
    public bool IsOrdered { get; }
    public OrderedDictionary<Obj, Obj> Entries => _entries ??= Open(_source!);
    public int Count => _entries?.Count ?? _source!.Count;
    internal MapValue? Untouched => _entries is null ? _source : null;

    /// <summary>Takes on the content of another map, level by level, so that whoever holds a map inside this one sees it too.</summary>
    internal void Become(MapValue other)
    {
        var keys = other.Keys.Select(Conversion.ToObj).ToHashSet();
        foreach (var gone in Entries.Keys.Where(k => !keys.Contains(k)).ToArray()) Entries.Remove(gone);
        foreach (var (key, value) in other)
        {
            var name = Conversion.ToObj(key);
            if (value is MapValue inner && Entries.TryGetValue(name, out var there) && there is DictObj map) map.Become(inner);
            else Entries[name] = Conversion.ToObj(value);
        }
    }

    public override string TypeName => IsOrdered ? "OrderedDict" : "dict";
    public override string ObjectName => _objectName ?? (IsOrdered ? "collections.OrderedDict object" : base.ObjectName);
    public override bool IsTruthy => Count > 0;
    public override int? Length => Count;
    public override bool IsHashable => false;
    public override Obj? Attribute(string name) => Methods.MethodTables.Find(this, name);
    public override Obj? Item(Obj key) => Entries.TryGetValue(key.AsKey(), out var value) ? value : null;
    public Obj? Get(string key) => Entries.TryGetValue(key, out var value) ? value : null;

    public override IEnumerable<Obj>? Iterate() => Walk(static e => e.Key);

    /// <summary>Each entry through a function; a map that changes its size meanwhile is refused, as in Python.</summary>
    public IEnumerable<Obj> Walk(Func<KeyValuePair<Obj, Obj>, Obj> part)
    {
        var count = Entries.Count;
        for (var i = 0; i < count; i++)
        {
            yield return part(Entries.GetAt(i));
            if (Entries.Count != count) throw JinjaFault.Other("dictionary changed size during iteration");
        }
    }

    private static OrderedDictionary<Obj, Obj> Open(MapValue source)
    {
        var entries = new OrderedDictionary<Obj, Obj>(source.Count);
        for (var i = 0; i < source.Count; i++) entries[Conversion.ToObj(source[i].Key)] = Conversion.ToObj(source[i].Value);
        return entries;
    }

    public override void AppendRepr(StringBuilder text)
    {
        if (!IsOrdered)
        {
            Append(text, static (o, t) => o.AppendRepr(t));
            return;
        }
        if (!Printing.Enter(this, text, "...")) return;
        text.Append("OrderedDict(");
        if (Count > 0) new ListObj([.. Entries.Select(e => ListObj.Tuple(e.Key, e.Value))]).AppendRepr(text);
        text.Append(')');
        Printing.Leave(this);
    }

    public override void AppendOutput(StringBuilder text) => Append(text, Printing.AppendPlain);

    internal void Append(StringBuilder text, Action<Obj, StringBuilder> each)
    {
        if (!Printing.Enter(this, text, "{...}")) return;
        text.Append('{');
        var first = true;
        foreach (var (key, value) in Entries)
        {
            if (!first) text.Append(", ");
            first = false;
            each(key, text);
            text.Append(": ");
            each(value, text);
        }
        text.Append('}');
        Printing.Leave(this);
    }

    public override bool Equals(Obj? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is not DictObj dict || dict.Count != Count) return false;
        RenderRun.Descend();
        if (IsOrdered && dict.IsOrdered && !Entries.Keys.SequenceEqual(dict.Entries.Keys)) return false;
        foreach (var (key, value) in Entries)
            if (!dict.Entries.TryGetValue(key, out var there) || !there.Equals(value)) return false;
        return true;
    }

    public override int GetHashCode() => throw JinjaFault.Other($"unhashable type: '{TypeName}'");
}

/// <summary>Objects without order and without doubles. It keeps the order of insertion, where Python's order is anybody's guess.</summary>
public sealed class SetObj(IEnumerable<Obj> items) : Obj
{
    private readonly OrderedDictionary<Obj, Obj> _items = Fill(items);

    private static OrderedDictionary<Obj, Obj> Fill(IEnumerable<Obj> items)
    {
        var set = new OrderedDictionary<Obj, Obj>();
        foreach (var item in items) set[item.AsKey()] = item;
        return set;
    }

    public override string TypeName => "set";
    public override bool IsTruthy => _items.Count > 0;
    public override int? Length => _items.Count;
    public override bool IsHashable => false;
    public bool Has(Obj item) => _items.ContainsKey(item.AsKey());
    public void Add(Obj item) => _items[item.AsKey()] = item;
    public bool Remove(Obj item) => _items.Remove(item.AsKey());
    public void Clear() => _items.Clear();
    public override Obj? Attribute(string name) => Methods.MethodTables.Find(this, name);
    public override IEnumerable<Obj>? Iterate() => [.. _items.Keys];
    public override void AppendRepr(StringBuilder text) => Append(text, static (o, t) => o.AppendRepr(t));
    public override void AppendOutput(StringBuilder text) => Append(text, Printing.AppendPlain);

    private void Append(StringBuilder text, Action<Obj, StringBuilder> each)
    {
        text.Append(_items.Count == 0 ? "set(" : "{");
        var first = true;
        foreach (var item in _items.Keys)
        {
            if (!first) text.Append(", ");
            first = false;
            each(item, text);
        }
        text.Append(_items.Count == 0 ? ')' : '}');
    }

    public override bool Equals(Obj? other) => other is SetObj set && set._items.Count == _items.Count && _items.Keys.All(set._items.ContainsKey);
    public override int GetHashCode() => throw JinjaFault.Other("unhashable type: 'set'");
}

/// <summary>Printing of collections that may hold themselves.</summary>
internal static class Printing
{
    private const int DeepestNesting = 400;
    [ThreadStatic] private static List<Obj>? _open;

    /// <summary>False, with the mark written, where the collection is being printed already.</summary>
    internal static bool Enter(Obj collection, StringBuilder text, string mark)
    {
        RenderRun.Descend();
        RenderRun.OfThread?.CheckText(text.Length);
        var open = _open ??= [];
        foreach (var o in open)
            if (ReferenceEquals(o, collection))
            {
                text.Append(mark);
                return false;
            }
        if (open.Count > DeepestNesting)
        {
            open.Clear();
            throw JinjaFault.Limit("collections stand inside each other too deep to print", $"{DeepestNesting} levels");
        }
        open.Add(collection);
        return true;
    }

    internal static void Leave(Obj collection) => _open?.Remove(collection);

    /// <summary>Forgets what a failed printing left open.</summary>
    internal static void Reset() => _open?.Clear();

    internal static void AppendPlain(Obj part, StringBuilder text)
    {
        switch (part)
        {
            case ListObj list: list.AppendOutput(text); break;
            case DictObj dict: dict.AppendOutput(text); break;
            default: part.AppendRepr(text); break;
        }
    }
}

/// <summary>Values to objects and back.</summary>
public static class Conversion
{
    private const int DeepestNesting = 400;

    /// <summary>Lists and maps are opened when somebody looks inside.</summary>
    public static Obj ToObj(Value value) => value switch
    {
        NullValue => Obj.None,
        BoolValue b => b.IsTrue,
        TextValue t => TextObj.Of(t.Text),
        ListValue list => new ListObj(list),
        MapValue map => new DictObj(map),
        _ => new Scalar(value),
    };

    /// <summary>What leaves a template: iterators become lists, sets lists, undefined is refused, anything else its text.</summary>
    public static Value ToValue(Obj obj)
    {
        var items = 0;
        return ToValue(obj, 0, ref items);
    }

    private static Value ToValue(Obj obj, int depth, ref int items)
    {
        RenderRun.Descend();
        RenderRun.OfThread?.CheckItems(++items);
        if (depth > DeepestNesting) throw JinjaFault.Limit("collections stand inside each other too deep", $"{DeepestNesting} levels");
        switch (obj)
        {
            case Scalar s: return s.Value;
            case TextObj t: return t.Text;
            case ListObj { Untouched: { } list }: return list;
            case DictObj { Untouched: { } map }: return map;
            case ListObj list:
                var values = ImmutableArray.CreateBuilder<Value>(list.Count);
                foreach (var item in list.List) values.Add(ToValue(item, depth + 1, ref items));
                return new ListValue(values.MoveToImmutable(), list.IsTuple);
            case DictObj dict:
                var built = new MapValue.Builder(dict.Count) { IsOrdered = dict.IsOrdered };
                foreach (var (key, value) in dict.Entries) built[ToValue(key, depth + 1, ref items)] = ToValue(value, depth + 1, ref items);
                return built.Build();
            case UndefinedObj undefined: throw undefined.Fault();
            case SetObj or RangeObj or IteratorObj or DictView: return ToValue(ListObj.Of(obj.Items()), depth, ref items);
            default: return obj.ToString();
        }
    }
}
