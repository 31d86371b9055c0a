using System.Globalization;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Hardware;

/// <summary>
/// Whether the machine is real: <c>virtual</c> (<c>physical</c>, <c>kvm</c>, <c>VMware</c>, <c>container</c> …), <c>virtual_subtype</c>,
/// and on Xen <c>virtual_hv_version(_info)</c>, <c>virtual_hv_features(_list)</c>.
/// </summary>
/// <remarks>
/// First systemd-detect-virt or virt-what; where they say nothing we know, the names in the firmware (what dmidecode prints);
/// then traces under /proc and /sys, each stronger than what was found before.
/// </remarks>
internal static class VirtualGrains
{
    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var machine = input.Machine;
        if (machine.ReadText("/proc/sys/kernel/version")?.Contains("BrandZ virtual linux", StringComparison.Ordinal) is true)
        {
            grains["virtual"] = "zone";
            return;
        }
        var found = FromPrograms(machine, input.Answers) ?? FromFirmware(machine) ?? new("physical");
        found = VirtualTraces.Read(machine, found, grains.Get("productname")?.AsText());
        if (found is { Kind: "physical", Subtype: not null }) found = found with { Kind = "virtual" };
        if (found.Kind is "qemu" or "kvm" or "xen" or "amazon") found = OnAmazon(machine, found);
        grains["virtual"] = found.Kind;
        if (found.Subtype is not null) grains["virtual_subtype"] = found.Subtype;
        if (found.Kind.Contains("xen", StringComparison.Ordinal)) AddXen(grains, machine);
    }

    private static VirtualKind? FromPrograms(IMachine machine, GrainAnswers answers)
    {
        if (answers.Virtual is not { Code: 0 } answer) return null;
        var isVirtWhat = machine.Which("virt-what") is not null;
        foreach (var line in answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if ((isVirtWhat ? FromVirtWhat(line) : FromSystemd(line)) is { } kind) return kind;
        // virt-what covers the rest by itself: the firmware is not asked after it.
        return isVirtWhat ? new("physical") : null;
    }

    private static VirtualKind? FromSystemd(string word) => word switch
    {
        "qemu" or "kvm" or "oracle" or "xen" or "bochs" or "chroot" or "uml" or "systemd-nspawn" => new(word),
        _ when word.Contains("vmware", StringComparison.Ordinal) => new("VMware"),
        _ when word.Contains("microsoft", StringComparison.Ordinal) => new("VirtualPC"),
        _ when word.Contains("lxc", StringComparison.Ordinal) => new("container", "LXC"),
        _ when word.Contains("amazon", StringComparison.Ordinal) => new("Nitro", "Amazon EC2"),
        _ => null,
    };

    private static VirtualKind? FromVirtWhat(string line) => line switch
    {
        "kvm" or "qemu" or "uml" or "xen" => new(line),
        "ibm_power-kvm" => new("kvm"),
        "ibm_power-lpar_shared" => new("LPAR", "shared"),
        "ibm_power-lpar_dedicated" => new("LPAR", "dedicated"),
        _ when line.Contains("lxc", StringComparison.Ordinal) => new("container", "LXC"),
        _ when line.Contains("vmware", StringComparison.Ordinal) => new("VMware"),
        _ when line.Contains("parallels", StringComparison.Ordinal) => new("Parallels"),
        _ when line.Contains("hyperv", StringComparison.Ordinal) => new("HyperV"),
        _ => null,
    };

    private static VirtualKind? FromFirmware(IMachine machine)
    {
        var bios = Dmi(machine, "bios_vendor");
        var maker = Dmi(machine, "sys_vendor");
        var product = Dmi(machine, "product_name");
        var all = string.Join('\n', bios, maker, product, Dmi(machine, "board_vendor"), Dmi(machine, "board_name"));
        if (all.Contains("BHYVE", StringComparison.Ordinal)) return new("bhyve");
        if (maker.StartsWith("oVirt", StringComparison.Ordinal)) return new("kvm", "ovirt");
        if (product.StartsWith("RHEV Hypervisor", StringComparison.Ordinal)) return new("kvm", "rhev");
        if (all.Contains("VirtualBox", StringComparison.Ordinal)) return new("VirtualBox");
        if (all.Contains("VMware", StringComparison.Ordinal)) return new("VMware");
        if (maker.StartsWith("Microsoft", StringComparison.Ordinal) && all.Contains("Virtual Machine", StringComparison.Ordinal)) return new("VirtualPC");
        if (all.Contains("Parallels Software", StringComparison.Ordinal)) return new("Parallels");
        return bios is "QEMU" or "Bochs" or "SeaBIOS" || maker is "QEMU" or "Bochs" || maker.StartsWith("Google", StringComparison.Ordinal) ? new("kvm") : null;
    }

    private static VirtualKind OnAmazon(IMachine machine, VirtualKind found)
    {
        if (Dmi(machine, "sys_vendor").StartsWith("Amazon EC2", StringComparison.Ordinal))
        {
            var product = Dmi(machine, "product_name");
            return new(found.Kind == "xen" ? "xen" : "Nitro", product.Length > 0 ? $"Amazon EC2 ({product})" : "Amazon EC2");
        }
        return Dmi(machine, "product_version").Contains(".amazon", StringComparison.Ordinal) ? found with { Subtype = "Amazon EC2" } : found;
    }

    private static string Dmi(IMachine machine, string file) => machine.ReadTrimmed("/sys/class/dmi/id/" + file) ?? "";

    // The bits of xen/include/public/features.h; 6 was never given out.
    private static readonly string?[] XenFeatures =
    [
        "writable_page_tables", "writable_descriptor_tables", "auto_translated_physmap", "supervisor_mode_kernel", "pae_pgdir_above_4gb",
        "mmu_pt_update_preserve_ad", null, "gnttab_map_avail_bits", "hvm_callback_vector", "hvm_safe_pvclock", "hvm_pirqs", "dom0",
        "grant_map_identity", "memory_op_vnode_supported", "ARM_SMCCC_supported",
    ];

    private static void AddXen(MapValue.Builder grains, IMachine machine)
    {
        const string version = "/sys/hypervisor/version/";
        if (machine.ReadTrimmed(version + "major") is { } major && machine.ReadTrimmed(version + "minor") is { } minor && machine.ReadTrimmed(version + "extra") is { } extra)
        {
            grains["virtual_hv_version"] = $"{major}.{minor}{extra}";
            grains["virtual_hv_version_info"] = ListValue.OfTexts([major, minor, extra]);
        }
        if (machine.ReadTrimmed("/sys/hypervisor/properties/features") is { } features && long.TryParse(features, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits))
        {
            grains["virtual_hv_features"] = features;
            grains["virtual_hv_features_list"] = ListValue.OfTexts(XenFeatures.Where((f, bit) => f is not null && (bits & (1L << bit)) != 0).OfType<string>());
        }
    }
}
