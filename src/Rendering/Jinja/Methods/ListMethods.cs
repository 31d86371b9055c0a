using System.Collections.Frozen;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Methods;

/// <summary>Methods of <c>list</c> and <c>tuple</c>.</summary>
internal static class ListMethods
{
    private static readonly Native Count = new("count", "value", static (_, self, a) => List(self).Count(o => Operators.AreEqual(o, a[0]!)));
    private static readonly Native Index = new("index", "value start? stop?", static (_, self, a) =>
    {
        var list = List(self);
        var (from, to) = (Clamp(a.MaybeInt(1) ?? 0, list.Count), Clamp(a.MaybeInt(2) ?? list.Count, list.Count));
        for (var i = from; i < to; i++)
            if (Operators.AreEqual(list[i], a[0]!)) return i;
        throw JinjaFault.Other($"{a[0]!.Repr()} is not in {self.TypeName}");
    });

    internal static readonly FrozenDictionary<string, Native> OfTuples = Native.Methods("tuple", Count, Index);

    internal static readonly FrozenDictionary<string, Native> Table = Native.Methods("list",
        Count, Index,
        new Native("append", "value", static (run, self, a) =>
        {
            run.CheckItems(List(self).Count + 1L);
            List(self).Add(a[0]!);
            return Obj.None;
        }),
        new Native("extend", "values", static (run, self, a) =>
        {
            List<Obj> more = [.. a[0]!.Items()];
            run.CheckItems((long)List(self).Count + more.Count);
            List(self).AddRange(more);
            return Obj.None;
        }),
        new Native("insert", "index value", static (_, self, a) =>
        {
            List(self).Insert(Clamp(a[0]!.AsInt(), List(self).Count), a[1]!);
            return Obj.None;
        }),
        new Native("remove", "value", static (_, self, a) => List(self).FindIndex(o => Operators.AreEqual(o, a[0]!)) is >= 0 and var place ? Removed(List(self), place, Obj.None)
            : throw JinjaFault.Other("list.remove(x): x not in list")),
        new Native("pop", "index?", static (_, self, a) =>
        {
            var list = List(self);
            if (list.Count == 0) throw JinjaFault.Other("pop from empty list");
            var place = a.Int(0, -1);
            if (place < 0) place += list.Count;
            return place >= 0 && place < list.Count ? Removed(list, place, list[place]) : throw JinjaFault.Other("pop index out of range");
        }),
        new Native("clear", "", static (_, self, _) =>
        {
            List(self).Clear();
            return Obj.None;
        }),
        new Native("copy", "", static (_, self, _) => ListObj.Of(List(self))),
        new Native("reverse", "", static (_, self, _) =>
        {
            List(self).Reverse();
            return Obj.None;
        }),
        new Native("sort", "key? reverse?", static (run, self, a) =>
        {
            var key = a[0] is { IsNone: false } by ? (Func<Obj, Obj>)(o => by.Call(run, CallArguments.Of(o))) : null;
            var sorted = ObjOrder.Sorted([.. List(self)], key, a.Flag(1, false));
            List(self).Clear();
            List(self).AddRange(sorted);
            return Obj.None;
        }));

    private static List<Obj> List(Obj self) => ((ListObj)self).List;

    private static Obj Removed(List<Obj> list, int place, Obj answer)
    {
        list.RemoveAt(place);
        return answer;
    }

    private static int Clamp(int place, int count) => place < 0 ? Math.Max(0, place + count) : Math.Min(place, count);
}

/// <summary>Methods of <c>dict</c>.</summary>
internal static class DictMethods
{
    internal static readonly FrozenDictionary<string, Native> Table = Native.Methods("dict",
        new Native("get", "key default?", static (_, self, a) => Hashed(a[0]!) && Map(self).TryGetValue(a[0]!, out var found) ? found : a[1] ?? Obj.None),
        new Native("items", "", static (_, self, _) => new DictView((DictObj)self, DictPart.Items)),
        new Native("keys", "", static (_, self, _) => new DictView((DictObj)self, DictPart.Keys)),
        new Native("values", "", static (_, self, _) => new DictView((DictObj)self, DictPart.Values)),
        new Native("iteritems", "", static (_, self, _) => new DictView((DictObj)self, DictPart.Items)),
        new Native("update", "entries? **more", static (_, self, a) =>
        {
            if (a[0] is { } entries) Update((DictObj)self, entries);
            foreach (var (name, value) in a.Keywords) Map(self)[name] = value;
            return Obj.None;
        }),
        new Native("pop", "key default?", static (_, self, a) =>
        {
            if (Hashed(a[0]!) && Map(self).Remove(a[0]!, out var found)) return found;
            return a[1] ?? throw JinjaFault.Other(a[0]!.Repr());
        }),
        new Native("popitem", "last?", static (_, self, a) =>
        {
            var map = Map(self);
            if (map.Count == 0) throw JinjaFault.Other("'popitem(): dictionary is empty'");
            var place = a.Flag(0, true) ? map.Count - 1 : 0;
            var (key, value) = map.GetAt(place);
            map.RemoveAt(place);
            return ListObj.Tuple(key, value);
        }),
        new Native("setdefault", "key default?", static (_, self, a) =>
        {
            if (Map(self).TryGetValue(a[0]!.AsKey(), out var found)) return found;
            return Map(self)[a[0]!] = a[1] ?? Obj.None;
        }),
        new Native("copy", "", static (_, self, _) => new DictObj(new(Map(self)), ((DictObj)self).IsOrdered)),
        new Native("clear", "", static (_, self, _) =>
        {
            Map(self).Clear();
            return Obj.None;
        }),
        new Native("fromkeys", "keys value?", static (_, self, a) =>
        {
            var map = new DictObj(isOrdered: ((DictObj)self).IsOrdered);
            foreach (var key in a[0]!.Items()) map.Entries[key.AsKey()] = a[1] ?? Obj.None;
            return map;
        }));

    private static OrderedDictionary<Obj, Obj> Map(Obj self) => ((DictObj)self).Entries;

    private static bool Hashed(Obj key)
    {
        UndefinedObj.Refuse(key);
        return key.AsKey() is not null;
    }

    /// <summary>Python's <c>d.update(entries)</c>: a map, or pairs.</summary>
    internal static void Update(DictObj map, Obj entries)
    {
        UndefinedObj.Refuse(entries);
        if (entries is DictObj other)
        {
            foreach (var (key, value) in other.Entries.ToArray()) map.Entries[key] = value;
            return;
        }
        var place = 0;
        foreach (var pair in entries.Items())
        {
            var parts = pair.Iterate()?.Take(3).ToArray() ?? throw JinjaFault.Other($"cannot convert dictionary update sequence element #{place} to a sequence");
            if (parts.Length != 2) throw JinjaFault.Other($"dictionary update sequence element #{place} has length {pair.Length ?? parts.Length}; 2 is required");
            map.Entries[parts[0].AsKey()] = parts[1];
            place++;
        }
    }
}
