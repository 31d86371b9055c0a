using System.Globalization;
using System.Runtime.InteropServices;

namespace SaltActors.Actors.Master.Access;

/// <param name="Id">uid.</param>
/// <param name="Group">gid of the primary group.</param>
public sealed record SystemUser(string Name, int Id, int Group);

/// <summary>The machine's users, as its passwd file lists them.</summary>
internal static partial class SystemUsers
{
    internal static IEnumerable<SystemUser> All(string path = "/etc/passwd")
    {
        if (!File.Exists(path)) yield break;
        foreach (var line in File.ReadLines(path))
            if (line.Split(':') is [{ Length: > 0 } name, _, var uid, var gid, ..]
                && int.TryParse(uid, CultureInfo.InvariantCulture, out var id) && int.TryParse(gid, CultureInfo.InvariantCulture, out var group))
                yield return new SystemUser(name, id, group);
    }

    /// <summary>Gives a file to a user; false where the master may not.</summary>
    internal static bool Give(string path, SystemUser to) => !OperatingSystem.IsWindows() && Own(path, to.Id, -1) == 0;

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Own(string path, int user, int group);
}
