namespace SaltActors.Modules.Commands;

/// <summary>Finds programs as a shell does.</summary>
internal static class Programs
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="name">A name to look for in the path, or a path itself.</param>
    /// <param name="path">Folders with <c>:</c> between them.</param>
    /// <param name="folder">Where a relative path starts.</param>
    /// <returns>The absolute path, or null where nothing of that name can be started.</returns>
    public static string? Find(string name, string path, string folder)
    {
        if (name.Length == 0) return null;
        if (name.Contains('/'))
        {
            var direct = Path.GetFullPath(name, folder);
            return IsExecutable(direct) ? direct : null;
        }
        foreach (var entry in path.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var candidate = Path.Join(entry, name);
            if (IsExecutable(candidate)) return candidate;
        }
        return null;
    }

    /// <summary>Looks in the <c>PATH</c> of this process, and in the folders of system programs that services often lack.</summary>
    public static string? Find(string name) =>
        Find(name, (Environment.GetEnvironmentVariable("PATH") ?? "") + ":/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin", Environment.CurrentDirectory);

    public static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}
