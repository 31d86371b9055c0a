namespace SaltActors.Rendering.Configuration;

/// <summary>Where configuration files come from.</summary>
public interface IConfigurationFiles
{
    /// <summary>The text of a file, or null where there is none.</summary>
    /// <exception cref="ConfigurationBroken">It is there, but may not be read.</exception>
    string? Read(string path);

    /// <summary>The files that a glob names, sorted; the name itself where it holds no wildcard and exists.</summary>
    IReadOnlyList<string> Match(string glob);
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
        var folder = Path.GetDirectoryName(glob);
        if (string.IsNullOrEmpty(folder) || !Directory.Exists(folder)) return [];
        var pattern = Path.GetFileName(glob);
        return [.. Directory.EnumerateFiles(folder)
            .Where(f => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(f), ignoreCase: false))
            .Where(f => Path.GetFileName(f)[0] != '.' || pattern[0] == '.')
            .Order(StringComparer.Ordinal)];
    }
}

/// <summary>The configuration cannot be used; the message names the file, the place, and what was expected.</summary>
public sealed class ConfigurationBroken(string message, Exception? cause = null) : Exception(message, cause);
