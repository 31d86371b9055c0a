using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Cp;

/// <summary>The module <c>cp</c>, the other way: files of this minion to the master, where <c>file_recv</c> lets it.</summary>
/// <remarks>Follows Salt 3006, salt/modules/cp.py, push() and push_dir().</remarks>
public static class CpPushModule
{
    private const int ChunkBytes = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Sends a file to the master, below <c>minions/ID/files</c> of its cache.</summary>
    /// <param name="path">The file, a path from the root.</param>
    /// <param name="keepSymlinks">Send the link itself: not there, and refused; links are followed.</param>
    /// <param name="uploadPath">The path it gets at the master; its own as standard.</param>
    /// <param name="removeSource">Delete the file when the master has it.</param>
    /// <example><code>salt '*' cp.push /etc/fstab</code></example>
    [SaltFunction("cp.push")]
    public static async Task<bool> Push(CallContext context, string path, bool keepSymlinks = false, string? uploadPath = null, bool removeSource = false)
    {
        if (keepSymlinks) throw new CommandFailed("cp.push keep_symlinks=True: links cannot be sent as links in this version");
        if (!Path.IsPathRooted(path) || path.Split('/').Contains("..")) return Refuse(context, $"cp.push: '{path}' is no path from the root without '..'");
        if (!File.Exists(path)) return Refuse(context, $"cp.push: there is no file {path}");
        var target = uploadPath is { Length: > 0 } given ? given : path;
        if (target.Split('/').Contains("..")) return Refuse(context, $"cp.push: '{target}' (upload_path) has '..' in it");
        var master = CallServices.Need(context.Services.Master, "cp.push sends to a master, and there is none here");
        var parts = ListValue.OfTexts(target.Split('/', StringSplitOptions.RemoveEmptyEntries));
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var size = RandomAccess.GetLength(file);
        var buffer = new byte[ChunkBytes];
        for (long at = 0; ;)
        {
            var read = await RandomAccess.ReadAsync(file, buffer, at, context.Stopped).ConfigureAwait(false);
            if (read == 0 && at > 0) break;
            var load = MapValue.Of(("cmd", "_file_recv"), ("path", parts), ("size", size), ("loc", at), ("data", new BytesValue(buffer.AsMemory(0, read).ToArray())));
            if (await master.AskAsync(load, Patience, context.Stopped).ConfigureAwait(false) is not { IsTruthy: true })
                return Refuse(context, $"cp.push Failed transfer of {path}: ensure the master has 'file_recv' set to True and that the file is not larger than the 'file_recv_size_max' setting on the master.");
            at += read;
            if (read == 0) break;
        }
        if (removeSource) File.Delete(path);
        return true;
    }

    /// <summary>Sends a folder to the master, with all below it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="glob">Only files whose name fits.</param>
    /// <param name="uploadPath">The path that the folder gets at the master; its own as standard.</param>
    /// <example><code>salt '*' cp.push_dir /usr/lib/mysql glob='*.opt'</code></example>
    [SaltFunction("cp.push_dir")]
    public static async Task<bool> PushDir(CallContext context, string path, string? glob = null, string? uploadPath = null)
    {
        if (!Path.IsPathRooted(path) || path.Split('/').Contains("..")) return Refuse(context, $"cp.push_dir: '{path}' is no path from the root without '..'");
        if (File.Exists(path)) return await Push(context, path, uploadPath: uploadPath).ConfigureAwait(false);
        if (!Directory.Exists(path)) return Refuse(context, $"cp.push_dir: there is no folder {path}");
        foreach (var file in CpFiles.Below(path))
            if (glob is null || NamePattern.Matches(glob, Path.GetFileName(file)))
            {
                var target = uploadPath is { Length: > 0 } given ? Path.Combine(given, Path.GetRelativePath(path, file)) : file;
                if (!await Push(context, file, uploadPath: target).ConfigureAwait(false)) return false;
            }
        return true;
    }

    private static bool Refuse(CallContext context, string reason)
    {
        context.Services.Log?.Write(LogSeverity.Error, reason);
        return false;
    }
}
