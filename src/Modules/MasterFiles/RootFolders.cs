using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.MasterFiles;

/// <summary>The folders of an option as <c>file_roots</c>: what the wheel functions of both kinds do with them.</summary>
/// <param name="option"><c>file_roots</c> or <c>pillar_roots</c>.</param>
internal sealed class RootFolders(MapValue options, string option)
{
    private const int Probe = 512;

    internal ListValue Find(string path, string saltenv) =>
        ListValue.From(Files(path, saltenv).Select(Value (full) => MapValue.Of((full, IsText(full) ? "txt" : "bin"))));

    internal MapValue ListEnvironment(string saltenv) => MapValue.From(Roots(saltenv).Select(root => KeyValuePair.Create(root, (Value)Tree(root))));

    internal MapValue ListAll() => MapValue.From(options.MapOf(option).Select(env =>
        KeyValuePair.Create(env.Key.ToString(), (Value)ListValue.Create([ListEnvironment(env.Key.ToString())]))));

    internal ListValue Read(string path, string saltenv) =>
        ListValue.From(Files(path, saltenv).Where(IsText).Select(Value (full) => MapValue.Of((full, File.ReadAllText(full)))));

    internal string Write(string data, string path, string saltenv, int index)
    {
        if (!options.MapOf(option).Has(saltenv)) return $"Named environment {saltenv} is not present";
        var roots = Roots(saltenv).ToList();
        if (index < 0 || index >= roots.Count) return $"Specified index {index} in environment {saltenv} is not present";
        if (Path.IsPathRooted(path)) return $"The path passed in {path} is not relative to the environment {saltenv}";
        if (Inside(roots[index], path) is not { } full) return $"Invalid path: {path}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, data);
            return $"Wrote data to file {full}";
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"{full} could not be written: {cause.Message}");
        }
    }

    private IEnumerable<string> Files(string path, string saltenv) => Roots(saltenv).Select(root => Inside(root, path)).OfType<string>().Where(File.Exists);

    private IEnumerable<string> Roots(string saltenv) => options.MapOf(option).ListOf(saltenv).Items.Select(r => r.ToString());

    /// <summary>The whole path, or null where it leads out of the folder, also by a link inside of it.</summary>
    private static string? Inside(string root, string path)
    {
        if (path.Contains('\0')) return null;
        var (rootPath, full) = (Path.GetFullPath(root), Path.GetFullPath(Path.Combine(root, path)));
        if (!full.StartsWith(rootPath.TrimEnd('/') + "/", StringComparison.Ordinal)) return null;
        for (var folder = full; folder.Length > rootPath.Length; folder = Path.GetDirectoryName(folder)!)
            if (new FileInfo(folder) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target && !target.FullName.StartsWith(rootPath.TrimEnd('/') + "/", StringComparison.Ordinal)) return null;
        return full;
    }

    private static MapValue Tree(string folder)
    {
        var tree = new MapValue.Builder();
        if (!Directory.Exists(folder)) return MapValue.Empty;
        foreach (var inner in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            tree[Path.GetFileName(inner)] = new DirectoryInfo(inner).LinkTarget is null ? Tree(inner) : MapValue.Empty;
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)) tree[Path.GetFileName(file)] = "f";
        return tree.Build();
    }

    // As Salt decides it: no NUL in the first block, and UTF-8, or few bytes that are no text.
    private static bool IsText(string path)
    {
        using var file = File.OpenRead(path);
        var block = new byte[Probe];
        var read = file.ReadAtLeast(block, Probe, throwOnEndOfStream: false);
        var bytes = block.AsSpan(0, read);
        if (bytes.Contains((byte)0)) return false;
        return System.Text.Unicode.Utf8.IsValid(bytes) || bytes.ToArray().Count(b => b is < 32 and not (7 or 8 or 9 or 10 or 12 or 13 or 27)) * 10 <= read * 3;
    }
}
