using System.Numerics;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Methods;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Json;

namespace SaltActors.Rendering.Jinja.Filters.Query;

/// <summary>JMESPath's functions.</summary>
internal static class QueryFunctions
{
    internal static bool IsNumber(Obj value) => value is Scalar { Value: IntegerValue or FloatValue };

    internal static Obj Call(RenderRun run, QueryNode.Call call, Obj data)
    {
        var name = call.Name;
        var (least, most) = name switch
        {
            "not_null" or "merge" => (1, int.MaxValue),
            "contains" or "ends_with" or "starts_with" or "join" or "map" or "max_by" or "min_by" or "sort_by" => (2, 2),
            "abs" or "avg" or "ceil" or "floor" or "keys" or "length" or "max" or "min" or "reverse" or "sort" or "sum" or "to_array" or "to_number" or "to_string" or "type" or "values" => (1, 1),
            _ => throw JinjaFault.Other($"Unknown function: {name}()"),
        };
        if (call.Arguments.Length < least || call.Arguments.Length > most)
            throw JinjaFault.Other($"Expected {(most > least ? "at least " : "")}{least} argument{(least == 1 ? "" : "s")} for function {name}(), received {call.Arguments.Length}");
        if (name == "map") return ListObj.Of(List(name, Value(1)).Select(o => JsonQuery.Evaluate(run, Reference(0), o)));
        var first = Value(0);
        switch (name)
        {
            case "abs": return Number(first).Whole is { } whole ? BigInteger.Abs(whole) : Math.Abs(first.Number!.Value);
            case "ceil": return first.Whole is { } up && IsNumber(first) ? up : new BigInteger(Math.Ceiling(Number(first).Number!.Value));
            case "floor": return first.Whole is { } down && IsNumber(first) ? down : new BigInteger(Math.Floor(Number(first).Number!.Value));
            case "sum": return List(name, first).Aggregate((Obj)0, (sum, o) => Operators.Add(run, sum, Number(o)));
            case "avg": return List(name, first) is { Count: > 0 } list ? Operators.Divide(run, list.Aggregate((Obj)0, (sum, o) => Operators.Add(run, sum, Number(o))), list.Count) : Obj.None;
            case "length": return first.Length is { } length ? length : throw Bad(first, "string, array, object");
            case "keys": return ListObj.Of(Map(first).Entries.Keys);
            case "values": return ListObj.Of(Map(first).Entries.Values);
            case "type": return TypeOf(first);
            case "to_array": return first is ListObj ? first : ListObj.Of(first);
            case "to_string": return first is TextObj ? first : JsonText.Write(Conversion.ToValue(first), new JsonLayout { ItemSeparator = ",", KeySeparator = ":" });
            case "to_number":
                if (IsNumber(first)) return first;
                if (first is not TextObj digits) return Obj.None;
                return MethodTables.ParseWhole(digits.Text, 10) is { } read ? read : MethodTables.ParseReal(digits.Text) is { } real ? real : Obj.None;
            case "not_null":
                return Enumerable.Range(0, call.Arguments.Length).Select(Value).FirstOrDefault(o => !o.IsNone) ?? Obj.None;
            case "merge":
                var merged = new DictObj();
                for (var i = 0; i < call.Arguments.Length; i++) DictMethods.Update(merged, Map(Value(i)));
                return merged;
            case "reverse": return first is TextObj text ? text.Like(string.Concat(text.Items().Reverse().Select(c => c.ToString()))) : ListObj.Of(Enumerable.Reverse(List(name, first)));
            case "sort": return new ListObj(ObjOrder.Sorted(List(name, first)));
            case "max": return Extreme(List(name, first), static o => o, 1);
            case "min": return Extreme(List(name, first), static o => o, -1);
            case "contains": return first is TextObj whole2 ? Value(1) is TextObj part && whole2.Text.Contains(part.Text, StringComparison.Ordinal) : List(name, first).Exists(o => JsonQuery.AreEqual(o, Value(1)));
            case "starts_with": return Text(first).StartsWith(Text(Value(1)), StringComparison.Ordinal);
            case "ends_with": return Text(first).EndsWith(Text(Value(1)), StringComparison.Ordinal);
            case "join": return string.Join(Text(first), List(name, Value(1)).Select(Text));
            case "sort_by": return new ListObj(ObjOrder.Sorted(List(name, first), By));
            case "max_by": return Extreme(List(name, first), By, 1);
            default: return Extreme(List(name, first), By, -1);
        }

        Obj Value(int place) => JsonQuery.Evaluate(run, call.Arguments[place], data);

        QueryNode Reference(int place) => (call.Arguments[place] as QueryNode.Reference)?.Expression
            ?? throw JinjaFault.Other($"In function {name}(), an expression reference was expected");

        Obj By(Obj item) => JsonQuery.Evaluate(run, Reference(1), item);

        JinjaFault Bad(Obj value, string expected) => JinjaFault.Other($"In function {name}(), invalid type for value: {value.Repr()}, expected one of: [{expected}], received: \"{TypeOf(value)}\"");

        Obj Number(Obj value) => IsNumber(value) ? value : throw Bad(value, "'number'");

        string Text(Obj value) => (value as TextObj)?.Text ?? throw Bad(value, "'string'");

        DictObj Map(Obj value) => value as DictObj ?? throw Bad(value, "'object'");

        List<Obj> List(string function, Obj value) => (value as ListObj)?.List ?? throw Bad(value, function is "sum" or "avg" ? "'array-number'" : "'array'");
    }

    private static Obj Extreme(List<Obj> items, Func<Obj, Obj> key, int sign)
    {
        Obj best = Obj.None;
        foreach (var item in items)
            if (best.IsNone || Math.Sign(ObjOrder.Compare(key(item), key(best), "<")) == sign) best = item;
        return best;
    }

    private static string TypeOf(Obj value) => value switch
    {
        TextObj => "string",
        ListObj => "array",
        DictObj => "object",
        Scalar { Value: BoolValue } => "boolean",
        Scalar { Value: NullValue } => "null",
        _ => "number",
    };
}
