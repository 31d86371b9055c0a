using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files.Managed;

/// <summary>The state <c>file.directory</c>: a folder, its owner and permissions, and those of what is below it.</summary>
/// <remarks>Follows Salt 3006, salt/states/file.py. All differences are found first; test mode tells them, else they are applied.</remarks>
public static class FolderState
{
    private static readonly string[] Kinds = ["user", "group", "mode", "ignore_files", "ignore_dirs", "silent"];

    /// <summary>Keeps a folder as it is described.</summary>
    /// <param name="name">The folder, a path from the root.</param>
    /// <param name="user">Its owner.</param>
    /// <param name="group">Its group.</param>
    /// <param name="recurse">What to keep below it as well: <c>user</c>, <c>group</c>, <c>mode</c>; not for <c>ignore_files</c>, <c>ignore_dirs</c>; <c>silent</c> tells no single one.</param>
    /// <param name="maxDepth">How far below; 0 is the folder alone.</param>
    /// <param name="dirMode">The permissions of folders.</param>
    /// <param name="fileMode">The permissions of files below it.</param>
    /// <param name="makedirs">Make the folders above it.</param>
    /// <param name="clean">Remove what is below it and managed by no other state.</param>
    /// <param name="require">What this state needs; files of it are kept by <c>clean</c>.</param>
    /// <param name="excludePat">Names that <c>clean</c> keeps: a pattern, or an expression after <c>E@</c>.</param>
    /// <param name="followSymlinks">A link to a folder is one.</param>
    /// <param name="force">Remove a file or link that stands in its place.</param>
    /// <param name="backupname">Rename to this what stands in its place.</param>
    /// <param name="allowSymlink">A link to a folder will do.</param>
    /// <param name="childrenOnly">Not the folder itself, only what is below it.</param>
    /// <param name="mode">The permissions of folders: <c>dir_mode</c>.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("file.directory")]
    public static MapValue Folder(
        CallContext context, string name, Value? user = null, Value? group = null, Value? recurse = null, int? maxDepth = null, Value? dirMode = null, Value? fileMode = null, bool makedirs = false,
        bool clean = false, Value? require = null, string? excludePat = null, bool followSymlinks = false, bool force = false, string? backupname = null, bool allowSymlink = true,
        bool childrenOnly = false, Value? mode = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        var path = FilePaths.Expand(name);
        if (path.Length == 0) return StateResult.Failed(name, "Must provide name to file.directory");
        if (!Path.IsPathRooted(path)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        path = path == "/" ? path : path.TrimEnd('/');
        if (Recursion(recurse, out var below) is { } refused) return StateResult.Failed(name, refused);
        var folders = Ownership.Of(user, group, dirMode ?? mode);
        var files = Ownership.Of(user, group, fileMode ?? (below.Contains("mode") ? mode ?? dirMode : null));

        // What stands in its place.
        var forced = MapValue.Empty;
        var there = UnixFile.Find(path, follow: false);
        var isLinkToFolder = there is { Kind: 'l' } && UnixFile.IsFolder(path) && (allowSymlink || followSymlinks);
        var mustGo = there is not null && !there.IsFolder && !isLinkToFolder;
        if (mustGo)
        {
            var kind = there!.Kind == 'l' ? "Symlink" : "File";
            if (backupname is not null)
            {
                if (UnixFile.Exists(backupname, follow: false) && !force) return StateResult.Failed(name, $"File exists where the backup target {backupname} should go");
                if (context.IsTest)
                    return StateResult.Of(name, null, $"{path} would be backed up and replaced with a new directory", MapValue.Of(("backup", $"{path} would be renamed to {backupname}"), (path, MapValue.Of(("directory", "new")))));
            }
            else if (force) forced = MapValue.Of(("forced", $"{kind} {(context.IsTest ? "would be" : "was")} forcibly replaced"));
            else return StateResult.Failed(name, there.Kind == 'l' ? $"Specified location {path} exists and is a symlink" : $"Specified location {path} exists and is a file");
        }

        var plan = new FolderPlan(path, folders, files, below, maxDepth ?? int.MaxValue, childrenOnly) { IsMissing = there is null || mustGo };
        if (!plan.IsMissing) plan.Look(clean ? Cleaning.Of(path, require, excludePat) : null);
        var changes = plan.Changes;
        if (changes.Count == 0) return StateResult.Of(name, true, $"The directory {path} is in the correct state");
        if (context.IsTest)
            return StateResult.Of(name, null, "The following files will be changed:\n" + string.Concat(changes.SelectMany(c => ((MapValue)c.Value).Select(d => $"{c.Key}: {d.Key} - {d.Value}\n"))), changes.Over(forced));

        var unknown = folders.Unknown();
        if (unknown is not null) return StateResult.Failed(name, unknown);
        if (plan.IsMissing && !makedirs && !UnixFile.IsFolder(FilePaths.FolderName(path))) return StateResult.Failed(name, $"No directory to create {path} in");
        try
        {
            if (mustGo && backupname is not null) UnixFile.Rename(path, backupname);
            else if (mustGo) UnixFile.RemoveFile(path);
            var (removed, attributes) = plan.Apply();
            if (plan.IsMissing) return StateResult.Of(name, true, "", changes.Over(forced));
            if (removed.Count > 0) attributes = attributes.With("removed", ListValue.OfTexts(removed));
            var shown = below.Contains("silent") ? MapValue.Of(("recursion", "Changes silenced")) : changes;
            return StateResult.Of(name, true, removed.Count > 0 ? $"Files cleaned from directory {path}" : $"Directory {path} updated", shown.Over(attributes));
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or CommandFailed)
        {
            return StateResult.Failed(name, $"Failed to manage directory {path}: {failed.Message}");
        }
    }

    private static string? Recursion(Value? recurse, out HashSet<string> below)
    {
        below = [];
        if (recurse is null or NullValue) return null;
        if (recurse is not ListValue list) return "\"recurse\" must be formed as a list of strings";
        below = [.. list.Select(k => k.ToString())];
        if (!below.All(Kinds.Contains)) return $"Types for \"recurse\" limited to {string.Join(", ", Kinds.Select(k => $"\"{k}\""))}.";
        return below.Contains("ignore_files") && below.Contains("ignore_dirs") ? "Must not specify \"recurse\" options \"ignore_files\" and \"ignore_dirs\" at the same time." : null;
    }
}
