using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files.Managed;

/// <summary>States of <c>file</c> about paths: there, not there, links, copies, names.</summary>
/// <remarks>Follows Salt 3006, salt/states/file.py.</remarks>
public static class PathState
{
    /// <summary>Checks that a path is there. Nothing is changed.</summary>
    /// <param name="name">The path.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("file.exists")]
    public static MapValue Exists(string name, [Keywords] MapValue kwargs) => UnixFile.Exists(FilePaths.Expand(name)) ? StateResult.Of(name, true, $"Path {name} exists") : StateResult.Failed(name, $"Specified path {name} does not exist");

    /// <summary>Checks that a path is not there. Nothing is changed.</summary>
    /// <param name="name">The path.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("file.missing")]
    public static MapValue Missing(string name, [Keywords] MapValue kwargs) => UnixFile.Exists(FilePaths.Expand(name)) ? StateResult.Failed(name, $"Specified path {name} exists") : StateResult.Of(name, true, $"Path {name} is missing");

    /// <summary>Removes what is there.</summary>
    /// <param name="name">The path; a folder goes with all below it.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("file.absent")]
    public static MapValue Absent(CallContext context, string name, [Keywords] MapValue kwargs)
    {
        var path = FilePaths.Expand(name);
        if (!Path.IsPathRooted(path)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        if (path == "/") return StateResult.Failed(name, "Refusing to make \"/\" absent");
        if (UnixFile.Find(path, follow: false) is not { } status) return StateResult.Of(name, true, $"File {name} is not present");
        var (kind, removed) = (status.IsFolder ? "directory" : "file", MapValue.Of(("removed", name)));
        if (context.IsTest) return StateResult.Of(name, null, $"{(status.IsFolder ? "Directory" : "File")} {name} is set for removal", removed);
        try
        {
            if (status.IsFolder) Directory.Delete(path, recursive: true);
            else UnixFile.RemoveFile(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return StateResult.Failed(name, $"Failed to remove {kind} {name}: {refused.Message}");
        }
        return StateResult.Of(name, true, $"Removed {kind} {name}", removed);
    }

    /// <summary>Keeps a symbolic link.</summary>
    /// <param name="name">The link.</param>
    /// <param name="target">Where it points.</param>
    /// <param name="force">Remove what stands in its place.</param>
    /// <param name="backupname">Rename what stands in its place to this.</param>
    /// <param name="makedirs">Make the folders above it.</param>
    /// <param name="user">The owner of the link.</param>
    /// <param name="group">The group of the link.</param>
    /// <param name="mode">Taken for compatibility: links have no permissions.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("file.symlink")]
    public static MapValue Symlink(
        CallContext context, string name, string target, bool force = false, string? backupname = null, bool makedirs = false, Value? user = null, Value? group = null, Value? mode = null, [Keywords] MapValue? kwargs = null)
    {
        _ = (mode, kwargs);
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        // A link belongs to whom it is said to, else to the one who runs this.
        var owner = user is { IsNull: false } ? user : TextValue.Of(Environment.UserName);
        if (Accounts.AccountDatabase.User(owner.ToString()) is not { } account) return StateResult.Failed(name, $"User {owner} does not exist");
        var ownership = Ownership.Of(owner, group is { IsNull: false } ? group : FileAttributesModule.GidToGroup(account.Gid), null);
        if (ownership.Unknown() is { } unknown) return StateResult.Failed(name, $"{unknown.Trim().Replace("is not available", "does not exist", StringComparison.Ordinal)}");
        var folder = FilePaths.FolderName(name);
        var there = UnixFile.Find(name, follow: false);
        var isRight = there is { Kind: 'l' } && new FileInfo(name).LinkTarget == target;
        if (context.IsTest) return Predicted(name, target, force, backupname, makedirs, folder, there, isRight, ownership);
        if (!UnixFile.IsFolder(folder))
        {
            if (!makedirs) return StateResult.Failed(name, $"Directory {folder} for symlink is not present");
            FileTreeModule.MakedirsPerms(folder, user, group);
        }
        try
        {
            if (isRight)
            {
                var differences = ownership.Differences(name, follow: false);
                if (differences.Count == 0) return StateResult.Of(name, true, $"Symlink {name} is present and owned by {OwnersOf(name)}");
                ownership.Apply(name, follow: false);
                return StateResult.Of(name, true, $"Set ownership of symlink {name} to {OwnersOf(name)}",
                    MapValue.Of(("ownership", $"{OwnersOf(name)}")));
            }
            if (there is not null && there.Kind != 'l')
            {
                if (backupname is not null)
                {
                    var kept = Path.IsPathRooted(backupname) ? backupname : Path.Combine(folder, backupname);
                    if (UnixFile.Exists(kept, follow: false) && !force) return StateResult.Failed(name, $"Symlink & backup dest exists and Force not set. {name} -> {target} - backup: {kept}");
                    UnixFile.Rename(name, kept);
                }
                else if (!force) return StateResult.Failed(name, $"{(there.IsFolder ? "Directory" : "File")} exists where the symlink {name} should be");
                else if (there.IsFolder) Directory.Delete(name, recursive: true);
            }
            // One step: at no moment is there nothing.
            var arriving = $"{name}.{Guid.NewGuid():n}.new";
            File.CreateSymbolicLink(arriving, target);
            ownership.Apply(arriving, follow: false);
            UnixFile.Rename(arriving, name);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return StateResult.Failed(name, $"Unable to create new symlink {name} -> {target}: {refused.Message}");
        }
        return StateResult.Of(name, true, $"Created new symlink {name} -> {target}", MapValue.Of(("new", name)));
    }

    private static string OwnersOf(string link) => $"{FileAttributesModule.GetUser(link, false)}:{FileAttributesModule.GetGroup(link, false)}";

    private static MapValue Predicted(string name, string target, bool force, string? backupname, bool makedirs, string folder, FileStatus? there, bool isRight, Ownership ownership)
    {
        if (there is null)
        {
            var more = UnixFile.IsFolder(folder) ? "" : makedirs ? $"\n{folder} will be created" : $"\nDirectory {folder} for symlink is not present";
            return StateResult.Of(name, null, $"Symlink {name} to {target} is set for creation{more}", MapValue.Of(("new", name)));
        }
        if (isRight)
            return ownership.Differences(name, follow: false).Count == 0 ? StateResult.Of(name, true, $"The symlink {name} is present")
                : StateResult.Of(name, null, $"The symlink {name} is present, but the ownership of the symlink would be changed from {OwnersOf(name)} to {ownership.User}:{ownership.Group}", MapValue.Of(("ownership", OwnersOf(name))));
        if (there.Kind == 'l') return StateResult.Of(name, null, $"Link {name} target is set to be changed to {target}", MapValue.Of(("change", name)));
        if (backupname is not null) return StateResult.Of(name, null, $"{name} exists and is set to be renamed to {backupname} to make way for a new symlink targeting {target}");
        return force ? StateResult.Of(name, null, $"The file or directory {name} is set for removal to make way for a new symlink targeting {target}")
            : StateResult.Failed(name, $"File or directory exists where the symlink {name} should be. Did you mean to use force?");
    }

    /// <summary>Makes a file where there is none, and sets its times.</summary>
    /// <param name="name">The file.</param>
    /// <param name="atime">The time of its last reading, seconds since 1970; now as standard.</param>
    /// <param name="mtime">The time of its last writing; now as standard.</param>
    /// <param name="makedirs">Make the folders above it.</param>
    [SaltState("file.touch")]
    public static MapValue Touch(CallContext context, string name, Value? atime = null, Value? mtime = null, bool makedirs = false)
    {
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        var isThere = UnixFile.Exists(name);
        if (context.IsTest)
            return isThere && atime is null && mtime is null ? StateResult.Of(name, true, $"File {name} exists and has the correct times")
                : isThere ? StateResult.Of(name, null, $"Times set to be updated on file {name}", MapValue.Of(("touched", name))) : StateResult.Of(name, null, $"File {name} is set to be created", MapValue.Of(("new", name)));
        if (!UnixFile.IsFolder(FilePaths.FolderName(name)))
        {
            if (!makedirs) return StateResult.Failed(name, $"Directory not present to touch file {name}");
            FileTreeModule.MakedirsPerms(FilePaths.FolderName(name));
        }
        FileContentModule.Touch(context, name, atime, mtime);
        return isThere ? StateResult.Of(name, true, $"Updated times on {(UnixFile.IsFolder(name) ? "directory" : "file")} {name}", MapValue.Of(("touched", name)))
            : StateResult.Of(name, true, $"Created empty file {name}", MapValue.Of(("new", name)));
    }

    /// <summary>Copies a file of this machine, where its name is free.</summary>
    /// <param name="name">The copy; a folder takes it under its own name.</param>
    /// <param name="source">What is copied.</param>
    /// <param name="force">Replace what is there.</param>
    /// <param name="makedirs">Make the folders above it.</param>
    /// <param name="preserve">Keep owner and permissions of the source.</param>
    /// <param name="user">Its owner.</param>
    /// <param name="group">Its group.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="subdir">The name is a folder.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("file.copy")]
    public static MapValue Copy(
        CallContext context, string name, string source, bool force = false, bool makedirs = false, bool preserve = false, Value? user = null, Value? group = null, Value? mode = null, bool subdir = false,
        [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        if (!UnixFile.Exists(source)) return StateResult.Failed(name, $"Source file \"{source}\" is not present");
        var target = subdir && UnixFile.IsFolder(name) ? Path.Combine(name, Path.GetFileName(source)) : name;
        var isThere = UnixFile.Exists(target, follow: false);
        if (isThere && !force) return StateResult.Of(name, true, $"The target file \"{target}\" exists and will not be overwritten");
        if (context.IsTest) return StateResult.Of(name, null, $"File \"{source}\" is set to be copied to \"{target}\"");
        var folder = FilePaths.FolderName(target);
        if (!UnixFile.IsFolder(folder))
        {
            if (!makedirs) return StateResult.Failed(name, $"The target directory {folder} is not present");
            FileTreeModule.MakedirsPerms(folder, user, group, Ownership.Of(null, null, mode).FolderModeText);
        }
        var areSame = isThere && UnixFile.IsFile(target) && UnixFile.IsFile(source) && File.ReadAllBytes(source).AsSpan().SequenceEqual(File.ReadAllBytes(target));
        var changes = MapValue.Of((target, source));
        try
        {
            FileTreeModule.Copy(source, target, recurse: UnixFile.IsFolder(source), removeExisting: isThere);
            var status = UnixFile.Status(source);
            var wanted = preserve ? new Ownership(status.Uid.ToString(System.Globalization.CultureInfo.InvariantCulture), status.Gid.ToString(System.Globalization.CultureInfo.InvariantCulture), status.Mode) : Ownership.Of(user, group, mode);
            changes = changes.Over(wanted.Differences(target));
            wanted.Apply(target);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or CommandFailed)
        {
            return StateResult.Failed(name, $"Failed to copy \"{source}\" to \"{target}\": {refused.Message}");
        }
        return StateResult.Of(name, true, $"Copied \"{source}\" to \"{name}\"{(areSame ? " - files are identical but force flag is set" : "")}", changes);
    }

    /// <summary>Renames a file of this machine, where its new name is free.</summary>
    /// <param name="name">The new name.</param>
    /// <param name="source">The old one.</param>
    /// <param name="force">Replace what is there.</param>
    /// <param name="makedirs">Make the folders above it.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("file.rename")]
    public static MapValue Rename(CallContext context, string name, string source, bool force = false, bool makedirs = false, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        if (!UnixFile.Exists(source, follow: false)) return StateResult.Of(name, true, $"Source file \"{source}\" has already been moved out of place");
        var isThere = UnixFile.Exists(name, follow: false);
        if (isThere && !force) return StateResult.Of(name, true, $"The target file \"{name}\" exists and will not be overwritten");
        if (context.IsTest) return StateResult.Of(name, null, $"File \"{source}\" is set to be moved to \"{name}\"");
        if (!UnixFile.IsFolder(FilePaths.FolderName(name)))
        {
            if (!makedirs) return StateResult.Failed(name, $"The target directory {FilePaths.FolderName(name)} is not present");
            FileTreeModule.MakedirsPerms(FilePaths.FolderName(name));
        }
        try
        {
            if (isThere && UnixFile.IsFolder(name)) Directory.Delete(name, recursive: true);
            FileTreeModule.Move(source, name);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or CommandFailed)
        {
            return StateResult.Failed(name, $"Failed to move \"{source}\" to \"{name}\": {refused.Message}");
        }
        return StateResult.Of(name, true, $"Moved \"{source}\" to \"{name}\"", MapValue.Of((name, source)));
    }
}
