using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.IO.Compression;
using SaltActors.Core.Values;

namespace SaltActors.States.Files;

/// <summary>All backends in their order: the first that has a file gives it. Its answers have the shapes of Salt's file client.</summary>
public sealed class FileServer(ImmutableArray<IFileTree> trees, string hashType, int chunkBytes)
{
    private sealed record Hashed(DateTime Written, long Bytes, string Digest);
    private readonly ConcurrentDictionary<string, Hashed> _hashes = new();

    public static readonly MapValue NotFound = MapValue.Of(("path", ""), ("rel", ""));
    private static readonly MapValue NoChunk = MapValue.Of(("data", ""), ("dest", ""));

    /// <param name="warn">Told of what the configuration asks for and is not there.</param>
    public static FileServer From(MapValue options, Action<string> warn)
    {
        var filter = new FileFilter(options, warn);
        var trees = ImmutableArray.CreateBuilder<IFileTree>();
        foreach (var backend in options.Get("fileserver_backend") is ListValue list ? list.Select(b => b.ToString()) : ["roots"])
            if (backend == "roots") trees.Add(new FileRoots(options.MapOf("file_roots"), filter));
            else warn($"fileserver_backend: '{backend}' is not there in this version; its files are not served");
        var chunk = options.Get("file_buffer_size")?.AsInteger() is { } n and > 0 and <= int.MaxValue ? (int)n : 1 << 20;
        return new FileServer(trees.ToImmutable(), options.TextOf("hash_type") ?? "sha256", chunk);
    }

    public ImmutableArray<string> Environments() => [.. trees.SelectMany(t => t.Environments()).Distinct()];
    public ImmutableArray<string> Files(string environment, string prefix) => Union(t => t.Files(environment, prefix));
    public ImmutableArray<string> Folders(string environment, string prefix) => Union(t => t.Folders(environment, prefix));
    public ImmutableArray<string> EmptyFolders(string environment, string prefix) => Union(t => t.EmptyFolders(environment, prefix));
    public MapValue Links(string environment, string prefix) => trees.Reverse().Aggregate(MapValue.Empty, (all, tree) => all.Over(tree.Links(environment, prefix)));

    /// <param name="path">A name, which a question mark ends: <c>a.txt?saltenv=dev</c>. After a bar in front of it the mark is part of the name.</param>
    public FoundFile? Find(string environment, string path)
    {
        var name = FileUrl.Parse(path);
        return trees.Select(t => t.Find(name.SaltEnv ?? environment, name.Path)).FirstOrDefault(f => f is not null);
    }

    /// <summary><c>{path, rel, stat, back}</c>, or <see cref="NotFound"/>.</summary>
    public MapValue Describe(string environment, string path) => Find(environment, path) is { } file && FileStatus.Of(file.Path) is { } status
        ? MapValue.Of(("path", file.Path), ("rel", file.Relative), ("stat", status), ("back", file.Backend))
        : NotFound;

    /// <summary><c>{hash_type, hsum}</c>, or null where there is no such file. A file is read again only when its time or size changed.</summary>
    public MapValue? Hash(string environment, string path)
    {
        if (Find(environment, path) is not { } found) return null;
        var file = new FileInfo(found.Path);
        if (!_hashes.TryGetValue(found.Path, out var known) || known.Written != file.LastWriteTimeUtc || known.Bytes != file.Length)
        {
            using var stream = file.OpenRead();
            _hashes[found.Path] = known = new Hashed(file.LastWriteTimeUtc, file.Length, Digest(stream));
        }
        return MapValue.Of(("hash_type", hashType), ("hsum", known.Digest));
    }

    /// <summary>One piece of a file: <c>{data, dest[, gzip]}</c>. At the end of the file the data is empty; without such a file both are.</summary>
    /// <param name="gzip">0, or the level 1–9 at which the piece is to be packed.</param>
    public MapValue Chunk(string environment, string path, long from, int gzip)
    {
        if (Find(environment, path) is not { } found || from < 0) return NoChunk;
        using var file = File.OpenHandle(found.Path, share: FileShare.ReadWrite | FileShare.Delete);
        var left = RandomAccess.GetLength(file) - from;
        if (left <= 0) return MapValue.Of(("data", ""), ("dest", found.Relative));
        var data = new byte[Math.Min(chunkBytes, left)];
        var read = RandomAccess.Read(file, data, from);
        if (read < data.Length) data = data[..read];
        var chunk = MapValue.Of(("data", gzip > 0 && read > 0 ? Packed(data, gzip) : data), ("dest", found.Relative));
        return gzip > 0 && read > 0 ? chunk.With("gzip", gzip) : chunk;
    }

    private static byte[] Packed(byte[] data, int level)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level >= 9 ? CompressionLevel.SmallestSize : level >= 4 ? CompressionLevel.Optimal : CompressionLevel.Fastest)) gzip.Write(data);
        return packed.ToArray();
    }

    private string Digest(Stream stream) => FileDigest.Of(hashType, stream);

    private ImmutableArray<string> Union(Func<IFileTree, ImmutableArray<string>> names) =>
        trees.Length == 1 ? names(trees[0]) : [.. trees.SelectMany(t => names(t)).Distinct().Order(StringComparer.Ordinal)];
}
