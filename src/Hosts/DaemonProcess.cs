using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Hosts;

/// <summary>What a daemon does about itself: whose process it is, and where its number is kept.</summary>
internal static class DaemonProcess
{
    /// <summary>Becomes the user of the option <c>user</c>. Before anything is opened: what is made from here on belongs to that user.</summary>
    /// <exception cref="Core.Functions.CommandFailed">There is no such user, or this process may not become one.</exception>
    internal static async Task BecomeUserAsync(MapValue options)
    {
        if (options.TextOf("user") is not { Length: > 0 } user || user == "root" && !ProcessOwner.IsRoot) return;
        string[] folders = ["pki_dir", "cachedir", "sock_dir"];
        var paths = folders.Select(f => options.TextOf(f)).OfType<string>().Where(f => f.Length > 1).ToList();
        foreach (var folder in paths) Directory.CreateDirectory(folder);
        if (options.TextOf("log_file") is { Length: > 0 } log && Path.IsPathRooted(log)) paths.Add(Touched(log));
        if (options.TextOf("pidfile") is { Length: > 0 } pid) paths.Add(Touched(pid));
        await ProcessOwner.BecomeAsync(user, paths, CancellationToken.None);
    }

    /// <summary>Keeps the process id where <c>pidfile</c> says; a daemon runs without it, too, so a failure is a warning.</summary>
    internal static void WritePid(MapValue options, Action<string> warn)
    {
        if (options.TextOf("pidfile") is not { Length: > 0 } path) return;
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            File.WriteAllText(path, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            warn($"the process id could not be written to {path}: {cause.Message}");
        }
    }

    private static string Touched(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        using (File.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite)) { }
        return path;
    }
}
