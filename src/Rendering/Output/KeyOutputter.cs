using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary><c>key</c>: what <c>salt-key</c> prints, a section for each state of keys.</summary>
internal static class KeyOutputter
{
    internal static string Render(Value data, OutputSettings settings)
    {
        if (data is not MapValue sections) return NestedOutputter.Render(data, settings);
        var palette = new Palette(settings.HasColour);
        var indent = settings.Options.Get("__multi_key") is { IsTruthy: true } ? "    " : "";
        var lines = new List<string>();
        foreach (var (section, ids) in sections.OrderBy(s => s.Key.ToString(), StringComparer.Ordinal))
        {
            var (title, colour) = section.ToString() switch
            {
                "minions" => ("Accepted Keys:", palette.LightGreen),
                "minions_denied" => ("Denied Keys:", palette.LightMagenta),
                "minions_pre" => ("Unaccepted Keys:", palette.LightRed),
                "minions_rejected" => ("Rejected Keys:", palette.LightBlue),
                "local" => ("Local Keys:", palette.LightMagenta),
                var other => (other + ":", palette.LightCyan),
            };
            lines.Add($"{indent}{colour}{title}{palette.End}");
            switch (ids)
            {
                case ListValue list:
                    lines.AddRange(list.Items.OrderBy(i => i.ToString(), PythonOrder.ByCodePoint).Select(id => $"{indent}{Inner(section.ToString(), palette)}{id}{palette.End}"));
                    break;
                case MapValue map:
                    lines.AddRange(map.OrderBy(e => e.Key.ToString(), PythonOrder.ByCodePoint).Select(e => $"{indent}{Inner(section.ToString(), palette)}{e.Key}:  {e.Value}{palette.End}"));
                    break;
            }
        }
        return string.Join('\n', lines);
    }

    private static string Inner(string section, Palette palette) => section switch
    {
        "minions" => palette.Green,
        "local" => palette.Magenta,
        "minions_denied" => palette.Magenta,
        "minions_rejected" => palette.Blue,
        _ => palette.Red,
    };
}
