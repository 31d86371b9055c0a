namespace SaltActors.Rendering.Jinja.Errors;

/// <summary>What went wrong, as Salt sorts it: the kind picks the words in front of the message.</summary>
public enum FaultKind
{
    /// <summary>Something undefined was used.</summary>
    Undefined,
    /// <summary>The text is no template: found before anything was evaluated.</summary>
    Syntax,
    /// <summary>A template broke a rule of the language or of the sandbox while it ran.</summary>
    Runtime,
    /// <summary>A function of the host refused or failed.</summary>
    Function,
    /// <summary>A template that is not there.</summary>
    NotFound,
    /// <summary>Anything else: what Python would raise as TypeError, ValueError and the like.</summary>
    Other,
}

/// <summary>Something failed inside a template; the renderer adds the place and makes it a <see cref="TemplateBroken"/>.</summary>
public sealed class JinjaFault(FaultKind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    public FaultKind Kind { get; } = kind;
    /// <summary>Where the text itself says it, as syntax errors do: from 1, 0 where unknown.</summary>
    public int Line { get; init; }
    /// <summary>From 1, 0 where unknown.</summary>
    public int Column { get; init; }
    /// <summary>The template whose text is wrong; null where the place is that of the evaluation.</summary>
    public TemplateSource? Template { get; init; }

    internal static JinjaFault Undefined(string message) => new(FaultKind.Undefined, message);
    internal static JinjaFault Runtime(string message) => new(FaultKind.Runtime, message);
    internal static JinjaFault Other(string message) => new(FaultKind.Other, message);
    internal static JinjaFault Limit(string what, string limit) => new(FaultKind.Runtime, $"{what}, more than the limit of {limit}");
}
