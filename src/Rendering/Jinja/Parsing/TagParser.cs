using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Globals;
using SaltActors.Rendering.Jinja.Lexing;
using SaltActors.Rendering.Jinja.Syntax;

namespace SaltActors.Rendering.Jinja.Parsing;

// The tags: Jinja's own, those of its extensions "do" and "loopcontrols", and Salt's.
public sealed partial class JinjaParser
{
    private IEnumerable<Statement> Tag()
    {
        var tag = Current;
        CheckDepth(tag);
        if (tag.Kind != TokenKind.Name) throw Fail("tag name expected", tag);
        Next();
        switch (tag.Text)
        {
            case "for": return [For(tag)];
            case "if": return [If(tag)];
            case "set": return [Set(tag)];
            case "do": return [new DoStatement(Tuple(mayHaveConditions: true), tag.Line)];
            case "macro": return [Macro(tag)];
            case "call": return [CallBlock(tag)];
            case "include": return [Include(tag)];
            case "import": return [Import(tag)];
            case "from": return [FromImport(tag)];
            case "block": return [Block(tag)];
            case "extends": return [new ExtendsStatement(Expression(), tag.Line)];
            case "with": return [With(tag)];
            case "filter": return [FilterBlock(tag)];
            case "autoescape": return [new EscapeStatement(Expression(), Scope("autoescape", "endautoescape"), tag.Line)];
            case "print": return Print();
            case "break" or "continue":
                if (_loops == 0) _unknown.Add(Fail(tag.Text == "break" ? "'break' outside loop" : "'continue' not properly in loop", tag, FaultKind.Other));
                return [new JumpStatement(tag.Text == "break" ? Flow.Break : Flow.Continue, tag.Line)];
            case "load_yaml": return [Load(DataFormat.Yaml, tag)];
            case "load_json": return [Load(DataFormat.Json, tag)];
            case "load_text": return [Load(DataFormat.Text, tag)];
            case "import_yaml": return [ImportData(DataFormat.Yaml, tag)];
            case "import_json": return [ImportData(DataFormat.Json, tag)];
            case "import_text": return [ImportData(DataFormat.Text, tag)];
            case "profile":
                ExpectName("as");
                var label = Expression();
                return [new ProfileStatement(label, BodyUpTo("profile", "endprofile").Body, tag.Line)];
            default: throw UnknownTag(tag);
        }
    }

    // A body in a scope of its own, where unknown filters are refused again.
    private Statement[] Scope(string tag, string end) => Observed(() => BodyUpTo(tag, end).Body).Body;

    private List<Statement> Print()
    {
        var outputs = new List<Statement>();
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (outputs.Count > 0) ExpectOperator(",");
            outputs.Add(new OutputStatement(Expression()));
        }
        return outputs;
    }

    private ForStatement For(Token tag)
    {
        var target = TargetOf();
        ExpectName("in");
        if (target.Names().Contains("loop")) throw Fail("Can't assign to special loop variable in for-loop target", tag);
        var items = Tuple(mayHaveConditions: false);
        var filter = SkipName("if") ? Expression() : null;
        var isRecursive = SkipName("recursive");
        var end = "";
        var hasScopedBlock = _blocks.Count;
        var (body, mentioned) = Observed(() =>
        {
            _loops++;
            (var read, end) = BodyUpTo("for", "endfor", "else");
            _loops--;
            return read;
        });
        var otherwise = end == "else" ? Observed(() => BodyUpTo("for", "endfor").Body).Body : [];
        var showsLoop = mentioned.Contains("loop") || _blocks.Values.Skip(hasScopedBlock).Any(b => b.IsScoped);
        return new(target, items, filter, body, otherwise, isRecursive, showsLoop, tag.Line);
    }

    private IfStatement If(Token tag)
    {
        var branches = new List<(Expression, Statement[])>();
        var wasInBranch = _isInBranch;
        _isInBranch = true;
        var end = "elif";
        Statement[] otherwise = [];
        while (end == "elif")
        {
            var test = Tuple(mayHaveConditions: false);
            (var body, end) = BodyUpTo("if", "elif", "else", "endif");
            branches.Add((test, body));
        }
        if (end == "else") otherwise = BodyUpTo("if", "endif").Body;
        _isInBranch = wasInBranch;
        return new([.. branches], otherwise, tag.Line);
    }

    private WithStatement With(Token tag)
    {
        var assignments = new List<(Target, Expression)>();
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (assignments.Count > 0) ExpectOperator(",");
            var target = TargetOf();
            ExpectOperator("=");
            assignments.Add((target, Expression()));
        }
        return new([.. assignments], Scope("with", "endwith"), tag.Line);
    }

    private FilterBlockStatement FilterBlock(Token tag)
    {
        var filter = (FilterExpression)Filters(null, isInline: true)!;
        return new(filter, Scope("filter", "endfilter"), tag.Line);
    }

    private Statement Set(Token tag)
    {
        var target = TargetOf(mayBeAttribute: true);
        if (Skip("=")) return new SetStatement(target, Tuple(mayHaveConditions: true), tag.Line);
        var filter = (FilterExpression?)Filters(null, isInline: false);
        return new SetBlockStatement(target, filter, Scope("set", "endset"), tag.Line);
    }

    /// <summary>What is assigned to: a name, names in a tuple or list, where allowed an attribute.</summary>
    private Target TargetOf(bool mayBeAttribute = false)
    {
        var first = Current;
        if (mayBeAttribute && first.Kind == TokenKind.Name && Peek.IsOperator("."))
        {
            Next();
            Next();
            return new(first.Text, Expect(TokenKind.Name).Text, null, first.Line);
        }
        var parts = new List<Target>();
        var isTuple = false;
        while (true)
        {
            if (parts.Count > 0) ExpectOperator(",");
            if (Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || Current.IsOperator(")")) break;
            parts.Add(AsTarget(Primary(), first));
            if (!Current.IsOperator(",")) break;
            isTuple = true;
        }
        if (isTuple) return new(null, null, [.. parts], first.Line);
        return parts.Count > 0 ? parts[0] : throw Fail($"Expected an expression, got '{Current}'", Current);
    }

    private Target AsTarget(Expression node, Token at) => node switch
    {
        NameExpression name => new(name.Name, null, null, name.Line),
        ListExpression { Items: var items, IsTuple: true } => new(null, null, [.. items.Select(i => AsTarget(i, at))], node.Line),
        Literal => throw Fail("can't assign to 'const'", at),
        ListExpression => throw Fail("can't assign to 'list'", at),
        DictExpression => throw Fail("can't assign to 'dict'", at),
        _ => throw Fail("can't assign to 'expression'", at),
    };

    private Token TargetName()
    {
        var name = Expect(TokenKind.Name);
        return name.Text is "true" or "false" or "none" or "True" or "False" or "None" ? throw Fail("can't assign to 'name'", name) : name;
    }

    private MacroCode Code(string? name, Token tag)
    {
        List<string> parameters = [];
        List<Expression?> defaults = [];
        if (name is not null || Current.IsOperator("("))
        {
            ExpectOperator("(");
            while (!Current.IsOperator(")"))
            {
                if (parameters.Count > 0) ExpectOperator(",");
                var parameter = TargetName();
                if (parameters.Contains(parameter.Text)) _unknown.Add(Fail($"duplicate argument '{parameter.Text}' in function definition", parameter, FaultKind.Other));
                parameters.Add(parameter.Text);
                if (Skip("=")) defaults.Add(Expression());
                else if (defaults.Exists(d => d is not null)) throw Fail("non-default argument follows default argument", parameter);
                else defaults.Add(null);
            }
            ExpectOperator(")");
        }
        return new(name, [.. parameters], [.. defaults], [], [], tag.Line);
    }

    private MacroStatement Macro(Token tag)
    {
        var name = TargetName().Text;
        var code = Code(name, tag);
        return new(WithBody(code, "macro", "endmacro", tag));
    }

    private CallBlockStatement CallBlock(Token tag)
    {
        var code = Code(null, tag);
        var at = Current;
        if (Expression() is not CallExpression call) throw Fail("expected call", at);
        return new(call, WithBody(code, "call", "endcall", tag));
    }

    // The body learns which of the special names it mentions; those that are parameters are ordinary.
    private MacroCode WithBody(MacroCode code, string name, string end, Token tag)
    {
        var loops = _loops;
        _loops = 0;
        var (body, mentioned) = Observed(() => BodyUpTo(name, end).Body);
        _loops = loops;
        var caller = Array.IndexOf(code.Parameters, "caller");
        if (caller >= 0 && code.Defaults[caller] is null && mentioned.Contains("caller"))
            _unknown.Add(Fail("When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.", tag));
        return code with { Body = body, Catches = [.. mentioned.Where(m => m == "caller" || Array.IndexOf(code.Parameters, m) < 0)] };
    }

    // "with context" or "without context"; null where neither stands here.
    private bool? ContextWords()
    {
        if (Current is not { Kind: TokenKind.Name, Text: "with" or "without" } || !Peek.IsName("context")) return null;
        var hasContext = Next().Text == "with";
        Next();
        return hasContext;
    }

    private IncludeStatement Include(Token tag)
    {
        var names = Expression();
        var ignoresMissing = Current.IsName("ignore") && Peek.IsName("missing");
        if (ignoresMissing)
        {
            Next();
            Next();
        }
        return new(names, ignoresMissing, ContextWords() ?? true, tag.Line);
    }

    private ImportStatement Import(Token tag)
    {
        var name = Expression();
        ExpectName("as");
        var target = TargetName().Text;
        return new(name, target, ContextWords() ?? false, tag.Line);
    }

    private ImportDataStatement ImportData(DataFormat format, Token tag)
    {
        var name = Expression();
        ExpectName("as");
        var target = TargetName().Text;
        return new(format, name, target, ContextWords() ?? false, tag.Line);
    }

    private FromImportStatement FromImport(Token tag)
    {
        var name = Expression();
        ExpectName("import");
        var names = new List<(string, string)>();
        bool? hasContext;
        while (true)
        {
            if (names.Count > 0) ExpectOperator(",");
            if (Current.Kind != TokenKind.Name) throw Unexpected("name");
            if ((hasContext = ContextWords()) is not null) break;
            var exported = TargetName();
            if (exported.Text[0] == '_') throw Fail("names starting with an underline can not be imported", exported);
            names.Add((exported.Text, SkipName("as") ? TargetName().Text : exported.Text));
            if ((hasContext = ContextWords()) is not null || !Current.IsOperator(",")) break;
        }
        return new(name, [.. names], hasContext ?? false, tag.Line);
    }

    private LoadStatement Load(DataFormat format, Token tag)
    {
        ExpectName("as");
        var target = TargetOf();
        return new(format, target, Scope(tag.Text, "endload"), tag.Line);
    }

    private BlockStatement Block(Token tag)
    {
        var name = Expect(TokenKind.Name);
        var isScoped = SkipName("scoped");
        var isRequired = SkipName("required");
        if (Current.IsOperator("-"))
            throw Fail("Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.", Current);
        var block = new BlockStatement(name.Text, [], isScoped, isRequired, tag.Line);
        var isFirst = _blocks.TryAdd(name.Text, block);
        var loops = _loops;
        _loops = 0;
        var (body, _) = Observed(() => BodyUpTo("block", "endblock").Body);
        _loops = loops;
        if (isRequired && body.Any(s => s is not DataStatement { Text: var text } || !string.IsNullOrWhiteSpace(text)))
            throw Fail("Required blocks can only contain comments or whitespace", tag);
        SkipName(name.Text);
        block.Body = body;
        if (!isFirst) _unknown.Add(Fail($"block '{name.Text}' defined twice", tag));
        return block;
    }
}
