using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Lexing;
using SaltActors.Rendering.Jinja.Syntax;

namespace SaltActors.Rendering.Jinja.Parsing;

/// <summary>Words to statements: the frame of a template. The tags stand in the other parts of this class, expressions too.</summary>
/// <remarks>Follows Jinja 3.1's grammar and its order of checks: what the words forbid is told before unknown filters and tests are.</remarks>
public sealed partial class JinjaParser
{
    private readonly TemplateSource _source;
    private readonly List<Token> _tokens;
    private readonly Dictionary<string, BlockStatement> _blocks = new(StringComparer.Ordinal);
    // The tags whose end is looked for, the innermost on top: what errors tell.
    private readonly Stack<(string[] Ends, string Tag)> _open = new();
    // Names with a meaning of their own that the macros and loops around mention.
    private readonly Stack<HashSet<string>> _mentions = new();
    // Filters and tests that nobody knows: refused at the end, but for those in branches that may never run.
    private readonly List<JinjaFault> _unknown = [];
    private int _at, _loops;
    private bool _isInBranch;

    private JinjaParser(TemplateSource source, JinjaSyntax syntax) => (_source, _tokens) = (source, JinjaLexer.Read(source, syntax));

    /// <exception cref="JinjaFault">The text is no template; kind <see cref="FaultKind.Syntax"/>, with line and column.</exception>
    public static Template Parse(TemplateSource source, JinjaSyntax syntax)
    {
        var parser = new JinjaParser(source, syntax);
        parser._mentions.Push([]);
        var body = parser.Body(null);
        if (parser._unknown.Count > 0) throw parser._unknown[0];
        return new Template(source, body, parser._blocks.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private Token Current => _tokens[_at];
    private Token Peek => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    private Token Next()
    {
        var token = _tokens[_at];
        if (_at < _tokens.Count - 1) _at++;
        return token;
    }

    private bool Skip(string operatorSign)
    {
        if (!Current.IsOperator(operatorSign)) return false;
        Next();
        return true;
    }

    private bool SkipName(string name)
    {
        if (!Current.IsName(name)) return false;
        Next();
        return true;
    }

    private Token Expect(TokenKind kind) => Current.Kind == kind ? Next() : throw Unexpected(Token.Describe(kind));
    private Token ExpectOperator(string sign) => Current.IsOperator(sign) ? Next() : throw Unexpected(sign);
    private Token ExpectName(string name) => Current.IsName(name) ? Next() : throw Unexpected(name);

    private JinjaFault Unexpected(string expected) => Fail(Current.Kind == TokenKind.End
        ? $"unexpected end of template, expected '{expected}'." : $"expected token '{expected}', got '{Current}'", Current);

    private JinjaFault Fail(string problem, Token at, FaultKind kind = FaultKind.Syntax) => new(kind, problem) { Template = _source, Line = at.Line, Column = at.Column };

    private void CheckDepth(Token at)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw Fail("the template is nested too deep", at);
    }

    /// <summary>Statements up to one of the tags that end them (not consumed), or up to the end of the template where null.</summary>
    private Statement[] Body(string[]? ends, string tag = "")
    {
        if (ends is not null) _open.Push((ends, tag));
        var body = new List<Statement>();
        while (true)
        {
            var token = Current;
            switch (token.Kind)
            {
                case TokenKind.Data:
                    body.Add(new DataStatement(Next().Text, token.Line));
                    break;
                case TokenKind.VariableBegin:
                    Next();
                    body.Add(new OutputStatement(Tuple(mayHaveConditions: true)));
                    Expect(TokenKind.VariableEnd);
                    break;
                case TokenKind.BlockBegin:
                    Next();
                    if (ends is not null && Current.Kind == TokenKind.Name && Array.IndexOf(ends, Current.Text) >= 0)
                    {
                        _open.Pop();
                        return [.. body];
                    }
                    body.AddRange(Tag());
                    Expect(TokenKind.BlockEnd);
                    break;
                default:
                    if (ends is null) return [.. body];
                    throw Fail($"Unexpected end of template.{Looking()}", token);
            }
        }
    }

    /// <summary>The rest of a tag, then its body; the name of the tag that ends it is consumed and told.</summary>
    private (Statement[] Body, string End) BodyUpTo(string tag, params string[] ends)
    {
        Skip(":");
        Expect(TokenKind.BlockEnd);
        var body = Body(ends, tag);
        return (body, Next().Text);
    }

    private static string Words(IEnumerable<string> tags) => string.Join(" or ", tags.Select(t => $"'{t}'"));

    private string Looking() => _open.Count == 0 ? ""
        : $" Jinja was looking for the following tags: {Words(_open.Peek().Ends)}. The innermost block that needs to be closed is '{_open.Peek().Tag}'.";

    private JinjaFault UnknownTag(Token name)
    {
        var isWanted = _open.Any(o => Array.IndexOf(o.Ends, name.Text) >= 0);
        var hint = isWanted
            ? $" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {Words(_open.Peek().Ends)}. The innermost block that needs to be closed is '{_open.Peek().Tag}'."
            : Looking();
        return Fail($"Encountered unknown tag '{name.Text}'.{hint}", name);
    }

    // What a body of its own mentions: macros and call blocks learn of caller, kwargs and varargs, loops of loop.
    private (Statement[] Body, HashSet<string> Mentioned) Observed(Func<Statement[]> read, bool isBranch = false)
    {
        var wasInBranch = _isInBranch;
        _isInBranch = isBranch;
        _mentions.Push([]);
        var body = read();
        var mentioned = _mentions.Pop();
        foreach (var name in mentioned) _mentions.Peek().Add(name);
        _isInBranch = wasInBranch;
        return (body, mentioned);
    }
}
