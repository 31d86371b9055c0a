using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;
using SaltActors.Modules.Network;

namespace SaltActors.Modules.Disk;

/// <summary>A mounted file system.</summary>
internal sealed record Mount(string Device, string Point, string Type, string Options);

/// <summary>What is mounted where, in the kernel's order; of several on one point the last, which hides the others.</summary>
internal static class Mounts
{
    public static IReadOnlyList<Mount> Read(IMachine machine)
    {
        var mounts = new List<Mount>();
        foreach (var words in machine.ReadLines("/proc/self/mounts").Select(NetworkCards.Words).Where(w => w.Length >= 4))
        {
            var mount = new Mount(Plain(words[0]), Plain(words[1]), words[2], words[3]);
            mounts.RemoveAll(m => m.Point == mount.Point);
            mounts.Add(mount);
        }
        return mounts;
    }

    /// <summary>As <c>ps.disk_partitions</c> answers: <c>device, fstype, opts</c>.</summary>
    public static MapValue ToValue(Mount mount) => MapValue.Of(("device", mount.Device), ("fstype", mount.Type), ("opts", mount.Options));

    // Blanks and backslashes are written as \040.
    private static string Plain(string text) => !text.Contains('\\', StringComparison.Ordinal) ? text
        : text.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal).Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
}

/// <summary>Room in a file system, in bytes.</summary>
/// <param name="Free">With what only root may use.</param>
internal sealed record Room(long Total, long Free, long Available)
{
    public long Used => Total - Free;
}

/// <summary>Asks file systems of this machine how full they are.</summary>
internal static class FileSystems
{
    /// <summary>Null where the path is not there or may not be asked about.</summary>
    public static Room? Ask(string path)
    {
        try
        {
            var drive = new DriveInfo(path);
            return new(drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
