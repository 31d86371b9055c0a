using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary>How results are shown.</summary>
public sealed record OutputSettings
{
    public bool HasColour { get; init; }
    /// <summary><c>--out-indent</c>; null leaves each outputter its own.</summary>
    public int? Indent { get; init; }
    /// <summary>The code of the return: some outputters turn red where it is not 0.</summary>
    public int Retcode { get; init; }
    /// <summary>The configuration, for the options that outputters read.</summary>
    public MapValue Options { get; init; } = MapValue.Empty;
    /// <summary>Turns escape sequences inside results into question marks (<c>strip_colors</c>, and on every terminal).</summary>
    public bool StripEscapes { get; init; }
}

/// <summary>Salt's colours, or none.</summary>
internal sealed record Palette(bool HasColour)
{
    internal string Cyan => Code("0;36");
    internal string Green => Code("0;32");
    internal string Red => Code("0;31");
    internal string Blue => Code("0;34");
    internal string Magenta => Code("0;35");
    internal string LightBlue => Code("0;1;34");
    internal string LightMagenta => Code("0;1;35");
    internal string LightYellow => Code("0;1;33");
    internal string LightGreen => Code("0;1;32");
    internal string LightRed => Code("0;1;31");
    internal string LightCyan => Code("0;1;36");
    internal string End => Code("0;0");
    private string Code(string sgr) => HasColour ? $"\x1b[{sgr}m" : "";
}
