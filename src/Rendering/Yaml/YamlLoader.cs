using SaltActors.Core.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SaltActors.Rendering.Yaml;

/// <summary>YAML text to values, as Salt's loader reads it: from the parser's events, never through an object model.</summary>
/// <remarks>
/// Merge keys, anchors, <c>!!omap</c> and the plain tags are known; a key that stands twice is refused, as is every tag that would build an object.
/// Aliases share their value; what they would unfold to is bounded.
/// </remarks>
public sealed class YamlLoader
{
    private const int DepthLimit = 200;
    private const long WeightLimit = 20_000_000;
    private const string Prefix = "tag:yaml.org,2002:";
    private readonly string _source, _text;
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, (Value Value, long Weight)> _anchors = [];

    private YamlLoader(string text, string source)
    {
        (_text, _source) = (text, source);
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>The first document of the text; null where it is empty.</summary>
    /// <param name="source">The name that errors show: a path.</param>
    /// <exception cref="YamlBroken">The text is no YAML, has a key twice, or holds more than one document.</exception>
    public static Value Load(string text, string source)
    {
        var loader = new YamlLoader(text, source);
        try
        {
            return loader.Document();
        }
        catch (YamlException broken)
        {
            throw loader.At(broken.Start, Plain(broken.Message));
        }
    }

    private Value Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _)) return Value.Null;
        _parser.Consume<DocumentStart>();
        var (value, _) = Node(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _)) throw At(_parser.Current!.Start, "expected a single document in the stream, but found another document");
        return value;
    }

    private (Value Value, long Weight) Node(int depth)
    {
        if (depth > DepthLimit) throw At(_parser.Current!.Start, $"maps and lists stand more than {DepthLimit} deep inside each other");
        switch (_parser.Consume<ParsingEvent>())
        {
            case AnchorAlias alias:
                return _anchors.TryGetValue(alias.Value, out var known) ? known : throw At(alias.Start, $"found undefined alias '{alias.Value}'");
            case Scalar scalar:
                return Keep(scalar.Anchor, (Scalar(scalar), 1));
            case SequenceStart sequence:
                return Keep(sequence.Anchor, Sequence(sequence, depth));
            case MappingStart mapping:
                return Keep(mapping.Anchor, Mapping(mapping, depth));
            case var other:
                throw At(other.Start, $"did not expect {other.GetType().Name} here");
        }
    }

    private (Value, long) Keep(AnchorName anchor, (Value Value, long Weight) node)
    {
        if (node.Weight > WeightLimit) throw At(_parser.Current!.Start, "the aliases unfold to more than anybody can want");
        if (!anchor.IsEmpty) _anchors[anchor] = node;
        return node;
    }

    private (Value, long) Sequence(SequenceStart start, int depth)
    {
        var items = System.Collections.Immutable.ImmutableArray.CreateBuilder<Value>();
        long weight = 1;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var (item, itemWeight) = Node(depth + 1);
            items.Add(item);
            weight += itemWeight;
        }
        var list = new ListValue(items.ToImmutable());
        return Tag(start) switch
        {
            "" or "seq" => (list, weight),
            "omap" => (OrderedMap(start, list), weight),
            "pairs" => (list, weight),
            var tag => throw Unknown(start, tag),
        };
    }

    private (Value, long) Mapping(MappingStart start, int depth)
    {
        var tag = Tag(start);
        if (tag is not ("" or "map" or "omap" or "set")) throw Unknown(start, tag);
        var map = new MapValue.Builder { IsOrdered = tag == "omap" };
        var own = new HashSet<Value>();
        var merged = new List<MapValue>();
        long weight = 1;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var place = _parser.Current is { } at ? at : start;
            var isMerge = _parser.Accept<Scalar>(out var plain) && plain is { Style: ScalarStyle.Plain, Value: "<<" } && plain.Tag.IsEmpty;
            if (plain is not null) place = plain;
            var (key, keyWeight) = Node(depth + 1);
            var (value, valueWeight) = Node(depth + 1);
            weight += keyWeight + valueWeight;
            if (isMerge)
            {
                merged.AddRange(Merged(value, place));
                continue;
            }
            if (key is ListValue or MapValue) throw At(place.Start, "found unhashable key");
            if (!own.Add(key)) throw At(place.Start, $"found conflicting ID '{PythonText.Str(key)}'");
            map[key] = value;
        }
        if (merged.Count == 0) return (map.Build(), weight);

        // What is merged stands first, and never over a key of the map itself; of two merged maps the first wins.
        var whole = new MapValue.Builder { IsOrdered = tag == "omap" };
        foreach (var (key, value) in merged.SelectMany(m => m))
            if (!whole.Has(key) && !own.Contains(key)) whole[key] = value;
        foreach (var (key, value) in map.Build()) whole[key] = value;
        return (whole.Build(), weight);
    }

    private IEnumerable<MapValue> Merged(Value value, ParsingEvent place) => value switch
    {
        MapValue one => [one],
        ListValue several when several.Items.All(m => m is MapValue) => several.Items.Cast<MapValue>(),
        _ => throw At(place.Start, $"expected a mapping or list of mappings for merging, but found {value.KindName}"),
    };

    private MapValue OrderedMap(SequenceStart start, ListValue items)
    {
        var map = new MapValue.Builder { IsOrdered = true };
        foreach (var item in items)
            if (item is MapValue { Count: 1 } one) map[one[0].Key] = one[0].Value;
            else throw At(start.Start, "expected a mapping of length 1 in an ordered map");
        return map.Build();
    }

    private Value Scalar(Scalar scalar)
    {
        if (scalar is { Style: ScalarStyle.Plain, Value: ['%' or '@' or '`', ..] })
            throw At(scalar.Start, $"found character '{scalar.Value[0]}' that cannot start any token");
        if (scalar.Tag.IsEmpty) return scalar.Style == ScalarStyle.Plain ? YamlScalars.Resolve(scalar.Value) : scalar.Value;
        var tag = Tag(scalar);
        return tag switch
        {
            "" or "str" or "python/unicode" => scalar.Value,
            "null" => Value.Null,
            "bool" => YamlScalars.Flag(scalar.Value) is { } flag ? flag : throw At(scalar.Start, $"'{scalar.Value}' is no truth value"),
            "int" => YamlScalars.Number(scalar.Value) is IntegerValue number ? number : throw At(scalar.Start, $"'{scalar.Value}' is no whole number"),
            "float" => YamlScalars.Number(scalar.Value)?.AsNumber() is { } real ? real : throw At(scalar.Start, $"'{scalar.Value}' is no number"),
            "timestamp" => YamlScalars.Moment(scalar.Value) ?? throw At(scalar.Start, $"'{scalar.Value}' is no time"),
            "binary" => Binary(scalar),
            _ => throw Unknown(scalar, tag),
        };
    }

    private BytesValue Binary(Scalar scalar)
    {
        try
        {
            return new BytesValue(Convert.FromBase64String(scalar.Value));
        }
        catch (FormatException)
        {
            throw At(scalar.Start, "failed to decode base64 data");
        }
    }

    // Without the prefix of YAML's own tags; a local tag keeps its exclamation mark.
    private static string Tag(NodeEvent node) =>
        node.Tag.IsEmpty || node.Tag.IsNonSpecific ? "" : node.Tag.Value.StartsWith(Prefix, StringComparison.Ordinal) ? node.Tag.Value[Prefix.Length..] : node.Tag.Value;

    private YamlBroken Unknown(NodeEvent node, string tag) => At(node.Start, $"could not determine a constructor for the tag '{(tag.StartsWith('!') ? tag : Prefix + tag)}'");

    private YamlBroken At(Mark mark, string problem) => new(problem, _source, mark.Line, mark.Column, LineOf(mark.Line));

    private string? LineOf(long number)
    {
        using var lines = new StringReader(_text);
        string? line = null;
        for (long i = 0; i < number && (line = lines.ReadLine()) is not null; i++) { }
        return line;
    }

    // The library's own text repeats the place, which we show ourselves.
    private static string Plain(string message)
    {
        var end = message.LastIndexOf("): ", StringComparison.Ordinal);
        return end < 0 ? message : message[(end + 3)..];
    }
}
