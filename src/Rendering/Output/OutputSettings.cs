using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary>How one result is shown.</summary>
public sealed record OutputSettings
{
    public static readonly OutputSettings Plain = new();

    public bool HasColour { get; init; }
    /// <summary>What is used where <see cref="HasColour"/>: Salt's colours or a theme.</summary>
    public OutputColours Theme { get; init; } = OutputColours.On;
    /// <summary>The command's options: <c>output</c>, <c>output_indent</c>, <c>state_output</c>, <c>strip_colors</c>, <c>out.table.*</c> … A missing one has Salt's default.</summary>
    public MapValue Options { get; init; } = MapValue.Empty;
    /// <summary>What the minion answered with; other than 0 turns the structure of nested output red.</summary>
    public int Retcode { get; init; }
    /// <summary>Columns before every line of nested output; null takes the option <c>nested_indent</c>, or 0.</summary>
    public int? NestedIndent { get; init; }
    /// <summary>
    /// The text goes to a terminal: control sequences inside the data become <c>?</c>, so that a minion cannot drive the terminal.
    /// <c>raw</c> and <c>json</c> stay as they are, and so does all where the option <c>strip_colors</c> is false.
    /// </summary>
    public bool ForTerminal { get; init; }
    /// <summary>Takes what a user should know, as an unknown outputter.</summary>
    public Action<string>? Log { get; init; }

    internal OutputColours Colours => HasColour ? Theme : OutputColours.Off;
    internal bool StripsColours => Flag("strip_colors", true);
    internal int Indent => NestedIndent ?? (int?)Options.Get("nested_indent")?.AsInteger() ?? 0;
    internal bool Flag(string option, bool missing) => Options.Get(option)?.IsTruthy ?? missing;
    internal string Shown(string text) => StripsColours ? text.Replace('\u001B', '?') : text;
}

/// <summary>An outputter cannot show data of this shape; the next simpler one takes over.</summary>
public sealed class OutputterRefused(string message) : Exception(message);
