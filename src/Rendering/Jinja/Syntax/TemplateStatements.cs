using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Globals;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Syntax;

/// <summary>A part of a template that templates which extend it may replace.</summary>
public sealed class BlockStatement(string name, Statement[] body, bool isScoped, bool isRequired, int line) : Statement(line)
{
    public string Name => name;
    public bool IsScoped => isScoped;
    public bool IsRequired => isRequired;
    public Statement[] Body { get; internal set; } = body;

    public override Flow Run(Frame frame)
    {
        if (frame.Sink.IsShut) return Flow.Next;
        if (isRequired && frame.Context.Blocks[name].Count <= 1) throw JinjaFault.Runtime($"Required block '{name}' not found");
        RunAt(frame.Context, 0, frame.Sink, isScoped ? frame : null, name);
        return Flow.Next;
    }

    /// <summary>Runs the block of a name at a place in the line of those that replace each other, the most derived at 0.</summary>
    public static void RunAt(Context context, int place, Sink sink, Frame? around, string name)
    {
        var (template, block) = context.Blocks[name][place];
        context.Run.Enter(template, $"block \"{name}\"", countsForLine: false);
        context.Run.Top.Line = block.Line;
        var scope = new Frame(context, around, sink);
        scope.Set("super", context.Blocks[name].Count > place + 1 ? new BlockObj(context, name, place + 1, around)
            : context.Run.Undefined($"there is no parent block called '{name}'."));
        RunAll(block.Body, scope);
        context.Run.Leave();
    }
}

public sealed class ExtendsStatement(Expression name, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        if (frame.Context.Parent is not null) throw JinjaFault.Runtime("extended multiple times");
        var parent = IncludeStatement.LoadOne(frame, name.Evaluate(frame));
        frame.Context.Parent = parent;
        frame.Context.AddBlocks(parent);
        frame.Sink.IsShut = true;
        return Flow.Next;
    }
}

/// <summary><c>{% include name or names [ignore missing] [with|without context] %}</c></summary>
public sealed class IncludeStatement(Expression names, bool ignoresMissing, bool hasContext, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        if (frame.Sink.IsShut) return Flow.Next;
        var run = frame.Run;
        var wanted = names.Evaluate(frame);
        run.At = names;
        Template template;
        var depth = run.Depth;
        try
        {
            template = wanted is TextObj or UndefinedObj || wanted.Iterate() is not { } several ? LoadOne(frame, wanted) : LoadFirst(run, [.. several]);
        }
        catch (JinjaFault fault) when (ignoresMissing && fault.Kind == FaultKind.NotFound)
        {
            run.LeaveDownTo(depth);
            return Flow.Next;
        }
        template.Render(run, hasContext ? frame.Context.Snapshot(frame) : run.LastLoaded, frame.Sink);
        return Flow.Next;
    }

    internal static Template LoadOne(Frame frame, Obj name) => name switch
    {
        TextObj text => frame.Run.Load(text.Text),
        UndefinedObj undefined => throw undefined.Fault(),
        _ => throw JinjaFault.Other($"the name of a template must be text, found {name.TypeName}"),
    };

    private static Template LoadFirst(RenderRun run, Obj[] names)
    {
        if (names.Length == 0) throw new JinjaFault(FaultKind.NotFound, "Tried to select from an empty list of templates.");
        foreach (var name in names)
        {
            UndefinedObj.Refuse(name);
            try
            {
                return run.Load(name.ToString());
            }
            catch (JinjaFault fault) when (fault.Kind == FaultKind.NotFound)
            {
                // The next one is asked for; that none is there is told below.
                continue;
            }
        }
        throw new JinjaFault(FaultKind.NotFound, $"none of the templates given were found: {string.Join(", ", names.Select(n => n.ToString()))}");
    }
}

/// <summary><c>{% import name as target %}</c></summary>
public sealed class ImportStatement(Expression name, string target, bool hasContext, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        frame.SetHidden(target, Import(frame, name, hasContext));
        return Flow.Next;
    }

    internal static ModuleObj Import(Frame frame, Expression name, bool hasContext)
    {
        var wanted = name.Evaluate(frame);
        frame.Run.At = name;
        var template = IncludeStatement.LoadOne(frame, wanted);
        return template.Import(frame.Run, hasContext ? frame.Context.Snapshot(frame) : frame.Run.LastLoaded);
    }
}

/// <summary><c>{% from name import a, b as c %}</c></summary>
public sealed class FromImportStatement(Expression name, (string Name, string Alias)[] names, bool hasContext, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        var module = ImportStatement.Import(frame, name, hasContext);
        foreach (var (exported, alias) in names)
            frame.SetHidden(alias, module.Attribute(exported)
                ?? frame.Run.Undefined($"the template '{module.Context.Template.Name}' (imported on line {Line}) does not export the requested name '{exported}'"));
        return Flow.Next;
    }
}

/// <summary>Salt's <c>load_yaml</c>, <c>load_json</c>, <c>load_text</c>: the body is a template, what it writes is read.</summary>
public sealed class LoadStatement(DataFormat format, Target target, Statement[] body, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        var text = Collect(body, frame);
        frame.Run.Top.Line = Line;
        target.Assign(frame, DataFormats.Read(format, text));
        return Flow.Next;
    }
}

/// <summary>Salt's <c>import_yaml</c>, <c>import_json</c>, <c>import_text</c>: the file is a template, what it writes is read.</summary>
public sealed class ImportDataStatement(DataFormat format, Expression name, string target, bool hasContext, int line) : Statement(line)
{
    public override Flow Run(Frame frame)
    {
        var module = ImportStatement.Import(frame, name, hasContext);
        frame.Set(target, DataFormats.Read(format, module.Text));
        return Flow.Next;
    }
}
