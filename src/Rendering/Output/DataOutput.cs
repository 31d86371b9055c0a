using SaltActors.Core.Values;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Output;

/// <summary>The forms that a program reads: JSON, YAML, and Python's text of a value.</summary>
/// <remarks>The option <c>output_indent</c> is shared: columns, below zero for one line; for JSON also <c>pretty</c> or a text that is put before each level.</remarks>
internal static class DataOutput
{
    /// <summary>Follows salt/output/json_out.py: what cannot be JSON at all gives an empty object.</summary>
    internal static string Json(Value data, OutputSettings settings)
    {
        var options = JsonLayout.Indented with { ReprForUnknown = true };
        if (settings.Options.Get("output_indent") is { } indent)
            options = indent switch
            {
                TextValue { Text: "pretty" } => options with { SortKeys = true },
                TextValue text => options with { Indent = text.Text },
                _ when indent.AsInteger() is >= 0 and var columns => options with { Indent = new string(' ', (int)columns) },
                _ => options with { Indent = null },
            };
        try
        {
            return JsonText.Write(data, options);
        }
        catch (NotJson cause)
        {
            settings.Log?.Invoke($"the result has no form in JSON, an empty object stands for it: {cause.Message}");
            return "{}";
        }
    }

    internal static string Yaml(Value data, OutputSettings settings) =>
        YamlDumper.Dump(data, settings.Options.Get("output_indent") switch
        {
            null => YamlLayout.Default,
            { } indent when Columns(indent) is >= 0 and var columns => YamlLayout.Default with { Indent = columns },
            _ => YamlLayout.Default with { Indent = 0, Flow = YamlFlow.Always },
        });

    internal static string Raw(Value data, OutputSettings settings) => PythonText.Str(data);

    internal static string Pprint(Value data, OutputSettings settings) =>
        PrettyPrint.Format(data, settings.Options.Get("output_indent") is { } indent && Columns(indent) is >= 0 and var columns ? columns : 1);

    private static int Columns(Value indent) =>
        (int)(indent.AsInteger() ?? throw new OutputterRefused($"output_indent: a number of columns is needed, found {PythonText.Repr(indent)}"));
}
