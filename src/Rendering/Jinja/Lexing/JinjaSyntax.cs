using SaltActors.Core.Values;

namespace SaltActors.Rendering.Jinja.Lexing;

/// <summary>How a template is written: delimiters and the treatment of blanks. The names are those of Jinja's environment, in C#'s casing.</summary>
public sealed record JinjaSyntax
{
    public static readonly JinjaSyntax Default = new();
    public string BlockStart { get; init; } = "{%";
    public string BlockEnd { get; init; } = "%}";
    public string VariableStart { get; init; } = "{{";
    public string VariableEnd { get; init; } = "}}";
    public string CommentStart { get; init; } = "{#";
    public string CommentEnd { get; init; } = "#}";
    /// <summary>A line that starts with this is a statement; null has none.</summary>
    public string? LineStatementPrefix { get; init; }
    /// <summary>From this to the end of its line is a comment; null has none.</summary>
    public string? LineCommentPrefix { get; init; }
    /// <summary>Drops the first line feed behind a block.</summary>
    public bool TrimBlocks { get; init; }
    /// <summary>Drops blanks from the start of a line to a block.</summary>
    public bool LstripBlocks { get; init; }
    public bool KeepTrailingNewline { get; init; }
    public string NewlineSequence { get; init; } = "\n";

    /// <summary>Reads Salt's options <c>jinja_env</c> and <c>jinja_sls_env</c>: a map of Jinja's names. Unknown names are kept out of the way.</summary>
    /// <exception cref="ArgumentException">A delimiter is empty or no text.</exception>
    public static JinjaSyntax From(MapValue options)
    {
        return Default with
        {
            BlockStart = Text("block_start_string") ?? Default.BlockStart,
            BlockEnd = Text("block_end_string") ?? Default.BlockEnd,
            VariableStart = Text("variable_start_string") ?? Default.VariableStart,
            VariableEnd = Text("variable_end_string") ?? Default.VariableEnd,
            CommentStart = Text("comment_start_string") ?? Default.CommentStart,
            CommentEnd = Text("comment_end_string") ?? Default.CommentEnd,
            LineStatementPrefix = Text("line_statement_prefix"),
            LineCommentPrefix = Text("line_comment_prefix"),
            TrimBlocks = options.Get("trim_blocks")?.IsTruthy ?? false,
            LstripBlocks = options.Get("lstrip_blocks")?.IsTruthy ?? false,
            KeepTrailingNewline = options.Get("keep_trailing_newline")?.IsTruthy ?? false,
            NewlineSequence = Text("newline_sequence") ?? Default.NewlineSequence,
        };

        string? Text(string name) => options.Get(name) switch
        {
            null or NullValue => null,
            TextValue { Text.Length: > 0 } text => text.Text,
            var other => throw new ArgumentException($"the Jinja option {name} must be text that is not empty, found {PythonText.Repr(other)}", nameof(options)),
        };
    }
}
