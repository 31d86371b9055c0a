using System.Collections.Immutable;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Modules.Files;
using SaltActors.Modules.Files.Managed;

namespace SaltActors.Modules.Hosts;

/// <summary>A line of the file: an address and its names, or something else that is kept as it is.</summary>
internal sealed record HostsLine(string Text, string? Address, ImmutableArray<string> Names, string? Comment)
{
    public static HostsLine Of(string text)
    {
        var hash = text.IndexOf('#');
        var words = (hash < 0 ? text : text[..hash]).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length < 2 ? new(text, null, [], null) : new(text, words[0], [.. words[1..]], hash < 0 ? null : text[hash..]);
    }

    public static HostsLine Of(string address, ImmutableArray<string> names, string? comment) =>
        new($"{address}\t\t{string.Join(' ', names)}{(comment is null ? "" : $"\t{(comment.StartsWith('#') ? "" : "# ")}{comment}")}", address, names, comment);
}

/// <summary>The file of names, line by line; lines that are not changed stay as they were written.</summary>
internal sealed record HostsFile(string Path, ImmutableArray<HostsLine> Lines)
{
    public static HostsFile Read(string path) => new(path, File.Exists(path) ? [.. File.ReadAllLines(path).Select(HostsLine.Of)] : []);

    public IEnumerable<HostsLine> Entries => Lines.Where(l => l.Address is not null);
    public IReadOnlyList<string> NamesOf(string address) => [.. Entries.Where(e => e.Address == address).SelectMany(e => e.Names).Distinct()];

    public HostsFile With(string address, ImmutableArray<string> names, string? comment)
    {
        var isPlaced = names.IsEmpty;
        var lines = ImmutableArray.CreateBuilder<HostsLine>();
        foreach (var line in Lines)
            if (line.Address != address) lines.Add(line);
            else if (!isPlaced)
            {
                isPlaced = true;
                lines.Add(HostsLine.Of(address, names, comment ?? line.Comment));
            }
        if (!isPlaced) lines.Add(HostsLine.Of(address, names, comment));
        return this with { Lines = lines.ToImmutable() };
    }

    public HostsFile Adding(string address, string name)
    {
        var at = Lines.ToList().FindIndex(l => l.Address == address);
        return this with { Lines = at < 0 ? Lines.Add(HostsLine.Of(address, [name], null)) : Lines.SetItem(at, HostsLine.Of(address, Lines[at].Names.Add(name), Lines[at].Comment)) };
    }

    public HostsFile Without(string address, string name) => this with
    {
        Lines = [.. Lines.Select(l => l.Address != address || !l.Names.Contains(name) ? l : l.Names.Length == 1 ? null : HostsLine.Of(address, l.Names.Remove(name), l.Comment)).OfType<HostsLine>()],
    };

    public MapValue ToValue()
    {
        var (map, comments) = (new MapValue.Builder(), 0);
        foreach (var line in Lines)
            if (line.Address is not { } address)
            {
                if (line.Text.TrimStart().StartsWith('#')) map[$"comment-{comments++}"] = line.Text;
            }
            else map[address] = MapValue.Of(("aliases", ListValue.OfTexts(NamesOf(address))));
        return map.Build();
    }

    public void Write() => FileReplacement.Write(Path, Encoding.UTF8.GetBytes(string.Concat(Lines.Select(l => l.Text + "\n"))), UnixFile.Exists(Path) ? null : 0x1A4u);
}
