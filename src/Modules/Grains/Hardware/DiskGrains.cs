using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Hardware;

/// <summary><c>disks</c> (turning) and <c>ssds</c>: names of block devices that are not virtual, and <c>iscsi_iqn</c>, <c>nvme_nqn</c> where configured.</summary>
internal static class DiskGrains
{
    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var machine = input.Machine;
        var kinds = machine.List("/sys/block")
            .Where(d => machine.LinkTarget("/sys/block/" + d)?.StartsWith("../devices/virtual/", StringComparison.Ordinal) is not true)
            .ToLookup(d => machine.ReadText($"/sys/block/{d}/queue/rotational") is [var flag, ..] ? flag : ' ');
        grains["disks"] = ListValue.OfTexts(kinds['1']);
        grains["ssds"] = ListValue.OfTexts(kinds['0']);
        if (IsOn(input, "iscsi_grains"))
            grains["iscsi_iqn"] = ListValue.OfTexts(
                machine.ReadLines("/etc/iscsi/initiatorname.iscsi").Select(l => l.Trim())
                    .Where(l => l.StartsWith("InitiatorName=", StringComparison.Ordinal)).Select(l => l["InitiatorName=".Length..]));
        if (IsOn(input, "nvme_grains"))
            grains["nvme_nqn"] = ListValue.OfTexts(
                machine.ReadLines("/etc/nvme/hostnqn").Select(l => l.Trim()).Where(l => l.StartsWith("nqn.", StringComparison.Ordinal)));
        if (IsOn(input, "fibre_channel_grains"))
            grains["fc_wwn"] = ListValue.OfTexts(
                machine.List("/sys/class/fc_host").Select(h => machine.ReadTrimmed($"/sys/class/fc_host/{h}/port_name"))
                    .OfType<string>().Select(n => n.StartsWith("0x", StringComparison.Ordinal) ? n[2..] : n));
    }

    private static bool IsOn(GrainInput input, string option) => input.Options.Get(option) is { IsTruthy: true };
}
