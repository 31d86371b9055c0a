using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Os;

/// <summary>How the machine is secured and booted: <c>selinux, efi, efi-secure-boot, transactional</c>.</summary>
internal static class SecurityGrains
{
    private static readonly string[] FirmwareVariables = ["/sys/firmware/efi/efivars", "/sys/firmware/efi/vars"];

    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var machine = input.Machine;
        if (machine.Which("selinuxenabled") is not null) grains["selinux"] = Selinux(machine);
        var variables = FirmwareVariables.FirstOrDefault(machine.HasFolder);
        grains["efi"] = variables is not null;
        grains["efi-secure-boot"] = variables is not null && IsSecureBoot(machine, variables);
        grains["transactional"] = machine.Which("transactional-update") is not null;
    }

    // The kernel's own file says what selinuxenabled and getenforce would.
    private static MapValue Selinux(IMachine machine)
    {
        var enforce = machine.ReadTrimmed("/sys/fs/selinux/enforce");
        var selinux = MapValue.Of(("enabled", enforce is not null));
        return machine.Which("getenforce") is null
            ? selinux
            : selinux.With("enforced", enforce switch { null => "Disabled", "1" => "Enforcing", _ => "Permissive" });
    }

    // The variable's last byte is 1 where secure boot is on.
    private static bool IsSecureBoot(IMachine machine, string folder)
    {
        var names = machine.List(folder).Where(n => n.StartsWith("SecureBoot-", StringComparison.Ordinal)).ToList();
        if (names.Count != 1) return false;
        var path = $"{folder}/{names[0]}" + (folder.EndsWith("efivars", StringComparison.Ordinal) ? "" : "/data");
        return machine.ReadBytes(path) is [.., 1];
    }
}
