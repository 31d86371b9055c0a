using System.Collections.Frozen;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary>Values in, text for people or programs out: the outputters by name.</summary>
/// <remarks>Which one is taken, and what follows where one fails, is salt/output/__init__.py: get_printout and try_printout.</remarks>
public static class Outputters
{
    private delegate string Outputter(Value data, OutputSettings settings);

    // Those that put text of the data on the terminal as it is are made safe before.
    private static readonly FrozenDictionary<string, (Outputter Show, bool ShowsTextAsItIs)> Table =
        new Dictionary<string, (Outputter, bool)>(StringComparer.Ordinal)
        {
            ["nested"] = (NestedOutput.Show, true),
            ["json"] = (DataOutput.Json, false),
            ["yaml"] = (DataOutput.Yaml, false),
            ["raw"] = (DataOutput.Raw, false),
            ["pprint"] = (DataOutput.Pprint, false),
            ["txt"] = (LineOutput.Txt, true),
            ["newline_values_only"] = (LineOutput.NewlineValuesOnly, true),
            ["no_return"] = (LineOutput.NoReturn, true),
            ["quiet"] = (static (_, _) => "", false),
            ["key"] = (KeyOutput.Show, true),
            ["table"] = (TableOutput.Show, true),
            ["profile"] = (ProfileOutput.Show, true),
            ["highstate"] = (Highstate.HighstateOutput.Show, true),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names that <c>--out</c> takes.</summary>
    public static IEnumerable<string> Names => Table.Keys.Append("text").Order(StringComparer.Ordinal);

    public static bool IsKnown(string name) => name == "text" || Table.ContainsKey(name);

    /// <summary>The text of a result without its final line feed. Empty text means that nothing is printed.</summary>
    /// <param name="name">What the function asks for; the option <c>output</c> wins unless it says <c>highstate</c>. Null or empty is <c>nested</c>.</param>
    public static string Render(string? name, Value data, OutputSettings settings)
    {
        foreach (var (show, showsTextAsItIs) in Candidates(Choose(name, settings), settings))
        {
            var shown = showsTextAsItIs && settings is { ForTerminal: true, StripsColours: true } ? TerminalSafety.Neutralise(data) : data;
            try
            {
                return PythonLines.TrimEnd(show(shown, settings));
            }
            catch (OutputterRefused refused)
            {
                settings.Log?.Invoke($"the outputter cannot show this result, a simpler one is taken: {refused.Message}");
            }
        }
        return PythonLines.TrimEnd(DataOutput.Raw(data, settings));
    }

    /// <summary>The outputter's name that the options and the function's wish come to; it may be unknown.</summary>
    public static string Choose(string? name, OutputSettings settings)
    {
        var options = settings.Options;
        if (options.TextOf("output") is { Length: > 0 } typed && typed != "highstate") name = typed;
        if (string.IsNullOrEmpty(name) && settings.Flag("static", false))
        {
            if (options.TextOf("output") is { Length: > 0 } only) name = only;
            else if (options.TextOf("fun")?.StartsWith("state.", StringComparison.Ordinal) == true) name = "highstate";
        }
        return name switch
        {
            null or "" => "nested",
            "text" => "txt",
            _ => name,
        };
    }

    private static IEnumerable<(Outputter Show, bool ShowsTextAsItIs)> Candidates(string name, OutputSettings settings)
    {
        if (Table.TryGetValue(name, out var found)) yield return found;
        else settings.Log?.Invoke($"Invalid outputter {name} specified, falling back to nested");
        if (name != "nested") yield return Table["nested"];
    }
}
