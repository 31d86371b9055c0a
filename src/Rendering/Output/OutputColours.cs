using System.Collections.Frozen;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary>The escape sequence of each named colour, or nothing where colour is off.</summary>
/// <remarks>Names and bytes are those of salt/utils/color.py; <c>color_theme</c> names a YAML file that replaces some.</remarks>
public sealed class OutputColours
{
    private static readonly (string Name, string Code)[] Defaults =
    [
        ("BLACK", "0;30"), ("DARK_GRAY", "0;1;30"), ("RED", "0;31"), ("LIGHT_RED", "0;1;31"), ("GREEN", "0;32"), ("LIGHT_GREEN", "0;1;32"),
        ("YELLOW", "0;33"), ("LIGHT_YELLOW", "0;1;33"), ("BLUE", "0;34"), ("LIGHT_BLUE", "0;1;34"), ("MAGENTA", "0;35"), ("LIGHT_MAGENTA", "0;1;35"),
        ("CYAN", "0;36"), ("LIGHT_CYAN", "0;1;36"), ("LIGHT_GRAY", "0;37"), ("WHITE", "0;1;37"), ("DEFAULT_COLOR", "0;39"), ("ENDC", "0;0"),
    ];

    private readonly FrozenDictionary<string, string> _sequences;

    private OutputColours(IEnumerable<KeyValuePair<string, string>> sequences, bool isOn) =>
        (_sequences, IsOn) = (sequences.ToFrozenDictionary(StringComparer.Ordinal), isOn);

    public static readonly OutputColours Off = new(Defaults.Select(c => KeyValuePair.Create(c.Name, "")), false);
    public static readonly OutputColours On = new(Defaults.Select(c => KeyValuePair.Create(c.Name, Sequence(c.Code))), true);

    /// <summary>The usual colours with some replaced: name to SGR code, as <c>{GREEN: "0;36"}</c>.</summary>
    public static OutputColours Themed(MapValue theme)
    {
        var codes = Defaults.ToDictionary(c => c.Name, c => Sequence(c.Code), StringComparer.Ordinal);
        foreach (var (name, code) in theme) codes[PythonText.Str(name)] = Sequence(PythonText.Str(code));
        return new(codes, true);
    }

    public bool IsOn { get; }
    /// <summary>The sequence of a name, or null where there is no such colour.</summary>
    public string? Find(string name) => _sequences.GetValueOrDefault(name);

    public string Red => _sequences["RED"];
    public string LightRed => _sequences["LIGHT_RED"];
    public string Green => _sequences["GREEN"];
    public string LightGreen => _sequences["LIGHT_GREEN"];
    public string Yellow => _sequences["YELLOW"];
    public string LightYellow => _sequences["LIGHT_YELLOW"];
    public string Blue => _sequences["BLUE"];
    public string LightBlue => _sequences["LIGHT_BLUE"];
    public string Magenta => _sequences["MAGENTA"];
    public string LightMagenta => _sequences["LIGHT_MAGENTA"];
    public string Cyan => _sequences["CYAN"];
    public string LightGray => _sequences["LIGHT_GRAY"];
    public string DarkGray => _sequences["DARK_GRAY"];
    public string White => _sequences["WHITE"];
    public string End => _sequences["ENDC"];

    internal string Wrap(string colour, string text) => colour + text + End;

    private static string Sequence(string code) => $"\u001B[{code}m";
}
