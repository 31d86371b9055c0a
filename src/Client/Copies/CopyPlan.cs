using System.Collections.Immutable;

namespace SaltActors.Client.Copies;

/// <summary>One file or empty folder of this machine, and where it goes on the minions.</summary>
/// <param name="Mode">The bits of its permissions; null where this system has none, and for a folder.</param>
public sealed record CopyItem(string Source, string Destination, bool IsFolder, int? Mode);

/// <summary>The sources of a copy cannot be used. The text is for a person.</summary>
/// <param name="exitCode">What the command ends with.</param>
public sealed class CopyRefused(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>What a chunked copy carries: every file below its sources, and the folders that are empty.</summary>
/// <remarks>Follows Salt 3006, salt/cli/cp.py, _list_files() and run_chunked().</remarks>
public static class CopyPlan
{
    /// <summary>Reads the sources.</summary>
    /// <param name="sources">Files and folders of this machine, as they were typed.</param>
    /// <param name="destination">A folder where it ends in a slash, where there are several files or where a folder is copied; else the file itself.</param>
    /// <exception cref="CopyRefused">A source does not exist, or cannot be read.</exception>
    public static ImmutableArray<CopyItem> Of(IReadOnlyList<string> sources, string destination)
    {
        var (files, folders) = (new List<string>(), new List<string>());
        foreach (var source in sources)
        {
            if (Directory.Exists(source)) Gather(source, files, folders);
            else if (File.Exists(source)) files.Add(source);
            else throw new CopyRefused($"{source} does not exist", 42);
        }
        var isFolder = folders.Count > 0 || files.Count > 1 || destination.EndsWith('/') || destination.EndsWith('\\');
        return
        [
            .. files.Distinct().Select(f => new CopyItem(f, DestinationOf(f, sources, destination, isFolder), false, Mode(f))),
            .. folders.Distinct().Select(f => new CopyItem(f, DestinationOf(f, sources, destination, isFolder), true, null)),
        ];
    }

    private static void Gather(string folder, List<string> files, List<string> folders)
    {
        string[] inside;
        try
        {
            inside = Directory.GetFileSystemEntries(folder);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CopyRefused($"{folder} cannot be read: {cause.Message}", 42);
        }
        if (inside.Length == 0) folders.Add(folder);
        foreach (var entry in inside.Order(StringComparer.Ordinal))
            if (Directory.Exists(entry)) Gather(entry, files, folders);
            else files.Add(entry);
    }

    // What was named itself keeps its last name; what lies below a named folder keeps its way from there, the folder's name included.
    private static string DestinationOf(string path, IReadOnlyList<string> sources, string destination, bool isFolder)
    {
        if (sources.Contains(path)) return isFolder ? Path.Join(destination.TrimEnd('/'), Path.GetFileName(path.TrimEnd('/'))) : destination;
        var source = sources.First(s => path.StartsWith(s.TrimEnd('/') + "/", StringComparison.Ordinal));
        return Path.Join(destination.TrimEnd('/'), Path.GetFileName(source.TrimEnd('/')), Path.GetRelativePath(source, path));
    }

    private static int? Mode(string file) => OperatingSystem.IsWindows() ? null : (int)File.GetUnixFileMode(file);
}
