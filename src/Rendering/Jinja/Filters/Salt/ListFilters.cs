using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Filters.Salt;

/// <summary>Salt's filters of lists as sets, and the lists they count and flatten. Salt: salt/utils/jinja.py, data.py.</summary>
internal static class ListFilters
{
    internal static readonly Native[] All =
    [
        new("unique", "", static (_, s, _) => s.IsHashable ? new SetObj(s.Items()) : Unique(s.Items())),
        new("union", "other", static (run, s, a) => AreHashable(s, a) ? new SetObj(s.Items().Concat(a[0]!.Items())) : Unique(Operators.Add(run, s, a[0]!).Items())),
        new("intersect", "other", static (_, s, a) => Combine(s, a, (x, y) => x.Where(y.Contains))),
        new("difference", "other", static (_, s, a) => Combine(s, a, (x, y) => x.Where(o => !y.Contains(o)))),
        new("symmetric_difference", "other", static (_, s, a) => Combine(s, a, (x, y) => x.Where(o => !y.Contains(o)).Concat(y.Where(o => !x.Contains(o))))),
        new("min", "", static (_, s, _) => Extreme(s, "min", -1)),
        new("max", "", static (_, s, _) => Extreme(s, "max", 1)),
        new("avg", "", static (run, s, _) => Average(run, s)),
        new("sequence", "", static (_, s, _) => s is ListObj or DictObj or SetObj ? s : ListObj.Of(s)),
        new("is_list", "", static (_, s, _) => s is ListObj { IsTuple: false }),
        new("is_iter", "", static (_, s, _) => s is not TextObj && s.Iterate() is not null),
        new("sorted_ignorecase", "", static (_, s, _) => new ListObj(ObjOrder.Sorted(s.Items(), static o => PatternFilters.Subject(o).ToLowerInvariant()))),
        new("substring_in_list", "list_to_search", static (_, s, a) => a[0]!.Items().Any(o => PatternFilters.Subject(o).Contains(PatternFilters.Subject(s), StringComparison.Ordinal))),
        new("exactly_one_true", "", static (_, s, _) => s.Items().Count(o => o.IsTruthy) == 1),
        new("exactly_n_true", "amount?", static (_, s, a) => s.Items().Count(o => o.IsTruthy) == a.Int(0, 1)),
        new("flatten", "levels? preserve_nulls?", static (run, s, a) => ListObj.Of(Flatten(run, s, a.MaybeInt(0), a.Flag(1, false)))),
        new("random_sample", "size seed?", static (run, s, a) =>
        {
            var items = s.Items().ToArray();
            var size = a[0]!.AsInt();
            if (size < 0 || size > items.Length) throw JinjaFault.Other("Sample larger than population or is negative");
            Chance(run, a[1]).Shuffle(items);
            return ListObj.Of(items.Take(size));
        }),
        new("random_shuffle", "seed?", static (run, s, a) =>
        {
            var items = s.Items().ToArray();
            Chance(run, a[0]).Shuffle(items);
            return ListObj.Of(items);
        }),
    ];

    private static bool AreHashable(Obj self, Bound a) => self.IsHashable && a[0]!.IsHashable;

    private static ListObj Unique(IEnumerable<Obj> items)
    {
        var unique = new List<Obj>();
        foreach (var item in items)
            if (!unique.Contains(item)) unique.Add(item);
        return new(unique);
    }

    private static Obj Combine(Obj self, Bound a, Func<List<Obj>, List<Obj>, IEnumerable<Obj>> pick)
    {
        var picked = pick([.. self.Items()], [.. a[0]!.Items()]);
        return AreHashable(self, a) ? new SetObj(picked) : Unique(picked);
    }

    private static Obj Extreme(Obj self, string name, int sign)
    {
        Obj? best = null;
        foreach (var item in self.Items())
            if (best is null || Math.Sign(ObjOrder.Compare(item, best, sign < 0 ? "<" : ">")) == sign) best = item;
        return best ?? throw JinjaFault.Other($"{name}() arg is an empty sequence");
    }

    private static Obj Average(RenderRun run, Obj self)
    {
        UndefinedObj.Refuse(self);
        if (self.IsHashable) return self.Number is { } number ? number : throw JinjaFault.Other($"float() argument must be a string or a real number, not '{self.TypeName}'");
        var items = self.Items().ToArray();
        return Operators.Divide(run, items.Aggregate((Obj)0, (sum, item) => Operators.Add(run, sum, item)), items.Length).Number!.Value;
    }

    private static IEnumerable<Obj> Flatten(RenderRun run, Obj self, int? levels, bool keepsNulls)
    {
        if (!System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw JinjaFault.Other("maximum recursion depth exceeded");
        foreach (var item in self.Items())
        {
            run.Tick();
            if (!keepsNulls && (item.IsNone || item is TextObj { Text: "None" or "null" })) continue;
            if (item is TextObj || item.Iterate() is null || levels < 1) yield return item;
            else
                foreach (var inner in Flatten(run, item, levels - 1, keepsNulls)) yield return inner;
        }
    }

    private static Random Chance(RenderRun run, Obj? seed) => seed switch
    {
        null or { IsNone: true } => run.Random,
        { Whole: { } whole } => new Random((int)(whole & int.MaxValue)),
        _ => new Random(seed.ToString().Aggregate(17, (h, c) => unchecked(h * 31 + c))),
    };
}

/// <summary>Python's <c>itertools</c>: what they give is made while it is walked.</summary>
internal static class IterationFilters
{
    internal static readonly Native[] All =
    [
        new("zip", "*others", static (_, s, a) => Lazy("zip", Zip([s, .. a.Rest], null))),
        new("zip_longest", "*others **options", static (_, s, a) => Lazy("itertools.zip_longest", Zip([s, .. a.Rest], Array.Find(a.Keywords, k => k.Key == "fillvalue").Value ?? Obj.None))),
        new("product", "*others **options", static (run, s, a) => Lazy("itertools.product", Product(run,
            [.. Enumerable.Repeat<Obj[]>([s, .. a.Rest], Array.Find(a.Keywords, k => k.Key == "repeat").Value?.AsInt() ?? 1).SelectMany(p => p).Select(p => p.Items().ToArray())], 0))),
        new("combinations", "r", static (run, s, a) => Lazy("itertools.combinations", Combinations(run, [.. s.Items()], 0, a[0]!.AsInt(), repeats: false))),
        new("combinations_with_replacement", "r", static (run, s, a) => Lazy("itertools.combinations_with_replacement", Combinations(run, [.. s.Items()], 0, a[0]!.AsInt(), repeats: true))),
        new("permutations", "r?", static (run, s, a) => Lazy("itertools.permutations", Permutations(run, [.. s.Items()], [], a.MaybeInt(0)))),
        new("compress", "selectors", static (_, s, a) => Lazy("itertools.compress", s.Items().Zip(a[0]!.Items()).Where(p => p.Second.IsTruthy).Select(p => p.First))),
        new("method_call", "f_name *arguments **keywords", static (run, s, a) => Access.Attribute(run, s, a.Text(0)) is { IsCallable: true } method
            ? method.Call(run, new CallArguments(a.Rest, a.Keywords)) : Obj.None),
    ];

    private static IteratorObj Lazy(string name, IEnumerable<Obj> items) => new(items, name, name + " object");

    // With a filler up to the longest, without up to the shortest.
    private static IEnumerable<Obj> Zip(Obj[] lists, Obj? filler)
    {
        var walks = lists.Select(l => l.Items().GetEnumerator()).ToArray();
        while (true)
        {
            var row = walks.Select(w => w.MoveNext() ? w.Current : null).ToArray();
            if (filler is null ? row.Any(o => o is null) : row.All(o => o is null)) yield break;
            yield return ListObj.Tuple(row.Select(o => o ?? filler!));
        }
    }

    private static IEnumerable<Obj> Product(RenderRun run, Obj[][] lists, int place) => place == lists.Length ? [ListObj.Tuple()]
        : lists[place].SelectMany(_ => Product(run, lists, place + 1), (first, rest) => Longer(run, first, rest));

    private static ListObj Longer(RenderRun run, Obj first, Obj rest)
    {
        run.Tick();
        return ListObj.Tuple([first, .. rest.Items()]);
    }

    private static IEnumerable<Obj> Combinations(RenderRun run, Obj[] items, int from, int count, bool repeats)
    {
        if (count < 0) throw JinjaFault.Other("r must be non-negative");
        if (count == 0)
        {
            yield return ListObj.Tuple();
            yield break;
        }
        for (var i = from; i < items.Length; i++)
            foreach (var rest in Combinations(run, items, repeats ? i : i + 1, count - 1, repeats)) yield return Longer(run, items[i], rest);
    }

    private static IEnumerable<Obj> Permutations(RenderRun run, Obj[] items, int[] used, int? count)
    {
        if (count < 0) throw JinjaFault.Other("r must be non-negative");
        if (used.Length == (count ?? items.Length))
        {
            yield return ListObj.Tuple(used.Select(i => items[i]));
            yield break;
        }
        for (var i = 0; i < items.Length; i++)
        {
            run.Tick();
            if (Array.IndexOf(used, i) >= 0) continue;
            foreach (var whole in Permutations(run, items, [.. used, i], count)) yield return whole;
        }
    }
}
