using System.Runtime.InteropServices;
using SaltActors.Core.Functions;

namespace SaltActors.Modules.Commands;

/// <summary>Whom this process belongs to, and how it becomes another user's (the option <c>user</c>).</summary>
/// <remarks>Follows Salt 3006, salt/utils/verify.py, verify_env() and check_user(): folders go to the user first, then the process does. There is no way back.</remarks>
public static partial class ProcessOwner
{
    /// <summary>Gives files and folders, with all that is in them, to a user, and becomes that user. Nothing happens where the process is that user's already.</summary>
    /// <param name="paths">What the user must be able to write; what does not exist is left out.</param>
    /// <exception cref="CommandFailed">There is no such user, or this process may not become one.</exception>
    public static async Task BecomeAsync(string user, IEnumerable<string> paths, CancellationToken stop)
    {
        if (!OperatingSystem.IsLinux()) throw new CommandFailed("the option 'user' needs Linux");
        var account = await Account.FindAsync(user, stop).ConfigureAwait(false);
        var now = EffectiveUser();
        if (now == account.Uid) return;
        if (now != 0) throw new CommandFailed($"the option 'user' is '{user}', but the user with the id {now}, who started this program, may not become another: start it as root or as {user}");
        foreach (var path in paths) Give(path, account);
        // The groups first: afterwards there is no right to change them.
        Check(SetGroups(account.Name, account.Gid), "take the groups of", user);
        Check(SetGroup(account.Gid), "take the group of", user);
        Check(SetUser(account.Uid), "become", user);
        Environment.SetEnvironmentVariable("HOME", account.Home);
        Environment.SetEnvironmentVariable("SHELL", account.Shell);
        Environment.SetEnvironmentVariable("USER", account.Name);
    }

    /// <summary>True where this process has root's rights.</summary>
    public static bool IsRoot => OperatingSystem.IsLinux() && EffectiveUser() == 0;

    // Links are given away themselves: what they point to may be anybody's.
    private static void Give(string path, Account account)
    {
        if (!Path.Exists(path)) return;
        Check(ChangeOwner(path, account.Uid, account.Gid), $"give {path} to", account.Name);
        if (!Directory.Exists(path) || new DirectoryInfo(path).LinkTarget is not null) return;
        foreach (var inner in Directory.EnumerateFileSystemEntries(path)) Give(inner, account);
    }

    private static void Check(int result, string what, string user)
    {
        if (result != 0) throw new CommandFailed($"this program cannot {what} {user}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "initgroups", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetGroups(string user, uint group);

    [LibraryImport("libc", EntryPoint = "setgid", SetLastError = true)]
    private static partial int SetGroup(uint group);

    [LibraryImport("libc", EntryPoint = "setuid", SetLastError = true)]
    private static partial int SetUser(uint user);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
