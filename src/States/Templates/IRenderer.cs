using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;

namespace SaltActors.States.Templates;

/// <summary>One step of a pipe. Called on a thread that may wait, never in an actor.</summary>
public interface IRenderer
{
    /// <summary>The word in a shebang or in <c>renderer</c>.</summary>
    string Name { get; }

    /// <param name="input">The text, or what the step before made of it.</param>
    /// <exception cref="RenderFailed">The input is not what this step reads.</exception>
    Value Render(Value input, RenderTask task, string argument);
}

/// <summary>Where templates that others import or include come from: the roots of one environment.</summary>
public interface ITemplateFiles
{
    /// <param name="path">From the root, never with <c>..</c>.</param>
    TemplateSource? Load(string path);
}

/// <summary>A text to be rendered, and what its templates see.</summary>
public sealed record RenderTask
{
    /// <summary>Functions, grains, pillar and options.</summary>
    public required CallContext Call { get; init; }
    public required TemplateSource Source { get; init; }
    public required ITemplateFiles Files { get; init; }
    public string SaltEnv { get; init; } = "base";
    /// <summary>The dotted name of an SLS; empty for any other template.</summary>
    public string Sls { get; init; } = "";
    /// <summary>More names for the template, over all others.</summary>
    public MapValue Variables { get; init; } = MapValue.Empty;
    /// <summary>Called with the name of each execution function that a template calls, before it is.</summary>
    public Action<string>? Calling { get; init; }
    /// <summary>What the grains of the call are to templates; null for those of <see cref="Call"/>.</summary>
    public IMessageLog? Log => Call.Services.Log;
}
