using System.Collections.Immutable;
using System.IO.Compression;
using SaltActors.Core.Functions;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Client.Copies;

/// <summary>What each minion answered to one call; empty where the target matched nobody.</summary>
public delegate Task<IReadOnlyDictionary<string, Value>> AskMinions(JobRequest request);

/// <summary>Copies files to minions by calls of <c>cp.recv</c> and <c>cp.recv_chunked</c>. Works with our minions and with genuine ones.</summary>
/// <remarks>Follows Salt 3006, salt/cli/cp.py.</remarks>
/// <param name="target">Whom the copies go to; the function and its arguments are put in.</param>
public sealed class CopyRun(JobRequest target, AskMinions ask)
{
    /// <summary>Whole text files in one call.</summary>
    /// <param name="sources">Files; one that does not exist is left out, as Salt does.</param>
    /// <returns>A minion's id to its answer: a map of paths to true or false, or a text that says why nothing was written.</returns>
    /// <exception cref="CopyRefused">A source is a folder, or no text.</exception>
    public async Task<MapValue> WholeAsync(IEnumerable<string> sources, string destination)
    {
        var files = new MapValue.Builder();
        foreach (var source in sources)
        {
            if (Directory.Exists(source)) throw new CopyRefused($"{source} is a directory, only files are supported in non-chunked mode. Use \"--chunked\" command line argument.", 1);
            if (File.Exists(source)) files[source] = await TextOfAsync(source).ConfigureAwait(false);
        }
        var answers = await ask(target with { Function = "cp.recv", Arguments = new CallArguments([files.Build()], MapValue.Of(("dest", destination))).ToLoad() }).ConfigureAwait(false);
        return MapValue.From(answers.Select(a => KeyValuePair.Create(a.Key, a.Value)));
    }

    /// <summary>Files in pieces, folders with all that is in them.</summary>
    /// <param name="chunkBytes">The size of a piece before it is compressed (<c>salt_cp_chunk_size</c>).</param>
    /// <returns>A minion's id to a map of paths: true, or why the file is not there.</returns>
    public async Task<MapValue> ChunkedAsync(ImmutableArray<CopyItem> items, int chunkBytes, bool isCompressed)
    {
        var results = new SortedDictionary<string, MapValue.Builder>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var failed = new Dictionary<string, Value>();
            var pieces = 0;
            await foreach (var arguments in CallsOf(item, chunkBytes, isCompressed).ConfigureAwait(false))
            {
                var answers = await ask(target with { Function = "cp.recv_chunked", Arguments = arguments }).ConfigureAwait(false);
                if (answers.Count == 0)
                {
                    foreach (var minion in results.Keys)
                        results[minion][item.Destination] = $"Publish failed.{(pieces > 0 ? " File partially transferred." : "")} It may be necessary to decrease salt_cp_chunk_size (current value: {chunkBytes})";
                    break;
                }
                foreach (var (id, answer) in answers)
                {
                    if (!results.TryGetValue(id, out var paths)) results[id] = paths = new MapValue.Builder();
                    // The first refusal of a file is the one that tells; later pieces may go well again.
                    if (answer is not BoolValue { IsTruthy: true }) failed.TryAdd(id, answer);
                    paths[item.Destination] = failed.GetValueOrDefault(id, answer);
                }
                pieces++;
            }
        }
        return MapValue.From(results.Select(r => KeyValuePair.Create(r.Key, (Value)r.Value.Build())));
    }

    // The arguments of one call a piece; an empty file is one empty piece. They go by name: a minion takes an untyped text that ends
    // in =, as base64 does, for a keyword.
    private static async IAsyncEnumerable<ListValue> CallsOf(CopyItem item, int chunkBytes, bool isCompressed)
    {
        if (item.IsFolder)
        {
            yield return Named(("dest", item.Destination), ("chunk", Value.Null));
            yield break;
        }
        using var file = File.OpenRead(item.Source);
        var buffer = new byte[chunkBytes];
        for (var isFirst = true; ; isFirst = false)
        {
            var read = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false).ConfigureAwait(false);
            if (read == 0 && !isFirst) yield break;
            var piece = buffer.AsMemory(0, read);
            yield return Named(("dest", item.Destination), ("chunk", Convert.ToBase64String(isCompressed ? Compressed(piece) : piece.ToArray())),
                ("append", !isFirst), ("compressed", isCompressed), ("mode", item.Mode is { } mode ? mode : Value.Null));
            if (read < buffer.Length) yield break;
        }
    }

    private static ListValue Named(params ReadOnlySpan<(string, Value)> keywords) => new CallArguments([], MapValue.Of(keywords)).ToLoad();

    private static byte[] Compressed(ReadOnlyMemory<byte> piece)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(piece.Span);
        return packed.ToArray();
    }

    private static async Task<string> TextOfAsync(string source)
    {
        try
        {
            return new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(await File.ReadAllBytesAsync(source).ConfigureAwait(false));
        }
        catch (Exception cause) when (cause is System.Text.DecoderFallbackException)
        {
            throw new CopyRefused($"{source} is no text in UTF-8: copy it in pieces, with --chunked", 1);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CopyRefused($"{source} cannot be read: {cause.Message}", 42);
        }
    }
}
