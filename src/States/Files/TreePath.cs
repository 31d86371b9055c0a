namespace SaltActors.States.Files;

/// <summary>Names of files and environments as others give them: what may be looked for below a root, and what not.</summary>
/// <remarks>Whatever could lead out of a root is refused before any file is touched (CVE-2024-22232, CVE-2025-22240): absolute names, <c>..</c>, NUL.</remarks>
public static class TreePath
{
    /// <summary>The name in its plain form: <c>./a//b</c> is <c>a/b</c>. False for one that does not stay below its root.</summary>
    public static bool TryParse(string? name, out string path)
    {
        path = "";
        if (name is null || name.Contains('\0') || name.StartsWith('/') || OperatingSystem.IsWindows() && (name.Contains('\\') || name.Contains(':'))) return false;
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToArray();
        if (parts.Contains("..") || parts.Contains("..\\")) return false;
        path = string.Join('/', parts);
        return true;
    }

    /// <summary>An environment is a word, not a path.</summary>
    public static bool IsEnvironment(string? name) => name is { Length: > 0 } && name is not ("." or "..") && name.IndexOfAny(['/', '\\', '\0']) < 0;
}
