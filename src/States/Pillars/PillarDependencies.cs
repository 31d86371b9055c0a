using System.Collections.Immutable;
using SaltActors.Core.Values;
using SaltActors.States.Files;

namespace SaltActors.States.Pillars;

/// <summary>What a compiled pillar was made from: as long as all of it is as it was, the pillar is the same.</summary>
/// <param name="Grains">The minion's grains.</param>
/// <param name="Files">Each file that was looked for, and what was found: its place, size and time; null where there was none.</param>
/// <param name="Lists">Each environment whose files were listed, and a digest of the list.</param>
public sealed record PillarDependencies(MapValue Grains, ImmutableArray<(string Environment, string Path, FileStamp? Found)> Files, ImmutableArray<(string Environment, long Digest)> Lists)
{
    /// <summary>Whether everything is as it was. Costs a look at each file, and no rendering.</summary>
    public bool Hold(IFileTree roots, MapValue grains) => (ReferenceEquals(grains, Grains) || grains.Equals(Grains))
        && Files.All(f => FileStamp.Of(roots.Find(f.Environment, f.Path)) == f.Found) && Lists.All(l => RecordingTree.DigestOf(roots.Files(l.Environment, "")) == l.Digest);
}

/// <summary>A file as the disk tells it. Two stamps of a file that nobody wrote are equal.</summary>
public sealed record FileStamp(string Path, long Bytes, DateTime Written)
{
    public static FileStamp? Of(FoundFile? file)
    {
        if (file is null) return null;
        var info = new FileInfo(file.Path);
        return info.Exists ? new FileStamp(file.Path, info.Length, info.LastWriteTimeUtc) : null;
    }
}

/// <summary>Pillar roots that remember what was asked of them. For one compilation, on one thread.</summary>
public sealed class RecordingTree(IFileTree inner) : IFileTree
{
    private readonly Dictionary<(string Environment, string Path), FileStamp?> _files = [];
    private readonly Dictionary<string, long> _lists = [];

    public string Name => inner.Name;
    public ImmutableArray<string> Environments() => inner.Environments();
    public bool HasEnvironment(string environment) => inner.HasEnvironment(environment);

    public FoundFile? Find(string environment, string path)
    {
        var found = inner.Find(environment, path);
        _files.TryAdd((environment, path), FileStamp.Of(found));
        return found;
    }

    public ImmutableArray<string> Files(string environment, string prefix)
    {
        var files = inner.Files(environment, prefix);
        _lists.TryAdd(environment, DigestOf(prefix.Length == 0 ? files : inner.Files(environment, "")));
        return files;
    }

    public ImmutableArray<string> Folders(string environment, string prefix) => inner.Folders(environment, prefix);
    public ImmutableArray<string> EmptyFolders(string environment, string prefix) => inner.EmptyFolders(environment, prefix);
    public MapValue Links(string environment, string prefix) => inner.Links(environment, prefix);

    public PillarDependencies Dependencies(MapValue grains) =>
        new(grains, [.. _files.Select(f => (f.Key.Environment, f.Key.Path, f.Value))], [.. _lists.Select(l => (l.Key, l.Value))]);

    internal static long DigestOf(ImmutableArray<string> names)
    {
        var digest = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\0', names)));
        return BitConverter.ToInt64(digest);
    }
}
