using SaltActors.Core.Values;
using SaltActors.Modules.Grains;

namespace SaltActors.Modules.Tests.Grains;

public sealed class LocalMachineSpecs
{
    private static readonly string[] Always =
    [
        "cpu_flags", "cpu_model", "cpuarch", "cwd", "disks", "domain", "efi", "efi-secure-boot", "fqdn", "fqdn_ip4", "fqdn_ip6", "fqdns", "gid", "gpus",
        "groupname", "host", "hwaddr_interfaces", "id", "init", "ip4_interfaces", "ip6_interfaces", "ip_interfaces", "ipv4", "ipv6", "kernel", "kernelrelease",
        "kernelversion", "locale_info", "localhost", "master", "mem_total", "nodename", "num_cpus", "num_gpus", "os", "os_family", "osarch", "path", "pid", "ps",
        "pythonexecutable", "pythonpath", "pythonversion", "saltpath", "saltversion", "saltversioninfo", "server_id", "shell", "ssds", "systempath", "transactional",
        "uid", "username", "virtual", "zfs_feature_flags", "zfs_support",
    ];

    [Fact]
    public async Task Collects_every_grain_that_each_Linux_machine_has()
    {
        var options = MapValue.Of(("id", "web1.example.com"), ("master", "salt"));
        var grains = await CoreGrains.CollectAsync(GrainSources.Local, options, CancellationToken.None);
        Assert.Equal([], Always.Where(k => !grains.Has(k)));
        Assert.Equal("Linux", grains.TextOf("kernel"));
        Assert.Equal(Environment.ProcessId, grains.Get("pid"));
        Assert.True(grains.Get("mem_total")!.AsInteger() > 0);
        Assert.Contains((Value)"127.0.0.1", grains.ListOf("ipv4"));
        Assert.Equal("00:00:00:00:00:00", grains.MapOf("hwaddr_interfaces").TextOf("lo"));
    }

    [Fact]
    public void Starts_nothing_where_files_must_do()
    {
        var machine = new RecordedMachine().With("systemctl", "localectl", "systemd-detect-virt", "lspci");
        CoreGrains.CollectFast(new(machine), MapValue.Empty);
        Assert.Empty(machine.Started);
    }
}
