using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;
using SaltActors.Modules.Files;

namespace SaltActors.Modules.Mounting;

/// <summary>The module <c>mount</c>: file systems, by the programs <c>mount</c> and <c>umount</c>.</summary>
/// <remarks>Follows Salt 3006, salt/modules/mount.py.</remarks>
public static class MountModule
{
    /// <summary>What is mounted: place → <c>device</c>, <c>fstype</c>, <c>opts</c>.</summary>
    /// <param name="extended">Taken for compatibility.</param>
    /// <example><code>salt '*' mount.active</code></example>
    [SaltFunction("mount.active")]
    public static MapValue Active(bool extended = false)
    {
        _ = extended;
        return MountTable.ToValue(MountTable.Mounted());
    }

    /// <summary>What is to be mounted when the machine starts: place → <c>device</c>, <c>fstype</c>, <c>opts</c>, <c>dump</c>, <c>pass</c>.</summary>
    /// <param name="config">The file.</param>
    /// <example><code>salt '*' mount.fstab</code></example>
    [SaltFunction("mount.fstab")]
    public static MapValue Fstab(string config = "/etc/fstab") => MapValue.From(MountTable.Kept(config).Select(e => KeyValuePair.Create(e.Place, (Value)MapValue.Of(
        ("device", e.Device), ("fstype", e.Kind), ("opts", ListValue.OfTexts(e.Options.Split(','))), ("dump", $"{e.Dump}"), ("pass", $"{e.Pass}")))));

    /// <summary>Whether something is mounted at a place.</summary>
    /// <param name="name">The place.</param>
    /// <example><code>salt '*' mount.is_mounted /mnt/share</code></example>
    [SaltFunction("mount.is_mounted")]
    public static bool IsMounted(string name) => MountTable.Mounted().Any(m => m.Place == name);

    /// <summary>Mounts a file system.</summary>
    /// <param name="name">The place.</param>
    /// <param name="device">The device.</param>
    /// <param name="mkmnt">Make the place.</param>
    /// <param name="fstype">The kind.</param>
    /// <param name="opts">Options: a list, or texts with commas between them.</param>
    /// <param name="user">Who runs the program.</param>
    /// <returns>True, or what the program complains of.</returns>
    /// <example><code>salt '*' mount.mount /mnt/foo /dev/sdz1 True</code></example>
    [SaltFunction("mount.mount")]
    public static async Task<Value> Mount(CallContext context, string name, string device, bool mkmnt = false, string fstype = "", [System.ComponentModel.DefaultValue("defaults")] Value? opts = null, string? user = null)
    {
        if (!UnixFile.IsFolder(name))
        {
            if (!mkmnt) return "Mount directory is not present";
            FileTreeModule.MakedirsPerms(name);
        }
        List<string> words = ["mount", "-o", Joined(opts)];
        if (fstype.Length > 0) words.AddRange(["-t", fstype]);
        words.AddRange(["--", device, name]);
        var answer = await ProgramCalls.RunAsync(context, [.. words], user is null ? MapValue.Empty : MapValue.Of(("runas", user))).ConfigureAwait(false);
        return answer.IsSuccess ? true : answer.Complaint.Trim();
    }

    /// <summary>Unmounts a file system.</summary>
    /// <param name="name">The place.</param>
    /// <param name="device">The device.</param>
    /// <param name="user">Who runs the program.</param>
    /// <param name="lazy">Even while somebody uses it.</param>
    /// <returns>True, or what the program complains of.</returns>
    /// <example><code>salt '*' mount.umount /mnt/foo</code></example>
    [SaltFunction("mount.umount")]
    public static async Task<Value> Umount(CallContext context, string name, string? device = null, string? user = null, bool lazy = false)
    {
        if (!MountTable.Mounted().Any(m => m.Place == name && (device is null || m.Device == device))) return $"{name} does not have anything mounted";
        var answer = await ProgramCalls.RunAsync(context, [.. lazy ? (string[])["umount", "-l", "--", name] : ["umount", "--", name]], user is null ? MapValue.Empty : MapValue.Of(("runas", user))).ConfigureAwait(false);
        return answer.IsSuccess ? true : answer.Complaint.Trim();
    }

    /// <summary>Keeps a file system for the next start.</summary>
    /// <param name="name">The place.</param>
    /// <param name="device">The device.</param>
    /// <param name="fstype">The kind.</param>
    /// <param name="opts">Options: a list, or texts with commas between them.</param>
    /// <param name="dump">Whether it is dumped.</param>
    /// <param name="passNum">In which pass it is checked.</param>
    /// <param name="config">The file.</param>
    /// <param name="test">Only say what would change.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns><c>new</c>, <c>change</c> or <c>present</c>.</returns>
    /// <example><code>salt '*' mount.set_fstab /mnt/foo /dev/sdz1 ext4</code></example>
    [SaltFunction("mount.set_fstab")]
    public static string SetFstab(
        string name, string device, string fstype, [System.ComponentModel.DefaultValue("defaults")] Value? opts = null, int dump = 0, int passNum = 0, string config = "/etc/fstab", bool test = false, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return MountTable.Set(config, new MountEntry(device, name, fstype, Joined(opts), dump, passNum), test);
    }

    /// <summary>Forgets a file system for the next start.</summary>
    /// <param name="name">The place.</param>
    /// <param name="device">The device.</param>
    /// <param name="config">The file.</param>
    /// <example><code>salt '*' mount.rm_fstab /mnt/foo</code></example>
    [SaltFunction("mount.rm_fstab")]
    public static bool RmFstab(string name, string? device = null, string config = "/etc/fstab") => MountTable.Remove(config, name, device);

    internal static string Joined(Value? opts) => opts switch { null or NullValue => "defaults", ListValue { Count: 0 } => "defaults", ListValue list => string.Join(',', list.Select(o => o.ToString())), _ => opts.ToString() };
}
