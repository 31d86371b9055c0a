using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;
using static SaltActors.Rendering.Jinja.Filters.Query.QueryNode;

namespace SaltActors.Rendering.Jinja.Filters.Query;

/// <summary>JMESPath over objects: the filter <c>json_query</c>. What is not there is none.</summary>
internal static class JsonQuery
{
    internal static Obj Search(RenderRun run, string expression, Obj data)
    {
        UndefinedObj.Refuse(data);
        return Evaluate(run, QueryParser.Parse(expression), data);
    }

    internal static Obj Evaluate(RenderRun run, QueryNode node, Obj data)
    {
        run.Tick();
        switch (node)
        {
            case Current: return data;
            case Field field: return (data as DictObj)?.Get(field.Name) ?? Obj.None;
            case QueryNode.Index index: return (data as ListObj)?.Item(index.Place) ?? Obj.None;
            case QueryNode.Slice slice: return data is ListObj list ? Operators.Slice(run, list, Part(slice.From), Part(slice.To), Part(slice.Step)) : Obj.None;
            case QueryNode.Literal literal: return literal.Value;
            case Chain chain: return Evaluate(run, chain.Right, Evaluate(run, chain.Left, data));
            case Projection projection: return Project(run, projection, data);
            case QueryNode.Filter filter:
                if (Evaluate(run, filter.Left, data) is not ListObj candidates) return Obj.None;
                return Kept(candidates.List.Where(o => IsTrue(Evaluate(run, filter.Condition, o))).Select(o => Evaluate(run, filter.Right, o)));
            case Flatten flatten:
                if (Evaluate(run, flatten.Left, data) is not ListObj nested) return Obj.None;
                return ListObj.Of(nested.List.SelectMany(o => o is ListObj inner ? inner.List : (IEnumerable<Obj>)[o]));
            case QueryNode.Compare compare: return Compare(compare.Sign, Evaluate(run, compare.Left, data), Evaluate(run, compare.Right, data));
            case And and: return Evaluate(run, and.Left, data) is var left && !IsTrue(left) ? left : Evaluate(run, and.Right, data);
            case Or or: return Evaluate(run, or.Left, data) is var first && IsTrue(first) ? first : Evaluate(run, or.Right, data);
            case Not not: return !IsTrue(Evaluate(run, not.Of, data));
            case QueryNode.List items: return data.IsNone ? Obj.None : ListObj.Of(items.Items.Select(i => Evaluate(run, i, data)));
            case Map map:
                if (data.IsNone) return Obj.None;
                var made = new DictObj();
                foreach (var (name, value) in map.Entries) made.Entries[name] = Evaluate(run, value, data);
                return made;
            case Call call: return QueryFunctions.Call(run, call, data);
            default: throw JinjaFault.Other("an expression reference is only for functions");
        }
    }

    private static Obj? Part(int? bound) => bound is { } number ? number : null;

    private static Obj Project(RenderRun run, Projection projection, Obj data)
    {
        var left = Evaluate(run, projection.Left, data);
        var items = (projection.Kind, left) switch
        {
            (ProjectionKind.Values, DictObj map) => map.Entries.Values,
            (ProjectionKind.List or ProjectionKind.Slice, ListObj list) => list.List,
            _ => (IEnumerable<Obj>?)null,
        };
        return items is null ? Obj.None : Kept(items.Select(o => Evaluate(run, projection.Right, o)));
    }

    private static ListObj Kept(IEnumerable<Obj> answers) => ListObj.Of(answers.Where(o => !o.IsNone));

    /// <summary>JMESPath's truth: false, none and everything empty is not; zero is.</summary>
    internal static bool IsTrue(Obj value) => value switch
    {
        Scalar { Value: BoolValue flag } => flag.IsTrue,
        Scalar { Value: NullValue } => false,
        Scalar => true,
        _ => value.IsTruthy,
    };

    internal static bool AreEqual(Obj left, Obj right) =>
        (left is Scalar { Value: BoolValue }) == (right is Scalar { Value: BoolValue }) && left.Equals(right);

    private static Obj Compare(string sign, Obj left, Obj right)
    {
        if (sign == "==") return AreEqual(left, right);
        if (sign == "!=") return !AreEqual(left, right);
        // Only numbers and text have an order.
        if (!(QueryFunctions.IsNumber(left) && QueryFunctions.IsNumber(right)) && !(left is TextObj && right is TextObj)) return Obj.None;
        var order = ObjOrder.Compare(left, right, sign);
        return sign switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }
}
