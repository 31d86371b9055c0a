using System.Runtime.InteropServices;
using SaltActors.Core.Functions;

namespace SaltActors.Modules.Files;

/// <summary>What the system knows about a file beside its content. Times are seconds since 1970.</summary>
internal sealed record FileStatus(
    long Inode, uint Uid, uint Gid, uint FullMode, long Size, long Links, double Atime, double Mtime, double Ctime, ulong Device)
{
    /// <summary>Permissions with the sticky, set-uid and set-gid bits.</summary>
    public uint Mode => FullMode & 0xFFF;
    public char Kind => (FullMode & 0xF000) switch
    {
        0x4000 => 'd',
        0x2000 => 'c',
        0x6000 => 'b',
        0x8000 => 'f',
        0xA000 => 'l',
        0x1000 => 'p',
        0xC000 => 's',
        _ => '?',
    };
    public bool IsFolder => Kind == 'd';
    public bool IsFile => Kind == 'f';
    /// <summary>As Salt prints permissions: <c>0644</c>.</summary>
    public string ModeText => Convert.ToString(Mode, 8).PadLeft(4, '0');
}

/// <summary>A call of the system that failed.</summary>
internal sealed class UnixFailure(int code, string path) : IOException($"[Errno {code}] {Marshal.GetPInvokeErrorMessage(code)}: '{path}'")
{
    public int Code { get; } = code;
    /// <summary>The system's own words, as <c>Permission denied</c>.</summary>
    public string Reason => Marshal.GetPInvokeErrorMessage(Code);
}

/// <summary>The system's calls for files that the runtime does not offer.</summary>
internal static partial class UnixFile
{
    private const int AtCurrentFolder = -100, NoFollow = 0x100, StatusBytes = 256;
    private const uint BasicStatus = 0x7FF, Unchanged = uint.MaxValue;
    public const int NoSuchFile = 2;

    /// <summary>Null where there is nothing under this path, or the way there is barred.</summary>
    public static FileStatus? Find(string path, bool follow = true)
    {
        var code = TryStatus(path, follow, out var status);
        return code == 0 ? status : null;
    }

    /// <exception cref="UnixFailure">There is nothing under this path, or the way there is barred.</exception>
    public static FileStatus Status(string path, bool follow = true)
    {
        var code = TryStatus(path, follow, out var status);
        return code == 0 ? status! : throw new UnixFailure(code, path);
    }

    public static bool Exists(string path, bool follow = true) => Find(path, follow) is not null;
    public static bool IsFolder(string path) => Find(path) is { IsFolder: true };
    public static bool IsFile(string path) => Find(path) is { IsFile: true };
    public static bool IsLink(string path) => Find(path, follow: false) is { Kind: 'l' };

    /// <param name="uid">Null keeps the owner.</param>
    /// <param name="gid">Null keeps the group.</param>
    public static void ChangeOwner(string path, uint? uid, uint? gid, bool follow = true) =>
        Check(follow ? Chown(path, uid ?? Unchanged, gid ?? Unchanged) : Lchown(path, uid ?? Unchanged, gid ?? Unchanged), path);

    public static void ChangeMode(string path, uint mode) => Check(Chmod(path, mode), path);
    public static void HardLink(string existing, string path) => Check(Link(existing, path), path);
    public static void Rename(string from, string to) => Check(RenameFile(from, to), from);
    public static void RemoveFile(string path) => Check(Unlink(path), path);
    public static void RemoveFolder(string path) => Check(Rmdir(path), path);
    public static void MakeFolder(string path, uint mode) => Check(Mkdir(path, mode), path);
    /// <param name="kind">The bits of the node's type: 0x2000 character, 0x6000 block, 0x1000 pipe.</param>
    public static void MakeNode(string path, uint kind, uint mode, uint major, uint minor) =>
        Check(Mknod(path, kind | mode, ((ulong)(major & 0xFFFFF000) << 32) | ((ulong)(major & 0xFFF) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFF)), path);
    public static void Cut(string path, long length) => Check(Truncate(path, length), path);
    public static bool MayAccess(string path, int mode) => Access(path, mode) == 0;

    /// <summary>The numbers of <c>struct statvfs</c> in its order, from <c>f_bsize</c> to <c>f_namemax</c>.</summary>
    public static unsafe ulong[] VolumeStatus(string path)
    {
        var numbers = new ulong[64];
        fixed (ulong* buffer = numbers) Check(Statvfs(path, buffer), path);
        return numbers;
    }

    private static unsafe int TryStatus(string path, bool follow, out FileStatus? status)
    {
        if (!OperatingSystem.IsLinux()) throw new FunctionUnavailable("files are described on Linux only");
        status = null;
        if (path.Contains('\0')) return NoSuchFile;
        var bytes = stackalloc byte[StatusBytes];
        if (Statx(AtCurrentFolder, path, follow ? 0 : NoFollow, BasicStatus, bytes) != 0) return Marshal.GetLastPInvokeError();
        // struct statx of linux/stat.h: the same on every architecture.
        var s = new ReadOnlySpan<byte>(bytes, StatusBytes);
        status = new(
            BitConverter.ToInt64(s[32..]), BitConverter.ToUInt32(s[20..]), BitConverter.ToUInt32(s[24..]), BitConverter.ToUInt16(s[28..]),
            BitConverter.ToInt64(s[40..]), BitConverter.ToUInt32(s[16..]), Time(s[64..]), Time(s[112..]), Time(s[96..]),
            ((ulong)BitConverter.ToUInt32(s[136..]) << 32) | BitConverter.ToUInt32(s[140..]));
        return 0;
    }

    private static double Time(ReadOnlySpan<byte> time) => BitConverter.ToInt64(time) + 1e-9 * BitConverter.ToUInt32(time[8..]);

    private static void Check(int answer, string path)
    {
        if (answer != 0) throw new UnixFailure(Marshal.GetLastPInvokeError(), path);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* status);
    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statvfs(string path, ulong* status);
    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint uid, uint gid);
    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Lchown(string path, uint uid, uint gid);
    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chmod(string path, uint mode);
    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string path);
    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);
    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);
    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rmdir(string path);
    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mkdir(string path, uint mode);
    [LibraryImport("libc", EntryPoint = "truncate", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Truncate(string path, long length);
    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mknod(string path, uint mode, ulong device);
    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
