using SaltActors.Core.Values;

namespace SaltActors.Rendering.Yaml;

/// <summary>What YAML's maps become.</summary>
public enum YamlMaps
{
    /// <summary>Python's dict: arguments, configuration, <c>load_yaml</c>.</summary>
    Plain,
    /// <summary>Python's OrderedDict: SLS files. A map as a key is told as the double curly brace that it mostly is.</summary>
    Ordered,
    /// <summary>As ordered, and a key may stand twice: the last wins, unless <c>!aggregate</c> lays both together. Salt's <c>yamlex</c>.</summary>
    Aggregating,
}

/// <summary>YAML text to values, as Salt's loader reads it: YAML 1.1 as libyaml accepts it, scalars as PyYAML resolves them, and Salt's changes.</summary>
/// <remarks>
/// Times stay text, leading zeros are decimal, a key that stands twice is an error, and so is every tag that would build an object.
/// Aliases share their value; how deep a document goes and what its aliases unfold to is bounded.
/// </remarks>
public static class YamlLoader
{
    /// <summary>The only document of the text; null where it is empty.</summary>
    /// <param name="source">The name that errors show: a path.</param>
    /// <exception cref="YamlBroken">The text is no YAML, has a key twice, or holds more than one document.</exception>
    public static Value Load(string text, string source, YamlMaps maps = YamlMaps.Plain)
    {
        var composer = new YamlComposer(text, source);
        if (!YamlEvents.TryRead(text, source, out var root)) root = composer.Document();
        return root is not null ? new YamlConstructor(composer, maps).Construct(root) : Value.Null;
    }
}
