using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary>The line-by-line forms: <c>txt</c>, <c>newline_values_only</c>, <c>no_return</c>.</summary>
internal static class LineOutput
{
    /// <summary>Each line of a minion's text behind its id: salt/output/txt.py.</summary>
    internal static string Txt(Value data, OutputSettings settings) => data switch
    {
        MapValue map => string.Concat(map.SelectMany(e =>
            (e.Value is TextValue text ? PythonLines.Split(text.Text) : [PythonText.Str(e.Value)]).Select(line => $"{e.Key}: {line}\n"))),
        TextValue text => text.Text + "\n",
        _ => PrettyPrint.Format(data) + "\n",
    };

    /// <summary>The values alone, a list's items one by one: salt/output/newline_values_only.py.</summary>
    internal static string NewlineValuesOnly(Value data, OutputSettings settings) => data is MapValue map
        ? string.Join('\n', map.Values.SelectMany(v => v is ListValue { IsTuple: false } list ? list.Items : [v]).Select(PythonText.Str))
        : throw new OutputterRefused($"newline_values_only: minions with their values are needed, found a {data.KindName}");

    /// <summary>The minions that did not answer, each with its reason: salt/output/no_return.py.</summary>
    internal static string NoReturn(Value data, OutputSettings settings)
    {
        var lines = new List<string>();
        Add(data, 0);
        return string.Join('\n', lines);

        void Add(Value value, int indent)
        {
            var margin = new string(' ', indent);
            if (value is MapValue map)
                foreach (var (key, inner) in PythonOrder.TrySortKeys(map) ?? throw new OutputterRefused("no_return: the ids have no common order"))
                {
                    lines.Add($"{settings.Colours.Cyan}{margin}{key}{settings.Colours.End}:");
                    Add(inner, indent + 4);
                }
            else if (value is TextValue text)
                foreach (var line in text.Text.Split('\n')) lines.Add($"{settings.Colours.Red}{margin}{line}{settings.Colours.End}");
        }
    }
}
