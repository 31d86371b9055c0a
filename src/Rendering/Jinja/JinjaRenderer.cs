using System.Text;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja;

/// <summary>Renders templates. One renderer serves all threads; what it has read it keeps.</summary>
public sealed class JinjaRenderer
{
    private readonly TemplateCache _cache = new();

    /// <summary>The text that a template writes.</summary>
    /// <remarks>Jinja drops the last line feed of a template, Salt puts it back: salt/utils/templates.py, render_jinja_tmpl().</remarks>
    /// <exception cref="TemplateBroken">The template, or one that it loads, is wrong, uses what is undefined, or goes past a limit.</exception>
    /// <exception cref="OperationCanceledException">The settings' cancellation was asked for.</exception>
    public string Render(TemplateSource source, ITemplateHost host, RenderSettings settings)
    {
        var run = new RenderRun(host, settings, _cache);
        // A function of the host may render in turn, on this thread.
        var around = RenderRun.OfThread;
        RenderRun.OfThread = run;
        try
        {
            var sink = new Sink();
            _cache.Get(source, settings.Syntax).Render(run, null, sink);
            return source.Text.EndsWith('\n') && !settings.Syntax.KeepTrailingNewline ? sink.Text.Append('\n').ToString() : sink.Text.ToString();
        }
        catch (JinjaFault fault)
        {
            Printing.Reset();
            throw Broken(fault, source, run, host);
        }
        finally
        {
            RenderRun.OfThread = around;
        }
    }

    private static TemplateBroken Broken(JinjaFault fault, TemplateSource entry, RenderRun run, ITemplateHost host)
    {
        var head = fault.Kind switch
        {
            FaultKind.Undefined => "Jinja variable ",
            FaultKind.Syntax or FaultKind.Runtime => "Jinja syntax error: ",
            FaultKind.Function => "Problem running salt function in Jinja template: ",
            _ => "Jinja error: ",
        } + fault.Message;
        // Salt tells the line of the innermost template code that is no block, and looks for it in the text of the template that was asked for.
        var told = fault.Template is null ? run.Running.LastOrDefault(r => r.CountsForLine) : null;
        var at = fault.Template ?? told?.Template.Source ?? entry;
        var line = fault.Template is null ? told?.Line ?? 1 : fault.Line;
        var way = run.Running.Select(r => new TemplateStep(r.Template.Name, r.What, r.Line)).ToList();
        if (fault.Template is not null) way.Add(new(fault.Template.Name, "template", fault.Line));
        var innermost = fault.Template ?? run.Top?.Template.Source ?? entry;
        var innermostLine = fault.Template is null ? run.Top?.Line ?? 1 : fault.Line;
        var column = fault.Column;
        if (fault.Template is null && run.At is { } expression)
        {
            column = expression.Column;
            // The expression may stand lines below the start of its statement.
            if (expression.Line > innermostLine) innermostLine = expression.Line;
        }
        var sls = host.Variables.TryGetValue("sls", out var name) ? name.AsText() : null;
        // An error in a file that was imported into an SLS shows that file.
        var isElsewhere = at.Path is not null && at != entry && (sls is null || !at.Path.EndsWith(sls.Replace('.', '/'), StringComparison.Ordinal));
        var message = new StringBuilder(head);
        if (isElsewhere) message.Append($"\n{at.Path}({line}):\n").Append(Excerpt.Of(at.Text, line));
        if (fault.Kind is FaultKind.Other or FaultKind.NotFound)
        {
            // Where Salt shows Python's stack, the way of the templates.
            message.Append('\n');
            foreach (var step in way) message.Append($"  {step.Template}, line {step.Line}, in {step.What}\n");
            message.Append('\n');
        }
        if (!isElsewhere) message.Append($"; line {line}\n\n").Append(Excerpt.Of(entry.Text, line));
        return new TemplateBroken(head, fault.Kind, innermost, innermostLine, column, way, message.ToString(), fault);
    }
}
