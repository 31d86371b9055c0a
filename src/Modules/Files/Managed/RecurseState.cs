using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Files;

namespace SaltActors.Modules.Files.Managed;

/// <summary>The state <c>file.recurse</c>: a folder as the file server has it.</summary>
/// <remarks>Follows Salt 3006, salt/states/file.py: every folder is a file.directory, every file a file.managed.</remarks>
public static class RecurseState
{
    /// <summary>Keeps a folder and all below it as they are on the file server.</summary>
    /// <param name="name">The folder, a path from the root.</param>
    /// <param name="source"><c>salt://path/to/dir</c>; or a list, of which the first that is there counts.</param>
    /// <param name="keepSource">Taken for compatibility: copies of sources stay in the cache.</param>
    /// <param name="clean">Remove what is below it and not in the source.</param>
    /// <param name="require">What this state needs; files of it are kept by <c>clean</c>.</param>
    /// <param name="user">The owner of all.</param>
    /// <param name="group">The group of all.</param>
    /// <param name="dirMode">The permissions of folders.</param>
    /// <param name="fileMode">The permissions of files; <c>keep</c> for those of the source.</param>
    /// <param name="symMode">Taken for compatibility: links have no permissions.</param>
    /// <param name="template">The engine that files are rendered with.</param>
    /// <param name="context">Names for the template, over the defaults.</param>
    /// <param name="replace">False: files that are there keep their content.</param>
    /// <param name="defaults">Names for the template.</param>
    /// <param name="includeEmpty">Folders without files too.</param>
    /// <param name="backup"><c>minion</c>: keep a copy of what is replaced.</param>
    /// <param name="includePat">Only files whose path fits: a pattern, or an expression after <c>E@</c>.</param>
    /// <param name="excludePat">But not these.</param>
    /// <param name="maxdepth">How far below; 0 is the folder alone.</param>
    /// <param name="keepSymlinks">Links of the source become links.</param>
    /// <param name="forceSymlinks">Remove what stands in the place of a link.</param>
    /// <param name="winOwner">For Windows.</param>
    /// <param name="winPerms">For Windows.</param>
    /// <param name="winDenyPerms">For Windows.</param>
    /// <param name="winInheritance">For Windows.</param>
    /// <param name="kwargs"><c>saltenv</c> …</param>
    [SaltState("file.recurse")]
    public static async Task<MapValue> Recurse(
        CallContext call, string name, Value source, bool keepSource = true, bool clean = false, Value? require = null, Value? user = null, Value? group = null, Value? dirMode = null,
        Value? fileMode = null, Value? symMode = null, string? template = null, Value? context = null, bool replace = true, Value? defaults = null, bool includeEmpty = false, string backup = "",
        string? includePat = null, string? excludePat = null, int? maxdepth = null, bool keepSymlinks = false, bool forceSymlinks = false, Value? winOwner = null, Value? winPerms = null,
        Value? winDenyPerms = null, bool winInheritance = true, [Keywords] MapValue? kwargs = null)
    {
        _ = (keepSource, symMode, winInheritance);
        if (winOwner is { IsTruthy: true } || winPerms is { IsTruthy: true } || winDenyPerms is { IsTruthy: true }) return StateResult.Failed(name, "win_owner, win_perms and win_deny_perms are for Windows");
        if (kwargs?.Has("mode") == true) return StateResult.Failed(name, "'mode' is not allowed in 'file.recurse'. Please use 'file_mode' and 'dir_mode'.");
        var path = FilePaths.Expand(name).TrimEnd('/');
        if (!Path.IsPathRooted(path)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        var env = kwargs?.TextOf("saltenv") ?? kwargs?.TextOf("__env__") ?? "base";
        foreach (var url in source is ListValue urls ? urls : ListValue.Create([source]))
            if (!FileUrl.IsOne(url.ToString())) return StateResult.Failed(name, $"Invalid source '{url}' (must be a salt:// URI)");
        if (UnixFile.Find(path) is { IsFolder: false } && !(UnixFile.IsLink(path) && forceSymlinks)) return StateResult.Failed(name, $"The path {path} exists and is not a directory");

        var tree = await ServedFolder.FindAsync(call, source, env, includePat, excludePat, maxdepth).ConfigureAwait(false);
        if (tree is null)
            return StateResult.Failed(name, source is ListValue || !await ServedFolder.IsFileAsync(call, source.ToString(), env).ConfigureAwait(false)
                ? "Recurse failed: none of the specified sources were found"
                : $"The directory '{FileUrl.Parse(source.ToString()).Path.Trim('/')}' does not exist on the salt fileserver in saltenv '{env}'");
        var ownership = Ownership.Of(user, group, null);
        if (!call.IsTest && ownership.Unknown() is { } unknown) return StateResult.Failed(name, unknown);

        var told = new Telling();
        // A folder is made where it is wanted for itself, or for a file.
        SortedSet<string> folders = new(StringComparer.Ordinal) { "" };
        foreach (var below in tree.Files.Concat(keepSymlinks ? tree.Links.Keys : []))
            for (var folder = Folder(below); folder.Length > 0; folder = Folder(folder)) folders.Add(folder);
        if (includeEmpty) folders.UnionWith(tree.EmptyFolders);
        var isNew = !UnixFile.IsFolder(path);
        foreach (var folder in folders)
        {
            var each = folder.Length == 0 ? path : $"{path}/{folder}";
            if (folder.Length > 0 && tree.Files.Contains(folder)) continue;
            var result = FolderState.Folder(call, each, user, group, dirMode: dirMode, makedirs: true);
            // The folder that all of it is for is no change by itself, once it is there.
            if (each == path && isNew && !call.IsTest && StateOf(result) != false) continue;
            told.Add(each, result);
        }
        foreach (var below in tree.Files)
        {
            var each = $"{path}/{below}";
            if (keepSymlinks && tree.Links.TryGetValue(below, out var target))
            {
                told.Add(each, PathState.Symlink(call, each, target, force: forceSymlinks, makedirs: true, user: user, group: group));
                continue;
            }
            var url = $"{FileUrl.Scheme}{tree.Prefix}{below}?saltenv={tree.SaltEnv}";
            told.Add(each, await ManagedState.Managed(
                call, each, TextValue.Of(url), user: user, group: group, mode: fileMode, template: template, makedirs: true, dirMode: dirMode, context: context, replace: replace, defaults: defaults, backup: backup,
                kwargs: MapValue.Of(("saltenv", env))).ConfigureAwait(false));
        }
        if (clean && UnixFile.IsFolder(path))
        {
            var cleaning = Cleaning.Of(path, require, excludePat);
            foreach (var below in tree.Files.Concat(folders.Where(f => f.Length > 0))) cleaning.Keep($"{path}/{below}");
            var found = cleaning.Find();
            if (call.IsTest && found.Count > 0) told.Removes(found.Select(f => f.Path));
            else if (found.Count > 0)
            {
                foreach (var (each, _) in found.Where(f => f.IsTop))
                    if (UnixFile.Find(each, follow: false) is { IsFolder: true }) Directory.Delete(each, recursive: true);
                    else UnixFile.RemoveFile(each);
                told.Removed(found.Where(f => f.IsTop).Select(f => f.Path));
            }
        }
        return told.Result(name, call.IsTest);
    }

    private static string Folder(string below) => below.LastIndexOf('/') is > 0 and var slash ? below[..slash] : "";
    private static bool? StateOf(MapValue result) => result.Get("result") is BoolValue known ? known.IsTrue : null;

    // What comes of many states, as one.
    private sealed class Telling
    {
        private readonly MapValue.Builder _changes = new();
        private readonly List<string> _comments = [];
        private bool? _result = true;

        public void Add(string path, MapValue result)
        {
            if (result.Get("changes") is MapValue { Count: > 0 } changes) _changes[path] = changes;
            var outcome = StateOf(result);
            if (outcome == true) return;
            _result = _result == false || outcome == false ? false : null;
            _comments.Add($"#### {path} ####\n{result.TextOf("comment")}");
        }

        public void Removes(IEnumerable<string> paths)
        {
            if (_result == true) _result = null;
            _comments.Add("#### removed ####\n" + string.Join('\n', paths));
        }

        public void Removed(IEnumerable<string> paths) => _changes["removed"] = ListValue.OfTexts(paths);

        public MapValue Result(string name, bool isTest)
        {
            var changes = _changes.Build();
            var comment = _comments.Count > 0 ? string.Join("\n\n", _comments) : changes.Count > 0 && !isTest ? $"Recursively updated {name}" : $"The directory {name} is in the correct state";
            return StateResult.Of(name, _result, comment, changes);
        }
    }
}
