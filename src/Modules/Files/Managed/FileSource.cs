using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Cp;
using SaltActors.States.Files;

namespace SaltActors.Modules.Files.Managed;

/// <summary>Where the content of a managed file comes from, and how it is got and checked.</summary>
internal sealed record FileSource
{
    public required CallContext Call { get; init; }
    public required string SaltEnv { get; init; }
    public string? Template { get; init; }
    public MapValue Variables { get; init; } = MapValue.Empty;
    public string? SourceHash { get; init; }
    public bool SkipsVerification { get; init; }

    /// <summary>The content, and the address it is from.</summary>
    /// <exception cref="CommandFailed">There is no such source, or it is not what was promised.</exception>
    public async Task<(byte[] Content, string Url)> ReadAsync(Value source)
    {
        var (url, hash) = source is ListValue list ? await ChooseAsync(list).ConfigureAwait(false) : (source.ToString(), SourceHash);
        var isRemote = url.StartsWith("http", StringComparison.Ordinal) || url.StartsWith("ftp", StringComparison.Ordinal);
        if (isRemote && hash is null && !SkipsVerification)
            throw new CommandFailed($"Unable to verify upstream hash of source file {url}, please set source_hash or set skip_verify to True");
        // What the file server gives was made sure of on its way.
        var expected = hash is null || FileUrl.IsOne(url) ? null : await ExpectedAsync(hash, url).ConfigureAwait(false);
        var local = await CpFiles.GetAsync(Call, url, SaltEnv, expected).ConfigureAwait(false) ?? throw new CommandFailed($"Source file {url} not found in saltenv '{SaltEnv}'");
        if (expected is not null && CpFiles.HashOf(local, expected) is var found && !string.Equals(found, expected, StringComparison.OrdinalIgnoreCase))
            throw new CommandFailed($"Specified {Kind(expected)} checksum for {url} ({expected}) does not match actual checksum ({found}).");
        if (Template is not { Length: > 0 } engine) return (await File.ReadAllBytesAsync(local, Call.Stopped).ConfigureAwait(false), url);
        var text = await CpFiles.RenderAsync(Call, local, FileUrl.Parse(url).Path, engine, SaltEnv, Variables.With("source", url)).ConfigureAwait(false);
        return (Encoding.UTF8.GetBytes(text), url);
    }

    /// <summary>A text that is given with the state itself, through its template where it has one.</summary>
    public async Task<byte[]> RenderAsync(string contents)
    {
        if (Template is not { Length: > 0 } engine) return Encoding.UTF8.GetBytes(contents);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, contents, Call.Stopped).ConfigureAwait(false);
            return Encoding.UTF8.GetBytes(await CpFiles.RenderAsync(Call, file, "contents", engine, SaltEnv, Variables).ConfigureAwait(false));
        }
        finally
        {
            File.Delete(file);
        }
    }

    // The first that is there. An entry may bring its own hash.
    private async Task<(string Url, string? Hash)> ChooseAsync(ListValue sources)
    {
        foreach (var entry in sources)
        {
            var (url, hash) = entry is MapValue { Count: 1 } map ? (map[0].Key.ToString(), map[0].Value.AsText() ?? SourceHash) : (entry.ToString(), SourceHash);
            try
            {
                if (FileUrl.IsOne(url) ? await CpFiles.Server(Call).HashAsync(url, SaltEnv, Call.Stopped).ConfigureAwait(false) is not null : await CpFiles.GetAsync(Call, url, SaltEnv).ConfigureAwait(false) is not null)
                    return (url, hash);
            }
            catch (CommandFailed)
            {
                // This one cannot be had; the next may.
            }
        }
        throw new CommandFailed("none of the specified sources were found");
    }

    // A digest, its kind in front of it, or the address of a file that has it.
    private async Task<string> ExpectedAsync(string hash, string url)
    {
        var digest = hash.IndexOf('=') is > 0 and var equals ? hash[(equals + 1)..] : hash;
        if (IsDigest(digest)) return digest.ToLowerInvariant();
        if (await CpFiles.GetAsync(Call, hash, SaltEnv).ConfigureAwait(false) is not { } file) throw new CommandFailed($"Source hash file {hash} not found");
        var name = url[(url.LastIndexOf('/') + 1)..];
        string? only = null;
        foreach (var line in await File.ReadAllLinesAsync(file, Call.Stopped).ConfigureAwait(false))
        {
            var words = line.Split((char[])[' ', '\t', '*', '='], StringSplitOptions.RemoveEmptyEntries);
            if (words.FirstOrDefault(IsDigest) is not { } found) continue;
            if (words.Any(w => w == name || w.EndsWith('/' + name, StringComparison.Ordinal))) return found.ToLowerInvariant();
            only ??= found;
        }
        return only?.ToLowerInvariant() ?? throw new CommandFailed($"Source hash {hash} format is invalid. It must be in the format <hash type>=<hash>, or it must be a supported protocol: salt://, http://, https://");
    }

    private static bool IsDigest(string text) => text.Length is 32 or 40 or 56 or 64 or 96 or 128 && text.All(char.IsAsciiHexDigit);
    private static string Kind(string digest) => digest.Length switch { 32 => "md5", 40 => "sha1", 56 => "sha224", 96 => "sha384", 128 => "sha512", _ => "sha256" };
}
