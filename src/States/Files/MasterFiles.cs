using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.States.Files;

/// <summary>The master's file server: what is asked for is copied below <c>files/ENVIRONMENT</c> of the minion's cache, and copied again only when it changed.</summary>
public sealed class MasterFiles(IMasterCommands master, string cacheDir) : IFileSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const int InFlight = 4, SizeInStatus = 6;
    private const int HeaviestChunk = 64 << 20;

    public async Task<string?> CacheAsync(string url, string saltenv, CancellationToken stop)
    {
        var name = FileUrl.Parse(url);
        saltenv = name.SaltEnv ?? saltenv;
        if (!TreePath.TryParse(name.Path, out var path) || path.Length == 0 || !TreePath.IsEnvironment(saltenv)) return null;
        var answer = await AskAsync("_file_hash_and_stat", saltenv, path, stop).ConfigureAwait(false) as ListValue;
        if (answer is not { Count: 2 } || answer[0] is not MapValue { Count: > 0 } hash) return null;
        var bytes = answer[1] is ListValue { Count: > SizeInStatus } status ? status[SizeInStatus].AsInteger() : null;
        var local = Path.Combine(cacheDir, "files", saltenv, path);
        if (File.Exists(local) && await IsAsync(local, hash, stop).ConfigureAwait(false)) return local;
        Directory.CreateDirectory(Path.GetDirectoryName(local)!);
        var arriving = $"{local}.{Guid.NewGuid():n}.part";
        try
        {
            await FetchAsync(arriving, saltenv, path, bytes, stop).ConfigureAwait(false);
            File.Move(arriving, local, overwrite: true);
        }
        finally
        {
            File.Delete(arriving);
        }
        return local;
    }

    public async Task<ImmutableArray<string>> EnvironmentsAsync(CancellationToken stop) =>
        Texts(await AskAsync(MapValue.Of(("cmd", "_file_envs")), stop).ConfigureAwait(false));

    public async Task<ImmutableArray<string>> ListAsync(FileListing what, string saltenv, string prefix, CancellationToken stop)
    {
        var command = what switch { FileListing.Files => "_file_list", FileListing.Folders => "_dir_list", _ => "_file_list_emptydirs" };
        return Texts(await AskAsync(MapValue.Of(("cmd", command), ("saltenv", saltenv), ("prefix", prefix)), stop).ConfigureAwait(false));
    }

    public async Task<MapValue> LinksAsync(string saltenv, string prefix, CancellationToken stop) =>
        await AskAsync(MapValue.Of(("cmd", "_symlink_list"), ("saltenv", saltenv), ("prefix", prefix)), stop).ConfigureAwait(false) as MapValue ?? MapValue.Empty;

    public async Task<MapValue?> HashAsync(string path, string saltenv, CancellationToken stop)
    {
        var name = FileUrl.Parse(path);
        return await AskAsync("_file_hash", name.SaltEnv ?? saltenv, name.Path, stop).ConfigureAwait(false) is MapValue { Count: > 0 } hash ? hash : null;
    }

    public async Task<ListValue?> StatusAsync(string path, string saltenv, CancellationToken stop)
    {
        var name = FileUrl.Parse(path);
        return await AskAsync("_file_hash_and_stat", name.SaltEnv ?? saltenv, name.Path, stop).ConfigureAwait(false) is ListValue { Count: 2 } answer ? answer[1] as ListValue : null;
    }

    public async Task<MapValue> OptionsAsync(CancellationToken stop) =>
        await AskAsync(MapValue.Of(("cmd", "_master_opts")), stop).ConfigureAwait(false) as MapValue ?? MapValue.Empty;

    // Where the size is known several pieces are on their way at the same time; their size is what the first one brought.
    private async Task FetchAsync(string into, string saltenv, string path, long? bytes, CancellationToken stop)
    {
        using var file = File.OpenHandle(into, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous);
        var first = await ChunkAsync(saltenv, path, 0, stop).ConfigureAwait(false);
        await RandomAccess.WriteAsync(file, first, 0, stop).ConfigureAwait(false);
        if (first.Length == 0) return;
        if (bytes is { } whole)
        {
            var left = new List<long>();
            for (long at = first.Length; at < whole; at += first.Length) left.Add(at);
            await Parallel.ForEachAsync(left, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = stop }, async (at, token) =>
            {
                var chunk = await ChunkAsync(saltenv, path, at, token).ConfigureAwait(false);
                if (chunk.Length != Math.Min(first.Length, whole - at)) throw new CommandFailed($"salt://{path} changed at the master while it was fetched, or a piece of it is missing; try again");
                await RandomAccess.WriteAsync(file, chunk, at, token).ConfigureAwait(false);
            }).ConfigureAwait(false);
            return;
        }
        for (long at = first.Length; ;)
        {
            var chunk = await ChunkAsync(saltenv, path, at, stop).ConfigureAwait(false);
            if (chunk.Length == 0) return;
            await RandomAccess.WriteAsync(file, chunk, at, stop).ConfigureAwait(false);
            at += chunk.Length;
        }
    }

    private async Task<ReadOnlyMemory<byte>> ChunkAsync(string saltenv, string path, long from, CancellationToken stop)
    {
        var answer = await AskAsync(MapValue.Of(("cmd", "_serve_file"), ("saltenv", saltenv), ("path", path), ("loc", from)), stop).ConfigureAwait(false) as MapValue;
        ReadOnlyMemory<byte> data = answer?.Get("data") switch
        {
            BytesValue bytes => bytes.Bytes,
            TextValue text => System.Text.Encoding.UTF8.GetBytes(text.Text),
            _ => throw new CommandFailed($"the master's answer to a piece of salt://{path} is none"),
        };
        return answer.Get("gzip") is { IsTruthy: true } && data.Length > 0 ? Unpacked(data, path) : data;
    }

    private static byte[] Unpacked(ReadOnlyMemory<byte> packed, string path)
    {
        using var gzip = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = gzip.Read(buffer)) > 0;)
        {
            whole.Write(buffer, 0, read);
            if (whole.Length > HeaviestChunk) throw new CommandFailed($"a piece of salt://{path} unpacks to more than {HeaviestChunk} bytes");
        }
        return whole.ToArray();
    }

    private static async Task<bool> IsAsync(string path, MapValue hash, CancellationToken stop)
    {
        var stream = File.OpenRead(path);
        await using (stream.ConfigureAwait(false))
            return FileDigest.Of(hash.TextOf("hash_type") ?? "sha256", stream) == hash.TextOf("hsum");
    }

    private Task<Value> AskAsync(string command, string saltenv, string path, CancellationToken stop) =>
        AskAsync(MapValue.Of(("cmd", command), ("saltenv", saltenv), ("path", path)), stop);

    private async Task<Value> AskAsync(MapValue load, CancellationToken stop) =>
        await master.AskAsync(load, Patience, stop).ConfigureAwait(false)
        ?? throw new CommandFailed($"the master does not answer {load.TextOf("cmd")}; is it running, and is this minion's key accepted?");

    private static ImmutableArray<string> Texts(Value names) => names is ListValue list ? [.. list.Select(n => n.ToString())] : [];
}

/// <summary>Digests of files, as Salt names them.</summary>
public static class FileDigest
{
    /// <summary>Hexadecimal, in lower case. A kind that is not known is sha256.</summary>
    public static string Of(string kind, Stream stream) => Convert.ToHexStringLower(kind switch
    {
        "md5" => MD5.HashData(stream),
        "sha1" => SHA1.HashData(stream),
        "sha384" => SHA384.HashData(stream),
        "sha512" => SHA512.HashData(stream),
        _ => SHA256.HashData(stream),
    });
}
