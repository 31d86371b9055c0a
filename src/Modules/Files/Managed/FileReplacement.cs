using System.Text;

namespace SaltActors.Modules.Files.Managed;

/// <summary>Puts new content in the place of a file in one step: whoever reads sees the old or the new, never half of it.</summary>
internal static class FileReplacement
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Owner and permissions of a file that is there stay. A link is followed.</summary>
    /// <param name="mode">The permissions of a file that is made; null for what the umask leaves.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, uint? mode = null)
    {
        path = UnixFile.Exists(path) ? FilePaths.Real(path) : path;
        var before = UnixFile.Find(path);
        var arriving = $"{path}.{Guid.NewGuid():n}.new";
        try
        {
            var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            // Until its permissions are what they are to be, nobody else reads it.
            if (!OperatingSystem.IsWindows() && (before is not null || mode is not null)) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(arriving, how)) file.Write(content);
            if (before is not null)
            {
                UnixFile.ChangeOwner(arriving, before.Uid, before.Gid);
                UnixFile.ChangeMode(arriving, before.Mode);
            }
            else if (mode is { } bits) UnixFile.ChangeMode(arriving, bits);
            UnixFile.Rename(arriving, path);
        }
        catch
        {
            File.Delete(arriving);
            throw;
        }
    }

    /// <summary>The difference of two contents, as a state shows it.</summary>
    public static string Difference(byte[] before, byte[] after)
    {
        if (Text(before) is not { } old || Text(after) is not { } now) return (Text(before), Text(after)) switch
        {
            (null, null) => "Replace binary file",
            (null, _) => "Replace binary file with text file",
            _ => "Replace text file with binary file",
        };
        return Editing.UnifiedDiff.Of(old, now);
    }

    public static string? Text(byte[] content)
    {
        if (content.AsSpan().Contains((byte)0)) return null;
        try
        {
            return Strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Keeps a copy of a file below the minion's cache, where <c>file.restore_backup</c> looks.</summary>
    public static void Keep(string path, string cacheDir, TimeProvider clock)
    {
        var stamp = clock.GetLocalNow().ToString("ddd_MMM_dd_HH:mm:ss_ffffff_yyyy", System.Globalization.CultureInfo.InvariantCulture);
        var copy = Path.Combine(cacheDir, "file_backup", $"{path.TrimStart('/')}_{stamp}");
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(path, copy, overwrite: true);
    }
}
