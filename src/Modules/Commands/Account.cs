using System.Diagnostics;
using System.Globalization;
using SaltActors.Core.Functions;

namespace SaltActors.Modules.Commands;

/// <summary>A user of this machine, from its files or from any other source that <c>getent</c> knows.</summary>
internal sealed record Account(string Name, uint Uid, uint Gid, string Home, string Shell)
{
    /// <exception cref="CommandFailed">There is no such user.</exception>
    public static async Task<Account> FindAsync(string name, CancellationToken stop)
    {
        // name:password:uid:gid:comment:home:shell
        if (await EntryAsync("passwd", name, stop).ConfigureAwait(false) is { Length: >= 7 } f && Id(f[2]) is { } uid && Id(f[3]) is { } gid)
            return new(f[0], uid, gid, f[5], f[6].Length > 0 ? f[6] : "/bin/sh");
        throw new CommandFailed($"User '{name}' is not available");
    }

    /// <exception cref="CommandFailed">There is no such group.</exception>
    public static async Task<uint> FindGroupAsync(string name, CancellationToken stop)
    {
        // name:password:gid:members
        if (await EntryAsync("group", name, stop).ConfigureAwait(false) is { Length: >= 3 } f && Id(f[2]) is { } gid) return gid;
        throw new CommandFailed($"Group '{name}' is not available");
    }

    private static uint? Id(string text) => uint.TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static async Task<string[]?> EntryAsync(string database, string name, CancellationToken stop)
    {
        if (name.Length == 0 || name.Contains(':') || name.Contains('\n')) return null;
        var prefix = name + ":";
        await foreach (var line in File.ReadLinesAsync("/etc/" + database, stop).ConfigureAwait(false))
            if (line.StartsWith(prefix, StringComparison.Ordinal)) return line.Split(':');
        if (Programs.Find("getent") is not { } getent) return null;
        using var process = Process.Start(new ProcessStartInfo(getent, ["--", database, name]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new CommandFailed($"{getent} could not be started");
        var found = await process.StandardOutput.ReadToEndAsync(stop).ConfigureAwait(false);
        await process.WaitForExitAsync(stop).ConfigureAwait(false);
        return process.ExitCode == 0 && found.StartsWith(prefix, StringComparison.Ordinal) ? found.TrimEnd('\n').Split(':') : null;
    }
}
