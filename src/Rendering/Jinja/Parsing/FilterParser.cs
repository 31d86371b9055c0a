using SaltActors.Rendering.Jinja.Filters;
using SaltActors.Rendering.Jinja.Lexing;
using SaltActors.Rendering.Jinja.Syntax;
using SaltActors.Rendering.Jinja.Tests;

namespace SaltActors.Rendering.Jinja.Parsing;

// Filters and tests behind an expression: found in their tables here, not while the template runs.
public sealed partial class JinjaParser
{
    private Expression Filtered(Expression node)
    {
        while (true)
        {
            if (Current.IsOperator("|")) node = Filters(node, isInline: false)!;
            else if (Current.IsName("is")) node = Test(node);
            else if (Current.IsOperator("("))
            {
                var at = Current;
                node = new CallExpression(node, Arguments(), at.Line, at.Column);
            }
            else return node;
        }
    }

    /// <summary>Filters behind each other. Without a node the first has no target; inline, it stands without a bar before it.</summary>
    private Expression? Filters(Expression? node, bool isInline)
    {
        while (isInline || Current.IsOperator("|"))
        {
            if (!isInline) Next();
            isInline = false;
            var (at, name) = DottedName();
            var arguments = Current.IsOperator("(") ? Arguments() : ArgumentList.None;
            var filter = FilterTable.Find(name);
            if (filter is null && !_isInBranch) _unknown.Add(Fail($"No filter named '{name}'.", at));
            node = new FilterExpression(node, name, filter, arguments, at.Line, at.Column);
        }
        return node;
    }

    private (Token At, string Name) DottedName()
    {
        var at = Expect(TokenKind.Name);
        var name = at.Text;
        while (Skip(".")) name += "." + Expect(TokenKind.Name).Text;
        return (at, name);
    }

    private Expression Test(Expression node)
    {
        var at = Next();
        var isNegated = SkipName("not");
        var (_, name) = DottedName();
        var arguments = ArgumentList.None;
        if (Current.IsOperator("(")) arguments = Arguments();
        else if ((Current.Kind is TokenKind.Name or TokenKind.Text or TokenKind.Integer or TokenKind.Float || Current is { Kind: TokenKind.Operator, Text: "[" or "{" })
            && Current is not { Kind: TokenKind.Name, Text: "else" or "or" or "and" })
        {
            if (Current.IsName("is")) throw Fail("You cannot chain multiple tests with is", Current);
            arguments = new([Postfix(Primary())], [], null, null);
        }
        var test = TestTable.Find(name);
        if (test is null && !_isInBranch) _unknown.Add(Fail($"No test named '{name}'.", at));
        var tested = new TestExpression(node, name, test, arguments, at.Line, at.Column);
        return isNegated ? new UnaryExpression(static o => !o.IsTruthy, tested, at.Line, at.Column) : tested;
    }
}
