using System.Globalization;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Hardware;

/// <summary>What lies over the disks: <c>mdadm, lvm, zfs_support, zfs_feature_flags, zpool</c>.</summary>
internal static class VolumeGrains
{
    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var machine = input.Machine;
        if (machine.HasFile("/proc/mdstat")) grains["mdadm"] = Arrays(machine);
        if (machine.Which("lvm") is not null) grains["lvm"] = Volumes(machine);
        var isZfs = machine.HasFolder("/sys/module/zfs") && machine.Which("zpool") is not null;
        grains["zfs_support"] = isZfs;
        // Feature flags came with the first ZFS that Linux had.
        grains["zfs_feature_flags"] = isZfs;
        if (input.Answers.Pools is { } pools && Pools(pools) is { Count: > 0 } sizes) grains["zpool"] = sizes;
    }

    // md0 : active raid1 sdb1[1] sda1[0]
    private static ListValue Arrays(IMachine machine) => ListValue.OfTexts(
        machine.ReadLines("/proc/mdstat")
            .Where(l => !l.StartsWith("Personalities : ", StringComparison.Ordinal) && !l.StartsWith("unused devices:", StringComparison.Ordinal) && l.Contains(" : ", StringComparison.Ordinal))
            .Select(l => l[..l.IndexOf(" : ", StringComparison.Ordinal)]).Distinct().Order(StringComparer.Ordinal));

    // {group: [volumes]}. A volume's device has a uuid "LVM-" with 64 letters; a longer one is a part inside a volume. LVM keeps
    // a copy of each group's metadata by its name, which also tells the groups without an active volume.
    private static MapValue Volumes(IMachine machine)
    {
        var groups = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var name in machine.List("/etc/lvm/backup")) groups[name] = new(StringComparer.Ordinal);
        foreach (var device in machine.List("/sys/block").Where(d => d.StartsWith("dm-", StringComparison.Ordinal)))
        {
            if (machine.ReadTrimmed($"/sys/block/{device}/dm/uuid") is not { Length: 68 } uuid || !uuid.StartsWith("LVM-", StringComparison.Ordinal)) continue;
            var (group, volume) = GroupAndVolume(machine.ReadTrimmed($"/sys/block/{device}/dm/name") ?? "");
            if (!groups.TryGetValue(group, out var volumes)) groups[group] = volumes = new(StringComparer.Ordinal);
            volumes.Add(volume);
        }
        return MapValue.From(groups.Select(g => KeyValuePair.Create(g.Key, (Value)ListValue.OfTexts(g.Value))));
    }

    // "data--pool-web": one hyphen divides, two stand for one.
    private static (string Group, string Volume) GroupAndVolume(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != '-') continue;
            if (i + 1 < name.Length && name[i + 1] == '-') i++;
            else return (Single(name[..i]), Single(name[(i + 1)..]));
        }
        return (Single(name), "");

        static string Single(string text) => text.Replace("--", "-", StringComparison.Ordinal);
    }

    private static MapValue Pools(string list) => MapValue.From(
        list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t', ' ')).Where(f => f.Length > 1)
            .Select(f => KeyValuePair.Create(f[0], long.TryParse(f[1], CultureInfo.InvariantCulture, out var bytes) ? (Value)bytes : f[1])));
}
