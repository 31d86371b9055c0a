using SaltActors.Core.Values;

namespace SaltActors.Rendering.Yaml;

/// <summary>YAML as it was written, before it means anything: what merge keys work on.</summary>
internal abstract class YamlNode(string tag, YamlMark start)
{
    internal const string Prefix = "tag:yaml.org,2002:";
    internal const string MapTag = Prefix + "map", SequenceTag = Prefix + "seq", TextTag = Prefix + "str";

    /// <summary>The whole tag, given or resolved: <c>tag:yaml.org,2002:int</c>, <c>!mine</c>.</summary>
    internal string Tag { get; set; } = tag;
    internal YamlMark Start { get; } = start;

    /// <summary><c>!aggregate</c> or <c>!reset</c>, where they were written and mean something; null else.</summary>
    internal string? Mark { get; set; }

    /// <summary>It was checked, with all inside it still to come.</summary>
    internal bool IsSeen { get; set; }

    /// <summary>Its value is being built: who meets it now stands inside it.</summary>
    internal bool IsOpen { get; set; }

    /// <summary>The value, once it is known; an alias gives the same one.</summary>
    internal Value? Value { get; set; }

    /// <summary>How many values it unfolds to, aliases counted each time.</summary>
    internal long Weight { get; set; } = 1;

    internal abstract string Kind { get; }

    /// <summary>As PyYAML prints the node inside an error.</summary>
    internal abstract string Content { get; }
    public override string ToString() => $"{char.ToUpperInvariant(Kind[0])}{Kind[1..]}Node(tag={PythonText.Repr(Tag)}, value={Content})";

    protected static string Pair(KeyValuePair<YamlNode, YamlNode> pair) => $"({pair.Key}, {pair.Value})";
}

internal sealed class ScalarNode(string tag, string text, YamlMark start) : YamlNode(tag, start)
{
    internal string Text { get; } = text;
    internal override string Kind => "scalar";
    internal override string Content => PythonText.Repr(Text);
}

internal sealed class SequenceNode(string tag, YamlMark start) : YamlNode(tag, start)
{
    internal List<YamlNode> Items { get; } = [];
    internal override string Kind => "sequence";
    internal override string Content => $"[{string.Join(", ", Items)}]";
}

internal sealed class MappingNode(string tag, YamlMark start) : YamlNode(tag, start)
{
    /// <summary>Merge keys are replaced by what they merge, when the value is built.</summary>
    internal List<KeyValuePair<YamlNode, YamlNode>> Entries { get; set; } = [];
    internal override string Kind => "mapping";
    internal override string Content => $"[{string.Join(", ", Entries.Select(Pair))}]";
}
