using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;
using SaltActors.States.Files;
using SaltActors.States.Templates;

namespace SaltActors.Modules.Cp;

/// <summary>What the functions of <c>cp</c> share: the file server's door, environments, copies, and getting a file from any kind of address.</summary>
internal static class CpFiles
{
    private static readonly HttpClient Http = new();

    internal static IFileSource Server(CallContext context) => CallServices.Need(context.Services.Files, "files of a file server are asked for, and there is none here");

    internal static string Environment(CallContext context, string? saltenv) => string.IsNullOrEmpty(saltenv) ? context.Options.TextOf("saltenv") ?? "base" : saltenv;

    internal static string CacheDir(CallContext context) => context.Options.TextOf("cachedir") is { Length: > 0 } folder ? folder : throw new CommandFailed("cachedir has no value, so there is no place for copies");

    internal static IEnumerable<string> Below(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [];

    /// <summary>Where the copy of an address lies, or would.</summary>
    internal static string? CopyOf(CallContext context, string url, string? saltenv)
    {
        var cache = CacheDir(context);
        if (FileUrl.IsOne(url))
        {
            var name = FileUrl.Parse(url);
            return TreePath.TryParse(name.Path, out var plain) && plain.Length > 0 && TreePath.IsEnvironment(name.SaltEnv ?? Environment(context, saltenv)) ? Path.Combine(cache, "files", name.SaltEnv ?? Environment(context, saltenv), plain) : null;
        }
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.IsFile) return Path.Combine(cache, "localfiles", url.TrimStart('/'));
        var path = address.AbsolutePath.TrimStart('/') + address.Query;
        return TreePath.TryParse(path, out var below) ? Path.Combine(cache, "extrn_files", Environment(context, saltenv), address.Authority, below) : null;
    }

    /// <summary>A file of this machine with the content that an address names: <c>salt://</c>, <c>http(s)://</c>, <c>ftp://</c> is refused, <c>file://</c>, or a path.</summary>
    /// <returns>Null where there is no such file.</returns>
    /// <exception cref="CommandFailed">It is there, and cannot be had.</exception>
    internal static async Task<string?> GetAsync(CallContext context, string url, string? saltenv, string? expectedHash = null)
    {
        if (FileUrl.IsOne(url)) return await Server(context).CacheAsync(url, Environment(context, saltenv), context.Stopped).ConfigureAwait(false);
        if (url.StartsWith('/')) return File.Exists(url) ? url : null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) throw new CommandFailed($"'{url}' is neither a path from the root nor an address as salt://… or https://…");
        if (address.IsFile) return File.Exists(address.LocalPath) ? address.LocalPath : null;
        if (address.Scheme is not ("http" or "https")) throw new CommandFailed($"'{url}': files are fetched from salt://, http://, https:// and file://; {address.Scheme}:// is not there in this version");
        var copy = CopyOf(context, url, saltenv) ?? throw new CommandFailed($"'{url}' leads out of its place");
        if (expectedHash is not null && File.Exists(copy) && HashOf(copy, expectedHash) == expectedHash) return copy;
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        var arriving = $"{copy}.{Guid.NewGuid():n}.part";
        try
        {
            using var answer = await Http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, context.Stopped).ConfigureAwait(false);
            if (answer.StatusCode == System.Net.HttpStatusCode.NotFound) return null;
            if (!answer.IsSuccessStatusCode) throw new CommandFailed($"Failed to retrieve {url}: HTTP {(int)answer.StatusCode} {answer.ReasonPhrase}");
            var file = File.Create(arriving);
            await using (file.ConfigureAwait(false)) await answer.Content.CopyToAsync(file, context.Stopped).ConfigureAwait(false);
            File.Move(arriving, copy, overwrite: true);
            return copy;
        }
        catch (HttpRequestException cause)
        {
            throw new CommandFailed($"Failed to retrieve {url}: {cause.Message}");
        }
        finally
        {
            File.Delete(arriving);
        }
    }

    /// <summary>The digest of a file in the kind that another digest's length tells.</summary>
    internal static string HashOf(string path, string like)
    {
        using var file = File.OpenRead(path);
        return FileDigest.Of(like.Length switch { 32 => "md5", 40 => "sha1", 96 => "sha384", 128 => "sha512", _ => "sha256" }, file);
    }

    /// <summary>A template rendered to text.</summary>
    /// <exception cref="CommandFailed">It cannot be rendered.</exception>
    internal static async Task<string> RenderAsync(CallContext context, string path, string name, string engine, string? saltenv, MapValue variables)
    {
        if (!TemplateEngine.IsKnown(engine)) throw new CommandFailed($"Attempted to render file with unavailable engine {engine}");
        var env = Environment(context, saltenv);
        try
        {
            var text = await File.ReadAllTextAsync(path, context.Stopped).ConfigureAwait(false);
            ITemplateFiles files = context.Services.Files is { } server ? new ServedTemplates(server, env, context.Stopped) : NoTemplates.Instance;
            return await Task.Run(() => TemplateEngine.RenderText(new RenderTask { Call = context, Source = new TemplateSource(name, text, path), Files = files, SaltEnv = env, Variables = variables }, engine), context.Stopped).ConfigureAwait(false);
        }
        catch (RenderFailed failed)
        {
            throw new CommandFailed(failed.Message);
        }
    }

    /// <summary>Where a copy goes: into a folder under its own name, or to the path itself; its folder is made where that is wanted.</summary>
    /// <returns>Null where the folder is missing and not to be made.</returns>
    internal static string? Destination(string dest, string sourceName, bool makedirs)
    {
        if (dest.EndsWith('/') || Directory.Exists(dest)) dest = Path.Combine(dest, Path.GetFileName(sourceName));
        var folder = Path.GetDirectoryName(Path.GetFullPath(dest))!;
        if (Directory.Exists(folder)) return dest;
        if (!makedirs) return null;
        Directory.CreateDirectory(folder);
        return dest;
    }

    /// <summary>Whether a path fits the pattern of what is wanted, and not that of what is not: a pattern, or an expression after <c>E@</c>.</summary>
    internal static bool IsWanted(string file, string? include, string? exclude) => (string.IsNullOrEmpty(include) || Fits(file, include)) && (string.IsNullOrEmpty(exclude) || !Fits(file, exclude));

    private static bool Fits(string file, string pattern) => pattern.StartsWith("E@", StringComparison.Ordinal)
        ? Core.Targets.PythonRegex.CompileSearch(pattern[2..], out var problem) is { } expression ? expression.IsMatch(file) : throw new CommandFailed($"'{pattern[2..]}' is no regular expression: {problem}")
        : NamePattern.Matches(pattern, file);
}
