using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary>Minion keys by state, as <c>salt-key -L</c> prints them: salt/output/key.py.</summary>
internal static class KeyOutput
{
    internal static string Show(Value data, OutputSettings settings)
    {
        if (data is not MapValue states) throw new OutputterRefused($"key: keys by state are needed, found a {data.KindName}");
        var colours = settings.Colours;
        var margin = settings.Flag("__multi_key", false) ? "    " : "";
        var lines = new List<string>();
        foreach (var (state, keys) in Sorted(states))
        {
            var (heading, headingColour, colour) = PythonText.Str(state) switch
            {
                "minions" => ("Accepted", colours.LightGreen, colours.Green),
                "minions_pre" => ("Unaccepted", colours.LightRed, colours.Red),
                "minions_denied" => ("Denied", colours.LightMagenta, colours.Magenta),
                "minions_rejected" => ("Rejected", colours.LightBlue, colours.Blue),
                "local" => ("Local", colours.LightMagenta, colours.Magenta),
                var unknown => throw new OutputterRefused($"key: the state of a key must be minions, minions_pre, minions_denied, minions_rejected or local, found '{unknown}'"),
            };
            lines.Add($"{margin}{headingColour}{heading} Keys:{colours.End}");
            switch (keys)
            {
                case ListValue list:
                    var ids = list.Items.ToArray();
                    if (!PythonOrder.TrySort(ids, id => id)) throw new OutputterRefused($"key: the ids of {state} have no common order");
                    foreach (var id in ids) lines.Add($"{margin}{colour}{settings.Shown(PythonText.Str(id))}{colours.End}");
                    break;
                case MapValue map:
                    foreach (var (id, text) in Sorted(map))
                        lines.Add($"{margin}{colour}{settings.Shown(PythonText.Str(id))}:  {text}{colours.End}");
                    break;
                default:
                    throw new OutputterRefused($"key: {state} must hold a list or a map, found a {keys.KindName}");
            }
        }
        return string.Join('\n', lines);
    }

    private static KeyValuePair<Value, Value>[] Sorted(MapValue map) =>
        PythonOrder.TrySortKeys(map) ?? throw new OutputterRefused("key: the names have no common order");
}
