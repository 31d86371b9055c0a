using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Files;

namespace SaltActors.Modules.Cp;

/// <summary>The module <c>cp</c>: files from the file server to this machine.</summary>
/// <remarks>Follows Salt 3006, salt/modules/cp.py.</remarks>
public static class CpModule
{
    private const string NotThere = "", NoEngine = "";

    /// <summary>Copies a file of the file server.</summary>
    /// <param name="path"><c>salt://path/to/file</c>; a template itself where <c>template</c> is given.</param>
    /// <param name="dest">A path of this machine; a folder takes the file under its own name.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="makedirs">Make the folder of the copy.</param>
    /// <param name="template">Render the addresses through this engine first.</param>
    /// <param name="gzip">Taken for compatibility: pieces travel encrypted, and are not packed.</param>
    /// <param name="kwargs">Names that the addresses may use.</param>
    /// <returns>The path of the copy; empty text where there is no such file.</returns>
    /// <example><code>salt '*' cp.get_file salt://path/to/file /minion/dest</code></example>
    [SaltFunction("cp.get_file")]
    public static async Task<string> GetFile(
        CallContext context, string path, string dest, string? saltenv = null, bool makedirs = false, string? template = null, int? gzip = null, [Keywords] MapValue? kwargs = null)
    {
        _ = gzip;
        (path, dest) = await Addresses(context, path, dest, template ?? NoEngine, saltenv, kwargs).ConfigureAwait(false);
        return await CopyAsync(context, path, dest, saltenv, makedirs).ConfigureAwait(false);
    }

    /// <summary>Renders a file of the file server and writes what comes of it.</summary>
    /// <param name="path"><c>salt://path/to/template</c>.</param>
    /// <param name="dest">A path of this machine.</param>
    /// <param name="template">The engine.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="makedirs">Make the folder of the file.</param>
    /// <param name="kwargs">Names that the template sees; <c>context</c> is a map of more.</param>
    /// <returns>The path of the file; empty text where there is no such template.</returns>
    /// <example><code>salt '*' cp.get_template salt://path/to/template /minion/dest</code></example>
    [SaltFunction("cp.get_template")]
    public static async Task<string> GetTemplate(
        CallContext context, string path, string dest, string template = "jinja", string? saltenv = null, bool makedirs = false, [Keywords] MapValue? kwargs = null)
    {
        if (await CpFiles.GetAsync(context, path, saltenv).ConfigureAwait(false) is not { } source) return NotThere;
        var names = Names(kwargs);
        var text = await CpFiles.RenderAsync(context, source, FileUrl.Parse(path).Path, template, saltenv, names.Without("context").Over(names.MapOf("context"))).ConfigureAwait(false);
        if (CpFiles.Destination(dest, FileUrl.Parse(path).Path, makedirs) is not { } target) return NotThere;
        await File.WriteAllTextAsync(target, text, context.Stopped).ConfigureAwait(false);
        return target;
    }

    /// <summary>Copies a folder of the file server, with all below it.</summary>
    /// <param name="path"><c>salt://path/to/dir</c>; with a slash at its end its content only.</param>
    /// <param name="dest">A folder of this machine.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="template">Render the addresses through this engine first.</param>
    /// <param name="gzip">Taken for compatibility.</param>
    /// <param name="kwargs">Names that the addresses may use.</param>
    /// <returns>The paths of the copies, sorted.</returns>
    /// <example><code>salt '*' cp.get_dir salt://path/to/dir/ /minion/dest</code></example>
    [SaltFunction("cp.get_dir")]
    public static async Task<ListValue> GetDir(
        CallContext context, string path, string dest, string? saltenv = null, string? template = null, int? gzip = null, [Keywords] MapValue? kwargs = null)
    {
        _ = gzip;
        (path, dest) = await Addresses(context, path, dest, template ?? NoEngine, saltenv, kwargs).ConfigureAwait(false);
        var name = FileUrl.Parse(path);
        var folder = name.Path.Trim('/');
        // A slash at the end copies the content, none the folder itself.
        var cut = name.Path.EndsWith('/') || folder.Length == 0 ? folder.Length : folder.LastIndexOf('/') + 1;
        var copied = new List<string>();
        foreach (var file in await CpFiles.Server(context).ListAsync(FileListing.Files, name.SaltEnv ?? CpFiles.Environment(context, saltenv), folder, context.Stopped).ConfigureAwait(false))
        {
            if (folder.Length > 0 && !file.StartsWith(folder + "/", StringComparison.Ordinal)) continue;
            var target = Path.Combine(dest, file[cut..].TrimStart('/'));
            if (await CopyAsync(context, FileUrl.Scheme + "|" + file, target, name.SaltEnv ?? saltenv, makedirs: true).ConfigureAwait(false) is { Length: > 0 } done) copied.Add(done);
        }
        return ListValue.OfTexts(copied.Order(StringComparer.Ordinal));
    }

    /// <summary>Gets a file from an address of any kind.</summary>
    /// <param name="path"><c>salt://</c>, <c>http://</c>, <c>https://</c>, <c>file://</c> or a path of this machine.</param>
    /// <param name="dest">A path of this machine; empty keeps it in the minion's cache; null answers with the content.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="makedirs">Make the folder of the copy.</param>
    /// <param name="sourceHash">The digest it must have; a copy that has it is not fetched again.</param>
    /// <returns>The path of the copy, or the content; false where there is no such file.</returns>
    /// <example><code>salt '*' cp.get_url http://www.slashdot.org /tmp/index.html</code></example>
    [SaltFunction("cp.get_url")]
    public static async Task<Value> GetUrl(CallContext context, string path, [System.ComponentModel.DefaultValue("")] Value dest, string? saltenv = null, bool makedirs = false, string? sourceHash = null)
    {
        if (await CpFiles.GetAsync(context, path, saltenv, sourceHash).ConfigureAwait(false) is not { } source)
        {
            context.Services.Log?.Write(LogSeverity.Error, $"Unable to fetch file {path} from saltenv {CpFiles.Environment(context, saltenv)}.");
            return false;
        }
        if (dest is NullValue) return await ContentAsync(source, context.Stopped).ConfigureAwait(false);
        if (dest.ToString() is not { Length: > 0 } into) return source;
        if (CpFiles.Destination(into, FileUrl.Parse(path).Path, makedirs) is not { } target) return false;
        File.Copy(source, target, overwrite: true);
        return target;
    }

    /// <summary>Answers with the content of a file.</summary>
    /// <param name="path">An address of any kind.</param>
    /// <param name="saltenv">The environment.</param>
    /// <returns>The text; false where there is no such file.</returns>
    /// <example><code>salt '*' cp.get_file_str salt://my/file</code></example>
    [SaltFunction("cp.get_file_str")]
    public static async Task<Value> GetFileStr(CallContext context, string path, string? saltenv = null) =>
        await CpFiles.GetAsync(context, path, saltenv).ConfigureAwait(false) is { } source ? await ContentAsync(source, context.Stopped).ConfigureAwait(false) : false;

    /// <summary>Copies a file into the minion's cache.</summary>
    /// <param name="path">An address of any kind.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="sourceHash">The digest it must have; a copy that has it is not fetched again.</param>
    /// <param name="verifySsl">Taken for compatibility: certificates are always checked.</param>
    /// <param name="useEtag">Taken for compatibility: the digest tells whether a copy is fresh.</param>
    /// <returns>The path of the copy; false where there is no such file.</returns>
    /// <example><code>salt '*' cp.cache_file salt://path/to/file</code></example>
    [SaltFunction("cp.cache_file")]
    public static async Task<Value> CacheFile(CallContext context, string path, string? saltenv = null, string? sourceHash = null, bool verifySsl = true, bool useEtag = false)
    {
        _ = (verifySsl, useEtag);
        if (await CpFiles.GetAsync(context, path, saltenv, sourceHash).ConfigureAwait(false) is { } copy) return copy;
        context.Services.Log?.Write(LogSeverity.Error, $"Unable to cache file '{path}' from saltenv '{CpFiles.Environment(context, saltenv)}'.");
        return false;
    }

    /// <summary>Answers with the path that a copy would have in the minion's cache.</summary>
    /// <param name="url">An address of any kind.</param>
    /// <param name="saltenv">The environment.</param>
    /// <example><code>salt '*' cp.cache_dest https://foo.com/bar.rpm</code></example>
    [SaltFunction("cp.cache_dest")]
    public static string CacheDest(CallContext context, string url, string? saltenv = null) => CpFiles.CopyOf(context, url, saltenv) ?? NotThere;

    /// <summary>Copies several files into the minion's cache.</summary>
    /// <param name="paths">Addresses: a list, or text with commas between them.</param>
    /// <param name="saltenv">The environment.</param>
    /// <example><code>salt '*' cp.cache_files salt://pathto/file1,salt://pathto/file1</code></example>
    [SaltFunction("cp.cache_files")]
    public static async Task<ListValue> CacheFiles(CallContext context, Value paths, string? saltenv = null)
    {
        var copies = new List<Value>();
        foreach (var path in paths is ListValue list ? list.Select(p => p.ToString()) : paths.ToString().Split(','))
            copies.Add(await CpFiles.GetAsync(context, path, saltenv).ConfigureAwait(false) is { } copy ? copy : (Value)"");
        return ListValue.From(copies);
    }

    /// <summary>Copies a folder of the file server into the minion's cache.</summary>
    /// <param name="path"><c>salt://path/to/dir</c>.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="includeEmpty">Folders without files too.</param>
    /// <param name="includePat">Only files whose path fits: a pattern, or an expression after <c>E@</c>.</param>
    /// <param name="excludePat">But not these.</param>
    /// <returns>The paths of the copies.</returns>
    /// <example><code>salt '*' cp.cache_dir salt://path/to/dir include_pat='E@*.py$'</code></example>
    [SaltFunction("cp.cache_dir")]
    public static async Task<ListValue> CacheDir(
        CallContext context, string path, string? saltenv = null, bool includeEmpty = false, string? includePat = null, string? excludePat = null)
    {
        var name = FileUrl.Parse(path);
        var (env, folder) = (name.SaltEnv ?? CpFiles.Environment(context, saltenv), name.Path.Trim('/'));
        var prefix = folder.Length == 0 ? "" : folder + "/";
        var copies = new List<string>();
        foreach (var file in await CpFiles.Server(context).ListAsync(FileListing.Files, env, folder, context.Stopped).ConfigureAwait(false))
            if (file.StartsWith(prefix, StringComparison.Ordinal) && CpFiles.IsWanted(file, includePat, excludePat)
                && await CpFiles.Server(context).CacheAsync(FileUrl.Scheme + "|" + file, env, context.Stopped).ConfigureAwait(false) is { } copy) copies.Add(copy);
        if (includeEmpty)
            foreach (var empty in await CpFiles.Server(context).ListAsync(FileListing.EmptyFolders, env, folder, context.Stopped).ConfigureAwait(false))
                if (empty.StartsWith(prefix, StringComparison.Ordinal)) copies.Add(Directory.CreateDirectory(Path.Combine(CpFiles.CacheDir(context), "files", env, empty)).FullName);
        return ListValue.OfTexts(copies);
    }

    /// <summary>Copies all files of an environment into the minion's cache.</summary>
    /// <param name="saltenv">The environment.</param>
    /// <example><code>salt '*' cp.cache_master</code></example>
    [SaltFunction("cp.cache_master")]
    public static Task<ListValue> CacheMaster(CallContext context, string? saltenv = null) => CacheDir(context, FileUrl.Scheme, saltenv);

    /// <summary>Copies a file of this machine into the minion's cache.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The path of the copy; empty text where there is no such file.</returns>
    /// <example><code>salt '*' cp.cache_local_file /etc/hosts</code></example>
    [SaltFunction("cp.cache_local_file")]
    public static string CacheLocalFile(CallContext context, string path)
    {
        if (!File.Exists(path)) return NotThere;
        var copy = Path.Combine(CpFiles.CacheDir(context), "localfiles", Path.GetFullPath(path).TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(path, copy, overwrite: true);
        return copy;
    }

    private static async Task<string> CopyAsync(CallContext context, string path, string dest, string? saltenv, bool makedirs)
    {
        if (await CpFiles.GetAsync(context, path, saltenv).ConfigureAwait(false) is not { } source) return NotThere;
        if (CpFiles.Destination(dest, FileUrl.Parse(path).Path, makedirs) is not { } target) return NotThere;
        File.Copy(source, target, overwrite: true);
        return target;
    }

    // Addresses may be templates, as salt://{{ grains.os }}/vimrc.
    private static async Task<(string, string)> Addresses(CallContext context, string path, string dest, string engine, string? saltenv, MapValue? kwargs)
    {
        if (engine.Length == 0) return (path, dest);
        var texts = new List<string>();
        foreach (var text in new[] { path, dest })
        {
            var file = Path.GetTempFileName();
            try
            {
                await File.WriteAllTextAsync(file, text, context.Stopped).ConfigureAwait(false);
                texts.Add(await CpFiles.RenderAsync(context, file, "the address", engine, saltenv, Names(kwargs)).ConfigureAwait(false));
            }
            finally
            {
                File.Delete(file);
            }
        }
        return (texts[0], texts[1]);
    }

    private static MapValue Names(MapValue? kwargs) => MapValue.From((kwargs ?? MapValue.Empty).Where(k => !k.Key.ToString().StartsWith("__pub_", StringComparison.Ordinal)));

    private static async Task<Value> ContentAsync(string path, CancellationToken stop)
    {
        var bytes = await File.ReadAllBytesAsync(path, stop).ConfigureAwait(false);
        try
        {
            return new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (System.Text.DecoderFallbackException)
        {
            return new BytesValue(bytes);   // it is no text, and is given as it is
        }
    }
}
