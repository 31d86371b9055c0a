using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Files;

namespace SaltActors.Modules.Mounting;

/// <summary>The states of <c>mount</c>: mounted, unmounted, fstab_present, fstab_absent.</summary>
/// <remarks>Follows Salt 3006, salt/states/mount.py. What is mounted with other options is not mounted anew: the kernel tells options in its own words.</remarks>
public static class MountState
{
    /// <summary>Keeps a file system mounted.</summary>
    /// <param name="name">The place.</param>
    /// <param name="device">The device.</param>
    /// <param name="fstype">The kind.</param>
    /// <param name="mkmnt">Make the place.</param>
    /// <param name="opts">Options, for mounting and for the next start.</param>
    /// <param name="dump">Whether it is dumped.</param>
    /// <param name="passNum">In which pass it is checked.</param>
    /// <param name="config">The file for the next start.</param>
    /// <param name="persist">For the next start too.</param>
    /// <param name="mount">Now.</param>
    /// <param name="user">Who runs the program.</param>
    /// <param name="kwargs">Taken for compatibility: how entries are matched.</param>
    [SaltState("mount.mounted")]
    public static async Task<MapValue> Mounted(
        CallContext context, string name, string device, string fstype, bool mkmnt = false, [System.ComponentModel.DefaultValue("defaults")] Value? opts = null, int dump = 0, int passNum = 0, string config = "/etc/fstab",
        bool persist = true, bool mount = true, string? user = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        var place = name == "/" ? name : name.TrimEnd('/');
        var isMounted = MountTable.Mounted().Any(m => m.Place == FilePaths.Real(place));
        var entry = new MountEntry(device, place, fstype, MountModule.Joined(opts), dump, passNum);
        var wanted = persist ? MountTable.Set(config, entry, isTest: true) : "present";
        if (context.IsTest)
        {
            if ((isMounted || !mount) && wanted == "present") return StateResult.Of(name, true, isMounted ? $"{name} already mounted" : $"{name} not mounted, and is not to be");
            var told = isMounted || !mount ? $"{name} is {(isMounted ? "" : "not ")}mounted" : !UnixFile.IsFolder(place) ? mkmnt ? $"{name} would be created and mounted" : $"{name} does not exist and would not be created" : $"{name} would be mounted";
            return StateResult.Of(name, null, told + (wanted switch { "new" => $". {config} would get a new entry", "change" => $". Its entry in {config} would change", _ => "" }));
        }
        var (changes, comment) = (MapValue.Empty, isMounted ? "Target was already mounted" : mount ? "Target was successfully mounted" : $"{name} not mounted");
        if (!isMounted && mount)
        {
            var done = await MountModule.Mount(context, place, device, mkmnt, fstype, opts, user).ConfigureAwait(false);
            if (done is not BoolValue) return StateResult.Failed(name, done.ToString());
            changes = changes.With("mount", true);
        }
        if (persist)
        {
            var kept = MountTable.Set(config, entry, isTest: false);
            comment += kept switch { "new" => ". Added new entry to the fstab.", "change" => ". Updated the entry in the fstab.", _ => ". Entry already exists in the fstab." };
            if (kept != "present") changes = changes.With("persist", kept == "new" ? "new" : "update");
        }
        return StateResult.Of(name, true, comment, changes);
    }

    /// <summary>Keeps a file system unmounted.</summary>
    /// <param name="name">The place.</param>
    /// <param name="device">The device.</param>
    /// <param name="config">The file for the next start.</param>
    /// <param name="persist">Forget it for the next start.</param>
    /// <param name="user">Who runs the program.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("mount.unmounted")]
    public static async Task<MapValue> Unmounted(CallContext context, string name, string? device = null, string config = "/etc/fstab", bool persist = false, string? user = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        var place = name == "/" ? name : name.TrimEnd('/');
        var isMounted = MountTable.Mounted().Any(m => m.Place == FilePaths.Real(place) && (device is null || m.Device == device));
        var isKept = persist && MountTable.Kept(config).Any(e => e.Place == place && (device is null || e.Device == device));
        if (!isMounted && !isKept) return StateResult.Of(name, true, $"Target was already unmounted{(persist ? ". fstab entry not found" : "")}");
        if (context.IsTest) return StateResult.Of(name, null, isMounted ? $"Mount point {name} is mounted but should not be" : $"Mount point {name} is unmounted but needs to be purged from {config} to be made persistent");
        var (changes, comment) = (MapValue.Empty, "Target was already unmounted");
        if (isMounted)
        {
            var done = await MountModule.Umount(context, FilePaths.Real(place), device, user).ConfigureAwait(false);
            if (done is not BoolValue) return StateResult.Failed(name, done.ToString());
            (changes, comment) = (changes.With("umount", true), "Target was successfully unmounted");
        }
        if (isKept && MountTable.Remove(config, place, device)) (changes, comment) = (changes.With("persist", "purged"), comment + ". Removed target from fstab");
        return StateResult.Of(name, true, comment, changes);
    }

    /// <summary>Keeps an entry for the next start.</summary>
    /// <param name="name">The device.</param>
    /// <param name="fsFile">The place.</param>
    /// <param name="fsVfstype">The kind.</param>
    /// <param name="fsMntops">Options.</param>
    /// <param name="fsFreq">Whether it is dumped.</param>
    /// <param name="fsPassno">In which pass it is checked.</param>
    /// <param name="mountBy">What stands for the device: <c>device</c> alone is there in this version.</param>
    /// <param name="config">The file.</param>
    /// <param name="mount">Mount it now.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    [SaltState("mount.fstab_present")]
    public static async Task<MapValue> FstabPresent(
        CallContext context, string name, string fsFile, string fsVfstype, [System.ComponentModel.DefaultValue("defaults")] Value? fsMntops = null, int fsFreq = 0, int fsPassno = 0, string? mountBy = null,
        string config = "/etc/fstab", bool mount = true, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        if (mountBy is not (null or "device")) return StateResult.Failed(name, $"mount_by: '{mountBy}' is not there in this version; write the device as UUID=… or LABEL=…");
        var entry = new MountEntry(name, fsFile, fsVfstype, MountModule.Joined(fsMntops), fsFreq, fsPassno);
        var wanted = MountTable.Set(config, entry, isTest: true);
        if (wanted == "present") return StateResult.Of(name, true, $"{fsFile} entry was already in {config}.");
        if (context.IsTest) return StateResult.Of(name, null, $"{fsFile} entry will be {(wanted == "new" ? "written" : "updated")} in {config}.{(mount ? $"\nWill mount {name} on {fsFile}" : "")}");
        MountTable.Set(config, entry, isTest: false);
        var (changes, comment) = (MapValue.Of(("persist", wanted)), $"{fsFile} entry {(wanted == "new" ? "added" : "updated")} in {config}.");
        if (!mount || MountTable.Mounted().Any(m => m.Place == fsFile)) return StateResult.Of(name, true, comment, changes);
        var done = await MountModule.Mount(context, fsFile, name, false, fsVfstype, fsMntops).ConfigureAwait(false);
        return done is BoolValue ? StateResult.Of(name, true, $"{comment}\nMounted {name} on {fsFile}", changes) : StateResult.Of(name, false, $"{comment}\nError while mounting {done}", changes);
    }

    /// <summary>Keeps an entry for the next start away.</summary>
    /// <param name="name">The device.</param>
    /// <param name="fsFile">The place.</param>
    /// <param name="mountBy">Taken for compatibility.</param>
    /// <param name="config">The file.</param>
    [SaltState("mount.fstab_absent")]
    public static MapValue FstabAbsent(CallContext context, string name, string fsFile, string? mountBy = null, string config = "/etc/fstab")
    {
        _ = mountBy;
        if (!MountTable.Kept(config).Any(e => e.Place == fsFile && e.Device == name)) return StateResult.Of(name, true, $"{fsFile} entry is already missing in {config}.");
        if (context.IsTest) return StateResult.Of(name, null, $"{fsFile} entry will be removed from {config}.");
        MountTable.Remove(config, fsFile, name);
        return StateResult.Of(name, true, $"{fsFile} entry removed from {config}.", MapValue.Of(("persist", "removed")));
    }
}
