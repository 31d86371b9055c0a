using System.Collections.Frozen;
using System.Text;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Globals;

/// <summary>The names that Jinja brings itself, and Salt's <c>odict</c>, <c>raise</c> and <c>show_full_context</c>.</summary>
public static class GlobalFunctions
{
    private static readonly FrozenDictionary<string, Native> Table = Native.Table(
        new Native("range", "start stop? step?", static (run, _, a) => Range(run, a)) { Owner = "range" },
        new Native("dict", "entries? **more", static (_, _, a) => Dict(a, isOrdered: false)),
        new Native("odict", "entries? **more", static (_, _, a) => Dict(a, isOrdered: true)),
        new Native("namespace", "*maps **more", static (_, _, a) => NamespaceObj.From(a)),
        new Native("cycler", "*items", static (_, _, a) => new CyclerObj(a.Rest)),
        new Native("joiner", "sep?", static (_, _, a) => new JoinerObj(a[0] ?? ", ")),
        new Native("lipsum", "n? html? min? max?", static (run, _, a) => LoremIpsum.Write(run, a.Int(0, 5), a.Flag(1, true), a.Int(2, 20), a.Int(3, 100))),
        new Native("raise", "msg", static (_, _, a) => throw JinjaFault.Other(a[0]!.ToString())),
        new Native("show_full_context", "", static (run, _, _) => FullContext(run)));

    public static Obj? Find(string name) => Table.TryGetValue(name, out var native) ? new NativeObj(native, Obj.None, isMethod: false) : null;

    private static RangeObj Range(RenderRun run, Bound a)
    {
        var first = Whole(a[0]!);
        var range = a[1] is { } stop ? new RangeObj(first, Whole(stop), a[2] is { } step ? Whole(step) : 1) : new RangeObj(0, first, 1);
        if (range.Step.IsZero) throw JinjaFault.Other("range() arg 3 must not be zero");
        return range.Count > run.Limits.RangeItems
            ? throw JinjaFault.Other($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({run.Limits.RangeItems}).") : range;

        static System.Numerics.BigInteger Whole(Obj o)
        {
            UndefinedObj.Refuse(o);
            return o.Whole ?? throw JinjaFault.Other($"'{o.TypeName}' object cannot be interpreted as an integer");
        }
    }

    private static DictObj Dict(Bound a, bool isOrdered)
    {
        var map = new DictObj(isOrdered: isOrdered);
        if (a[0] is { } entries) Methods.DictMethods.Update(map, entries);
        foreach (var (name, value) in a.Keywords) map.Entries[name] = value;
        return map;
    }

    // What has parts is shown only as far as it is data.
    private static DictObj FullContext(RenderRun run)
    {
        var map = new DictObj();
        foreach (var name in run.Host.Variables.Keys)
            if (run.Global(name) is Scalar or TextObj or ListObj or DictObj) map.Entries[name] = run.Global(name)!;
        return map;
    }
}

/// <summary>Attributes that a template may set anywhere: what a loop finds out survives it.</summary>
public sealed class NamespaceObj : Obj
{
    private readonly DictObj _attributes = new();
    public override string TypeName => "Namespace";
    public override string ObjectName => "jinja2.utils.Namespace object";
    public override Obj? Attribute(string name) => _attributes.Get(name);
    public override Obj? Item(Obj key) => null;
    public void Set(string name, Obj value) => _attributes.Entries[name] = value;
    public override void AppendRepr(StringBuilder text)
    {
        text.Append("<Namespace ");
        _attributes.AppendRepr(text);
        text.Append('>');
    }

    internal static NamespaceObj From(Bound a)
    {
        var space = new NamespaceObj();
        foreach (var map in a.Rest) Methods.DictMethods.Update(space._attributes, map);
        foreach (var (name, value) in a.Keywords) space.Set(name, value);
        return space;
    }
}

/// <summary>Gives its items in turn.</summary>
public sealed class CyclerObj : Obj
{
    private readonly Obj[] _items;
    private int _place;
    public CyclerObj(Obj[] items) => _items = items.Length > 0 ? items : throw JinjaFault.Other("at least one item has to be provided");
    public override string TypeName => "Cycler";
    public override string ObjectName => "jinja2.utils.Cycler object";

    public override Obj? Attribute(string name) => name switch
    {
        "current" => _items[_place],
        "pos" => _place,
        "items" => ListObj.Tuple(_items),
        "next" => new DelegateObj("next", (_, _) =>
        {
            var item = _items[_place];
            _place = (_place + 1) % _items.Length;
            return item;
        }),
        "reset" => new DelegateObj("reset", (_, _) =>
        {
            _place = 0;
            return None;
        }),
        _ => null,
    };

    public override void AppendRepr(StringBuilder text) => text.Append("<Cycler>");
}

/// <summary>Prints its separator each time but the first.</summary>
public sealed class JoinerObj(Obj separator) : Obj
{
    private bool _isUsed;
    public override string TypeName => "Joiner";
    public override string ObjectName => "jinja2.utils.Joiner object";
    public override bool IsCallable => true;
    public override Obj? Attribute(string name) => name switch { "sep" => separator, "used" => _isUsed, _ => null };

    public override Obj Call(RenderRun run, CallArguments arguments)
    {
        if (_isUsed) return separator;
        _isUsed = true;
        return TextObj.Empty;
    }

    public override void AppendRepr(StringBuilder text) => text.Append("<Joiner>");
}
