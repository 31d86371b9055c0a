namespace SaltActors.Rendering.Yaml;

/// <summary>Tokens to nodes: YAML's grammar, as libyaml reads it, with its errors.</summary>
internal sealed class YamlComposer(string text, string source)
{
    private const int DeepestNode = 500;
    private static readonly Dictionary<string, string> StandardTags = new() { ["!"] = "!", ["!!"] = YamlNode.Prefix };
    private readonly YamlScanner _scanner = new(text, source);
    private readonly Dictionary<string, YamlNode> _anchors = [];
    private Dictionary<string, string> _tags = StandardTags;

    /// <summary>The only document; null where there is none.</summary>
    internal YamlNode? Document()
    {
        if (!StartDocument(isFirst: true, out var isExplicit)) return null;
        var isEmpty = isExplicit && Next is TokenKind.VersionDirective or TokenKind.TagDirective or TokenKind.DocumentStart or TokenKind.DocumentEnd or TokenKind.StreamEnd;
        var root = isEmpty ? Empty(_scanner.Peek().Start) : Node(isBlock: true, mayBeIndentless: false, 0);
        var isExplicitEnd = Next == TokenKind.DocumentEnd;
        if (isExplicitEnd) _scanner.Take();
        _tags = StandardTags;
        var next = _scanner.Peek();
        if (StartDocument(isFirst: false, out _))
            throw Broken(YamlFault.Composer, "expected a single document in the stream", root.Start, "but found another document", next.Kind == TokenKind.DocumentEnd ? _scanner.Peek().Start : next.Start);
        return root;
    }

    internal YamlBroken Broken(YamlFault fault, string? context, YamlMark? contextMark, string problem, YamlMark mark) => _scanner.Broken(fault, context, contextMark, problem, mark);

    private TokenKind Next => _scanner.Peek().Kind;

    // False at the end of the stream.
    private bool StartDocument(bool isFirst, out bool isExplicit)
    {
        isExplicit = false;
        if (!isFirst)
            while (Next == TokenKind.DocumentEnd) _scanner.Take();
        if (Next == TokenKind.StreamEnd) return false;
        if (isFirst && Next is not (TokenKind.VersionDirective or TokenKind.TagDirective or TokenKind.DocumentStart)) return true;
        Directives();
        var token = _scanner.Peek();
        if (token.Kind != TokenKind.DocumentStart) throw ParserBroken(null, null, "did not find expected <document start>", token.Start);
        _scanner.Take();
        return isExplicit = true;
    }

    private void Directives()
    {
        var (hasVersion, own) = (false, new Dictionary<string, string>());
        while (_scanner.Peek() is { Kind: TokenKind.VersionDirective or TokenKind.TagDirective } token)
        {
            if (token.Kind == TokenKind.VersionDirective)
            {
                if (hasVersion) throw ParserBroken(null, null, "found duplicate %YAML directive", token.Start);
                if (token.Text is not ("1.1" or "1.2")) throw ParserBroken(null, null, "found incompatible YAML document", token.Start);
                hasVersion = true;
            }
            else if (!own.TryAdd(token.Handle, token.Text)) throw ParserBroken(null, null, "found duplicate %TAG directive", token.Start);
            _scanner.Take();
        }
        if (own.Count == 0) return;
        _tags = new Dictionary<string, string>(StandardTags);
        foreach (var (handle, prefix) in own) _tags[handle] = prefix;
    }

    private YamlNode Node(bool isBlock, bool mayBeIndentless, int depth)
    {
        var first = _scanner.Peek();
        if (depth > DeepestNode) throw Broken(YamlFault.Composer, null, null, $"maps and lists stand more than {DeepestNode} deep inside each other", first.Start);
        if (first.Kind == TokenKind.Alias) return Alias(_scanner.Take());

        Token? anchor = null, tag = null;
        while (_scanner.Peek() is var property && (property.Kind == TokenKind.Anchor && anchor is null || property.Kind == TokenKind.Tag && tag is null))
            if (_scanner.Take() is { Kind: TokenKind.Anchor } name) anchor = name;
            else tag = property;
        var given = tag is null ? null : TagOf(tag, first.Start);
        var token = _scanner.Peek();
        switch (token.Kind)
        {
            case TokenKind.BlockEntry when mayBeIndentless:
                return Inside(new SequenceNode(Collection(given, "seq"), first.Start), anchor, node => Indentless(node, depth));
            case TokenKind.Scalar:
                _scanner.Take();
                // The lone exclamation mark says: as if it were plain, whatever it is.
                var resolved = given is null or "!" ? YamlNode.Prefix + (token.IsPlain || given == "!" ? YamlScalars.TagOf(token.Text) : "str") : given;
                return Named(new ScalarNode(resolved, token.Text, first.Start), anchor);
            case TokenKind.FlowSequenceStart:
                return Inside(new SequenceNode(Collection(given, "seq"), first.Start), anchor, node => FlowSequence(node, depth));
            case TokenKind.FlowMappingStart:
                return Inside(new MappingNode(Collection(given, "map"), first.Start), anchor, node => FlowMapping(node, depth));
            case TokenKind.BlockSequenceStart when isBlock:
                return Inside(new SequenceNode(Collection(given, "seq"), first.Start), anchor, node => BlockSequence(node, depth));
            case TokenKind.BlockMappingStart when isBlock:
                return Inside(new MappingNode(Collection(given, "map"), first.Start), anchor, node => BlockMapping(node, depth));
            case var _ when anchor is not null || tag is not null:
                return Named(new ScalarNode(given switch { null => YamlNode.Prefix + "null", "!" => YamlNode.Prefix + "str", _ => given }, "", first.Start), anchor);
            default:
                throw ParserBroken(isBlock ? "while parsing a block node" : "while parsing a flow node", first.Start, "did not find expected node content", token.Start);
        }
    }

    private static string Collection(string? given, string kind) => given is null or "!" ? YamlNode.Prefix + kind : given;

    private YamlNode Alias(Token alias) =>
        _anchors.TryGetValue(alias.Text, out var node) ? node : throw Broken(YamlFault.Composer, null, null, "found undefined alias", alias.Start);

    private string TagOf(Token tag, YamlMark nodeStart)
    {
        if (tag.Handle.Length == 0) return tag.Text;
        return _tags.TryGetValue(tag.Handle, out var prefix) ? prefix + tag.Text : throw ParserBroken("while parsing a node", nodeStart, "found undefined tag handle", tag.Start);
    }

    private T Named<T>(T node, Token? anchor) where T : YamlNode
    {
        if (anchor is not null && !_anchors.TryAdd(anchor.Text, node))
            throw Broken(YamlFault.Composer, "found duplicate anchor; first occurrence", _anchors[anchor.Text].Start, "second occurrence", node.Start);
        return node;
    }

    private T Inside<T>(T node, Token? anchor, Action<T> read) where T : YamlNode
    {
        read(Named(node, anchor));
        return node;
    }

    private void BlockSequence(SequenceNode node, int depth)
    {
        var start = _scanner.Take().Start;
        while (Next == TokenKind.BlockEntry)
        {
            var end = _scanner.Take().End;
            node.Items.Add(Next is TokenKind.BlockEntry or TokenKind.BlockEnd ? Empty(end) : Node(isBlock: true, mayBeIndentless: false, depth + 1));
        }
        if (Next != TokenKind.BlockEnd) throw ParserBroken("while parsing a block collection", start, "did not find expected '-' indicator", _scanner.Peek().Start);
        _scanner.Take();
    }

    // A list below a key, at the key's own column.
    private void Indentless(SequenceNode node, int depth)
    {
        while (Next == TokenKind.BlockEntry)
        {
            var end = _scanner.Take().End;
            node.Items.Add(Next is TokenKind.BlockEntry or TokenKind.Key or TokenKind.Value or TokenKind.BlockEnd ? Empty(end) : Node(isBlock: true, mayBeIndentless: false, depth + 1));
        }
    }

    private void BlockMapping(MappingNode node, int depth)
    {
        var start = _scanner.Take().Start;
        while (Next == TokenKind.Key)
        {
            var key = BlockPart(_scanner.Take().End, depth);
            var value = Next == TokenKind.Value ? BlockPart(_scanner.Take().End, depth) : Empty(_scanner.Peek().Start);
            node.Entries.Add(new(key, value));
        }
        if (Next != TokenKind.BlockEnd) throw ParserBroken("while parsing a block mapping", start, "did not find expected key", _scanner.Peek().Start);
        _scanner.Take();
    }

    private YamlNode BlockPart(YamlMark end, int depth) =>
        Next is TokenKind.Key or TokenKind.Value or TokenKind.BlockEnd ? Empty(end) : Node(isBlock: true, mayBeIndentless: true, depth + 1);

    private void FlowSequence(SequenceNode node, int depth)
    {
        var start = _scanner.Take().Start;
        for (var isFirst = true; Next != TokenKind.FlowSequenceEnd; isFirst = false)
        {
            if (!isFirst)
            {
                if (Next != TokenKind.FlowEntry) throw ParserBroken("while parsing a flow sequence", start, "did not find expected ',' or ']'", _scanner.Peek().Start);
                _scanner.Take();
            }
            if (Next == TokenKind.Key) node.Items.Add(Pair(depth));
            else if (Next != TokenKind.FlowSequenceEnd) node.Items.Add(Node(isBlock: false, mayBeIndentless: false, depth + 1));
        }
        _scanner.Take();
    }

    // One pair between brackets is a map of its own: [a: 1].
    private MappingNode Pair(int depth)
    {
        var start = _scanner.Take();
        var node = new MappingNode(YamlNode.Prefix + "map", start.Start);
        YamlNode key, value;
        if (Next is TokenKind.Value or TokenKind.FlowEntry or TokenKind.FlowSequenceEnd) key = Empty(_scanner.Take().End);   // libyaml loses this token
        else key = Node(isBlock: false, mayBeIndentless: false, depth + 2);
        if (Next == TokenKind.Value)
        {
            _scanner.Take();
            value = Next is TokenKind.FlowEntry or TokenKind.FlowSequenceEnd ? Empty(_scanner.Peek().Start) : Node(isBlock: false, mayBeIndentless: false, depth + 2);
        }
        else value = Empty(_scanner.Peek().Start);
        node.Entries.Add(new(key, value));
        return node;
    }

    private void FlowMapping(MappingNode node, int depth)
    {
        var start = _scanner.Take().Start;
        for (var isFirst = true; Next != TokenKind.FlowMappingEnd; isFirst = false)
        {
            if (!isFirst)
            {
                if (Next != TokenKind.FlowEntry) throw ParserBroken("while parsing a flow mapping", start, "did not find expected ',' or '}'", _scanner.Peek().Start);
                _scanner.Take();
            }
            if (Next == TokenKind.Key)
            {
                var end = _scanner.Take().End;
                var key = Next is TokenKind.Value or TokenKind.FlowEntry or TokenKind.FlowMappingEnd ? Empty(end) : Node(isBlock: false, mayBeIndentless: false, depth + 1);
                node.Entries.Add(new(key, FlowValue(depth)));
            }
            else if (Next != TokenKind.FlowMappingEnd)
            {
                var key = Node(isBlock: false, mayBeIndentless: false, depth + 1);
                node.Entries.Add(new(key, Empty(_scanner.Peek().Start)));
            }
        }
        _scanner.Take();
    }

    private YamlNode FlowValue(int depth)
    {
        if (Next == TokenKind.Value) _scanner.Take();
        else return Empty(_scanner.Peek().Start);
        return Next is TokenKind.FlowEntry or TokenKind.FlowMappingEnd ? Empty(_scanner.Peek().Start) : Node(isBlock: false, mayBeIndentless: false, depth + 1);
    }

    private static ScalarNode Empty(YamlMark mark) => new(YamlNode.Prefix + "null", "", mark);

    private YamlBroken ParserBroken(string? context, YamlMark? contextMark, string problem, YamlMark mark) => Broken(YamlFault.Parser, context, contextMark, problem, mark);
}
