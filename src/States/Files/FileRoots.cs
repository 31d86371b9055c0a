using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.States.Files;

/// <summary><c>file_roots</c>: environment → folders, of which the first that has a file wins.</summary>
/// <remarks>
/// The environment <c>__env__</c> stands for every one that has no folders of its own; in its folders the same word stands for the name asked for.
/// A link that leads out of its folder is followed, as Salt does: whoever writes there decides. Seen on Salt 3006.
/// </remarks>
public sealed class FileRoots(MapValue roots, FileFilter filter) : IFileTree
{
    private const string AnyEnvironment = "__env__";
    private static readonly EnumerationOptions All = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true, ReturnSpecialDirectories = false };

    public string Name => "roots";

    public ImmutableArray<string> Environments() => [.. roots.Keys.Select(k => k.ToString())];

    public bool HasEnvironment(string environment) => FoldersOf(environment).Length > 0;

    public FoundFile? Find(string environment, string path)
    {
        if (!TreePath.TryParse(path, out var plain) || plain.Length == 0 || filter.Hides(plain)) return null;
        foreach (var root in FoldersOf(environment))
        {
            var full = Path.Combine(root, plain);
            if (IsReadable(full)) return new FoundFile(full, plain, Name);
        }
        return null;
    }

    public ImmutableArray<string> Files(string environment, string prefix) => Walk(environment, prefix, (found, folder) =>
    {
        foreach (var file in folder.Files) found.Add(file);
    });

    public ImmutableArray<string> Folders(string environment, string prefix) => Walk(environment, prefix, (found, folder) =>
    {
        if (folder.Relative.Length > 0) found.Add(folder.Relative);
    });

    public ImmutableArray<string> EmptyFolders(string environment, string prefix) => Walk(environment, prefix, (found, folder) =>
    {
        if (folder.IsEmpty && folder.Relative.Length > 0) found.Add(folder.Relative);
    });

    public MapValue Links(string environment, string prefix)
    {
        var links = new MapValue.Builder();
        Walk(environment, prefix, (_, folder) =>
        {
            foreach (var entry in new DirectoryInfo(folder.Full).EnumerateFileSystemInfos("*", All))
            {
                if (entry.LinkTarget is not { } target) continue;
                var name = Join(folder.Relative, entry.Name);
                var end = Path.GetFullPath(target, folder.Full);
                if (name.StartsWith(prefix, StringComparison.Ordinal) && !filter.Hides(name) && IsBelow(end, folder.Root) && !links.Has(name)) links[name] = target;
            }
        });
        return links.Build();
    }

    private string[] FoldersOf(string environment)
    {
        if (!TreePath.IsEnvironment(environment)) return [];
        if (roots.Get(environment) is { } own && environment != AnyEnvironment) return Texts(own);
        return roots.Get(AnyEnvironment) is { } any ? [.. Texts(any).Select(r => r.Replace(AnyEnvironment, environment, StringComparison.Ordinal))] : [];
    }

    private static string[] Texts(Value folders) => folders switch
    {
        ListValue list => [.. list.Select(f => f.ToString())],
        TextValue text => [text.Text],
        _ => [],
    };

    private sealed record Visited(string Root, string Full, string Relative, ImmutableArray<string> Files, bool IsEmpty);

    private ImmutableArray<string> Walk(string environment, string prefix, Action<List<string>, Visited> visit)
    {
        var (found, seen) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        prefix = prefix.Trim('/');
        foreach (var root in FoldersOf(environment))
        {
            if (!Directory.Exists(root)) continue;
            var here = new List<string>();
            Descend(Path.GetFullPath(root), Path.GetFullPath(root), "", [], prefix, folder => visit(here, folder));
            found.AddRange(here.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && !filter.Hides(name) && seen.Add(name)));
        }
        return [.. found.Order(StringComparer.Ordinal)];
    }

    // The way down remembers where it came through, so that links in a circle end.
    private static void Descend(string root, string full, string relative, ImmutableHashSet<string> above, string prefix, Action<Visited> visit)
    {
        var real = RealPath(full);
        if (above.Contains(real)) return;
        above = above.Add(real);
        var files = ImmutableArray.CreateBuilder<string>();
        var folders = new List<string>();
        foreach (var entry in new DirectoryInfo(full).EnumerateFileSystemInfos("*", All))
            if (Directory.Exists(entry.FullName)) folders.Add(entry.Name);
            else files.Add(Join(relative, entry.Name));
        visit(new Visited(root, full, relative, files.ToImmutable(), files.Count == 0 && folders.Count == 0));
        foreach (var name in folders)
        {
            var below = Join(relative, name);
            if (below.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(below, StringComparison.Ordinal))
                Descend(root, Path.Combine(full, name), below, above, prefix, visit);
        }
    }

    private static string RealPath(string path) => new DirectoryInfo(path) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } end ? end.FullName : path;
    private static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";
    private static bool IsBelow(string path, string root) => path == root || path.StartsWith(root + '/', StringComparison.Ordinal);

    // A regular file at the end of its links: reading a pipe or a device could wait for ever.
    private static bool IsReadable(string path)
    {
        const int TypeMask = 0xf000, Regular = 0x8000;
        return FileStatus.Of(path) is { } status && ((int)status[0].AsInteger()! & TypeMask) == Regular;
    }
}
