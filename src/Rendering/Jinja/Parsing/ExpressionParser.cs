using System.Globalization;
using System.Numerics;
using System.Text;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Filters;
using SaltActors.Rendering.Jinja.Lexing;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Jinja.Syntax;
using SaltActors.Rendering.Jinja.Tests;

namespace SaltActors.Rendering.Jinja.Parsing;

// Expressions, from the loosest operator to the tightest.
public sealed partial class JinjaParser
{
    private Expression Expression(bool mayHaveConditions = true)
    {
        CheckDepth(Current);
        return mayHaveConditions ? Conditional() : Or();
    }

    private Expression Conditional()
    {
        var at = Current;
        var known = _unknown.Count;
        var then = Or();
        while (SkipName("if"))
        {
            var test = Or();
            var otherwise = SkipName("else") ? Conditional() : null;
            then = new ConditionalExpression(test, then, otherwise, at.Line, at.Column);
            // What may never be evaluated is refused when it is.
            _unknown.RemoveRange(known, _unknown.Count - known);
            at = Current;
        }
        return then;
    }

    private Expression Or()
    {
        var at = Current;
        var left = And();
        while (SkipName("or")) left = new LogicExpression(isAnd: false, left, And(), at.Line, at.Column);
        return left;
    }

    private Expression And()
    {
        var at = Current;
        var left = Not();
        while (SkipName("and")) left = new LogicExpression(isAnd: true, left, Not(), at.Line, at.Column);
        return left;
    }

    private Expression Not()
    {
        if (!Current.IsName("not")) return Compare();
        var at = Next();
        CheckDepth(at);
        return new UnaryExpression(static o => !o.IsTruthy, Not(), at.Line, at.Column);
    }

    private Expression Compare()
    {
        var at = Current;
        var first = Sum();
        List<(Comparison, Expression)>? rest = null;
        while (true)
        {
            Comparison? how = Current switch
            {
                { Kind: TokenKind.Operator, Text: "==" } => Comparison.Equal,
                { Kind: TokenKind.Operator, Text: "!=" } => Comparison.Unequal,
                { Kind: TokenKind.Operator, Text: "<" } => Comparison.Less,
                { Kind: TokenKind.Operator, Text: "<=" } => Comparison.LessOrEqual,
                { Kind: TokenKind.Operator, Text: ">" } => Comparison.Greater,
                { Kind: TokenKind.Operator, Text: ">=" } => Comparison.GreaterOrEqual,
                { Kind: TokenKind.Name, Text: "in" } => Comparison.In,
                { Kind: TokenKind.Name, Text: "not" } when Peek.IsName("in") => Comparison.NotIn,
                _ => null,
            };
            if (how is not { } comparison) break;
            Next();
            if (comparison == Comparison.NotIn) Next();
            (rest ??= []).Add((comparison, Sum()));
        }
        return rest is null ? first : new CompareExpression(first, [.. rest], at.Line, at.Column);
    }

    private Expression Sum()
    {
        var at = Current;
        var left = Concat();
        while (Current is { Kind: TokenKind.Operator, Text: "+" or "-" })
        {
            Func<RenderRun, Obj, Obj, Obj> operation = Next().Text == "+" ? Operators.Add : Operators.Subtract;
            left = new BinaryExpression(operation, left, Concat(), at.Line, at.Column);
            at = Current;
        }
        return left;
    }

    private Expression Concat()
    {
        var at = Current;
        var first = Product();
        if (!Current.IsOperator("~")) return first;
        var parts = new List<Expression> { first };
        while (Skip("~")) parts.Add(Product());
        return new ConcatExpression([.. parts], at.Line, at.Column);
    }

    private Expression Product()
    {
        var at = Current;
        var left = Power();
        while (Current is { Kind: TokenKind.Operator, Text: "*" or "/" or "//" or "%" })
        {
            Func<RenderRun, Obj, Obj, Obj> operation = Next().Text switch { "*" => Operators.Multiply, "/" => Operators.Divide, "//" => Operators.FloorDivide, _ => Operators.Modulo };
            left = new BinaryExpression(operation, left, Power(), at.Line, at.Column);
            at = Current;
        }
        return left;
    }

    private Expression Power()
    {
        var at = Current;
        var left = Unary(mayBeFiltered: true);
        while (Skip("**"))
        {
            left = new BinaryExpression(Operators.Power, left, Unary(mayBeFiltered: true), at.Line, at.Column);
            at = Current;
        }
        return left;
    }

    private Expression Unary(bool mayBeFiltered)
    {
        var at = Current;
        CheckDepth(at);
        var node = Skip("-") ? new UnaryExpression(Operators.Negate, Unary(mayBeFiltered: false), at.Line, at.Column)
            : Skip("+") ? new UnaryExpression(Operators.Plus, Unary(mayBeFiltered: false), at.Line, at.Column)
            : Primary();
        node = Postfix(node);
        return mayBeFiltered ? Filtered(node) : node;
    }

    private Expression Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                Next();
                switch (token.Text)
                {
                    case "true" or "True": return new Literal(Obj.True, token.Line, token.Column);
                    case "false" or "False": return new Literal(Obj.False, token.Line, token.Column);
                    case "none" or "None": return new Literal(Obj.None, token.Line, token.Column);
                    case "caller" or "kwargs" or "varargs" or "loop": _mentions.Peek().Add(token.Text); break;
                }
                return new NameExpression(token.Text, token.Line, token.Column);
            case TokenKind.Text:
                Next();
                if (Current.Kind != TokenKind.Text) return new Literal(token.Text, token.Line, token.Column);
                var text = new StringBuilder(token.Text);
                while (Current.Kind == TokenKind.Text) text.Append(Next().Text);
                return new Literal(text.ToString(), token.Line, token.Column);
            case TokenKind.Integer:
                Next();
                return new Literal(Whole(token), token.Line, token.Column);
            case TokenKind.Float:
                Next();
                return new Literal(double.Parse(token.Text, CultureInfo.InvariantCulture), token.Line, token.Column);
            case TokenKind.Operator when token.Text == "(":
                Next();
                var inside = Tuple(mayHaveConditions: true, isParenthesized: true);
                ExpectOperator(")");
                return inside;
            case TokenKind.Operator when token.Text == "[":
                return List();
            case TokenKind.Operator when token.Text == "{":
                return Dict();
            default:
                throw Fail($"unexpected '{token}'", token);
        }
    }

    private BigInteger Whole(Token token)
    {
        var text = token.Text;
        if (text.Length < 3 || text[0] != '0' || char.IsAsciiDigit(text[1]))
            return text.Length <= 4300 ? BigInteger.Parse(text, CultureInfo.InvariantCulture) : throw Fail($"a number of {text.Length} digits is too long", token);
        var number = BigInteger.Zero;
        var radix = char.ToLowerInvariant(text[1]) switch { 'x' => 16, 'o' => 8, _ => 2 };
        foreach (var c in text.AsSpan(2)) number = number * radix + int.Parse([c], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return number;
    }

    /// <summary>One expression, or a tuple of them where commas follow.</summary>
    private Expression Tuple(bool mayHaveConditions, bool isParenthesized = false)
    {
        var at = Current;
        var items = new List<Expression>();
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0) ExpectOperator(",");
            if (Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || Current.IsOperator(")")) break;
            items.Add(Expression(mayHaveConditions));
            if (!Current.IsOperator(",")) break;
            isTuple = true;
            at = Current;
        }
        if (!isTuple && items.Count > 0) return items[0];
        return isTuple || isParenthesized ? new ListExpression([.. items], isTuple: true, at.Line, at.Column)
            : throw Fail($"Expected an expression, got '{Current}'", Current);
    }

    private ListExpression List()
    {
        var at = ExpectOperator("[");
        var items = new List<Expression>();
        while (!Current.IsOperator("]"))
        {
            if (items.Count > 0) ExpectOperator(",");
            if (Current.IsOperator("]")) break;
            items.Add(Expression());
        }
        ExpectOperator("]");
        return new([.. items], isTuple: false, at.Line, at.Column);
    }

    private DictExpression Dict()
    {
        var at = ExpectOperator("{");
        var entries = new List<(Expression, Expression)>();
        while (!Current.IsOperator("}"))
        {
            if (entries.Count > 0) ExpectOperator(",");
            if (Current.IsOperator("}")) break;
            var key = Expression();
            ExpectOperator(":");
            entries.Add((key, Expression()));
        }
        ExpectOperator("}");
        return new([.. entries], at.Line, at.Column);
    }

    private Expression Postfix(Expression node)
    {
        while (true)
        {
            var at = Current;
            if (Skip(".")) node = Dotted(node, at);
            else if (at.IsOperator("[")) node = Subscript(node);
            else if (at.IsOperator("(")) node = new CallExpression(node, Arguments(), at.Line, at.Column);
            else return node;
        }
    }

    private Expression Dotted(Expression node, Token dot)
    {
        var word = Next();
        return word.Kind switch
        {
            TokenKind.Name => new AttributeExpression(node, word.Text, dot.Line, dot.Column),
            TokenKind.Integer => new ItemExpression(node, new Literal(Whole(word), word.Line, word.Column), dot.Line, dot.Column),
            _ => throw Fail("expected name or number", word),
        };
    }

    private Expression Subscript(Expression node)
    {
        var at = ExpectOperator("[");
        var keys = new List<Expression>();
        while (!Current.IsOperator("]"))
        {
            if (keys.Count > 0) ExpectOperator(",");
            Expression? first = null;
            if (!Current.IsOperator(":")) first = Expression();
            if (first is not null && !Current.IsOperator(":"))
            {
                keys.Add(first);
                continue;
            }
            ExpectOperator(":");
            Expression? to = null, step = null;
            if (Current is not { Kind: TokenKind.Operator, Text: ":" or "]" or "," }) to = Expression();
            if (Skip(":") && Current is not { Kind: TokenKind.Operator, Text: "]" or "," }) step = Expression();
            if (Current is not { Kind: TokenKind.Operator, Text: "]" or "," }) throw Unexpected(",");
            if (keys.Count > 0 || !Current.IsOperator("]")) throw Fail("a slice among several keys", Current);
            Next();
            return new SliceExpression(node, first, to, step, at.Line, at.Column);
        }
        ExpectOperator("]");
        return new ItemExpression(node, keys.Count == 1 ? keys[0] : new ListExpression([.. keys], isTuple: true, at.Line, at.Column), at.Line, at.Column);
    }

    private ArgumentList Arguments()
    {
        var at = ExpectOperator("(");
        var positional = new List<Expression>();
        var keywords = new List<(string, Expression)>();
        Expression? rest = null, restKeywords = null;
        var needsComma = false;
        while (!Current.IsOperator(")"))
        {
            if (needsComma)
            {
                ExpectOperator(",");
                if (Current.IsOperator(")")) break;
            }
            if (Current.IsOperator("*"))
            {
                Ensure(rest is null && restKeywords is null);
                Next();
                rest = Expression();
            }
            else if (Current.IsOperator("**"))
            {
                Ensure(restKeywords is null);
                Next();
                restKeywords = Expression();
            }
            else if (Current.Kind == TokenKind.Name && Peek.IsOperator("="))
            {
                Ensure(restKeywords is null);
                var name = Next();
                Next();
                if (keywords.Exists(k => k.Item1 == name.Text)) throw Fail($"keyword argument repeated: {name.Text}", name);
                keywords.Add((name.Text, Expression()));
            }
            else
            {
                Ensure(rest is null && restKeywords is null && keywords.Count == 0);
                positional.Add(Expression());
            }
            needsComma = true;
        }
        ExpectOperator(")");
        return positional.Count == 0 && keywords.Count == 0 && rest is null && restKeywords is null ? ArgumentList.None : new([.. positional], [.. keywords], rest, restKeywords);

        void Ensure(bool holds)
        {
            if (!holds) throw Fail("invalid syntax for function call expression", at);
        }
    }

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
