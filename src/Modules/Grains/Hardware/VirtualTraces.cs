using System.Globalization;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Hardware;

/// <summary>The grains <c>virtual</c> and <c>virtual_subtype</c>.</summary>
internal sealed record VirtualKind(string Kind, string? Subtype = null);

/// <summary>What hypervisors and containers leave behind under /proc and /sys. Each trace overrules what was found before it.</summary>
internal static class VirtualTraces
{
    private static readonly string[] DockerGroups = [":/system.slice/docker", ":/docker/", ":/docker-ce/"];

    internal static VirtualKind Read(IMachine machine, VirtualKind found, string? product)
    {
        if (machine.IsChroot is true) found = found with { Subtype = "chroot" };
        found = OpenVz(machine, found);
        found = Xen(machine, found, product);
        if (machine.ReadText("/proc/cpuinfo")?.Contains("QEMU Virtual CPU", StringComparison.Ordinal) is true) found = found with { Kind = "kvm" };
        found = ProductName(machine.ReadText("/sys/devices/virtual/dmi/id/product_name") ?? "", found);
        return Container(machine, found);
    }

    private static VirtualKind OpenVz(IMachine machine, VirtualKind found)
    {
        if (machine.HasFile("/proc/vz/version")) found = found with { Kind = "openvzhn" };
        else if (machine.HasFile("/proc/vz/veinfo")) found = found with { Kind = "openvzve" };
        foreach (var line in machine.ReadLines("/proc/self/status"))
            if (line.StartsWith("envID:", StringComparison.Ordinal) && long.TryParse(line[6..], CultureInfo.InvariantCulture, out var environment))
                found = found with { Kind = environment == 0 ? "openvzhn" : "openvzve" };
        return found;
    }

    private static VirtualKind Xen(IMachine machine, VirtualKind found, string? product)
    {
        if (!machine.HasFolder("/proc/sys/xen") && !machine.HasFolder("/sys/bus/xen") && !machine.HasFolder("/proc/xen")) return found;
        var subtype = found.Subtype;
        if (machine.HasFile("/proc/xen/xsd_kva")) subtype = "Xen Dom0";
        else if (product == "HVM domU") subtype = "Xen HVM DomU";
        else if (machine.ReadText("/proc/xen/capabilities") is { } capabilities)
            subtype = capabilities.Contains("control_d", StringComparison.Ordinal) ? "Xen Dom0" : "Xen PV DomU";
        // The console driver is loaded in guests alone; kernels with Xen built in have the rest everywhere.
        else if (machine.HasFolder("/sys/bus/xen/drivers/xenconsole")) subtype = "Xen PV DomU";
        return subtype?.Contains("dom", StringComparison.OrdinalIgnoreCase) is true ? new("xen", subtype) : found with { Subtype = subtype };
    }

    private static VirtualKind ProductName(string product, VirtualKind found) => product switch
    {
        _ when product.Contains("VirtualBox", StringComparison.Ordinal) => found with { Kind = "VirtualBox" },
        _ when product.Contains("RHEV Hypervisor", StringComparison.Ordinal) => new("kvm", "rhev"),
        _ when product.Contains("oVirt Node", StringComparison.Ordinal) => new("kvm", "ovirt"),
        _ when product.Contains("Google", StringComparison.Ordinal) => found with { Kind = "gce" },
        _ when product.Contains("BHYVE", StringComparison.Ordinal) => found with { Kind = "bhyve" },
        _ => found,
    };

    private static VirtualKind Container(IMachine machine, VirtualKind found)
    {
        var groups = machine.ReadText("/proc/1/cgroup") ?? "";
        if (groups.Contains(":/lxc/", StringComparison.Ordinal)) found = new("container", "LXC");
        else if (groups.Contains(":/kubepods/", StringComparison.Ordinal)) found = found with { Subtype = "kubernetes" };
        else if (groups.Contains(":/libpod_parent/", StringComparison.Ordinal)) found = found with { Subtype = "libpod" };
        else if (DockerGroups.Any(g => groups.Contains(g, StringComparison.Ordinal))) found = new("container", "Docker");
        else if (machine.HasFile("/.dockerenv")) found = new("container", "Docker");
        return machine.ReadText("/proc/1/environ")?.Contains("container=lxc", StringComparison.Ordinal) is true ? new("container", "LXC") : found;
    }
}
