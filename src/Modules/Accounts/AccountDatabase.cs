using System.Globalization;
using System.Runtime.InteropServices;
using SaltActors.Core.Functions;

namespace SaltActors.Modules.Accounts;

/// <summary>A line of <c>passwd</c>.</summary>
internal sealed record UserEntry(string Name, string Password, uint Uid, uint Gid, string Gecos, string Home, string Shell);

/// <summary>A line of <c>group</c>.</summary>
internal sealed record GroupEntry(string Name, string Password, uint Gid, IReadOnlyList<string> Members);

/// <summary>Users and groups as the system's name service knows them, or as the files below another root say.</summary>
internal static partial class AccountDatabase
{
    private const int BufferTooSmall = 34, FirstBuffer = 4096, LargestBuffer = 1 << 22;
    // The walk over all entries has one place in the whole process.
    private static readonly Lock Walk = new();

    public static unsafe UserEntry? User(string name) => name.Length == 0 || name.Contains('\0') ? null : FindUser((p, b, l, r) => GetPwNam(name, p, b, l, r));
    public static unsafe UserEntry? User(uint uid) => FindUser((p, b, l, r) => GetPwUid(uid, p, b, l, r));
    public static unsafe GroupEntry? Group(string name) => name.Length == 0 || name.Contains('\0') ? null : FindGroup((p, b, l, r) => GetGrNam(name, p, b, l, r));
    public static unsafe GroupEntry? Group(uint gid) => FindGroup((p, b, l, r) => GetGrGid(gid, p, b, l, r));

    public static unsafe IReadOnlyList<UserEntry> Users()
    {
        NeedLinux();
        var all = new List<UserEntry>();
        lock (Walk)
        {
            SetPwEnt();
            for (var entry = GetPwEnt(); entry != null; entry = GetPwEnt()) all.Add(Read(*entry));
            EndPwEnt();
        }
        return all;
    }

    public static unsafe IReadOnlyList<GroupEntry> Groups()
    {
        NeedLinux();
        var all = new List<GroupEntry>();
        lock (Walk)
        {
            SetGrEnt();
            for (var entry = GetGrEnt(); entry != null; entry = GetGrEnt()) all.Add(Read(*entry));
            EndGrEnt();
        }
        return all;
    }

    /// <summary>The users of <c>etc/passwd</c> below a folder; lines that are no entry are left out.</summary>
    public static IReadOnlyList<UserEntry> UsersBelow(string root) =>
        [.. Fields(root, "passwd").Where(f => f.Length >= 7).Select(f => new UserEntry(f[0], f[1], Id(f[2]), Id(f[3]), f[4], f[5], f[6]))];

    /// <summary>The groups of <c>etc/group</c> below a folder.</summary>
    public static IReadOnlyList<GroupEntry> GroupsBelow(string root) =>
        [.. Fields(root, "group").Where(f => f.Length >= 4).Select(f => new GroupEntry(f[0], f[1], Id(f[2]), f[3].Split(',', StringSplitOptions.RemoveEmptyEntries)))];

    /// <summary>The lines of a file of accounts below a folder, in fields.</summary>
    /// <exception cref="CommandFailed">The file cannot be read.</exception>
    public static IEnumerable<string[]> Fields(string root, string database)
    {
        var path = Path.Join(root, "etc", database);
        try
        {
            return [.. File.ReadLines(path).Where(l => l.Length > 0 && l[0] is not ('#' or '+' or '-')).Select(l => l.Split(':'))];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"{path} cannot be read: {refused.Message}");
        }
    }

    private static uint Id(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw new CommandFailed($"An account's id must be a number, found '{text}'");

    private static void NeedLinux()
    {
        if (!OperatingSystem.IsLinux()) throw new FunctionUnavailable("users and groups are read on Linux only");
    }

    private unsafe delegate int UserCall(NativeUser* entry, byte* buffer, nuint length, NativeUser** found);
    private unsafe delegate int GroupCall(NativeGroup* entry, byte* buffer, nuint length, NativeGroup** found);

    private static unsafe UserEntry? FindUser(UserCall call)
    {
        NeedLinux();
        for (var size = FirstBuffer; size <= LargestBuffer; size *= 4)
            fixed (byte* buffer = new byte[size])
            {
                NativeUser entry; NativeUser* found;
                var code = call(&entry, buffer, (nuint)size, &found);
                if (code != BufferTooSmall) return found == null ? null : Read(*found);
            }
        throw new CommandFailed($"An entry of passwd is longer than {LargestBuffer} bytes");
    }

    private static unsafe GroupEntry? FindGroup(GroupCall call)
    {
        NeedLinux();
        for (var size = FirstBuffer; size <= LargestBuffer; size *= 4)
            fixed (byte* buffer = new byte[size])
            {
                NativeGroup entry; NativeGroup* found;
                var code = call(&entry, buffer, (nuint)size, &found);
                if (code != BufferTooSmall) return found == null ? null : Read(*found);
            }
        throw new CommandFailed($"An entry of group is longer than {LargestBuffer} bytes");
    }

    private static UserEntry Read(NativeUser user) =>
        new(Text(user.Name), Text(user.Password), user.Uid, user.Gid, Text(user.Gecos), Text(user.Home), Text(user.Shell));

    private static unsafe GroupEntry Read(NativeGroup group)
    {
        var members = new List<string>();
        for (var at = (nint*)group.Members; at != null && *at != 0; at++) members.Add(Text(*at));
        return new(Text(group.Name), Text(group.Password), group.Gid, members);
    }

    private static string Text(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    // struct passwd and struct group of glibc and musl: pwd.h, grp.h.
    [StructLayout(LayoutKind.Sequential)]
    private struct NativeUser
    {
        public nint Name, Password;
        public uint Uid, Gid;
        public nint Gecos, Home, Shell;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct NativeGroup
    {
        public nint Name, Password;
        public uint Gid;
        public nint Members;
    }

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetPwNam(string name, NativeUser* entry, byte* buffer, nuint length, NativeUser** found);
    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static unsafe partial int GetPwUid(uint uid, NativeUser* entry, byte* buffer, nuint length, NativeUser** found);
    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetGrNam(string name, NativeGroup* entry, byte* buffer, nuint length, NativeGroup** found);
    [LibraryImport("libc", EntryPoint = "getgrgid_r")]
    private static unsafe partial int GetGrGid(uint gid, NativeGroup* entry, byte* buffer, nuint length, NativeGroup** found);
    [LibraryImport("libc", EntryPoint = "setpwent")]
    private static partial void SetPwEnt();
    [LibraryImport("libc", EntryPoint = "getpwent")]
    private static unsafe partial NativeUser* GetPwEnt();
    [LibraryImport("libc", EntryPoint = "endpwent")]
    private static partial void EndPwEnt();
    [LibraryImport("libc", EntryPoint = "setgrent")]
    private static partial void SetGrEnt();
    [LibraryImport("libc", EntryPoint = "getgrent")]
    private static unsafe partial NativeGroup* GetGrEnt();
    [LibraryImport("libc", EntryPoint = "endgrent")]
    private static partial void EndGrEnt();
}
