using System.Text;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Syntax;

/// <summary>A part of a template that has a value. Line and column are those of the word that Jinja takes for its place.</summary>
public abstract class Expression(int line, int column)
{
    public int Line => line;
    public int Column => column;
    public abstract Obj Evaluate(Frame frame);

    /// <summary>Tells errors that this is at work: called behind the operands, before the deed.</summary>
    protected RenderRun At(Frame frame)
    {
        var run = frame.Run;
        run.At = this;
        return run;
    }
}

public sealed class Literal(Obj value, int line, int column) : Expression(line, column)
{
    public Obj Value => value;
    public override Obj Evaluate(Frame frame) => value;
}

public sealed class NameExpression(string name, int line, int column) : Expression(line, column)
{
    public string Name => name;

    public override Obj Evaluate(Frame frame)
    {
        if (frame.Find(name) is { } found) return found;
        return At(frame).Missing(name);
    }
}

/// <summary><c>target.name</c></summary>
public sealed class AttributeExpression(Expression target, string name, int line, int column) : Expression(line, column)
{
    public Expression Target => target;
    public string Name => name;

    public override Obj Evaluate(Frame frame)
    {
        var of = target.Evaluate(frame);
        return Access.Attribute(At(frame), of, name);
    }
}

/// <summary><c>target[key]</c></summary>
public sealed class ItemExpression(Expression target, Expression key, int line, int column) : Expression(line, column)
{
    public override Obj Evaluate(Frame frame)
    {
        var (of, by) = (target.Evaluate(frame), key.Evaluate(frame));
        return Access.Item(At(frame), of, by);
    }
}

/// <summary><c>target[from:to:step]</c></summary>
public sealed class SliceExpression(Expression target, Expression? from, Expression? to, Expression? step, int line, int column) : Expression(line, column)
{
    public override Obj Evaluate(Frame frame)
    {
        var of = target.Evaluate(frame);
        var (first, end, by) = (from?.Evaluate(frame), to?.Evaluate(frame), step?.Evaluate(frame));
        return Operators.Slice(At(frame), of, first, end, by);
    }
}

public sealed class ListExpression(Expression[] items, bool isTuple, int line, int column) : Expression(line, column)
{
    public Expression[] Items => items;
    public bool IsTuple => isTuple;

    public override Obj Evaluate(Frame frame)
    {
        var list = new List<Obj>(items.Length);
        foreach (var item in items) list.Add(item.Evaluate(frame));
        return new ListObj(list, isTuple);
    }
}

public sealed class DictExpression((Expression Key, Expression Value)[] entries, int line, int column) : Expression(line, column)
{
    public override Obj Evaluate(Frame frame)
    {
        var map = new OrderedDictionary<Obj, Obj>(entries.Length);
        foreach (var (key, value) in entries)
        {
            var name = key.Evaluate(frame);
            UndefinedObj.Refuse(name);
            map[name.AsKey()] = value.Evaluate(frame);
        }
        return new DictObj(map);
    }
}

public sealed class UnaryExpression(Func<Obj, Obj> operation, Expression operand, int line, int column) : Expression(line, column)
{
    public override Obj Evaluate(Frame frame)
    {
        var value = operand.Evaluate(frame);
        At(frame);
        return operation(value);
    }
}

public sealed class BinaryExpression(Func<RenderRun, Obj, Obj, Obj> operation, Expression left, Expression right, int line, int column) : Expression(line, column)
{
    public override Obj Evaluate(Frame frame)
    {
        var (l, r) = (left.Evaluate(frame), right.Evaluate(frame));
        return operation(At(frame), l, r);
    }
}

/// <summary><c>and</c>, <c>or</c>: one of the operands, as Python gives it.</summary>
public sealed class LogicExpression(bool isAnd, Expression left, Expression right, int line, int column) : Expression(line, column)
{
    public override Obj Evaluate(Frame frame)
    {
        var value = left.Evaluate(frame);
        At(frame);
        return value.IsTruthy == isAnd ? right.Evaluate(frame) : value;
    }
}

public enum Comparison { Equal, Unequal, Less, LessOrEqual, Greater, GreaterOrEqual, In, NotIn }

/// <summary>Comparisons in a chain: <c>a &lt; b &lt;= c</c>.</summary>
public sealed class CompareExpression(Expression first, (Comparison How, Expression With)[] rest, int line, int column) : Expression(line, column)
{
    public override Obj Evaluate(Frame frame)
    {
        var left = first.Evaluate(frame);
        foreach (var (how, with) in rest)
        {
            var right = with.Evaluate(frame);
            At(frame);
            if (!Holds(how, left, right)) return Obj.False;
            left = right;
        }
        return Obj.True;
    }

    public static bool Holds(Comparison how, Obj left, Obj right)
    {
        switch (how)
        {
            case Comparison.Equal: return Operators.AreEqual(left, right);
            case Comparison.Unequal: return !Operators.AreEqual(left, right);
            case Comparison.In: return Operators.Contains(right, left);
            case Comparison.NotIn: return !Operators.Contains(right, left);
        }
        if (left is SetObj l && right is SetObj r)
            return how switch
            {
                Comparison.Less => l.Length < r.Length && l.Items().All(r.Has),
                Comparison.LessOrEqual => l.Items().All(r.Has),
                Comparison.Greater => r.Length < l.Length && r.Items().All(l.Has),
                _ => r.Items().All(l.Has),
            };
        if (left.Number is double.NaN || right.Number is double.NaN) return false;
        return how switch
        {
            Comparison.Less => ObjOrder.Compare(left, right, "<") < 0,
            Comparison.LessOrEqual => ObjOrder.Compare(left, right, "<=") <= 0,
            Comparison.Greater => ObjOrder.Compare(left, right, ">") > 0,
            _ => ObjOrder.Compare(left, right, ">=") >= 0,
        };
    }
}

/// <summary><c>a ~ b ~ c</c></summary>
public sealed class ConcatExpression(Expression[] parts, int line, int column) : Expression(line, column)
{
    public override Obj Evaluate(Frame frame)
    {
        var text = new StringBuilder();
        var values = new Obj[parts.Length];
        for (var i = 0; i < parts.Length; i++) values[i] = parts[i].Evaluate(frame);
        At(frame);
        var escapes = frame.EscapesOutput && values.Any(v => v is TextObj { IsMarkup: true });
        foreach (var value in values)
            if (escapes) text.Append(Escaping.Escape(value));
            else value.AppendText(text);
        frame.Run.CheckText(text.Length);
        return escapes ? TextObj.Markup(text.ToString()) : text.ToString();
    }
}

/// <summary><c>a if test else b</c>; without <c>else</c> it is undefined in the lax way, which prints nothing.</summary>
public sealed class ConditionalExpression(Expression test, Expression then, Expression? otherwise, int line, int column) : Expression(line, column)
{
    public override Obj Evaluate(Frame frame)
    {
        var holds = test.Evaluate(frame);
        At(frame);
        if (holds.IsTruthy) return then.Evaluate(frame);
        return otherwise?.Evaluate(frame)
            ?? new UndefinedObj($"the inline if-expression on line {Line} evaluated to false and no else section was defined.", isStrict: false);
    }
}

/// <summary>The arguments of a call as they are written.</summary>
public sealed record ArgumentList(Expression[] Positional, (string Name, Expression Value)[] Keywords, Expression? Rest, Expression? RestKeywords)
{
    public static readonly ArgumentList None = new([], [], null, null);

    public CallArguments Evaluate(Frame frame)
    {
        if (Positional.Length == 0 && Keywords.Length == 0 && Rest is null && RestKeywords is null) return CallArguments.None;
        var positional = new Obj[Positional.Length];
        for (var i = 0; i < positional.Length; i++) positional[i] = Positional[i].Evaluate(frame);
        var keywords = Keywords.Length == 0 ? [] : new KeyValuePair<string, Obj>[Keywords.Length];
        for (var i = 0; i < keywords.Length; i++) keywords[i] = new(Keywords[i].Name, Keywords[i].Value.Evaluate(frame));
        if (Rest?.Evaluate(frame) is { } rest)
            positional = [.. positional, .. rest.Iterate() ?? throw JinjaFault.Other($"argument after * must be an iterable, not {rest.TypeName}")];
        if (RestKeywords?.Evaluate(frame) is { } more)
        {
            UndefinedObj.Refuse(more);
            if (more is not DictObj map) throw JinjaFault.Other($"argument after ** must be a mapping, not {more.TypeName}");
            foreach (var key in map.Entries.Keys)
                if (key is not TextObj name) throw JinjaFault.Other("keywords must be strings");
                else if (keywords.Any(k => k.Key == name.Text)) throw JinjaFault.Other($"got multiple values for keyword argument '{name.Text}'");
            keywords = [.. keywords, .. map.Entries.Select(e => KeyValuePair.Create(((TextObj)e.Key).Text, e.Value))];
        }
        return new(positional, keywords);
    }
}

public sealed class CallExpression(Expression target, ArgumentList arguments, int line, int column) : Expression(line, column)
{
    public Expression Target => target;
    public ArgumentList Arguments => arguments;

    public override Obj Evaluate(Frame frame) => Invoke(frame, null);

    /// <summary>Calls with one keyword more: the <c>caller</c> of a call block.</summary>
    public Obj Invoke(Frame frame, Obj? caller)
    {
        var function = target.Evaluate(frame);
        if (function is UndefinedObj)
        {
            At(frame);
            UndefinedObj.Refuse(function is UndefinedObj { IsStrict: true } ? function : new UndefinedObj(((UndefinedObj)function).Problem, isStrict: true));
        }
        var given = arguments.Evaluate(frame);
        if (caller is not null) given = given with { Keywords = [.. given.Keywords, new("caller", caller)] };
        return function.Call(At(frame), given);
    }
}

/// <summary><c>target | name(arguments)</c>; without a target it works on what <see cref="Apply"/> is given.</summary>
public sealed class FilterExpression(Expression? target, string name, Native? filter, ArgumentList arguments, int line, int column) : Expression(line, column)
{
    public string Name => name;
    public override Obj Evaluate(Frame frame) => Apply(frame, null);

    public Obj Apply(Frame frame, Obj? input)
    {
        var on = target switch
        {
            null => input!,
            FilterExpression { IsChained: true } chain when input is not null => chain.Apply(frame, input),
            _ => target.Evaluate(frame),
        };
        if (filter is null) throw JinjaFault.Runtime($"No filter named '{name}' found.");
        var given = arguments.Evaluate(frame);
        return filter.Invoke(At(frame), on, given);
    }

    /// <summary>True for the filters of a <c>filter</c> block, whose first has no target.</summary>
    public bool IsChained => target is null or FilterExpression { IsChained: true };
}

/// <summary><c>target is name(arguments)</c></summary>
public sealed class TestExpression(Expression target, string name, Native? test, ArgumentList arguments, int line, int column) : Expression(line, column)
{
    public string Name => name;

    public override Obj Evaluate(Frame frame)
    {
        var on = target.Evaluate(frame);
        if (test is null) throw JinjaFault.Runtime($"No test named '{name}' found.");
        var given = arguments.Evaluate(frame);
        return test.Invoke(At(frame), on, given);
    }
}
