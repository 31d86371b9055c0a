using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary>The usual form for people: keys, and below each, indented, what it holds.</summary>
/// <remarks>Follows salt/output/nested.py. Salt shows nothing for bytes and times; here they have their text.</remarks>
internal static class NestedOutput
{
    internal static string Show(Value data, OutputSettings settings)
    {
        var lines = new List<string>();
        new Walk(settings, lines).Add(data, settings.Indent, "");
        return string.Join('\n', lines);
    }

    private sealed class Walk(OutputSettings settings, List<string> lines)
    {
        private readonly OutputColours _colours = settings.Colours;
        private string Structure(string colour) => settings.Retcode == 0 ? colour : _colours.Red;

        internal void Add(Value value, int indent, string prefix)
        {
            switch (value)
            {
                case NullValue or BoolValue or IntegerValue or FloatValue:
                    Line(indent, _colours.LightYellow, PythonText.Repr(value), prefix);
                    break;
                case TextValue text:
                    AddText(text.Text, indent, prefix);
                    break;
                case BytesValue or TimeValue:
                    AddText(PythonText.Str(value), indent, prefix);
                    break;
                case ListValue list:
                    AddList(list, indent);
                    break;
                case MapValue map:
                    AddMap(map, indent, prefix);
                    break;
            }
        }

        private void AddText(string text, int indent, string prefix)
        {
            foreach (var line in PythonLines.Split(text))
            {
                Line(indent, _colours.Green, line, prefix);
                prefix = new string(' ', prefix.Length);
            }
        }

        private void AddList(ListValue list, int indent)
        {
            foreach (var item in list)
            {
                if (item is not (ListValue or MapValue))
                {
                    Add(item, indent, "- ");
                    continue;
                }
                Line(indent, Structure(_colours.Green), "|_", "");
                Add(item, indent + 2, item is MapValue ? "" : "- ");
            }
        }

        private void AddMap(MapValue map, int indent, string prefix)
        {
            if (indent != 0) Line(indent, Structure(_colours.Cyan), "----------", "");
            foreach (var (key, value) in Sorted(map))
            {
                Line(indent, Structure(_colours.Cyan), PythonText.Str(key), prefix, ":");
                Add(value, indent + 4, "");
            }
        }

        // Keys of kinds that have no common order are sorted as text.
        private static IEnumerable<KeyValuePair<Value, Value>> Sorted(MapValue map) =>
            map.IsOrdered ? map
            : (IEnumerable<KeyValuePair<Value, Value>>?)PythonOrder.TrySortKeys(map) ?? map.OrderBy(e => PythonText.Str(e.Key), PythonOrder.ByCodePoint);

        private void Line(int indent, string colour, string text, string prefix, string suffix = "") =>
            lines.Add($"{new string(' ', indent)}{colour}{prefix}{settings.Shown(text)}{_colours.End}{suffix}");
    }
}
