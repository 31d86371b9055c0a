using System.Text;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Evaluation;

/// <summary>Where output goes. It is shut from the moment a template says whom it extends.</summary>
public sealed class Sink(StringBuilder text)
{
    public Sink() : this(new()) { }
    public StringBuilder Text { get; } = text;
    public bool IsShut { get; set; }
}

/// <summary>Names that a template was given, unchangeable: a link of a chain, the nearest first; the host's names stand behind the last.</summary>
public sealed class GivenNames(Dictionary<string, Obj> own, GivenNames? next)
{
    public Dictionary<string, Obj> Own => own;
    public GivenNames? Next => next;

    public Obj? Find(string name)
    {
        for (var link = this; link is not null; link = link.Next)
            if (link.Own.TryGetValue(name, out var found)) return found;
        return null;
    }
}

/// <summary>One template at work: the names it was given, those its top level set, which of them it exports, and its blocks, the most derived first.</summary>
public sealed class Context(RenderRun run, Template template, GivenNames? given)
{
    public RenderRun Run => run;
    public Template Template => template;
    public GivenNames? Given => given;
    public Dictionary<string, Obj> Variables { get; } = new(StringComparer.Ordinal);
    public HashSet<string> Exported { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, List<(Template Template, Syntax.BlockStatement Block)>> Blocks { get; } = new(StringComparer.Ordinal);
    /// <summary>Whom the template extends, once it said so.</summary>
    public Template? Parent { get; set; }

    public Obj? Find(string name) => Variables.TryGetValue(name, out var own) ? own : given?.Find(name) ?? run.Global(name);

    /// <summary>What an include or an import with context is given: the names as they are now.</summary>
    public GivenNames Snapshot(Frame frame)
    {
        var names = new Dictionary<string, Obj>(Variables, StringComparer.Ordinal);
        frame.CopyInto(names);
        return new(names, given);
    }

    public void AddBlocks(Template of)
    {
        foreach (var (name, block) in of.Blocks)
        {
            if (!Blocks.TryGetValue(name, out var list)) Blocks[name] = list = [];
            list.Add((of, block));
        }
    }
}

/// <summary>One scope: its own names, then those of the scopes around it, then the context's. The outermost scope's names are the context's.</summary>
public sealed class Frame(Context context, Frame? around, Sink sink, bool isRoot = false)
{
    private string[]? _names;
    private Obj[]? _values;
    private int _count;

    public RenderRun Run => Context.Run;
    public Context Context { get; } = context;
    public Frame? Around => around;
    public Sink Sink { get; } = sink;
    /// <summary>True where <c>set</c>, macros and imports belong to the template itself.</summary>
    public bool IsRoot => isRoot;
    public bool EscapesOutput { get; set; } = around?.EscapesOutput ?? false;

    public Frame Inner() => new(Context, this, Sink);
    public Frame Inner(Sink other) => new(Context, this, other);

    public void Set(string name, Obj value)
    {
        if (IsRoot)
        {
            Context.Variables[name] = value;
            if (name[0] != '_') Context.Exported.Add(name);
            return;
        }
        for (var i = 0; i < _count; i++)
            if (_names![i] == name)
            {
                _values![i] = value;
                return;
            }
        if (_names is null || _values is null) (_names, _values) = (new string[4], new Obj[4]);
        else if (_count == _names.Length)
        {
            Array.Resize(ref _names, _count * 2);
            Array.Resize(ref _values, _count * 2);
        }
        (_names[_count], _values[_count]) = (name, value);
        _count++;
    }

    /// <summary>Sets a name that no other template can import from here.</summary>
    public void SetHidden(string name, Obj value)
    {
        Set(name, value);
        if (IsRoot) Context.Exported.Remove(name);
    }

    public Obj? Find(string name)
    {
        for (var frame = this; frame is not null; frame = frame.Around)
            for (var i = 0; i < frame._count; i++)
                if (frame._names![i] == name) return frame._values![i];
        return name == "self" ? new Globals.SelfObj(this) : Context.Find(name);
    }

    internal void CopyInto(Dictionary<string, Obj> names)
    {
        Around?.CopyInto(names);
        for (var i = 0; i < _count; i++) names[_names![i]] = _values![i];
    }
}
