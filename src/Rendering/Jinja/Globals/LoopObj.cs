using System.Text;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Jinja.Syntax;

namespace SaltActors.Rendering.Jinja.Globals;

/// <summary><c>loop</c> inside a <c>for</c>. It reads one item ahead only where somebody asks for it, and all where the length is asked for.</summary>
public sealed class LoopObj(IEnumerable<Obj> items, (ForStatement Statement, Frame Frame)? recursion, int depth) : Obj
{
    private readonly IEnumerator<Obj> _walk = items.GetEnumerator();
    private readonly Queue<Obj> _ahead = new();
    private Obj? _previous, _current, _changed;
    private bool _hasEnded;
    private int _index = -1;

    public override string TypeName => "LoopContext";
    public override string ObjectName => "jinja2.runtime.LoopContext object";
    public override int? Length => Count();
    public override bool IsCallable => recursion is not null;
    public Obj Current => _current!;

    public bool MoveNext()
    {
        if (_ahead.Count == 0 && !Peek()) return false;
        _index++;
        (_previous, _current) = (_current, _ahead.Dequeue());
        return true;
    }

    private bool Peek()
    {
        if (_ahead.Count > 0) return true;
        return ReadAhead();
    }

    private bool ReadAhead()
    {
        if (_hasEnded || !_walk.MoveNext())
        {
            _hasEnded = true;
            return false;
        }
        _ahead.Enqueue(_walk.Current);
        return true;
    }

    private int Count()
    {
        while (ReadAhead()) { }
        return _index + 1 + _ahead.Count;
    }

    public override Obj? Attribute(string name) => name switch
    {
        "index" => _index + 1,
        "index0" => _index,
        "first" => _index == 0,
        "last" => !Peek(),
        "length" => Count(),
        "revindex" => Count() - _index,
        "revindex0" => Count() - _index - 1,
        "depth" => depth + 1,
        "depth0" => depth,
        "previtem" => _previous ?? new UndefinedObj("there is no previous item", isStrict: true),
        "nextitem" => Peek() ? _ahead.Peek() : new UndefinedObj("there is no next item", isStrict: true),
        "cycle" => new DelegateObj("cycle", (_, a) => a.Positional.Length == 0 ? throw JinjaFault.Other("no items for cycling given") : a.Positional[_index % a.Positional.Length]),
        "changed" => new DelegateObj("changed", (_, a) => Changed(ListObj.Tuple(a.Positional))),
        _ => null,
    };

    private bool Changed(Obj value)
    {
        if (_changed is not null && _changed.Equals(value)) return false;
        _changed = value;
        return true;
    }

    public override Obj Call(RenderRun run, CallArguments arguments)
    {
        if (recursion is not var (statement, frame)) throw JinjaFault.Other("The loop must have the 'recursive' marker to be called recursively.");
        if (arguments.Positional.Length != 1) throw JinjaFault.Other($"the loop takes the items of the next level, found {arguments.Positional.Length} arguments");
        var sink = new Sink();
        run.Enter(frame.Context.Template, "recursive loop");
        run.Top.Line = statement.Line;
        statement.Loop(frame, arguments.Positional[0], sink, depth + 1);
        run.Leave();
        return sink.Text.ToString();
    }

    public override void AppendRepr(StringBuilder text) => text.Append($"<LoopContext {_index + 1}/{Count()}>");
}

/// <summary><c>super</c> and what <c>self.name</c> gives: a block that prints what it writes when it is called.</summary>
public sealed class BlockObj(Context context, string block, int place, Frame? around) : Obj
{
    public override string TypeName => "BlockReference";
    public override string ObjectName => "jinja2.runtime.BlockReference object";
    public override bool IsCallable => true;

    public override Obj? Attribute(string name) => name != "super" ? null
        : context.Blocks[block].Count > place + 1 ? new BlockObj(context, block, place + 1, around) : context.Run.Undefined($"there is no parent block called '{block}'.");

    public override Obj Call(RenderRun run, CallArguments arguments)
    {
        var sink = new Sink();
        BlockStatement.RunAt(context, place, sink, around, block);
        return sink.Text.ToString();
    }

    public override void AppendRepr(StringBuilder text) => text.Append($"<BlockReference '{block}'>");
}

/// <summary><c>self</c>: the blocks of the template by name.</summary>
public sealed class SelfObj(Frame frame) : Obj
{
    public override string TypeName => "TemplateReference";
    public override string ObjectName => "jinja2.runtime.TemplateReference object";
    public override Obj? Item(Obj key) => key is TextObj { Text: var name } && frame.Context.Blocks.ContainsKey(name) ? new BlockObj(frame.Context, name, 0, null) : null;
    public override void AppendRepr(StringBuilder text) => text.Append($"<TemplateReference '{frame.Context.Template.Name}'>");
}
