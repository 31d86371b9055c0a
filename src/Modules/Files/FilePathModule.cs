using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files;

/// <summary>The functions of <c>file</c> about paths, and about what is under them.</summary>
/// <remarks>Follows Salt 3006, salt/modules/file.py.</remarks>
public static class FilePathModule
{
    /// <summary>Whether there is a file under this path.</summary>
    /// <param name="path">The path.</param>
    /// <example><code>salt '*' file.file_exists /etc/passwd</code></example>
    [SaltFunction("file.file_exists")]
    public static bool FileExists(string path) => UnixFile.IsFile(FilePaths.Expand(path));

    /// <summary>Whether there is a folder under this path.</summary>
    /// <param name="path">The path.</param>
    /// <example><code>salt '*' file.directory_exists /etc</code></example>
    [SaltFunction("file.directory_exists")]
    public static bool DirectoryExists(string path) => UnixFile.IsFolder(FilePaths.Expand(path));

    /// <summary>Whether a pattern fits any path.</summary>
    /// <param name="path">The pattern, as <c>/etc/pam*/pass*</c>.</param>
    /// <example><code>salt '*' file.path_exists_glob /etc/pam*/pass*</code></example>
    [SaltFunction("file.path_exists_glob")]
    public static bool PathExistsGlob(string path) => Glob(FilePaths.Expand(path)).Any();

    /// <summary>Whether a path is a symbolic link.</summary>
    /// <param name="path">The path.</param>
    /// <example><code>salt '*' file.is_link /path/to/link</code></example>
    [SaltFunction("file.is_link")]
    public static bool IsLink(string path) => UnixFile.IsLink(FilePaths.Expand(path));

    /// <summary>Whether a file has more than one name.</summary>
    /// <param name="path">The path.</param>
    /// <example><code>salt '*' file.is_hardlink /path/to/link</code></example>
    [SaltFunction("file.is_hardlink")]
    public static bool IsHardlink(string path) => UnixFile.Find(FilePaths.Expand(path), follow: false) is { IsFile: true, Links: > 1 };

    /// <summary>Whether a path is a named pipe.</summary>
    /// <param name="name">The path.</param>
    /// <example><code>salt '*' file.is_fifo /dev/fifo</code></example>
    [SaltFunction("file.is_fifo")]
    public static bool IsFifo(string name) => UnixFile.Find(FilePaths.Expand(name)) is { Kind: 'p' };

    /// <summary>Whether a path is a block device.</summary>
    /// <param name="name">The path.</param>
    /// <example><code>salt '*' file.is_blkdev /dev/sda</code></example>
    [SaltFunction("file.is_blkdev")]
    public static bool IsBlkdev(string name) => UnixFile.Find(FilePaths.Expand(name)) is { Kind: 'b' };

    /// <summary>Whether a path is a character device.</summary>
    /// <param name="name">The path.</param>
    /// <example><code>salt '*' file.is_chrdev /dev/null</code></example>
    [SaltFunction("file.is_chrdev")]
    public static bool IsChrdev(string name) => UnixFile.Find(FilePaths.Expand(name)) is { Kind: 'c' };

    /// <summary>Where a symbolic link leads.</summary>
    /// <param name="path">The link.</param>
    /// <param name="canonicalize">Follow every link on the way and answer with an absolute path.</param>
    /// <example><code>salt '*' file.readlink /path/to/link</code></example>
    [SaltFunction("file.readlink")]
    public static string Readlink(string path, bool canonicalize = false)
    {
        path = FilePaths.Absolute(path, $"Path to link must be absolute: {path}");
        if (!UnixFile.IsLink(path)) throw new NamedError("SaltInvocationError", $"A valid link was not specified: {path}");
        return canonicalize ? FilePaths.Real(path) : new FileInfo(path).LinkTarget ?? "";
    }

    /// <summary>The names in a folder, <c>.</c> and <c>..</c> among them.</summary>
    /// <param name="path">The folder.</param>
    /// <example><code>salt '*' file.readdir /path/to/dir/</code></example>
    [SaltFunction("file.readdir")]
    public static ListValue Readdir(string path)
    {
        path = FilePaths.Absolute(path, "Dir path must be absolute.");
        if (!UnixFile.IsFolder(path)) throw new NamedError("SaltInvocationError", "A valid directory was not specified.");
        return ListValue.OfTexts([".", "..", .. Directory.EnumerateFileSystemEntries(path).Select(FilePaths.BaseName)]);
    }

    /// <summary>The last part of a path.</summary>
    /// <param name="path">The path.</param>
    /// <example><code>salt '*' file.basename '/dir/file.ext'</code></example>
    [SaltFunction("file.basename")]
    public static string Basename(string path) => FilePaths.BaseName(path);

    /// <summary>A path without its last part.</summary>
    /// <param name="path">The path.</param>
    /// <example><code>salt '*' file.dirname '/dir/file.ext'</code></example>
    [SaltFunction("file.dirname")]
    public static string Dirname(string path) => FilePaths.FolderName(path);

    /// <summary>Joins parts to one path.</summary>
    /// <param name="args">The parts.</param>
    /// <example><code>salt '*' file.join '/' 'usr' 'local' 'bin'</code></example>
    [SaltFunction("file.join")]
    public static string Join([Rest] ListValue args) => FilePaths.Join(args.Select(a => a.ToString()));

    /// <summary>A path without <c>..</c>, <c>.</c> and doubled slashes.</summary>
    /// <param name="path">The path.</param>
    /// <example><code>salt '*' file.normpath '/dir/../file'</code></example>
    [SaltFunction("file.normpath")]
    public static string Normpath(string path) => FilePaths.Normal(path);

    /// <summary>The name of the folder above: <c>..</c>.</summary>
    /// <example><code>salt '*' file.pardir</code></example>
    [SaltFunction("file.pardir")]
    public static string Pardir() => "..";

    /// <summary>The bytes that a file, or all files below a folder, hold. A file with several names counts once.</summary>
    /// <param name="path">The path.</param>
    /// <example><code>salt '*' file.diskusage /path/to/check</code></example>
    [SaltFunction("file.diskusage")]
    public static long Diskusage(string path)
    {
        path = FilePaths.Expand(path);
        if (UnixFile.Find(path) is { IsFile: true } file) return file.Size;
        if (!UnixFile.IsFolder(path)) return 0;
        var seen = new HashSet<(ulong, long)>();
        var every = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };
        return Directory.EnumerateFiles(path, "*", every)
            .Select(f => UnixFile.Find(f)).OfType<FileStatus>().Where(s => seen.Add((s.Device, s.Inode))).Sum(s => s.Size);
    }

    /// <summary>The files that processes hold open.</summary>
    /// <param name="byPid">Answer with the files of each process, not with the processes of each file.</param>
    /// <returns>Path to the ids of the processes, or the other way round.</returns>
    /// <example><code>salt '*' file.open_files by_pid=True</code></example>
    [SaltFunction("file.open_files")]
    public static MapValue OpenFiles(bool byPid = false)
    {
        var pairs = new List<(long Pid, string Path)>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => FilePaths.BaseName(p).All(char.IsAsciiDigit)))
            try
            {
                var pid = long.Parse(FilePaths.BaseName(process), System.Globalization.CultureInfo.InvariantCulture);
                foreach (var handle in Directory.EnumerateFileSystemEntries(process + "/fd"))
                    if (new FileInfo(handle).LinkTarget is { } target && target.StartsWith('/') && UnixFile.IsFile(target)) pairs.Add((pid, target));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // The process ended meanwhile, or belongs to somebody else: it has no part in the answer.
            }
        return byPid
            ? MapValue.From(pairs.GroupBy(p => p.Pid).Select(g => KeyValuePair.Create((Value)g.Key, (Value)ListValue.OfTexts(g.Select(p => p.Path).Distinct()))))
            : MapValue.From(pairs.GroupBy(p => p.Path).Select(g => KeyValuePair.Create((Value)g.Key, (Value)ListValue.From(g.Select(p => p.Pid).Distinct().Select(Value (p) => p)))));
    }

    /// <summary>The paths that a shell pattern fits; names that begin with a dot only where the pattern does.</summary>
    internal static IEnumerable<string> Glob(string pattern)
    {
        IEnumerable<string> paths = [pattern.StartsWith('/') ? "/" : ""];
        foreach (var part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
            paths = part.AsSpan().ContainsAny('*', '?', '[')
                ? paths.SelectMany(p => Names(p).Where(n => (part[0] == '.' || n[0] != '.') && NamePattern.Matches(part, n)).Select(n => p + n + "/"))
                : paths.Where(p => UnixFile.Exists(p + part, follow: false)).Select(p => p + part + "/");
        return paths.Select(p => p.TrimEnd('/') is { Length: > 0 } path ? path : "/");
    }

    private static IEnumerable<string> Names(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder.Length == 0 ? "." : folder).Select(FilePaths.BaseName)];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // What cannot be listed fits no pattern, as in a shell.
            return [];
        }
    }
}
