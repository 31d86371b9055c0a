using System.Text;
using System.Text.RegularExpressions;
using SaltActors.Core.Values;
using SaltActors.Modules.Files.Managed;

namespace SaltActors.Modules.Mounting;

/// <summary>One line of a table of file systems: <c>fstab</c>, or what the kernel has mounted.</summary>
internal sealed partial record MountEntry(string Device, string Place, string Kind, string Options, int Dump, int Pass)
{
    /// <summary>Null for a comment or an empty line. Blanks in names are written as octal numbers.</summary>
    public static MountEntry? Of(string line)
    {
        var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 4 || words[0].StartsWith('#')) return null;
        return new(Plain(words[0]), Plain(words[1]), words[2], words[3], words.Length > 4 && int.TryParse(words[4], out var dump) ? dump : 0, words.Length > 5 && int.TryParse(words[5], out var pass) ? pass : 0);
    }

    public override string ToString() => $"{Escaped(Device)}\t\t{Escaped(Place)}\t{Kind}\t{Options}\t{Dump} {Pass}";

    private static string Plain(string text) => Octal().Replace(text, m => ((char)Convert.ToInt32(m.Value[1..], 8)).ToString());
    private static string Escaped(string text) => text.Replace(@"\", @"\134", StringComparison.Ordinal).Replace(" ", @"\040", StringComparison.Ordinal).Replace("\t", @"\011", StringComparison.Ordinal);

    [GeneratedRegex(@"\\[0-7]{3}")]
    private static partial Regex Octal();
}

/// <summary>The file systems that are mounted, and those that are to be when the machine starts.</summary>
internal static class MountTable
{
    public static IReadOnlyList<MountEntry> Mounted() => [.. File.ReadLines("/proc/self/mounts").Select(MountEntry.Of).OfType<MountEntry>()];

    public static IReadOnlyList<MountEntry> Kept(string file) => File.Exists(file) ? [.. File.ReadLines(file).Select(MountEntry.Of).OfType<MountEntry>()] : [];

    /// <summary>Puts a line in the place of the one for the same place, or at the end.</summary>
    /// <returns><c>new</c>, <c>change</c> or <c>present</c>.</returns>
    public static string Set(string file, MountEntry entry, bool isTest)
    {
        var lines = File.Exists(file) ? File.ReadLines(file).ToList() : [];
        var at = lines.FindIndex(l => MountEntry.Of(l) is { } there && there.Place == entry.Place && (entry.Place != "none" || there.Device == entry.Device));
        if (at >= 0 && MountEntry.Of(lines[at]) == entry) return "present";
        if (isTest) return at < 0 ? "new" : "change";
        if (at < 0) lines.Add(entry.ToString());
        else lines[at] = entry.ToString();
        Save(file, lines);
        return at < 0 ? "new" : "change";
    }

    /// <summary>False where there was no such line.</summary>
    public static bool Remove(string file, string place, string? device)
    {
        if (!File.Exists(file)) return false;
        var lines = File.ReadLines(file).ToList();
        if (lines.RemoveAll(l => MountEntry.Of(l) is { } there && there.Place == place && (device is null || there.Device == device)) == 0) return false;
        Save(file, lines);
        return true;
    }

    public static MapValue ToValue(IEnumerable<MountEntry> entries) => MapValue.From(entries.GroupBy(e => e.Place).Select(g => KeyValuePair.Create(g.Key, (Value)MapValue.Of(
        ("device", g.Last().Device), ("fstype", g.Last().Kind), ("opts", ListValue.OfTexts(g.Last().Options.Split(',')))))));

    private static void Save(string file, List<string> lines) => FileReplacement.Write(file, Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))), File.Exists(file) ? null : 0x1A4u);
}
