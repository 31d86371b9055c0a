using SaltActors.Core.Values;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Output;

/// <summary>Results as text, by the name of an outputter.</summary>
public static class Outputters
{
    public const string Default = "nested";
    private static readonly string[] Names = ["nested", "json", "yaml", "txt", "text", "raw", "quiet", "newline_values_only", "key"];

    /// <summary>Whether there is an outputter of that name; <see cref="Render"/> takes <c>nested</c> for any other.</summary>
    public static bool IsKnown(string name) => Names.Contains(name);

    /// <summary>The text without a newline at its end; empty where nothing is to be printed.</summary>
    public static string Render(string? name, Value data, OutputSettings settings) => (Chosen(name, settings) switch
    {
        "json" => JsonText.Write(data, JsonLayoutOf(settings)),
        "yaml" when settings.Options.Get("output_indent") is not NullValue => YamlDumper.Dump(data, YamlLayoutOf(settings)),
        "txt" or "text" => Txt(data),
        "raw" => PythonText.Str(data),
        "quiet" => "",
        "newline_values_only" when data is MapValue map => string.Join('\n', Values(map).Select(v => v.ToString())),
        "key" => KeyOutputter.Render(data, settings),
        _ => NestedOutputter.Render(data, settings),
    }).TrimEnd();

    // What the configuration or the command line says goes before what the function asks for.
    private static string? Chosen(string? name, OutputSettings settings) => settings.Options.TextOf("output") is { Length: > 0 } said ? said : name;

    private static JsonLayout JsonLayoutOf(OutputSettings settings)
    {
        const string usual = "    ";
        return settings.Options.TextOf("output_indent") switch
        {
            "pretty" => new(usual, SortKeys: true),
            { } text when settings.Indent is null => new(text),
            _ => settings.Indent switch { null => new(usual), < 0 => new(null), var n => new(new string(' ', n.Value)) },
        };
    }

    private static YamlLayout YamlLayoutOf(OutputSettings settings) => settings.Indent switch
    {
        null => new(),
        < 0 => new(IsFlow: true),
        >= 2 and <= 9 and var n => new(n),
        _ => new(),
    };

    private static string Txt(Value data)
    {
        if (data is not MapValue map) return data.ToString();
        var lines = new List<string>();
        foreach (var (key, value) in map)
            lines.AddRange(NestedOutputter.SplitLines(value.ToString()).Select(line => $"{key}: {line}"));
        return string.Join('\n', lines);
    }

    private static IEnumerable<Value> Values(MapValue map) => map.Values.SelectMany(v => v is ListValue list ? list.Items.AsEnumerable() : [v]);
}
