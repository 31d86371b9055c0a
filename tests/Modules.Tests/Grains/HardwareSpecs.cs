using SaltActors.Core.Values;
using SaltActors.Modules.Grains;

namespace SaltActors.Modules.Tests.Grains;

public sealed class HardwareSpecs
{
    private static Task<MapValue> Collect(RecordedMachine machine) => CoreGrains.CollectAsync(new(machine), MapValue.Empty, CancellationToken.None);

    [Fact]
    public async Task Counts_processors_and_reads_the_first_flags()
    {
        var grains = await Collect(new() { Files = { ["/proc/cpuinfo"] = "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC\nflags\t\t: fpu vme\n\nprocessor\t: 1\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC\nflags\t\t: fpu vme\n" } });
        Assert.Equal(2, grains.Get("num_cpus"));
        Assert.Equal("AMD EPYC", grains.TextOf("cpu_model"));
        Assert.Equal(ListValue.Create(["fpu", "vme"]), grains.Get("cpu_flags"));
    }

    [Fact]
    public async Task Counts_memory_in_whole_mebibytes()
    {
        var grains = await Collect(new() { Files = { ["/proc/meminfo"] = "MemTotal:        2047999 kB\nMemFree: 1 kB\nSwapTotal:       1048572 kB\n" } });
        Assert.Equal((1999L, 1023L), (grains.Get("mem_total")!.AsInteger(), grains.Get("swap_total")!.AsInteger()));
    }

    [Fact]
    public async Task Tells_turning_disks_from_others_and_leaves_virtual_ones_out()
    {
        var grains = await Collect(new()
        {
            Files = { ["/sys/block/sda/queue/rotational"] = "1\n", ["/sys/block/nvme0n1/queue/rotational"] = "0\n", ["/sys/block/loop0/queue/rotational"] = "1\n" },
            Links = { ["/sys/block/loop0"] = "../devices/virtual/block/loop0", ["/sys/block/sda"] = "../devices/pci0000:00/sda" },
        });
        Assert.Equal(ListValue.Create(["sda"]), grains.Get("disks"));
        Assert.Equal(ListValue.Create(["nvme0n1"]), grains.Get("ssds"));
    }

    [Fact]
    public async Task Finds_volumes_arrays_and_pools()
    {
        var uuid = "LVM-" + new string('x', 64);
        var machine = new RecordedMachine
        {
            Files =
            {
                ["/etc/lvm/backup/empty"] = "",
                ["/sys/block/dm-0/dm/name"] = "data--pool-web", ["/sys/block/dm-0/dm/uuid"] = uuid + "\n",
                ["/sys/block/dm-1/dm/name"] = "data--pool-web_tmeta", ["/sys/block/dm-1/dm/uuid"] = uuid + "-tmeta\n",
                ["/sys/module/zfs/version"] = "2.1",
                ["/proc/mdstat"] = "Personalities : [raid1]\nmd1 : active raid1 sdb2[1]\n      100 blocks\nmd0 : active raid1 sdb1[1]\nunused devices: <none>\n",
            },
            Programs = { ["/usr/bin/zpool list -H -p -o name,size"] = new(0, "tank\t1099511627776\n") },
        }.With("lvm", "zpool");
        var grains = await Collect(machine);
        Assert.Equal(MapValue.Of(("empty", ListValue.Empty), ("data-pool", ListValue.Create(["web"]))), grains.Get("lvm"));
        Assert.Equal(ListValue.Create(["md0", "md1"]), grains.Get("mdadm"));
        Assert.Equal(MapValue.Of(("tank", 1099511627776)), grains.Get("zpool"));
        Assert.Equal(true, grains.Get("zfs_support"));
    }

    [Fact]
    public async Task Lists_display_cards_and_asks_only_where_the_bus_has_one()
    {
        const string cards = "Slot:\t00:02.0\nClass:\tVGA compatible controller\nVendor:\tCirrus Logic\nDevice:\tGD 5446\n\nSlot:\t01:00.0\nClass:\t3D controller\nVendor:\tNVIDIA Corporation\nDevice:\tGP100\n\nSlot:\t00:1f.0\nClass:\tISA bridge\nVendor:\tIntel\nDevice:\tLPC\n";
        var machine = new RecordedMachine { Files = { ["/sys/bus/pci/devices/0000:01:00.0/class"] = "0x030200\n" }, Programs = { ["/usr/bin/lspci -vmm"] = new(0, cards) } }.With("lspci");
        var grains = await Collect(machine);
        Assert.Equal(ListValue.Create([MapValue.Of(("vendor", "unknown"), ("model", "GD 5446")), MapValue.Of(("vendor", "nvidia"), ("model", "GP100"))]), grains.Get("gpus"));
        var headless = new RecordedMachine { Files = { ["/sys/bus/pci/devices/0000:00:1f.0/class"] = "0x060100\n" } }.With("lspci");
        Assert.Equal(0, (await Collect(headless)).Get("num_gpus"));
        Assert.Empty(headless.Started);
    }

    [Theory]
    [InlineData("kvm", 0, "kvm", "")]
    [InlineData("vmware", 0, "VMware", "")]
    [InlineData("microsoft", 0, "VirtualPC", "")]
    [InlineData("lxc-libvirt", 0, "container", "LXC")]
    [InlineData("amazon", 0, "Nitro", "Amazon EC2")]
    [InlineData("docker", 0, "physical", "")]
    [InlineData("none", 1, "physical", "")]
    public async Task Believes_systemd_about_the_hypervisor(string answer, int code, string kind, string subtype)
    {
        var grains = await Collect(new RecordedMachine { Programs = { ["/usr/bin/systemd-detect-virt"] = new(code, answer + "\n") } }.With("systemd-detect-virt"));
        Assert.Equal((kind, subtype), (grains.TextOf("virtual"), grains.TextOf("virtual_subtype") ?? ""));
    }

    [Theory]
    [InlineData("/sys/class/dmi/id/sys_vendor|QEMU", "kvm", "")]
    [InlineData("/sys/class/dmi/id/product_name|VirtualBox", "VirtualBox", "")]
    [InlineData("/sys/class/dmi/id/sys_vendor|VMware, Inc.", "VMware", "")]
    [InlineData("/sys/devices/virtual/dmi/id/product_name|Google Compute Engine", "gce", "")]
    [InlineData("/proc/1/cgroup|12:pids:/docker/0123", "container", "Docker")]
    [InlineData("/proc/1/cgroup|12:pids:/kubepods/x", "virtual", "kubernetes")]
    [InlineData("/proc/xen/capabilities|control_d", "xen", "Xen Dom0")]
    [InlineData("/proc/xen/capabilities|", "xen", "Xen PV DomU")]
    [InlineData("/proc/vz/veinfo|", "openvzve", "")]
    [InlineData("/proc/1/environ|container=lxc\0", "container", "LXC")]
    public async Task Sees_the_traces_of_guests_and_containers(string file, string kind, string subtype)
    {
        var grains = await Collect(new() { Files = { [file.Split('|')[0]] = file.Split('|')[1] } });
        Assert.Equal((kind, subtype), (grains.TextOf("virtual"), grains.TextOf("virtual_subtype") ?? ""));
    }

    [Fact]
    public async Task Names_the_instance_type_on_Amazon()
    {
        var machine = new RecordedMachine
        {
            Files = { ["/sys/class/dmi/id/sys_vendor"] = "Amazon EC2\n", ["/sys/class/dmi/id/product_name"] = "t3.micro\n", ["/sys/class/dmi/id/product_uuid"] = "EC2ABC\n" },
            Programs = { ["/usr/bin/systemd-detect-virt"] = new(0, "kvm\n") },
        }.With("systemd-detect-virt");
        var grains = await Collect(machine);
        Assert.Equal(("Nitro", "Amazon EC2 (t3.micro)", "ec2abc"), (grains.TextOf("virtual"), grains.TextOf("virtual_subtype"), grains.TextOf("uuid")));
    }
}
