using SaltActors.Core.Values;

namespace SaltActors.Modules.Files.Managed;

/// <summary>What differs of a folder and of what is below it, and how it is brought there.</summary>
internal sealed class FolderPlan(string path, Ownership folders, Ownership files, HashSet<string> below, int maxDepth, bool childrenOnly)
{
    private readonly MapValue.Builder _changes = new();
    private readonly List<(string Path, Ownership Wanted)> _toOwn = [];
    private readonly List<string> _toRemove = [];

    public required bool IsMissing { get; init; }

    /// <summary>Path → what differs there; the folder itself comes last.</summary>
    public MapValue Changes => IsMissing ? MapValue.Of((path, MapValue.Of(("directory", "new")))) : _changes.Build();

    /// <summary>Finds all differences; writes nothing.</summary>
    public void Look(Cleaning? cleaning)
    {
        if (below.Overlaps(["user", "group", "mode"])) Below(path, 1);
        if (!childrenOnly) Compare(path, folders);
        if (cleaning is null) return;
        foreach (var (found, isTop) in cleaning.Find())
        {
            _changes[found] = MapValue.Of(("removed", "Removed due to clean"));
            if (isTop) _toRemove.Add(found);
        }
    }

    /// <summary>Brings all of it there. What was removed, and the attributes that were set last.</summary>
    /// <exception cref="IOException">Something could not be done.</exception>
    public (List<string> Removed, MapValue Attributes) Apply()
    {
        var attributes = MapValue.Empty;
        if (IsMissing)
        {
            FileTreeModule.MakedirsPerms(path, Text(folders.User), Text(folders.Group), folders.ModeText);
            return ([], attributes);
        }
        if (_toOwn.Count > 0 && _toOwn[^1].Path == path) _toOwn.Insert(0, _toOwn[^1]);
        foreach (var (each, wanted) in _toOwn.Distinct())
        {
            attributes = attributes.Over(wanted.Differences(each, follow: false));
            wanted.Apply(each, follow: false);
        }
        foreach (var each in _toRemove)
            if (UnixFile.Find(each, follow: false) is { IsFolder: true }) Directory.Delete(each, recursive: true);
            else UnixFile.RemoveFile(each);
        return (_toRemove, attributes);
    }

    private void Below(string folder, int depth)
    {
        if (depth > maxDepth) return;
        var (subfolders, entries) = FolderEntries.Of(folder);
        if (!below.Contains("ignore_files")) foreach (var file in entries) Compare(file, Kept(files));
        if (!below.Contains("ignore_dirs")) foreach (var sub in subfolders) Compare(sub, Kept(folders));
        foreach (var sub in subfolders) if (!UnixFile.IsLink(sub)) Below(sub, depth + 1);
    }

    private Ownership Kept(Ownership wanted) => new(below.Contains("user") ? wanted.User : null, below.Contains("group") ? wanted.Group : null, below.Contains("mode") ? wanted.Mode : null);

    private void Compare(string each, Ownership wanted)
    {
        if (wanted.Differences(each, follow: false) is not { Count: > 0 } differences) return;
        _changes[each] = differences;
        _toOwn.Add((each, wanted));
    }

    private static TextValue? Text(string? text) => text is null ? null : TextValue.Of(text);
}

/// <summary>What is in a folder: folders (and links to them), and all else, each sorted.</summary>
internal static class FolderEntries
{
    public static (List<string> Folders, List<string> Files) Of(string folder)
    {
        var (folders, files) = (new List<string>(), new List<string>());
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)) (UnixFile.IsFolder(entry) ? folders : files).Add(entry);
        return (folders, files);
    }
}

/// <summary>What <c>clean</c> removes from a folder, and what it keeps.</summary>
internal sealed class Cleaning(string root, HashSet<string> kept, string? excludePattern)
{
    /// <summary>Kept is what other states of files make that this one requires: their names below the folder, and all folders on the way.</summary>
    public static Cleaning Of(string root, Value? require, string? excludePattern)
    {
        var cleaning = new Cleaning(root, new HashSet<string>(StringComparer.Ordinal), excludePattern);
        foreach (var entry in (require as ListValue ?? ListValue.Empty).OfType<MapValue>())
            foreach (var (kind, name) in entry)
                if (kind.ToString() == "file" && name.ToString().StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal)) cleaning.Keep(name.ToString());
        return cleaning;
    }

    public void Keep(string path)
    {
        for (var each = path; each.Length > root.Length; each = FilePaths.FolderName(each)) kept.Add(each);
    }

    /// <summary>Everything that goes; the first of a folder's own branch is the one to remove, what is below it goes with it.</summary>
    public List<(string Path, bool IsTop)> Find()
    {
        var found = new List<(string, bool)>();
        if (UnixFile.IsFolder(root)) Walk(root, isGone: false, found);
        return found;
    }

    private bool Walk(string folder, bool isGone, List<(string, bool)> found)
    {
        var keepsSomething = false;
        var (folders, files) = FolderEntries.Of(folder);
        foreach (var file in files)
            if (Keeps(file)) keepsSomething = true;
            else found.Add((file, !isGone));
        foreach (var sub in folders)
        {
            if (Keeps(sub))
            {
                keepsSomething = true;
                if (!IsExcluded(sub) && !UnixFile.IsLink(sub)) Walk(sub, isGone: false, found);
                continue;
            }
            var inner = new List<(string, bool)>();
            if (!UnixFile.IsLink(sub) && Walk(sub, isGone: true, inner))
            {
                // Something below it stays, so it stays, and the rest goes one by one.
                keepsSomething = true;
                found.AddRange(inner.Select(i => (i.Item1, true)));
                continue;
            }
            found.Add((sub, !isGone));
            found.AddRange(inner);
        }
        return keepsSomething;
    }

    private bool Keeps(string path) => kept.Contains(path) || IsExcluded(path);
    private bool IsExcluded(string path) => excludePattern is not null && !Cp.CpFiles.IsWanted(path[(root.TrimEnd('/').Length + 1)..], null, excludePattern);
}
