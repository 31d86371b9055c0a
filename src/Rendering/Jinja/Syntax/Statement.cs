using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Globals;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Syntax;

/// <summary>How a statement ended.</summary>
public enum Flow { Next, Break, Continue }

/// <summary>A part of a template that does something.</summary>
public abstract class Statement(int line)
{
    public int Line => line;
    public abstract Flow Run(Frame frame);

    /// <summary>Runs statements one after the other, up to the first that breaks or continues a loop.</summary>
    public static Flow RunAll(Statement[] body, Frame frame)
    {
        var top = frame.Run.Top;
        foreach (var statement in body)
        {
            top.Line = statement.Line;
            if (statement.Run(frame) is var flow && flow != Flow.Next) return flow;
        }
        return Flow.Next;
    }

    /// <summary>What statements write, apart from the rest.</summary>
    protected static string Collect(Statement[] body, Frame frame)
    {
        var sink = new Sink();
        RunAll(body, frame.Inner(sink));
        return sink.Text.ToString();
    }
}

public sealed class DataStatement(string text, int line) : Statement(line)
{
    public string Text => text;

    public override Flow Run(Frame frame)
    {
        if (!frame.Sink.IsShut) frame.Sink.Text.Append(text);
        return Flow.Next;
    }
}

/// <summary><c>{{ expression }}</c></summary>
public sealed class OutputStatement(Expression expression) : Statement(expression.Line)
{
    public override Flow Run(Frame frame)
    {
        if (frame.Sink.IsShut) return Flow.Next;
        var value = expression.Evaluate(frame);
        var text = frame.Sink.Text;
        frame.Run.At = expression;
        if (frame.EscapesOutput) text.Append(Escaping.Escape(value));
        else value.AppendOutput(text);
        frame.Run.CheckText(text.Length);
        return Flow.Next;
    }
}

public sealed class IfStatement((Expression Test, Statement[] Body)[] branches, Statement[] otherwise, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        foreach (var (test, body) in branches)
        {
            frame.Run.Top.Line = test.Line;
            var holds = test.Evaluate(frame);
            frame.Run.At = test;
            if (holds.IsTruthy) return RunAll(body, frame);
        }
        return RunAll(otherwise, frame);
    }
}

/// <summary>Assigns to a name, to names in a tuple, or to an attribute of a namespace.</summary>
public sealed class Target(string? name, string? attribute, Target[]? parts, int line)
{
    public string? Name => name;
    public string? Attribute => attribute;
    public Target[]? Parts => parts;
    public int Line => line;

    public void Assign(Frame frame, Obj value)
    {
        if (parts is not null) Unpack(frame, value, parts);
        else if (attribute is null) frame.Set(name!, value);
        else if ((frame.Find(name!) ?? frame.Run.Missing(name!)) is NamespaceObj space) space.Set(attribute, value);
        else throw JinjaFault.Runtime("cannot assign attribute on non-namespace object");
    }

    private static void Unpack(Frame frame, Obj value, Target[] parts)
    {
        UndefinedObj.Refuse(value);
        var items = value.Iterate() ?? throw JinjaFault.Other($"cannot unpack non-iterable {value.TypeName} object");
        var unpacked = items.Take(parts.Length + 1).ToArray();
        if (unpacked.Length > parts.Length) throw JinjaFault.Other($"too many values to unpack (expected {parts.Length})");
        if (unpacked.Length < parts.Length) throw JinjaFault.Other($"not enough values to unpack (expected {parts.Length}, got {unpacked.Length})");
        for (var i = 0; i < parts.Length; i++) parts[i].Assign(frame, unpacked[i]);
    }

    /// <summary>Every name that is assigned.</summary>
    public IEnumerable<string> Names() => parts?.SelectMany(p => p.Names()) ?? [name!];
}

public sealed class SetStatement(Target target, Expression value, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        target.Assign(frame, value.Evaluate(frame));
        return Flow.Next;
    }
}

/// <summary><c>{% set name | filters %}…{% endset %}</c></summary>
public sealed class SetBlockStatement(Target target, FilterExpression? filter, Statement[] body, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        var inner = frame.Inner(new Sink());
        RunAll(body, inner);
        var text = inner.Sink.Text.ToString();
        Obj value = frame.EscapesOutput ? TextObj.Markup(text) : text;
        target.Assign(frame, filter is null ? value : filter.Apply(inner, value));
        return Flow.Next;
    }
}

public sealed class DoStatement(Expression expression, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        expression.Evaluate(frame);
        return Flow.Next;
    }
}

public sealed class JumpStatement(Flow flow, int line) : Statement(line)
{
    public override Flow Run(Frame frame) => flow;
}

public sealed class WithStatement((Target Target, Expression Value)[] assignments, Statement[] body, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        var inner = frame.Inner();
        foreach (var (target, value) in assignments) target.Assign(inner, value.Evaluate(frame));
        return RunAll(body, inner);
    }
}

public sealed class FilterBlockStatement(FilterExpression filter, Statement[] body, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        var inner = frame.Inner(new Sink());
        var flow = RunAll(body, inner);
        frame.Run.Top.Line = Line;
        var text = inner.Sink.Text.ToString();
        var result = filter.Apply(inner, frame.EscapesOutput ? TextObj.Markup(text) : text);
        if (!frame.Sink.IsShut) result.AppendOutput(frame.Sink.Text);
        return flow;
    }
}

public sealed class EscapeStatement(Expression on, Statement[] body, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        var inner = frame.Inner();
        inner.EscapesOutput = on.Evaluate(frame).IsTruthy;
        return RunAll(body, inner);
    }
}

/// <summary>Statements that open a scope and write where they stand: Salt's <c>profile</c>.</summary>
public sealed class ProfileStatement(Expression name, Statement[] body, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        var label = name.Evaluate(frame).ToString();
        var time = frame.Run.Settings.Time;
        var start = time.GetTimestamp();
        var flow = RunAll(body, frame);
        frame.Run.Settings.Profiled?.Invoke(label, time.GetElapsedTime(start));
        return flow;
    }
}

/// <summary>What a loop does with each item.</summary>
public sealed class ForStatement(Target target, Expression items, Expression? filter, Statement[] body, Statement[] otherwise, bool isRecursive, bool showsLoop, int line)
    : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        Loop(frame, items.Evaluate(frame), frame.Sink, 0);
        return Flow.Next;
    }

    /// <summary>Walks items; <paramref name="depth"/> counts the recursions.</summary>
    public void Loop(Frame frame, Obj over, Sink sink, int depth)
    {
        var run = frame.Run;
        run.At = items;
        var walk = over.Items();
        if (filter is not null) walk = Filtered(frame, walk);
        var loop = showsLoop || isRecursive ? new LoopObj(walk, isRecursive ? (this, frame) : null, depth) : null;
        var top = run.Top;
        var hasRun = false;
        using var steps = loop is null ? walk.GetEnumerator() : null;
        while (loop?.MoveNext() ?? steps!.MoveNext())
        {
            hasRun = true;
            run.Tick();
            var inner = frame.Inner(sink);
            if (loop is not null) inner.Set("loop", loop);
            target.Assign(inner, loop is null ? steps!.Current : loop.Current);
            if (RunAll(body, inner) == Flow.Break) break;
            top.Line = Line;
        }
        if (!hasRun && otherwise.Length > 0) RunAll(otherwise, frame.Inner(sink));
    }

    private IEnumerable<Obj> Filtered(Frame frame, IEnumerable<Obj> walk)
    {
        foreach (var item in walk)
        {
            frame.Run.Tick();
            var inner = frame.Inner();
            target.Assign(inner, item);
            if (filter!.Evaluate(inner).IsTruthy) yield return item;
        }
    }
}
