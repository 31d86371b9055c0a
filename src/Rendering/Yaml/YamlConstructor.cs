using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Yaml;

/// <summary>Nodes to values: tags, merge keys, keys that stand twice. Follows Salt 3006, salt/utils/yamlloader.py, and PyYAML's safe constructor.</summary>
/// <remarks>A set becomes a list of its members, because there is no such value; pairs are tuples.</remarks>
internal sealed class YamlConstructor(YamlComposer composer, YamlMaps maps)
{
    /// <summary>Salt's words for a map as a key, which braces of a template leave behind.</summary>
    internal const string DoubleCurly = "Invalid YAML, possible double curly-brace";

    private const long HeaviestDocument = 10_000_000;
    private const string While = "while constructing a mapping";
    private const string Aggregate = "!aggregate", Reset = "!reset";
    private const int PrefixLength = 18, FewKeys = 12;
    private readonly Queue<YamlNode> _unread = [];
    private YamlNode? _mapAsKey;

    /// <summary>All errors are found before anything is built: level by level, as PyYAML does, so that of two errors the same one is told.</summary>
    internal Value Construct(YamlNode root)
    {
        Check(root);
        while (_unread.TryDequeue(out var node)) CheckInside(node);
        return _mapAsKey is { } key ? throw composer.Broken(YamlFault.Constructor, null, null, DoubleCurly, key.Start) : Of(root);
    }

    private void Check(YamlNode node)
    {
        if (node.IsSeen) return;
        node.IsSeen = true;
        if (maps == YamlMaps.Aggregating && node.Tag is Aggregate or Reset) TakeMark(node);
        if (IsCollection(node)) _unread.Enqueue(node);
        else node.Value ??= Scalar(node);
    }

    private static bool IsCollection(YamlNode node) => ReferenceEquals(node.Tag, YamlNode.MapTag) || ReferenceEquals(node.Tag, YamlNode.SequenceTag) || !ReferenceEquals(node.Tag, YamlNode.TextTag) && node.Tag is YamlNode.Prefix + "map" or YamlNode.Prefix + "seq" or YamlNode.Prefix + "omap" or YamlNode.Prefix + "pairs" or YamlNode.Prefix + "set";

    private void CheckInside(YamlNode node)
    {
        switch (node.Tag[PrefixLength..])
        {
            case "seq":
                if (node is not SequenceNode sequence) throw Kind(node, "a sequence");
                foreach (var item in sequence.Items) Check(item);
                break;
            case "pairs": CheckPairs(node, "while constructing pairs"); break;
            case "omap" when maps == YamlMaps.Plain: CheckPairs(node, "while constructing an ordered map"); break;
            default: CheckMap(node); break;
        }
    }

    private void CheckMap(YamlNode node)
    {
        if (node is not MappingNode mapping) throw Kind(node, "a mapping");
        Flatten(mapping);
        // Most maps are small: their keys are looked through, those of others looked up.
        var keys = mapping.Entries.Count > FewKeys ? new HashSet<Value>(mapping.Entries.Count) : null;
        for (var place = 0; place < mapping.Entries.Count; place++)
        {
            var (key, value) = mapping.Entries[place];
            Check(key);
            // An ordered map can be a key in Salt; it says so only when all else is right.
            if (IsCollection(key) && !(maps != YamlMaps.Plain && key is MappingNode))
                throw composer.Broken(YamlFault.Constructor, While, node.Start, $"found unacceptable key {(key is ScalarNode text ? text.Text : key.Content)}", key.Start);
            if (key.Value is null) _mapAsKey ??= key;
            Check(value);
            if (key.Value is { } known && (keys is null ? Stands(mapping, known, place) : !keys.Add(known)) && maps != YamlMaps.Aggregating) throw composer.Broken(YamlFault.Constructor, While, node.Start, $"found conflicting ID '{known}'", key.Start);
        }
    }

    private static bool Stands(MappingNode mapping, Value key, int before)
    {
        for (var i = 0; i < before; i++)
            if (mapping.Entries[i].Key.Value is { } other && other.Equals(key)) return true;
        return false;
    }

    private void CheckPairs(YamlNode node, string context)
    {
        if (node is not SequenceNode sequence) throw composer.Broken(YamlFault.Constructor, context, node.Start, $"expected a sequence, but found {node.Kind}", node.Start);
        foreach (var item in sequence.Items)
        {
            if (item is not MappingNode pair) throw composer.Broken(YamlFault.Constructor, context, node.Start, $"expected a mapping of length 1, but found {item.Kind}", item.Start);
            if (pair.Entries.Count != 1) throw composer.Broken(YamlFault.Constructor, context, node.Start, $"expected a single mapping item, but found {pair.Entries.Count} items", item.Start);
            Check(pair.Entries[0].Key);
            Check(pair.Entries[0].Value);
        }
    }

    private Value Of(YamlNode node)
    {
        if (node.Value is { } known) return known;
        if (node.IsOpen) throw composer.Broken(YamlFault.Constructor, null, null, "found unconstructable recursive node", node.Start);
        node.IsOpen = true;
        Value value = node switch
        {
            SequenceNode list when node.Tag == YamlNode.Prefix + "seq" => List(list),
            SequenceNode list => Pairs(list),
            MappingNode map when node.Tag == YamlNode.Prefix + "set" => ListValue.From(Map(map).Keys),
            MappingNode map => Map(map),
            _ => throw Unknown(node),
        };
        node.IsOpen = false;
        return node.Value = value;
    }

    // The mark of yamlex stands where the kind of the node would: the node is what it is without it, and a single word a list of it.
    private void TakeMark(YamlNode node)
    {
        node.Mark = node.Tag;
        switch (node)
        {
            case MappingNode: node.Tag = YamlNode.Prefix + "map"; break;
            case SequenceNode: node.Tag = YamlNode.Prefix + "seq"; break;
            case ScalarNode scalar:
                node.Tag = YamlNode.Prefix + YamlScalars.TagOf(scalar.Text);
                var value = Scalar(node);
                node.Value = node.Mark == Aggregate ? ListValue.Create([value]) : value;
                break;
        }
    }

    private static Value Together(Value before, Value more) => (before, more) switch
    {
        (MapValue under, MapValue over) => MapTogether(under, over),
        (ListValue first, ListValue then) => new ListValue(first.Items.AddRange(then.Items)),
        (ListValue first, _) => first.Add(more),
        (_, ListValue then) => new ListValue(then.Items.Insert(0, before)),
        _ => more,
    };

    private static MapValue MapTogether(MapValue under, MapValue over)
    {
        var map = under.ToBuilder();
        foreach (var (key, value) in over) map[key] = value is MapValue or ListValue && map.Get(key) is { } there ? Together(there, value) : value;
        return map.Build();
    }

    private Value Scalar(YamlNode node)
    {
        if (ReferenceEquals(node.Tag, YamlNode.TextTag)) return Text(node);
        if (!node.Tag.StartsWith(YamlNode.Prefix, StringComparison.Ordinal)) throw Unknown(node);
        return node.Tag[PrefixLength..] switch
        {
            "str" or "timestamp" => Text(node),
            "python/unicode" => node is ScalarNode { Text: var text } ? text : Text(node),
            "null" => Nothing(node),
            "bool" => YamlScalars.Flag(Text(node).ToLowerInvariant()) is { } flag ? flag : throw Refused(node, "a truth value as 'yes' or 'no'"),
            "int" => YamlScalars.Integer(Text(node)) is { } whole ? whole : throw Refused(node, "a whole number"),
            "float" => YamlScalars.Float(Text(node)) is { } real ? real : throw Refused(node, "a number"),
            "binary" => Binary(node),
            _ => throw Unknown(node),
        };
    }

    private string Text(YamlNode node) => node is ScalarNode scalar ? scalar.Text : throw Kind(node, "a scalar");

    private NullValue Nothing(YamlNode node)
    {
        _ = Text(node);
        return Value.Null;
    }

    private BytesValue Binary(YamlNode node)
    {
        // Python's decoder passes over what is no digit of base64.
        var digits = new string([.. Text(node).Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=')]);
        try
        {
            return new BytesValue(Convert.FromBase64String(digits));
        }
        catch (FormatException)
        {
            throw composer.Broken(YamlFault.Constructor, null, null, "failed to decode base64 data: Incorrect padding", node.Start);
        }
    }

    private ListValue List(SequenceNode node)
    {
        var items = ImmutableArray.CreateBuilder<Value>(node.Items.Count);
        foreach (var item in node.Items)
        {
            items.Add(Of(item));
            Weigh(node, item);
        }
        return new ListValue(items.MoveToImmutable());
    }

    private ListValue Pairs(SequenceNode node)
    {
        var pairs = ImmutableArray.CreateBuilder<Value>(node.Items.Count);
        foreach (var (key, value) in node.Items.Select(item => ((MappingNode)item).Entries[0]))
        {
            pairs.Add(new ListValue([Of(key), Of(value)], isTuple: true));
            Weigh(node, key);
            Weigh(node, value);
        }
        return new ListValue(pairs.MoveToImmutable());
    }

    private MapValue Map(MappingNode node)
    {
        var map = new MapValue.Builder(node.Entries.Count) { IsOrdered = maps != YamlMaps.Plain };
        foreach (var (key, value) in node.Entries)
        {
            var (name, made) = (Of(key), Of(value));
            map[name] = value.Mark == Aggregate && map.Get(name) is { } before ? Together(before, made) : made;
            Weigh(node, key);
            Weigh(node, value);
        }
        return map.Build();
    }

    // What is merged stands first, unless the map itself has a key written the same; of several maps the last stands foremost.
    private void Flatten(MappingNode node)
    {
        List<KeyValuePair<YamlNode, YamlNode>> own = [];
        List<YamlNode> sources = [];
        foreach (var entry in node.Entries)
            if (entry.Key.Tag == YamlNode.Prefix + "merge") sources.Add(entry.Value);
            else
            {
                if (entry.Key.Tag == YamlNode.Prefix + "value") entry.Key.Tag = YamlNode.Prefix + "str";   // '=' is an ordinary word here
                own.Add(entry);
            }
        if (sources.Count == 0) return;
        node.Entries = own;   // before the sources are looked at: one may be this very map
        var merged = sources.SelectMany(source => Merged(node, source)).ToList();
        var names = own.Select(e => (e.Key as ScalarNode)?.Text).ToHashSet();
        node.Entries = [.. merged.Where(e => e.Key is not ScalarNode { Text: var name } || !names.Contains(name)), .. own];
    }

    private IEnumerable<KeyValuePair<YamlNode, YamlNode>> Merged(MappingNode into, YamlNode from)
    {
        switch (from)
        {
            case MappingNode map:
                Flatten(map);
                return map.Entries;
            case SequenceNode list:
                foreach (var item in list.Items)
                    if (item is MappingNode one) Flatten(one);
                    else throw composer.Broken(YamlFault.Constructor, While, into.Start, $"expected a mapping for merging, but found {item.Kind}", item.Start);
                return list.Items.Cast<MappingNode>().Reverse().SelectMany(m => m.Entries);
            default:
                throw composer.Broken(YamlFault.Constructor, While, into.Start, $"expected a mapping or list of mappings for merging, but found {from.Kind}", from.Start);
        }
    }

    // Values are shared, but whoever prints or merges them walks all of them.
    private void Weigh(YamlNode whole, YamlNode part)
    {
        whole.Weight += part.Weight;
        if (whole.Weight > HeaviestDocument) throw composer.Broken(YamlFault.Constructor, null, null, $"the aliases unfold to more than {HeaviestDocument} values", whole.Start);
    }

    private YamlBroken Unknown(YamlNode node) => composer.Broken(YamlFault.Constructor, null, null, $"could not determine a constructor for the tag {PythonText.Repr(node.Tag)}", node.Start);
    private YamlBroken Kind(YamlNode node, string expected) => composer.Broken(YamlFault.Constructor, null, null, $"expected {expected} node, but found {node.Kind}", node.Start);
    private YamlBroken Refused(YamlNode node, string expected) => composer.Broken(YamlFault.Constructor, null, null, $"expected {expected}, found '{Text(node)}'", node.Start);
}
