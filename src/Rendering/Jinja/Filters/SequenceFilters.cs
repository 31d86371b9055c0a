using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Filters;

/// <summary>Jinja's filters of lists and maps.</summary>
internal static class SequenceFilters
{
    private static readonly Native Default = new("default", "default_value? boolean?", static (_, s, a) =>
        s is UndefinedObj || a.Flag(1, false) && !s.IsTruthy ? a[0] ?? TextObj.Empty : s);
    private static readonly Native Length = new("length", "", static (_, s, _) => s.Length is { } length ? length : throw JinjaFault.Other($"object of type '{s.TypeName}' has no len()"));

    internal static readonly Native[] All =
    [
        Default, Default.As("d"), Length, Length.As("count"),
        new("attr", "name", static (run, s, a) =>
        {
            UndefinedObj.Refuse(s);
            var name = a[0]!.ToString();
            return s.Attribute(name) is not null || name.StartsWith("__", StringComparison.Ordinal) ? Access.Attribute(run, s, name) : Access.Missing(run, s, name);
        }),
        new("first", "", static (run, s, _) => s.Items().FirstOrDefault() ?? run.Undefined("No first item, sequence was empty.")),
        new("last", "", static (run, s, _) => Reversible(s).LastOrDefault() ?? run.Undefined("No last item, sequence was empty.")),
        new("random", "", static (run, s, _) => s.Items().ToArray() is { Length: > 0 } items ? items[run.Random.Next(items.Length)] : run.Undefined("No random item, sequence was empty.")),
        new("list", "", static (_, s, _) => ListObj.Of(s.Items())),
        new("items", "", static (_, s, _) => s switch
        {
            UndefinedObj => new IteratorObj([]),
            DictObj dict => new IteratorObj(dict.Walk(static e => ListObj.Tuple(e.Key, e.Value))),
            _ => throw JinjaFault.Other("Can only get item pairs from a mapping."),
        }),
        new("reverse", "", static (_, s, _) => s is TextObj text ? text.Like(string.Concat(text.Items().Reverse().Select(c => ((TextObj)c).Text)))
            : s.Iterate() is { } items ? new IteratorObj([.. items.Reverse()], "list_reverseiterator", "list_reverseiterator object")
            : throw JinjaFault.Runtime("argument must be iterable")),
        new("join", "d? attribute?", Join),
        new("sort", "reverse? case_sensitive? attribute?", static (run, s, a) =>
        {
            UndefinedObj.Refuse(s);
            var keys = (a[2] is TextObj { Text: var several } ? several.Split(',').Select(n => (Obj)n) : [a[2] ?? Obj.None]).Select(n => Getter(run, n, Fold(a, 1), null)).ToArray();
            return new ListObj(ObjOrder.Sorted(s.Items(), keys.Length == 1 ? keys[0] : o => ListObj.Of(keys.Select(k => k(o))), a.Flag(0, false)));
        }),
        new("dictsort", "case_sensitive? by? reverse?", DictSort),
        new("groupby", "attribute default? case_sensitive?", GroupBy),
        new("batch", "linecount fill_with?", static (_, s, a) => new IteratorObj(Batch(s, a[0]!.AsInt(), a[1] is { IsNone: false } fill ? fill : null))),
        new("slice", "slices fill_with?", static (_, s, a) => new IteratorObj(Slice(s, a[0]!.AsInt(), a[1] is { IsNone: false } fill ? fill : null))),
        new("sum", "attribute? start?", static (run, s, a) =>
        {
            var get = a[0] is { IsNone: false } attribute ? Getter(run, attribute, null, null) : static o => o;
            return s.Items().Aggregate(a[1] ?? 0, (sum, item) => Operators.Add(run, sum, get(item)));
        }),
    ];

    private static IEnumerable<Obj> Reversible(Obj s)
    {
        UndefinedObj.Refuse(s is UndefinedObj { IsStrict: false } ? Obj.None : s);
        return s is IteratorObj or SetObj ? throw JinjaFault.Other($"'{s.TypeName}' object is not reversible") : s.Items();
    }

    // Sorting takes upper and lower case for the same, where it is not told otherwise.
    private static Func<Obj, Obj>? Fold(Bound a, int place) => a.Flag(place, false) ? null : static o => o is TextObj text ? TextObj.Of(text.Text.ToLowerInvariant()) : o;

    /// <summary>Reads an attribute as <c>a.b.0</c>; a missing one becomes the default, where there is one.</summary>
    internal static Func<Obj, Obj> Getter(RenderRun run, Obj attribute, Func<Obj, Obj>? after, Obj? otherwise)
    {
        Obj[] path = attribute switch
        {
            { IsNone: true } => [],
            TextObj text => [.. text.Text.Split('.').Select(p => p.Length > 0 && p.All(char.IsDigit) ? (Obj)int.Parse(p, System.Globalization.CultureInfo.InvariantCulture) : p)],
            _ => [attribute],
        };
        return item =>
        {
            foreach (var part in path)
            {
                item = Access.Item(run, item, part);
                if (otherwise is not null && item is UndefinedObj) item = otherwise;
            }
            return after is null ? item : after(item);
        };
    }

    private static TextObj Join(RenderRun run, Obj self, Bound a)
    {
        var get = a[1] is { IsNone: false } attribute ? Getter(run, attribute, null, null) : static o => o;
        var separator = a[0]?.ToString() ?? "";
        var text = new System.Text.StringBuilder();
        var isFirst = true;
        foreach (var item in self.Items())
        {
            if (!isFirst) text.Append(separator);
            isFirst = false;
            get(item).AppendText(text);
            run.CheckText(text.Length);
        }
        return TextObj.Of(text.ToString());
    }

    private static ListObj DictSort(RenderRun run, Obj self, Bound a)
    {
        UndefinedObj.Refuse(self);
        var place = a.Text(1, "key") switch { "key" => 0, "value" => 1, _ => throw JinjaFault.Runtime("You can only sort by either \"key\" or \"value\"") };
        if (self is not DictObj map) throw JinjaFault.Other($"'{self.TypeName}' object has no attribute 'items'");
        var fold = Fold(a, 0);
        var pairs = map.Entries.Select(e => ListObj.Tuple(e.Key, e.Value));
        return new(ObjOrder.Sorted(pairs, p => fold is null ? ((ListObj)p).List[place] : fold(((ListObj)p).List[place]), a.Flag(2, false)));
    }

    private static ListObj GroupBy(RenderRun run, Obj self, Bound a)
    {
        UndefinedObj.Refuse(self);
        var key = Getter(run, a[0]!, Fold(a, 2), a[1]);
        var shown = Getter(run, a[0]!, null, a[1]);
        var groups = new List<(Obj Key, List<Obj> Items)>();
        foreach (var item in ObjOrder.Sorted(self.Items(), key))
            if (groups.Count > 0 && groups[^1].Key.Equals(key(item))) groups[^1].Items.Add(item);
            else groups.Add((key(item), [item]));
        return ListObj.Of(groups.Select(g => (Obj)new ListObj([shown(g.Items[0]), new ListObj(g.Items)], isTuple: true) { Fields = ["grouper", "list"] }));
    }

    private static IEnumerable<Obj> Batch(Obj self, int count, Obj? fill)
    {
        var batch = new List<Obj>();
        foreach (var item in self.Items())
        {
            if (batch.Count == count)
            {
                yield return new ListObj(batch);
                batch = [];
            }
            batch.Add(item);
        }
        if (batch.Count == 0) yield break;
        while (fill is not null && batch.Count < count) batch.Add(fill);
        yield return new ListObj(batch);
    }

    private static IEnumerable<Obj> Slice(Obj self, int slices, Obj? fill)
    {
        var items = self.Items().ToList();
        if (slices == 0) throw JinjaFault.Other("integer division or modulo by zero");
        var (each, longer) = (items.Count / slices, items.Count % slices);
        var at = 0;
        for (var i = 0; i < slices; i++)
        {
            var size = each + (i < longer ? 1 : 0);
            var slice = items.GetRange(at, size);
            at += size;
            if (fill is not null && i >= longer) slice.Add(fill);
            yield return new ListObj(slice);
        }
    }
}
