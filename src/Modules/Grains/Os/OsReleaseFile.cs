using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Os;

/// <summary>Reads <c>/etc/os-release</c> (freedesktop.org) and <c>/etc/lsb-release</c>: lines of <c>KEY=value</c>, quoted or not.</summary>
internal static class OsReleaseFile
{
    private static readonly string[] Places = ["/etc/os-release", "/usr/lib/os-release"];
    private static readonly string[] LsbKeys = ["DISTRIB_ID", "DISTRIB_RELEASE", "DISTRIB_CODENAME", "DISTRIB_DESCRIPTION"];

    /// <summary>The first file there is, with the defaults of the specification; null where there is none.</summary>
    internal static IReadOnlyDictionary<string, string>? Read(IMachine machine)
    {
        if (Places.Select(machine.ReadText).FirstOrDefault(t => t is not null) is not { } text) return null;
        var fields = new Dictionary<string, string> { ["NAME"] = "Linux", ["ID"] = "linux", ["PRETTY_NAME"] = "Linux" };
        foreach (var (key, value) in Fields(text)) fields[key] = value;
        return fields;
    }

    /// <summary>The <c>DISTRIB_*</c> lines of <c>/etc/lsb-release</c> by key; empty where there is no such file.</summary>
    internal static IReadOnlyDictionary<string, string> ReadLsb(IMachine machine) =>
        Fields(machine.ReadText("/etc/lsb-release") ?? "").Where(f => LsbKeys.Contains(f.Key) && f.Value.Length > 0)
            .GroupBy(f => f.Key).ToDictionary(g => g.Key, g => g.Last().Value.TrimEnd());

    private static IEnumerable<(string Key, string Value)> Fields(string text)
    {
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !line[..equals].All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) continue;
            var value = line[(equals + 1)..];
            if (value.Length > 0 && value[0] is '"' or '\'') value = value[1..];
            if (value.Length > 0 && value[^1] is '"' or '\'') value = value[..^1];
            yield return (line[..equals], Unescape(value));
        }
    }

    // A backslash before $ " ' \ ` only shields it from the shell.
    private static string Unescape(string value)
    {
        if (!value.Contains('\\')) return value;
        var text = new System.Text.StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] is '$' or '"' or '\'' or '\\' or '`') i++;
            text.Append(value[i]);
        }
        return text.ToString();
    }
}
