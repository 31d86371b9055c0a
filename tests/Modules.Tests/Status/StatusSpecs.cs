using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Disk;
using SaltActors.Modules.Status;
using SaltActors.Modules.Tests.Grains;

namespace SaltActors.Modules.Tests.Status;

public sealed class StatusSpecs
{
    private static readonly RecordedMachine Machine = new()
    {
        Files =
        {
            ["/proc/loadavg"] = "7.86 7.17 5.82 3/512 4711\n",
            ["/proc/stat"] = "cpu  810394 1101 135244 2363498 4943 0 5454 250 0 0\ncpu0 390905 1 2 3 4 5 6 7 0 0\ncpu1 419488 1 2 3 4 5 6 7 0 0\nintr 11039756 0 3333\nctxt 154626526\nbtime 1795409261\nsoftirq 16959101 0 963391\n",
            ["/proc/meminfo"] = "MemTotal:       24684092 kB\nMemFree:        20701956 kB\nHugePages_Total:       0\n",
            ["/proc/cpuinfo"] = "processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu vme\n\nprocessor\t: 1\nmodel name\t: AMD EPYC\nflags\t\t: fpu vme de\npower management:\n",
            ["/proc/diskstats"] = " 254       0 vda 1 2 3 4 5 6 7 8 9 10 11 0 0 0 0 0 0\n 254 1\n",
            ["/proc/vmstat"] = "nr_free_pages 1337668\npswpin 2\n",
            ["/proc/net/netstat"] = "TcpExt: SyncookiesSent TW\nTcpExt: 0 438323\nIpExt: InNoRoutes\nIpExt: 18446744073709551615\n",
            ["/proc/net/dev"] = "Inter-|   Receive  |  Transmit\n face |bytes\n    lo: 100 2 0 0 0 0 0 0 100 2 0 0 0 0 0 0\n  eth0:7 1 0 3 0 0 0 5 9 1 0 0 0 0 0 0\n",
            ["/proc/uptime"] = "16665.55 23634.98\n",
            ["/proc/42/stat"] = "42 (a (b) c) S 1 42 42 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 3 0 1000 8192 2 18446744073709551615 1\n",
            ["/proc/42/status"] = "Name:\ta (b) c\nUid:\t33\t33\t33\t33\n",
            ["/proc/42/cmdline"] = "/usr/bin/a\0-x\0",
            ["/proc/2/stat"] = "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 1 0 0 20 0 1 0 1 0 0 18446744073709551615 0\n",
            ["/proc/2/status"] = "Uid:\t0\t0\t0\t0\n",
            ["/etc/passwd"] = "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/sh\n",
            ["/proc/self/mounts"] = "/dev/vda / ext4 rw,relatime 0 0\nproc /proc proc rw 0 0\n/dev/vdb /mnt/my\\040disk xfs ro 0 0\n/dev/vdc /mnt/my\\040disk ext4 rw 0 0\n",
        },
    };

    [Fact]
    public void Reads_the_kernels_counters()
    {
        Assert.Equal("{'1-min': 7.86, '5-min': 7.17, '15-min': 5.82}", KernelTables.Load(Machine).ToString());
        Assert.Equal("{'cpu': {'user': 810394, 'nice': 1101, 'system': 135244, 'idle': 2363498, 'iowait': 4943, 'irq': 0, 'softirq': 5454, 'steal': 250}, 'cpu0': 390905, 'cpu1': 419488, "
            + "'intr': {'total': 11039756, 'irqs': [0, 3333]}, 'ctxt': 154626526, 'btime': 1795409261, 'softirq': {'total': 16959101, 'softirqs': [0, 963391]}}", KernelTables.Cpu(Machine).ToString());
        Assert.Equal("{'MemTotal': {'value': '24684092', 'unit': 'kB'}, 'MemFree': {'value': '20701956', 'unit': 'kB'}, 'HugePages_Total': {'value': '0'}}", KernelTables.Memory(Machine).ToString());
        Assert.Equal("{'processor': '1', 'model name': 'AMD EPYC', 'flags': ['fpu', 'vme', 'de'], 'power management': ''}", KernelTables.Processor(Machine).ToString());
        Assert.Equal("{'vda': {'major': 254, 'minor': 0, 'device': 'vda', 'reads_issued': 1, 'reads_merged': 2, 'sectors_read': 3, 'ms_spent_reading': 4, 'writes_completed': 5, 'writes_merged': 6, "
            + "'sectors_written': 7, 'ms_spent_writing': 8, 'io_in_progress': 9, 'ms_spent_in_io': 10, 'weighted_ms_spent_in_io': 11}}", KernelTables.Disks(Machine).ToString());
        Assert.Equal("{'nr_free_pages': 1337668, 'pswpin': 2}", KernelTables.VirtualMemory(Machine).ToString());
        Assert.Equal("{'TcpExt': {'SyncookiesSent': 0, 'TW': 438323}, 'IpExt': {'InNoRoutes': 18446744073709551615}}", KernelTables.Protocols(Machine).ToString());
        Assert.Equal(2, KernelTables.Processors(Machine));
    }

    [Fact]
    public void Reads_counters_of_cards_in_salts_order()
    {
        var eth = (MapValue)KernelTables.Cards(Machine).Get("eth0")!;
        Assert.Equal(["iface", "rx_bytes", "rx_compressed", "rx_drop", "rx_errs", "rx_fifo", "rx_frame", "rx_multicast", "rx_packets",
            "tx_bytes", "tx_carrier", "tx_colls", "tx_compressed", "tx_drop", "tx_errs", "tx_fifo", "tx_packets"], eth.Keys.Select(k => k.ToString()));
        Assert.Equal((7L, 3L, 5L, 9L), (eth.Get("rx_bytes")!.AsInteger(), eth.Get("rx_drop")!.AsInteger(), eth.Get("rx_multicast")!.AsInteger(), eth.Get("tx_bytes")!.AsInteger()));
    }

    [Fact]
    public void Tells_how_long_the_machine_is_up() => Assert.Equal(
        "{'seconds': 16665, 'since_iso': '2026-11-23T04:47:41.450000', 'since_t': 1795409262, 'days': 0, 'time': '4:37', 'users': 1}",
        KernelTables.Uptime(Machine, new DateTimeOffset(2026, 11, 23, 9, 25, 27, TimeSpan.Zero), 1).ToString());

    [Fact]
    public void Lists_processes_with_their_users() =>
        Assert.Equal("{'2': {'user': 'root', 'cmd': '[kthreadd]'}, '42': {'user': 'www-data', 'cmd': '/usr/bin/a -x'}}", ProcessTable.ToValue(ProcessTable.Read(Machine)).ToString());

    [Fact]
    public void Sees_the_mount_that_hides_another() =>
        Assert.Equal(["/dev/vda / ext4", "proc /proc proc", "/dev/vdc /mnt/my disk ext4"], Mounts.Read(Machine).Select(m => $"{m.Device} {m.Point} {m.Type}"));

    [Fact]
    public void Names_what_the_kernel_does_not_tell() =>
        Assert.Equal("File /proc/uptime was not found.", Assert.Throws<CommandFailed>(() => KernelTables.Uptime(new RecordedMachine(), DateTimeOffset.UnixEpoch, 0)).Message);

    [Theory]
    [InlineData("%A, %d. %B %Y %I:%M%p", "Monday, 23. November 2026 09:26AM")]
    [InlineData("%H %j %y %b %a %p %I %Z %z %c", "09 327 26 Nov Mon AM 09   Mon Nov 23 09:26:01 2026")]
    [InlineData("%U %W %V %G %u %w %e %% %Q", "47 47 48 2026 1 1 23 % %Q")]
    public void Writes_time_as_python_does(string format, string expected) =>
        Assert.Equal(expected, TimeText.Format(new DateTimeOffset(2026, 11, 23, 9, 26, 1, TimeSpan.Zero), format));

    [Fact]
    public async Task Answers_on_this_machine()
    {
        var calls = new Calls { Options = MapValue.Of(("id", "web1"), ("status.cpustats.custom", ListValue.From(["ctxt"])), ("status.loadavg.custom", ListValue.From(["1-min"]))) };
        var all = (MapValue)await calls.Answer("status.all_status");
        Assert.Equal(["cpuinfo", "cpustats", "diskstats", "diskusage", "loadavg", "meminfo", "netdev", "netstats", "uptime", "vmstats", "w"], all.Keys.Select(k => k.ToString()));
        Assert.True(all.MapOf("diskusage").MapOf("/").Get("total")!.AsInteger() > 0);
        Assert.Equal(["ctxt", "1-min"], ((MapValue)await calls.Answer("status.custom")).Keys.Select(k => k.ToString()));
        Assert.Equal((Value)"", await calls.Answer("status.pid", "no such program at all"));
        Assert.Equal((Value)false, await calls.Answer("status.proxy_reconnect", "x"));
        Assert.Equal(Value.Null, await calls.Answer("status.master"));
    }

    [Fact]
    public void Reads_who_is_logged_in() => Assert.Equal(
        "[{'user': 'tom', 'tty': 'pts/0', 'login': '09:26', 'idle': '1.00s', 'jcpu': '0.02s', 'pcpu': '0.00s', 'what': 'vim a file'}]",
        StatusModule.Logins("tom      pts/0     09:26    1.00s  0.02s  0.00s vim a file\n").ToString());
}
