using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Jinja.Tests;

namespace SaltActors.Rendering.Jinja.Filters;

/// <summary>Jinja's filters that pick items or put each through another filter. What they give is made while it is walked.</summary>
internal static class SelectionFilters
{
    internal static readonly Native[] All =
    [
        new("map", "*arguments **keywords", static (run, s, a) => new IteratorObj(Map(run, s, a))),
        new("select", "*arguments **keywords", static (run, s, a) => new IteratorObj(Pick(run, s, a, isKept: true, byAttribute: false))),
        new("reject", "*arguments **keywords", static (run, s, a) => new IteratorObj(Pick(run, s, a, isKept: false, byAttribute: false))),
        new("selectattr", "*arguments **keywords", static (run, s, a) => new IteratorObj(Pick(run, s, a, isKept: true, byAttribute: true))),
        new("rejectattr", "*arguments **keywords", static (run, s, a) => new IteratorObj(Pick(run, s, a, isKept: false, byAttribute: true))),
    ];

    private static IEnumerable<Obj> Map(RenderRun run, Obj self, Bound a)
    {
        if (!self.IsTruthy) yield break;
        var keywords = a.Keywords.ToList();
        Func<Obj, Obj> apply;
        if (a.Rest.Length == 0 && keywords.FindIndex(k => k.Key == "attribute") is >= 0 and var place)
        {
            var attribute = keywords[place].Value;
            keywords.RemoveAt(place);
            var otherwise = keywords.Find(k => k.Key == "default").Value;
            keywords.RemoveAll(k => k.Key == "default");
            if (keywords.Count > 0) throw JinjaFault.Runtime($"Unexpected keyword argument '{keywords[0].Key}'");
            apply = SequenceFilters.Getter(run, attribute, null, otherwise is { IsNone: false } ? otherwise : null);
        }
        else
        {
            if (a.Rest.Length == 0) throw JinjaFault.Runtime("map requires a filter argument");
            var (name, arguments) = (a.Rest[0].ToString(), new CallArguments(a.Rest[1..], a.Keywords));
            apply = o => FilterTable.Apply(run, name, o, arguments);
        }
        foreach (var item in self.Items())
        {
            run.Tick();
            yield return apply(item);
        }
    }

    private static IEnumerable<Obj> Pick(RenderRun run, Obj self, Bound a, bool isKept, bool byAttribute)
    {
        if (!self.IsTruthy) yield break;
        var rest = a.Rest;
        Func<Obj, Obj> get = static o => o;
        if (byAttribute)
        {
            if (rest.Length == 0) throw JinjaFault.Runtime("Missing parameter for attribute name");
            get = SequenceFilters.Getter(run, rest[0], null, null);
            rest = rest[1..];
        }
        Func<Obj, bool> holds = static o => o.IsTruthy;
        if (rest.Length > 0)
        {
            var name = rest[0].ToString();
            var test = TestTable.Find(name) ?? throw JinjaFault.Runtime($"No test named '{name}'.");
            var arguments = new CallArguments(rest[1..], a.Keywords);
            holds = o => test.Invoke(run, o, arguments).IsTruthy;
        }
        foreach (var item in self.Items())
        {
            run.Tick();
            if (holds(get(item)) == isKept) yield return item;
        }
    }
}
