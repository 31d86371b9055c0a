using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Hardware;

/// <summary>
/// What the firmware says: <c>biosversion, biosvendor, biosreleasedate, boardname, productname, manufacturer, serialnumber, uuid</c>.
/// A grain is missing where its file is, or may not be read.
/// </summary>
internal static class DmiGrains
{
    private const string Folder = "/sys/class/dmi/id/", Tree = "/proc/device-tree/";

    private static readonly (string Grain, string File)[] Files =
    [
        ("biosversion", "bios_version"), ("biosvendor", "bios_vendor"), ("boardname", "board_name"), ("productname", "product_name"),
        ("manufacturer", "sys_vendor"), ("biosreleasedate", "bios_date"), ("uuid", "product_uuid"), ("serialnumber", "product_serial"),
    ];

    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var machine = input.Machine;
        AddDeviceTree(grains, machine);
        foreach (var (grain, file) in Files)
            if (machine.ReadTrimmed(Folder + file) is { } text) grains[grain] = grain == "uuid" ? text.ToLowerInvariant() : text;
    }

    // ARM and Power boards have a device tree in place of DMI: "manufacturer,model", and the serial number.
    private static void AddDeviceTree(MapValue.Builder grains, IMachine machine)
    {
        if (Text("model") is { Length: > 0 } model)
        {
            var comma = model.IndexOf(',', StringComparison.Ordinal);
            if (comma >= 0) grains["manufacturer"] = model[..comma];
            grains["productname"] = model[(comma + 1)..];
        }
        if ((Text("serial-number") ?? Text("system-id")) is { Length: > 0 } serial) grains["serialnumber"] = serial;

        string? Text(string name) => machine.ReadText(Tree + name)?.TrimEnd('\0');
    }
}
