using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Identity;

/// <summary>Who the minion is: <c>id, master, server_id, machine_id, append_domain, saltversion, saltversioninfo, saltpath, python…</c></summary>
internal static class IdentityGrains
{
    private static readonly string[] MachineIdFiles = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var (machine, options) = (input.Machine, input.Options);
        var id = options.TextOf("id") ?? "";
        grains["id"] = id;
        grains["master"] = options.Get("master") ?? "";
        grains["server_id"] = ServerId.Of(id, options.Get("server_id_use_crc"));
        if (MachineIdFiles.Select(machine.ReadTrimmed).FirstOrDefault(t => t is not null) is { } machineId) grains["machine_id"] = machineId;
        if (options.TryGet("append_domain", out var domain)) grains["append_domain"] = domain;
        grains["saltversion"] = SaltVersion.Text;
        grains["saltversioninfo"] = ListValue.Create([SaltVersion.Major, SaltVersion.Minor]);
        grains["saltpath"] = machine.Process.ProgramFolder;
        AddPython(grains, machine);
    }

    // No Python runs this minion. Formulas ask pythonversion[0] to choose the packages of Python 3, so that number is always there;
    // more digits, and the executable, are those of the machine's own python3.
    private static void AddPython(MapValue.Builder grains, IMachine machine)
    {
        var python = machine.Which("/usr/bin/python3") ?? machine.Which("python3");
        var target = python is null ? null : machine.LinkTarget(python);
        var minor = target?.LastIndexOf("python3.", StringComparison.Ordinal) is >= 0 and var place && int.TryParse(target[(place + 8)..], out var digits)
            ? digits
            : (int?)null;
        grains["pythonversion"] = minor is { } known ? ListValue.Create([3, known]) : ListValue.Create([3]);
        grains["pythonexecutable"] = python;
        grains["pythonpath"] = ListValue.Empty;
    }
}
