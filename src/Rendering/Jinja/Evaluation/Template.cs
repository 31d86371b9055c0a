using System.Collections.Frozen;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Jinja.Syntax;

namespace SaltActors.Rendering.Jinja.Evaluation;

/// <summary>A template that was read and checked. Unchangeable, shared by threads.</summary>
public sealed class Template(TemplateSource source, Statement[] body, FrozenDictionary<string, BlockStatement> blocks)
{
    public TemplateSource Source => source;
    public string Name => source.Name;
    public Statement[] Body => body;
    public FrozenDictionary<string, BlockStatement> Blocks => blocks;

    /// <summary>Runs the template into a sink, and whom it extends after it.</summary>
    public Context Render(RenderRun run, GivenNames? given, Sink sink)
    {
        var context = new Context(run, this, given);
        context.AddBlocks(this);
        RunIn(context, sink);
        return context;
    }

    private void RunIn(Context context, Sink sink)
    {
        var run = context.Run;
        run.Enter(this, "top-level template code");
        Statement.RunAll(body, new Frame(context, null, sink, isRoot: true));
        if (context.Parent is { } parent)
        {
            context.Parent = null;
            parent.RunIn(context, new Sink(sink.Text));
        }
        run.Leave();
    }

    /// <summary>Runs the template for what it exports; its output is kept as the module's text.</summary>
    public ModuleObj Import(RenderRun run, GivenNames? given)
    {
        var sink = new Sink();
        return new ModuleObj(Render(run, given, sink), sink.Text.ToString());
    }
}

/// <summary>What a template exports, as <c>import</c> hands it out; printed, it is the template's output.</summary>
public sealed class ModuleObj(Context context, string text) : Obj
{
    public override string TypeName => "TemplateModule";
    public override string ObjectName => "jinja2.environment.TemplateModule object";
    public Context Context => context;
    public string Text => text;
    public override Obj? Attribute(string name) => context.Exported.Contains(name) && context.Variables.TryGetValue(name, out var value) ? value : null;
    public override void AppendRepr(System.Text.StringBuilder text) => text.Append($"<TemplateModule '{context.Template.Name}'>");
    public override void AppendText(System.Text.StringBuilder text) => text.Append(Text);
}

/// <summary>Reading attributes and items, as the sandbox allows it.</summary>
public static class Access
{
    // Python gives every object attributes of these names; only that they are refused can be seen of them.
    private static bool IsHidden(Obj target, string name) =>
        name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal) && name.Length > 4 && target is not UndefinedObj;

    /// <summary><c>x.name</c>: the attribute, else the item; undefined where there is neither.</summary>
    public static Obj Attribute(RenderRun run, Obj target, string name)
    {
        if (target.Attribute(name) is { } found) return name[0] == '_' ? Refused(target, name) : found;
        if (IsHidden(target, name)) return Refused(target, name);
        return target.Item(name) ?? Missing(run, target, name);
    }

    /// <summary><c>x[key]</c>: the item, else the attribute; undefined where there is neither.</summary>
    public static Obj Item(RenderRun run, Obj target, Obj key)
    {
        if (target is UndefinedObj undefined) throw undefined.Fault();
        if (key is UndefinedObj && target is DictObj) UndefinedObj.Refuse(key);
        if (key.IsHashable && target.Item(key) is { } found) return found;
        if (key is TextObj { Text: { Length: > 0 } name })
        {
            if (target.Attribute(name) is { } attribute) return name[0] == '_' ? Refused(target, name) : attribute;
            if (IsHidden(target, name)) return Refused(target, name);
            return Missing(run, target, name);
        }
        return run.Undefined($"{target.ObjectName} has no element {key.Repr()}");
    }

    public static UndefinedObj Missing(RenderRun run, Obj target, string name) => run.Undefined($"'{target.ObjectName}' has no attribute {Core.Values.PythonText.Repr(name)}");

    private static UndefinedObj Refused(Obj target, string name) =>
        new($"access to attribute '{name}' of '{target.TypeName}' object is unsafe.", isStrict: true, FaultKind.Runtime);
}
