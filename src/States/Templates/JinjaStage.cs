using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Lexing;

namespace SaltActors.States.Templates;

/// <summary><c>jinja</c>: text to text.</summary>
public sealed class JinjaStage : IRenderer
{
    private static readonly JinjaRenderer Renderer = new();

    public string Name => "jinja";

    public Value Render(Value input, RenderTask task, string argument)
    {
        if (argument is not ("" or "-s")) throw new RenderFailed($"Unknown renderer option: {argument}");
        // What an earlier stage made of the text is a template of its own.
        var source = input is TextValue { Text: var text } ? text == task.Source.Text ? task.Source : task.Source with { Text = text } : throw new RenderFailed($"jinja reads text, found a {input.KindName}");
        var host = new TemplateHost(task);
        try
        {
            return Renderer.Render(source, host, Settings(task));
        }
        catch (TemplateBroken broken)
        {
            task.Log?.Write(Core.Functions.LogSeverity.Error, broken.Detail);
            throw new RenderFailed(broken.Message, broken.Detail, broken);
        }
    }

    private static RenderSettings Settings(RenderTask task)
    {
        var options = task.Call.Options;
        var environment = options.MapOf(task.Sls.Length > 0 ? "jinja_sls_env" : "jinja_env");
        return new()
        {
            AllowUndefined = options.Get("allow_undefined") is { IsTruthy: true },
            Syntax = Syntax(options, environment),
            Time = task.Call.Clock,
            Cancellation = task.Call.Stopped,
        };
    }

    // The two older options set what the map may set too.
    private static JinjaSyntax Syntax(MapValue options, MapValue environment)
    {
        if (options.Get("jinja_trim_blocks") is { IsTruthy: true } && !environment.Has("trim_blocks")) environment = environment.With("trim_blocks", true);
        if (options.Get("jinja_lstrip_blocks") is { IsTruthy: true } && !environment.Has("lstrip_blocks")) environment = environment.With("lstrip_blocks", true);
        try
        {
            return environment.Count == 0 ? JinjaSyntax.Default : JinjaSyntax.From(environment);
        }
        catch (ArgumentException refused)
        {
            throw new RenderFailed(refused.Message, cause: refused);
        }
    }
}
