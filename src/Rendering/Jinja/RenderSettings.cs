using SaltActors.Rendering.Jinja.Lexing;

namespace SaltActors.Rendering.Jinja;

/// <summary>How one template is rendered.</summary>
public sealed record RenderSettings
{
    public static readonly RenderSettings Default = new();
    public JinjaSyntax Syntax { get; init; } = JinjaSyntax.Default;
    /// <summary>Salt's <c>allow_undefined</c>: what is undefined prints nothing instead of raising.</summary>
    public bool AllowUndefined { get; init; }
    public RenderLimits Limits { get; init; } = RenderLimits.Default;
    /// <summary>Makes <c>random</c>, <c>shuffle</c> and the like repeatable; null takes the system's.</summary>
    public Random? Random { get; init; }
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public CancellationToken Cancellation { get; init; }
    /// <summary>Takes what <c>profile</c> blocks measured: their name and how long they took.</summary>
    public Action<string, TimeSpan>? Profiled { get; init; }
}

/// <summary>What a template may use up; past it the rendering fails with the name of the limit.</summary>
public sealed record RenderLimits
{
    public static readonly RenderLimits Default = new();
    /// <summary>Macros, includes, imports and recursive loops inside each other.</summary>
    public int Depth { get; init; } = 300;
    /// <summary>Items of one <c>range</c>.</summary>
    public int RangeItems { get; init; } = 100_000;
    /// <summary>Chars of the output, or of one text that is being built.</summary>
    public int TextChars { get; init; } = 64 * 1024 * 1024;
    /// <summary>Items of one list that is being built.</summary>
    public int ListItems { get; init; } = 10_000_000;
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(5);
}
