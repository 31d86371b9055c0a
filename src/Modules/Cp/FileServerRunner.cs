using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Cp;

/// <summary>The runner <c>fileserver</c>: what the master's file server offers.</summary>
/// <remarks>Follows Salt 3006, salt/runners/fileserver.py. The one backend is <c>roots</c>, which keeps no copies: nothing is to be fetched or cleared.</remarks>
public static class FileServerRunner
{
    /// <summary>The environments.</summary>
    /// <param name="backend">Only of this backend: <c>roots</c>.</param>
    /// <param name="sources">Environments by backend.</param>
    /// <example><code>salt-run fileserver.envs</code></example>
    [SaltRunner("fileserver.envs")]
    public static async Task<Value> Envs(CallContext context, Value? backend = null, bool sources = false)
    {
        Known(backend);
        var envs = ListValue.OfTexts(await CpFiles.Server(context).EnvironmentsAsync(context.Stopped).ConfigureAwait(false));
        return sources ? MapValue.Of(("roots", envs)) : envs;
    }

    /// <summary>The files of an environment.</summary>
    /// <param name="saltenv">The environment.</param>
    /// <param name="backend">Only of this backend: <c>roots</c>.</param>
    /// <example><code>salt-run fileserver.file_list saltenv=prod</code></example>
    [SaltRunner("fileserver.file_list")]
    public static Task<ListValue> FileList(CallContext context, string saltenv = "base", Value? backend = null) => ListAsync(context, FileListing.Files, saltenv, backend);

    /// <summary>The folders of an environment.</summary>
    /// <param name="saltenv">The environment.</param>
    /// <param name="backend">Only of this backend: <c>roots</c>.</param>
    /// <example><code>salt-run fileserver.dir_list</code></example>
    [SaltRunner("fileserver.dir_list")]
    public static Task<ListValue> DirList(CallContext context, string saltenv = "base", Value? backend = null) => ListAsync(context, FileListing.Folders, saltenv, backend);

    /// <summary>The folders of an environment that hold nothing.</summary>
    /// <param name="saltenv">The environment.</param>
    /// <param name="backend">Only of this backend: <c>roots</c>.</param>
    /// <example><code>salt-run fileserver.empty_dir_list</code></example>
    [SaltRunner("fileserver.empty_dir_list")]
    public static Task<ListValue> EmptyDirList(CallContext context, string saltenv = "base", Value? backend = null) => ListAsync(context, FileListing.EmptyFolders, saltenv, backend);

    /// <summary>The symbolic links of an environment: name → where it points.</summary>
    /// <param name="saltenv">The environment.</param>
    /// <param name="backend">Only of this backend: <c>roots</c>.</param>
    /// <example><code>salt-run fileserver.symlink_list</code></example>
    [SaltRunner("fileserver.symlink_list")]
    public static Task<MapValue> SymlinkList(CallContext context, string saltenv = "base", Value? backend = null)
    {
        Known(backend);
        return CpFiles.Server(context).LinksAsync(saltenv, "", context.Stopped);
    }

    /// <summary>Fetches what backends serve from elsewhere: the roots lie on the master itself and are always as they are.</summary>
    /// <param name="backend">Only of this backend: <c>roots</c>.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt-run fileserver.update</code></example>
    [SaltRunner("fileserver.update")]
    public static bool Update(Value? backend = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        Known(backend);
        return true;
    }

    private static async Task<ListValue> ListAsync(CallContext context, FileListing what, string saltenv, Value? backend)
    {
        Known(backend);
        return ListValue.OfTexts(await CpFiles.Server(context).ListAsync(what, saltenv, "", context.Stopped).ConfigureAwait(false));
    }

    private static void Known(Value? backend)
    {
        foreach (var name in backend switch { null or NullValue => [], ListValue list => list.Select(b => b.ToString()), _ => backend.ToString().Split(',') })
            if (name is not ("roots" or "file_roots")) throw new CommandFailed($"fileserver backend '{name}' is not there in this version; roots is");
    }
}
