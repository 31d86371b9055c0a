using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SaltActors.Rendering.Yaml;

/// <summary>YamlDotNet's parser events to nodes. What it cannot take, <see cref="YamlComposer"/> words as libyaml does.</summary>
internal sealed class YamlEvents
{
    private const int DeepestNode = 500;
    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode> _anchors = [];

    private readonly YamlTokens _tokens;

    private YamlEvents(YamlTokens tokens) => (_tokens, _parser) = (tokens, new Parser(tokens));

    /// <summary>True with the only document, or with null where there is none; false where the text is to be refused, or may be.</summary>
    internal static bool TryRead(string text, string source, out YamlNode? root)
    {
        root = null;
        try
        {
            var events = new YamlEvents(new YamlTokens(new YamlScanner(text, source)));
            return events.TryDocument(out root);
        }
        catch (Exception refused) when (refused is YamlException or YamlBroken or ArgumentException or InvalidOperationException)
        {
            // ArgumentException: tags and anchors that YamlDotNet has no name for. InvalidOperationException: its parser's own word for what follows a lone document end.
            // The caller reads again, for libyaml's words.
            return false;
        }
    }

    private bool TryDocument(out YamlNode? root)
    {
        root = null;
        if (Next() is not StreamStart) return false;
        // To YamlDotNet an end without a document is nothing at all, to libyaml it is a mistake.
        if (Next() is StreamEnd) return !_tokens.HasSeenDocumentEnd;
        if (_parser.Current is not DocumentStart) return false;
        root = Node(Next(), 0);
        return root is not null && Next() is DocumentEnd && Next() is StreamEnd;
    }

    private ParsingEvent Next() => _parser.MoveNext() ? _parser.Current! : throw new SemanticErrorException("the events end before their stream");

    // Null for what libyaml refuses and YamlDotNet leaves to its reader: depth, unknown aliases, names given twice.
    private YamlNode? Node(ParsingEvent read, int depth)
    {
        if (depth > DeepestNode) return null;
        switch (read)
        {
            case AnchorAlias alias:
                return _anchors.GetValueOrDefault(alias.Value.Value);
            case Scalar scalar:
                var given = Given(scalar);
                // The lone exclamation mark says: as if it were plain, whatever it is. Before nothing at all it is empty text.
                var isPlain = given == "!" ? scalar.Style != ScalarStyle.Plain || scalar.Value.Length > 0 : scalar.Style == ScalarStyle.Plain;
                var tag = given is null or "!" ? isPlain ? YamlScalars.FullTagOf(scalar.Value) : YamlNode.TextTag : given;
                var leaf = new ScalarNode(tag, scalar.Value, MarkOf(scalar));
                return IsNamed(scalar, leaf) ? leaf : null;
            case SequenceStart start:
                var list = new SequenceNode(Collection(start, YamlNode.SequenceTag), MarkOf(start));
                if (!IsNamed(start, list)) return null;
                while (Next() is not SequenceEnd)
                {
                    if (Node(_parser.Current!, depth + 1) is not { } item) return null;
                    list.Items.Add(item);
                }
                return list;
            case MappingStart start:
                var map = new MappingNode(Collection(start, YamlNode.MapTag), MarkOf(start));
                if (!IsNamed(start, map)) return null;
                while (Next() is not MappingEnd)
                {
                    if (Node(_parser.Current!, depth + 1) is not { } key || Node(Next(), depth + 1) is not { } value) return null;
                    map.Entries.Add(new(key, value));
                }
                return map;
            default:
                return null;
        }
    }

    private bool IsNamed(NodeEvent read, YamlNode node) => read.Anchor.IsEmpty || _anchors.TryAdd(read.Anchor.Value, node);
    private static string Collection(NodeEvent read, string kind) => Given(read) is { } given and not "!" ? given : kind;
    private static string? Given(NodeEvent read) => read.Tag.IsEmpty ? null : read.Tag.Value;
    private static YamlMark MarkOf(ParsingEvent read) => new((int)read.Start.Line, (int)read.Start.Column);
}
