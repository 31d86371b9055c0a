using System.Runtime.InteropServices;
using SaltActors.Core.Values;

namespace SaltActors.States.Files;

/// <summary>What the system knows of a file, in the ten numbers of Python's <c>os.stat</c>: mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime (seconds).</summary>
public static partial class FileStatus
{
    private const int WorkingDirectory = -100, BasicAndMore = 0x7ff;

    // struct statx is the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(16)] public uint Links;
        [FieldOffset(20)] public uint Uid;
        [FieldOffset(24)] public uint Gid;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(64)] public long Accessed;
        [FieldOffset(96)] public long Changed;
        [FieldOffset(112)] public long Modified;
        [FieldOffset(136)] public uint Major;
        [FieldOffset(140)] public uint Minor;
    }

    /// <summary>Null where there is no such file. Links are followed.</summary>
    public static ListValue? Of(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            if (Ask(WorkingDirectory, path, 0, BasicAndMore, out var s) != 0) return null;
            var device = (long)(s.Minor & 0xff) | (long)(s.Major & 0xfff) << 8 | (long)(s.Minor & ~0xffu) << 12;
            return ListValue.Create([s.Mode, (long)s.Inode, device, (long)s.Links, (long)s.Uid, (long)s.Gid, (long)s.Size, s.Accessed, s.Modified, s.Changed]);
        }
        var file = new FileInfo(path);
        if (!file.Exists) return null;
        const int RegularReadable = 0x81a4;
        return ListValue.Create([RegularReadable, 0, 0, 1, 0, 0, file.Length, Unix(file.LastAccessTimeUtc), Unix(file.LastWriteTimeUtc), Unix(file.CreationTimeUtc)]);
    }

    private static long Unix(DateTime time) => new DateTimeOffset(time).ToUnixTimeSeconds();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(int folder, string path, int flags, uint mask, out Statx status);
}
