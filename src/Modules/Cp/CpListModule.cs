using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Cp;

/// <summary>The module <c>cp</c>, its lists: what the file server has, and what this minion has of it.</summary>
/// <remarks>Follows Salt 3006, salt/modules/cp.py.</remarks>
public static class CpListModule
{
    /// <summary>Lists the environments of the file server.</summary>
    /// <example><code>salt '*' cp.envs</code></example>
    [SaltFunction("cp.envs")]
    public static async Task<ListValue> Envs(CallContext context) => ListValue.OfTexts(await CpFiles.Server(context).EnvironmentsAsync(context.Stopped).ConfigureAwait(false));

    /// <summary>Lists the SLS files of an environment.</summary>
    /// <param name="saltenv">The environment.</param>
    /// <example><code>salt '*' cp.list_states</code></example>
    [SaltFunction("cp.list_states")]
    public static async Task<ListValue> ListStates(CallContext context, string? saltenv = null)
    {
        const string Ending = ".sls", Init = ".init";
        var files = await CpFiles.Server(context).ListAsync(FileListing.Files, CpFiles.Environment(context, saltenv), "", context.Stopped).ConfigureAwait(false);
        return ListValue.OfTexts(files.Where(f => f.EndsWith(Ending, StringComparison.Ordinal)).Select(f => f[..^Ending.Length].Replace('/', '.'))
            .Select(n => n.EndsWith(Init, StringComparison.Ordinal) ? n[..^Init.Length] : n).Order(StringComparer.Ordinal));
    }

    /// <summary>Lists the files of an environment.</summary>
    /// <param name="saltenv">The environment.</param>
    /// <param name="prefix">Only what begins so.</param>
    /// <example><code>salt '*' cp.list_master</code></example>
    [SaltFunction("cp.list_master")]
    public static Task<ListValue> ListMaster(CallContext context, string? saltenv = null, string prefix = "") => ListAsync(context, FileListing.Files, saltenv, prefix);

    /// <summary>Lists the folders of an environment.</summary>
    /// <param name="saltenv">The environment.</param>
    /// <param name="prefix">Only what begins so.</param>
    /// <example><code>salt '*' cp.list_master_dirs</code></example>
    [SaltFunction("cp.list_master_dirs")]
    public static Task<ListValue> ListMasterDirs(CallContext context, string? saltenv = null, string prefix = "") => ListAsync(context, FileListing.Folders, saltenv, prefix);

    /// <summary>Lists the symbolic links of an environment.</summary>
    /// <param name="saltenv">The environment.</param>
    /// <param name="prefix">Only what begins so.</param>
    /// <returns>Name to where it points.</returns>
    /// <example><code>salt '*' cp.list_master_symlinks</code></example>
    [SaltFunction("cp.list_master_symlinks")]
    public static Task<MapValue> ListMasterSymlinks(CallContext context, string? saltenv = null, string prefix = "") =>
        CpFiles.Server(context).LinksAsync(CpFiles.Environment(context, saltenv), prefix, context.Stopped);

    /// <summary>Lists the files of an environment that this minion has copies of.</summary>
    /// <param name="saltenv">The environment.</param>
    /// <returns>Their paths on this machine, sorted.</returns>
    /// <example><code>salt '*' cp.list_minion</code></example>
    [SaltFunction("cp.list_minion")]
    public static ListValue ListMinion(CallContext context, string? saltenv = null) => ListValue.OfTexts(
        CpFiles.Below(Path.Combine(CpFiles.CacheDir(context), "files", CpFiles.Environment(context, saltenv))).Concat(CpFiles.Below(Path.Combine(CpFiles.CacheDir(context), "localfiles"))).Order(StringComparer.Ordinal));

    /// <summary>Answers with the path of this minion's copy of a file.</summary>
    /// <param name="path">The file, as <c>salt://path/to/file</c>.</param>
    /// <param name="saltenv">The environment.</param>
    /// <returns>The path; empty text where there is no copy.</returns>
    /// <example><code>salt '*' cp.is_cached salt://path/to/file</code></example>
    [SaltFunction("cp.is_cached")]
    public static string IsCached(CallContext context, string path, string? saltenv = null) => CpFiles.CopyOf(context, path, saltenv) is { } copy && File.Exists(copy) ? copy : "";

    /// <summary>Answers with the digest of a file: of the file server's, or of this machine's.</summary>
    /// <param name="path"><c>salt://path/to/file</c>, or a path of this machine.</param>
    /// <param name="saltenv">The environment.</param>
    /// <returns><c>hash_type</c> and <c>hsum</c>; an empty map where there is no such file.</returns>
    /// <example><code>salt '*' cp.hash_file salt://path/to/file</code></example>
    [SaltFunction("cp.hash_file")]
    public static async Task<MapValue> HashFile(CallContext context, string path, string? saltenv = null)
    {
        if (!path.Contains("://", StringComparison.Ordinal))
        {
            if (!File.Exists(path)) return MapValue.Empty;
            var kind = context.Options.TextOf("hash_type") ?? "sha256";
            using var file = File.OpenRead(path);
            return MapValue.Of(("hsum", States.Files.FileDigest.Of(kind, file)), ("hash_type", kind));
        }
        return await CpFiles.Server(context).HashAsync(path, CpFiles.Environment(context, saltenv), context.Stopped).ConfigureAwait(false) ?? MapValue.Empty;
    }

    /// <summary>Answers with the mode of a file of the file server.</summary>
    /// <param name="path"><c>salt://path/to/file</c>.</param>
    /// <param name="saltenv">The environment.</param>
    /// <param name="octal">As text, <c>0644</c>; else all numbers of its status.</param>
    /// <example><code>salt '*' cp.stat_file salt://path/to/file</code></example>
    [SaltFunction("cp.stat_file")]
    public static async Task<Value> StatFile(CallContext context, string path, string? saltenv = null, bool octal = true)
    {
        var status = await CpFiles.Server(context).StatusAsync(path, CpFiles.Environment(context, saltenv), context.Stopped).ConfigureAwait(false);
        if (status is not { Count: > 0 }) return Value.Null;
        const int Permissions = 0xfff;
        return octal ? "0" + Convert.ToString((status[0].AsInteger() ?? 0) & Permissions, 8) : status;
    }

    private static async Task<ListValue> ListAsync(CallContext context, FileListing what, string? saltenv, string prefix) =>
        ListValue.OfTexts(await CpFiles.Server(context).ListAsync(what, CpFiles.Environment(context, saltenv), prefix, context.Stopped).ConfigureAwait(false));
}
