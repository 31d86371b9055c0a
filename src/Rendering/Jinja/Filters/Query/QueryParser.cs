using System.Globalization;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Json;

namespace SaltActors.Rendering.Jinja.Filters.Query;

/// <summary>A JMESPath expression as a tree.</summary>
internal abstract record QueryNode
{
    internal sealed record Current : QueryNode;
    internal sealed record Field(string Name) : QueryNode;
    internal sealed record Index(int Place) : QueryNode;
    internal sealed record Slice(int? From, int? To, int? Step) : QueryNode;
    internal sealed record Literal(Obj Value) : QueryNode;
    /// <summary>The right side works on what the left gives.</summary>
    internal sealed record Chain(QueryNode Left, QueryNode Right) : QueryNode;
    /// <summary>The right side works on each item that the left gives; null answers are left out.</summary>
    internal sealed record Projection(QueryNode Left, QueryNode Right, ProjectionKind Kind) : QueryNode;
    internal sealed record Filter(QueryNode Left, QueryNode Right, QueryNode Condition) : QueryNode;
    internal sealed record Flatten(QueryNode Left) : QueryNode;
    internal sealed record Compare(string Sign, QueryNode Left, QueryNode Right) : QueryNode;
    internal sealed record And(QueryNode Left, QueryNode Right) : QueryNode;
    internal sealed record Or(QueryNode Left, QueryNode Right) : QueryNode;
    internal sealed record Not(QueryNode Of) : QueryNode;
    internal sealed record List(QueryNode[] Items) : QueryNode;
    internal sealed record Map((string Name, QueryNode Value)[] Entries) : QueryNode;
    internal sealed record Call(string Name, QueryNode[] Arguments) : QueryNode;
    internal sealed record Reference(QueryNode Expression) : QueryNode;
}

internal enum ProjectionKind { List, Values, Slice }

/// <summary>JMESPath text to a tree: jmespath.org's grammar, by precedence.</summary>
internal sealed class QueryParser
{
    private const int DeepestNesting = 200;
    private readonly string _text;
    private readonly List<(string Kind, string Text, int At)> _tokens = [];
    private int _at, _depth;

    private QueryParser(string text) => _text = text;

    /// <exception cref="JinjaFault">The text is no expression.</exception>
    internal static QueryNode Parse(string text)
    {
        var parser = new QueryParser(text);
        parser.Read();
        var node = parser.Expression(0);
        return parser.Kind == "eof" ? node : throw parser.Refuse($"found '{parser._tokens[parser._at].Text}' behind the expression");
    }

    private JinjaFault Refuse(string problem) =>
        JinjaFault.Other($"Invalid jmespath expression '{_text}', at {(_at < _tokens.Count ? _tokens[_at].At : _text.Length)}: {problem}");

    private string Kind => _tokens[_at].Kind;

    private void Read()
    {
        for (var i = 0; i < _text.Length;)
        {
            var c = _text[i];
            var start = i;
            if (char.IsWhiteSpace(c))
            {
                i++;
                continue;
            }
            if (char.IsAsciiLetter(c) || c == '_')
            {
                while (i < _text.Length && (char.IsAsciiLetterOrDigit(_text[i]) || _text[i] == '_')) i++;
                _tokens.Add(("name", _text[start..i], start));
            }
            else if (char.IsAsciiDigit(c) || c == '-' && i + 1 < _text.Length && char.IsAsciiDigit(_text[i + 1]))
            {
                i++;
                while (i < _text.Length && char.IsAsciiDigit(_text[i])) i++;
                _tokens.Add(("number", _text[start..i], start));
            }
            else if (c is '"' or '\'' or '`')
            {
                i++;
                while (i < _text.Length && _text[i] != c) i += _text[i] == '\\' ? 2 : 1;
                if (i >= _text.Length) throw Refuse($"the {c} is not closed");
                _tokens.Add((c switch { '"' => "quoted", '\'' => "raw", _ => "literal" }, _text[(start + 1)..i], start));
                i++;
            }
            else
            {
                string[] signs = ["[?", "[]", "||", "&&", "==", "!=", "<=", ">=", "<", ">", "!", "&", "|", ".", "*", "[", "]", "{", "}", "(", ")", ",", ":", "@"];
                var sign = Array.Find(signs, s => string.CompareOrdinal(_text, i, s, 0, s.Length) == 0) ?? throw Refuse($"'{c}' starts nothing");
                _tokens.Add((sign, sign, start));
                i += sign.Length;
            }
        }
        _tokens.Add(("eof", "the end", _text.Length));
    }

    // How tightly a word binds what stands before it.
    private static int Power(string kind) => kind switch
    {
        "|" => 1, "||" => 2, "&&" => 3, "==" or "!=" or "<" or ">" or "<=" or ">=" => 5, "[]" => 9, "*" => 20, "[?" => 21, "." => 40, "!" => 45, "{" => 50, "[" => 55, "(" => 60, _ => 0,
    };

    private string Take(string kind)
    {
        if (Kind != kind) throw Refuse($"'{kind}' was expected, found '{_tokens[_at].Text}'");
        return _tokens[_at++].Text;
    }

    private QueryNode Expression(int power)
    {
        if (++_depth > DeepestNesting) throw Refuse("it is nested too deep");
        var left = Start();
        while (power < Power(Kind)) left = Continue(left);
        _depth--;
        return left;
    }

    private QueryNode Start()
    {
        var (kind, text, _) = _tokens[_at++];
        switch (kind)
        {
            case "name" when Kind == "(": return Call(text);
            case "name": return new QueryNode.Field(text);
            case "quoted": return new QueryNode.Field(JsonText.Read($"\"{text}\"").AsText()!);
            case "raw": return new QueryNode.Literal(text.Replace("\\'", "'"));
            case "literal": return new QueryNode.Literal(Literal(text.Replace("\\`", "`").Trim()));
            case "@": return new QueryNode.Current();
            case "*": return new QueryNode.Projection(new QueryNode.Current(), Right(20), ProjectionKind.Values);
            case "[]": return new QueryNode.Projection(new QueryNode.Flatten(new QueryNode.Current()), Right(9), ProjectionKind.List);
            case "[?": return Filter(new QueryNode.Current());
            case "!": return new QueryNode.Not(Expression(45));
            case "&": return new QueryNode.Reference(Expression(0));
            case "{": return Map();
            case "(":
                var inside = Expression(0);
                Take(")");
                return inside;
            case "[" when Kind is "number" or ":": return Bracket(new QueryNode.Current());
            case "[" when Kind == "*" && _tokens[_at + 1].Kind == "]":
                _at += 2;
                return new QueryNode.Projection(new QueryNode.Current(), Right(20), ProjectionKind.List);
            case "[": return List();
            default:
                _at--;
                throw Refuse($"'{text}' starts no expression");
        }
    }

    private static Obj Literal(string text)
    {
        try
        {
            return Conversion.ToObj(JsonText.Read(text));
        }
        catch (JsonRefused)
        {
            // An old way of writing text without quotes.
            return text;
        }
    }

    private QueryNode Continue(QueryNode left)
    {
        var kind = _tokens[_at++].Kind;
        switch (kind)
        {
            case "." when Kind == "*":
                _at++;
                return new QueryNode.Projection(left, Right(20), ProjectionKind.Values);
            case ".": return new QueryNode.Chain(left, Dotted(40));
            case "|": return new QueryNode.Chain(left, Expression(1));
            case "||": return new QueryNode.Or(left, Expression(2));
            case "&&": return new QueryNode.And(left, Expression(3));
            case "[]": return new QueryNode.Projection(new QueryNode.Flatten(left), Right(9), ProjectionKind.List);
            case "[?": return Filter(left);
            case "[" when Kind is "number" or ":": return Bracket(left);
            case "[":
                Take("*");
                Take("]");
                return new QueryNode.Projection(left, Right(20), ProjectionKind.List);
            case "==" or "!=" or "<" or ">" or "<=" or ">=": return new QueryNode.Compare(kind, left, Expression(5));
            default:
                _at--;
                throw Refuse($"'{_tokens[_at].Text}' is not expected here");
        }
    }

    private QueryNode Dotted(int power)
    {
        if (Kind is "name" or "quoted" or "*") return Expression(power);
        if (Kind == "[")
        {
            _at++;
            return List();
        }
        Take("{");
        return Map();
    }

    // What is applied to each item of a projection.
    private QueryNode Right(int power)
    {
        if (Power(Kind) < 10) return new QueryNode.Current();
        if (Kind is "[" or "[?") return Expression(power);
        if (Kind != ".") throw Refuse($"'{_tokens[_at].Text}' cannot follow a projection");
        _at++;
        return Dotted(power);
    }

    private QueryNode.Filter Filter(QueryNode left)
    {
        var condition = Expression(0);
        Take("]");
        return new(left, Kind == "[]" ? new QueryNode.Current() : Right(21), condition);
    }

    private QueryNode Bracket(QueryNode left)
    {
        var parts = new int?[3];
        var place = 0;
        while (Kind != "]")
            if (Kind == ":")
            {
                if (++place == 3) throw Refuse("a slice has three parts at most");
                _at++;
            }
            else parts[place] = int.TryParse(Take("number"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Refuse("the number is too large");
        Take("]");
        if (place == 0) return new QueryNode.Chain(left, new QueryNode.Index(parts[0]!.Value));
        return new QueryNode.Projection(new QueryNode.Chain(left, new QueryNode.Slice(parts[0], parts[1], parts[2])), Right(20), ProjectionKind.Slice);
    }

    private QueryNode.List List()
    {
        var items = new List<QueryNode>();
        do items.Add(Expression(0));
        while (Kind == "," && _at++ >= 0);
        Take("]");
        return new([.. items]);
    }

    private QueryNode.Map Map()
    {
        var entries = new List<(string, QueryNode)>();
        do
        {
            var name = Kind == "quoted" ? JsonText.Read($"\"{Take("quoted")}\"").AsText()! : Take("name");
            Take(":");
            entries.Add((name, Expression(0)));
        }
        while (Kind == "," && _at++ >= 0);
        Take("}");
        return new([.. entries]);
    }

    private QueryNode.Call Call(string name)
    {
        Take("(");
        var arguments = new List<QueryNode>();
        while (Kind != ")")
        {
            if (arguments.Count > 0) Take(",");
            arguments.Add(Expression(0));
        }
        Take(")");
        return new(name, [.. arguments]);
    }
}
