using System.Text;

namespace SaltActors.Transport.Keys;

/// <summary>Files that only their owner may read. Written beside their place and moved into it: nobody ever sees half of one.</summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerReads = UnixFileMode.UserRead, OwnerWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite, OwnerAll = OwnerWrites | UnixFileMode.UserExecute;

    /// <summary>Makes a folder of mode 0700 where there is none.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerAll);
    }

    /// <summary>Writes a file of mode 0600, or 0400 where nobody is to write it again.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isReadOnly = false)
    {
        var fresh = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}");
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = isReadOnly ? OwnerReads : OwnerWrites;
        try
        {
            using (var file = new FileStream(fresh, how)) file.Write(content);
            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    public static void Write(string path, string content, bool isReadOnly = false) => Write(path, Encoding.UTF8.GetBytes(content), isReadOnly);

    /// <summary>True where nobody but the owner may write the file (the group neither, unless it is trusted).</summary>
    public static bool IsWrittenByOwnerAlone(string path, bool isGroupTrusted)
    {
        if (OperatingSystem.IsWindows()) return true;
        var others = UnixFileMode.OtherWrite | (isGroupTrusted ? UnixFileMode.None : UnixFileMode.GroupWrite);
        return (File.GetUnixFileMode(path) & others) == 0;
    }

    /// <summary>True for a regular file, no link, of mode 0400.</summary>
    public static bool IsReadOnlyByOwner(FileInfo file) =>
        OperatingSystem.IsWindows() || file.LinkTarget is null && file.UnixFileMode == OwnerReads;
}
