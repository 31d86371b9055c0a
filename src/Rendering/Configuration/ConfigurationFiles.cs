using System.Collections.Immutable;
using SaltActors.Core.Functions;

namespace SaltActors.Rendering.Configuration;

/// <summary>Where configuration files come from.</summary>
public interface IConfigurationFiles
{
    /// <summary>The text of a file, or null where there is none.</summary>
    /// <exception cref="ConfigurationBroken">It is there, but may not be read.</exception>
    string? Read(string path);

    /// <summary>The files and folders that a path with wildcards (<c>*</c>, <c>?</c>, <c>[a-z]</c>, in any part) names, sorted; a path without wildcards names itself, where it exists.</summary>
    IReadOnlyList<string> Match(string glob);

    bool HasFolder(string path);

    /// <summary>When a file was last written, or null where there is none.</summary>
    DateTimeOffset? LastWrite(string path);
}

/// <summary>The files of this machine.</summary>
public sealed class DiskFiles : IConfigurationFiles
{
    public string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationBroken($"{path} cannot be read: {cause.Message}. Run as a user that may, or give another folder with -c", cause);
        }
    }

    public IReadOnlyList<string> Match(string glob)
    {
        var root = Path.IsPathRooted(glob) ? "/" : ".";
        IEnumerable<string> found = [root];
        foreach (var part in glob.Split('/', StringSplitOptions.RemoveEmptyEntries))
            found = part.AsSpan().IndexOfAny('*', '?', '[') < 0
                ? found.Select(folder => Path.Join(folder, part)).Where(path => File.Exists(path) || Directory.Exists(path))
                : found.SelectMany(folder => Entries(folder, part));
        return [.. found.Order(StringComparer.Ordinal)];
    }

    public bool HasFolder(string path) => Directory.Exists(path);
    public DateTimeOffset? LastWrite(string path) => File.Exists(path) ? File.GetLastWriteTimeUtc(path) : null;

    // What may not be looked into holds nothing; hidden entries are named only by a pattern that begins with a dot.
    private static ImmutableArray<string> Entries(string folder, string pattern)
    {
        if (!Directory.Exists(folder)) return [];
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).Where(path => Path.GetFileName(path) is var name && (name[0] != '.' || pattern[0] == '.') && NamePattern.Matches(pattern, name))];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }
}

/// <summary>What a configuration depends on beside its files.</summary>
/// <param name="Variable">An environment variable's value, or null.</param>
/// <param name="Home">The user's home folder, for <c>~</c> and the user's own file.</param>
public sealed record ConfigurationSurroundings(Func<string, string?> Variable, string Home, TimeProvider Clock)
{
    public static readonly ConfigurationSurroundings OfProcess = new(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), TimeProvider.System);

    /// <summary>A path with <c>~</c> spelled out.</summary>
    public string Expanded(string path) => path == "~" ? Home : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Join(Home, path[2..]) : path;
}

/// <summary>The configuration cannot be used; the message names the file, the place, and what was expected.</summary>
public sealed class ConfigurationBroken(string message, Exception? cause = null) : Exception(message, cause);
