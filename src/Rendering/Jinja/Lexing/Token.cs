namespace SaltActors.Rendering.Jinja.Lexing;

/// <summary>The kinds of words of a template.</summary>
public enum TokenKind { Data, VariableBegin, VariableEnd, BlockBegin, BlockEnd, Name, Text, Integer, Float, Operator, End }

/// <summary>One word of a template. Line and column count from 1.</summary>
public readonly record struct Token(TokenKind Kind, string Text, int Line, int Column)
{
    public bool IsOperator(string sign) => Kind == TokenKind.Operator && Text == sign;
    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>How errors call it.</summary>
    public override string ToString() => Kind is TokenKind.Name or TokenKind.Operator ? Text : Describe(Kind);

    public static string Describe(TokenKind kind) => kind switch
    {
        TokenKind.Data => "template data / text",
        TokenKind.VariableBegin => "begin of print statement",
        TokenKind.VariableEnd => "end of print statement",
        TokenKind.BlockBegin => "begin of statement block",
        TokenKind.BlockEnd => "end of statement block",
        TokenKind.Name => "name",
        TokenKind.Text => "string",
        TokenKind.Integer => "integer",
        TokenKind.Float => "float",
        TokenKind.Operator => "operator",
        _ => "end of template",
    };
}
