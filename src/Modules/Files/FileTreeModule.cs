using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files;

/// <summary>The functions of <c>file</c> that make, move, link and remove.</summary>
/// <remarks>Follows Salt 3006, salt/modules/file.py.</remarks>
public static class FileTreeModule
{
    private const uint AnyFolder = 0x1FF;

    /// <summary>Removes a file, or a folder with all that is in it.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>False where there was nothing to remove.</returns>
    /// <example><code>salt '*' file.remove /tmp/foo</code></example>
    [SaltFunction("file.remove")]
    public static bool Remove(string path, [Keywords] MapValue kwargs)
    {
        path = FilePaths.Absolute(path, $"File path must be absolute: {path}");
        if (UnixFile.Find(path, follow: false) is not { } status) return false;
        try
        {
            if (status.IsFolder) Directory.Delete(path, recursive: true);
            else UnixFile.RemoveFile(path);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"Could not remove '{path}': {refused.Message}");
        }
    }

    /// <summary>Gives a file or folder another path.</summary>
    /// <param name="src">The path it has.</param>
    /// <param name="dst">The path it shall have.</param>
    /// <example><code>salt '*' file.rename /path/to/src /path/to/dst</code></example>
    [SaltFunction("file.rename")]
    public static bool Rename(string src, string dst)
    {
        (src, dst) = (FilePaths.Absolute(src), FilePaths.Expand(dst));
        try
        {
            UnixFile.Rename(src, dst);
            return true;
        }
        catch (UnixFailure)
        {
            throw new CommandFailed($"Could not rename '{src}' to '{dst}'");
        }
    }

    /// <summary>Moves a file or folder, also to another file system.</summary>
    /// <param name="src">The path it has.</param>
    /// <param name="dst">The path it shall have; below it where it is a folder.</param>
    /// <param name="disallowCopyAndUnlink">Fail where the two paths are on different file systems.</param>
    /// <returns>A map: <c>result</c>, and <c>comment</c>.</returns>
    /// <example><code>salt '*' file.move /path/to/src /path/to/dst</code></example>
    [SaltFunction("file.move")]
    public static MapValue Move(string src, string dst, bool disallowCopyAndUnlink = false)
    {
        (src, dst) = (FilePaths.Expand(src), FilePaths.Expand(dst));
        if (!src.StartsWith('/')) throw new NamedError("SaltInvocationError", "Source path must be absolute.");
        if (!dst.StartsWith('/')) throw new NamedError("SaltInvocationError", "Destination path must be absolute.");
        try
        {
            if (!disallowCopyAndUnlink && UnixFile.IsFolder(dst)) dst = FilePaths.Join([dst, FilePaths.BaseName(src)]);
            try
            {
                UnixFile.Rename(src, dst);
            }
            catch (UnixFailure acrossDevices) when (acrossDevices.Code == 18 && !disallowCopyAndUnlink)
            {
                CopyAll(src, dst);
                Remove(src, MapValue.Empty);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"Unable to move '{src}' to '{dst}': {refused.Message}");
        }
        return MapValue.Of(("result", true), ("comment", $"'{src}' moved to '{dst}'"));
    }

    /// <summary>Copies a file, or a folder with all that is in it; owner and permissions go along.</summary>
    /// <param name="src">What to copy.</param>
    /// <param name="dst">Where to.</param>
    /// <param name="recurse">Copy folders.</param>
    /// <param name="removeExisting">Remove what stands at the destination first.</param>
    /// <example><code>salt '*' file.copy /path/to/src /path/to/dst recurse=True</code></example>
    [SaltFunction("file.copy")]
    public static bool Copy(string src, string dst, bool recurse = false, bool removeExisting = false)
    {
        (src, dst) = (FilePaths.Absolute(src), FilePaths.Expand(dst));
        if (!UnixFile.Exists(src, follow: false)) throw new CommandFailed($"No such file or directory '{src}'");
        if (!recurse && UnixFile.IsFolder(src))
            throw new NamedError("SaltInvocationError", "Cannot copy overwriting a directory without recurse flag set to true!");
        try
        {
            if (UnixFile.IsFolder(src))
            {
                if (removeExisting && UnixFile.IsFolder(dst)) Directory.Delete(dst, recursive: true);
            }
            else if (UnixFile.IsFolder(dst)) dst = FilePaths.Join([dst, FilePaths.BaseName(src)]);
            CopyAll(src, dst);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"Could not copy '{src}' to '{dst}'");
        }
    }

    /// <summary>Makes a hard link.</summary>
    /// <param name="src">The file.</param>
    /// <param name="path">Its second name.</param>
    /// <example><code>salt '*' file.link /path/to/file /path/to/link</code></example>
    [SaltFunction("file.link")]
    public static bool Link(string src, string path)
    {
        src = FilePaths.Absolute(src);
        try
        {
            UnixFile.HardLink(src, path);
            return true;
        }
        catch (UnixFailure)
        {
            throw new CommandFailed($"Could not create '{path}'");
        }
    }

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="src">Where it leads.</param>
    /// <param name="path">The link.</param>
    /// <param name="force">Replace what stands there.</param>
    /// <param name="atomic">Replace it in one step; says <c>force</c> as well.</param>
    /// <example><code>salt '*' file.symlink /path/to/file /path/to/link</code></example>
    [SaltFunction("file.symlink")]
    public static bool Symlink(string src, string path, bool force = false, bool atomic = false)
    {
        path = FilePaths.Absolute(path, $"Link path must be absolute: {path}");
        if (UnixFile.IsLink(path))
        {
            if (new FileInfo(path).LinkTarget == src) return true;
            if (!force && !atomic) throw new CommandFailed($"Found existing symlink: {path}");
        }
        else if (UnixFile.Exists(path) && !force && !atomic) throw new CommandFailed($"Existing path is not a symlink: {path}");
        try
        {
            var beside = $"{path}.{Guid.NewGuid():N}";
            File.CreateSymbolicLink(beside, src);
            if (UnixFile.Find(path, follow: false) is { IsFolder: true }) Directory.Delete(path, recursive: true);
            UnixFile.Rename(beside, path);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"Could not create '{path}': {refused.Message}");
        }
    }

    /// <summary>Makes a folder, and those above it.</summary>
    /// <param name="dirPath">The folder.</param>
    /// <param name="user">Its owner.</param>
    /// <param name="group">Its group.</param>
    /// <param name="mode">Its permissions in octal.</param>
    /// <example><code>salt '*' file.mkdir /opt/jetty/context</code></example>
    [SaltFunction("file.mkdir")]
    public static bool Mkdir(string dirPath, Value? user = null, Value? group = null, string? mode = null)
    {
        dirPath = FilePaths.Expand(dirPath);
        if (!UnixFile.IsFolder(FilePaths.Normal(dirPath))) MakedirsPerms(FilePaths.Normal(dirPath), user, group, mode);
        return true;
    }

    /// <summary>Makes the folder that a path is in, and those above it: end a folder's own path with a slash.</summary>
    /// <param name="path">The path.</param>
    /// <param name="user">The owner of folders that are made.</param>
    /// <param name="group">Their group.</param>
    /// <param name="mode">Their permissions in octal.</param>
    /// <returns>Nothing, or a text where the folder was there.</returns>
    /// <example><code>salt '*' file.makedirs /opt/code/</code></example>
    [SaltFunction("file.makedirs")]
    public static string? Makedirs(string path, Value? user = null, Value? group = null, string? mode = null)
    {
        var folder = FilePaths.Normal(FilePaths.FolderName(FilePaths.Expand(path)));
        if (UnixFile.IsFolder(folder)) return $"Directory '{folder}' already exists";
        if (UnixFile.Exists(folder)) return $"The path '{folder}' already exists and is not a directory";
        MakedirsPerms(folder, user, group, mode);
        return null;
    }

    /// <summary>Makes a folder, and those above it, each with these permissions.</summary>
    /// <param name="name">The folder.</param>
    /// <param name="user">The owner.</param>
    /// <param name="group">The group.</param>
    /// <param name="mode">Permissions in octal.</param>
    /// <example><code>salt '*' file.makedirs_perms /opt/code</code></example>
    [SaltFunction("file.makedirs_perms")]
    public static void MakedirsPerms(string name, Value? user = null, Value? group = null, string? mode = "0755")
    {
        name = FilePaths.Normal(FilePaths.Expand(name));
        var missing = new Stack<string>();
        for (var folder = name; folder is not ("/" or "" or ".") && !UnixFile.Exists(folder); folder = FilePaths.FolderName(folder)) missing.Push(folder);
        try
        {
            while (missing.TryPop(out var folder))
            {
                UnixFile.MakeFolder(folder, AnyFolder);
                if (mode is not null)
                    UnixFile.ChangeMode(folder, FilePaths.Mode(mode) ?? throw new CommandFailed($"Invalid Mode {mode}"));
                if ((user is not null || group is not null) && FileAttributesModule.Owned(folder, user ?? "", group ?? "", follow: false) is { } complaint)
                    throw new CommandFailed($"{folder}: {complaint.TrimEnd()}");
            }
        }
        catch (UnixFailure refused)
        {
            throw new CommandFailed($"Could not create '{name}': {refused.Message}");
        }
    }

    /// <summary>Removes an empty folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="recurse">Remove the empty folders below it first.</param>
    /// <param name="verbose">Answer with what was removed and what failed.</param>
    /// <param name="olderThan">Only folders that were written last more than this many days ago.</param>
    /// <returns>True or false; with <c>verbose</c> a map: <c>deleted</c>, <c>errors</c>, <c>result</c>.</returns>
    /// <example><code>salt '*' file.rmdir /tmp/foo/</code></example>
    [SaltFunction("file.rmdir")]
    public static Value Rmdir(CallContext context, string path, bool recurse = false, bool verbose = false, double? olderThan = null)
    {
        path = FilePaths.Absolute(path);
        if (!UnixFile.IsFolder(path)) throw new NamedError("SaltInvocationError", "A valid directory was not specified.");
        var youngest = olderThan is { } days ? context.Clock.GetUtcNow().ToUnixTimeSeconds() - days * 86400 : double.MaxValue;
        var (deleted, errors) = (new List<string>(), new List<Value>());
        foreach (var folder in recurse ? Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).OrderByDescending(d => d.Count(c => c == '/')).Append(path) : [path])
        {
            if (UnixFile.Find(folder, follow: false) is not { IsFolder: true } status || status.Mtime > youngest) continue;
            try
            {
                UnixFile.RemoveFolder(folder);
                deleted.Add(folder);
            }
            catch (UnixFailure refused)
            {
                errors.Add(ListValue.OfTexts([folder, refused.Message]));
            }
        }
        if (!verbose) return errors.Count == 0;
        return MapValue.Of(("deleted", ListValue.OfTexts(deleted)), ("errors", ListValue.From(errors)), ("result", errors.Count == 0));
    }

    private static void CopyAll(string from, string to)
    {
        var status = UnixFile.Status(from, follow: false);
        if (status.Kind == 'l')
        {
            File.Delete(to);
            File.CreateSymbolicLink(to, new FileInfo(from).LinkTarget ?? "");
            UnixFile.ChangeOwner(to, status.Uid, status.Gid, follow: false);
            return;
        }
        if (status.IsFolder)
        {
            Directory.CreateDirectory(to);
            foreach (var entry in Directory.EnumerateFileSystemEntries(from)) CopyAll(entry, Path.Join(to, FilePaths.BaseName(entry)));
        }
        else File.Copy(from, to, overwrite: true);
        UnixFile.ChangeOwner(to, status.Uid, status.Gid);
        UnixFile.ChangeMode(to, status.Mode);
    }
}
