using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Os;

/// <summary><c>locale_info</c>: {defaultlanguage, defaultencoding, detectedencoding, timezone}.</summary>
/// <remarks>Language and encoding as Python's locale module names them, which takes C.UTF-8 for en_US and knows no encoding in plain C.</remarks>
internal static class LocaleGrains
{
    private static readonly string[] Variables = ["LC_ALL", "LC_CTYPE", "LANG"];

    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var setting = Variables.Select(input.Machine.Variable).FirstOrDefault(v => !string.IsNullOrEmpty(v)) ?? "";
        var (language, encoding) = Split(setting);
        grains["locale_info"] = MapValue.Of(
            ("defaultlanguage", language),
            ("defaultencoding", encoding),
            ("detectedencoding", "utf-8"),
            ("timezone", TimeZoneName.Of(input.Machine, input.Now)));
    }

    internal static (string? Language, string? Encoding) Split(string setting)
    {
        if (setting is "" or "C" or "POSIX") return (null, null);
        var at = setting.IndexOf('@', StringComparison.Ordinal);
        var modifier = at < 0 ? "" : setting[(at + 1)..];
        var plain = at < 0 ? setting : setting[..at];
        var dot = plain.IndexOf('.', StringComparison.Ordinal);
        var language = dot < 0 ? plain : plain[..dot];
        var encoding = dot < 0 ? modifier == "euro" ? "ISO8859-15" : "ISO8859-1" : plain[(dot + 1)..];
        var bare = encoding.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (bare == "utf8") encoding = "UTF-8";
        else if (bare.StartsWith("iso8859", StringComparison.Ordinal)) encoding = "ISO8859-" + bare[7..];
        return (language is "C" or "POSIX" ? "en_US" : language, encoding);
    }
}
