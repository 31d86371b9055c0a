using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Processes;
using SaltActors.Modules.Status;
using SaltActors.Modules.Tests.Grains;

namespace SaltActors.Modules.Tests.Processes;

public sealed class ProcessSpecs
{
    private static readonly RecordedMachine Machine = new()
    {
        Files =
        {
            ["/proc/stat"] = "cpu  100 0 100 800 0 0 0 0 0 0\nbtime 1000\n",
            ["/proc/meminfo"] = "MemTotal: 1000 kB\nMemFree: 200 kB\nMemAvailable: 600 kB\nBuffers: 50 kB\nCached: 250 kB\nSReclaimable: 100 kB\nShmem: 5 kB\nSwapTotal: 100 kB\nSwapFree: 75 kB\n",
            ["/proc/vmstat"] = "pswpin 2\npswpout 3\n",
            ["/proc/filesystems"] = "nodev\tproc\n\text4\n",
            ["/proc/self/mounts"] = "/dev/vda / ext4 rw 0 0\nproc /proc proc rw 0 0\n",
            ["/proc/net/dev"] = "a\nb\n    lo: 100 2 0 0 0 0 0 0 100 2 0 0 0 0 0 0\n  eth0:7 1 1 3 0 0 0 5 9 1 0 0 0 0 0 0\n",
            ["/proc/diskstats"] = " 254 0 vda 1 2 3 4 5 6 7 8 9 10 11\n 254 1 vda1 1 2 3 4 5 6 7 8 9 10 11\n",
            ["/sys/block/vda/size"] = "1\n",
        },
    };

    private static ProcessEntry Process(int pid, string name, string user, long ticks, params string[] arguments) =>
        new(pid, 1, name, arguments, 'S', 0, user, ticks, 0, 200, 1, 0, 8192, 4096);

    [Fact]
    public void Counts_memory_as_psutil_does()
    {
        Assert.Equal("{'total': 1024000, 'available': 614400, 'percent': 40.0, 'used': 409600, 'free': 204800, 'active': 0, 'inactive': 0, 'buffers': 51200, 'cached': 358400, 'shared': 5120, 'slab': 0}", ProcessReports.VirtualMemory(Machine).ToString());
        Assert.Equal("{'total': 102400, 'used': 25600, 'free': 76800, 'percent': 25.0, 'sin': 8192, 'sout': 12288}", ProcessReports.Swap(Machine).ToString());
    }

    [Fact]
    public void Sums_counters_over_cards_and_disks()
    {
        Assert.Equal("{'bytes_sent': 109, 'bytes_recv': 107, 'packets_sent': 3, 'packets_recv': 3, 'errin': 1, 'errout': 0, 'dropin': 3, 'dropout': 0}", ProcessReports.NetworkCounters(Machine, null)!.ToString());
        Assert.Equal((Value)9, ProcessReports.NetworkCounters(Machine, "eth0")!.Get("bytes_sent"));
        Assert.Null(ProcessReports.NetworkCounters(Machine, "nope"));
        Assert.Equal("{'read_count': 1, 'write_count': 5, 'read_bytes': 1536, 'write_bytes': 3584, 'read_time': 4, 'write_time': 8, 'read_merged_count': 2, 'write_merged_count': 6, 'busy_time': 10}", ProcessReports.DiskCounters(Machine, null)!.ToString());
        Assert.Null(ProcessReports.DiskCounters(Machine, "nope"));
        Assert.Equal("/", Assert.Single(ProcessReports.Partitions(Machine, isAll: false)).Point);
        Assert.Equal(2, ProcessReports.Partitions(Machine, isAll: true).Count());
    }

    [Fact]
    public void Measures_how_busy_processors_are()
    {
        var later = new CpuTicks([150, 0, 150, 900, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(50.0, later.BusySince(CpuTicks.Read(Machine)[0]));
        Assert.Equal(0, later.BusySince(later));
        Assert.Equal((Value)1.5, later.ToValue().Get("user"));
    }

    [Fact]
    public void Finds_processes_by_name()
    {
        ProcessEntry[] all = [Process(10, "sshd", "root", 0, "/usr/sbin/sshd", "-D"), Process(11, "bash", "tom", 0, "-bash"), Process(12, "sshd", "tom", 0, "sshd: tom")];
        int[] Pids(string pattern, string? user = null, bool isFull = false, bool isRegex = false) => [.. ProcessSelection.Find(all, pattern, user, isFull, isRegex, self: 99).Select(p => p.Pid)];
        Assert.Equal([10, 12], Pids("ssh"));
        Assert.Equal([12], Pids("ssh", "tom"));
        Assert.Equal([10], Pids("-D", isFull: true));
        Assert.Equal([11], Pids("b.sh$", isRegex: true));
        Assert.Empty(ProcessSelection.Find(all, "bash", null, false, false, self: 11));
        Assert.Throws<CommandFailed>(() => Pids("(", isRegex: true));
    }

    [Fact]
    public void Names_the_busiest_first()
    {
        var before = new[] { Process(10, "a", "root", 0), Process(11, "b", "root", 0), Process(12, "gone", "root", 0) }.ToDictionary(p => (p.Pid, p.Started));
        var top = ProcessModule.Busiest(before, [Process(10, "a", "root", 10), Process(11, "b", "root", 90, "/b", "-x"), Process(13, "new", "root", 500)], 5, 3, Machine);
        Assert.Equal(["/b -x", "a"], top.Select(p => ((MapValue)p).TextOf("cmd")));
        Assert.Equal("{'cmd': '/b -x', 'user': 'root', 'status': 'sleeping', 'pid': 11, 'create_time': 1002.0, 'cpu': {'user': 0.9, 'system': 0.0, 'percent': 30.0}, 'mem': {'rss': 4096, 'vms': 8192}}", top[0].ToString());
    }

    [Fact]
    public async Task Answers_on_this_machine()
    {
        var calls = new Calls();
        var own = Environment.ProcessId;
        Assert.Contains((Value)own, (ListValue)await calls.Answer("ps.get_pid_list"));
        var info = (MapValue)await calls.Answer("ps.proc_info", own, ListValue.From(["pid", "status"]));
        Assert.Equal(["pid", "status"], info.Keys.Select(k => k.ToString()));
        Assert.Contains("no process", (await calls.Failure("ps.proc_info", MapValue.Empty, int.MaxValue)).Text, StringComparison.Ordinal);
        Assert.Equal((Value)false, await calls.Answer("ps.kill_pid", int.MaxValue));
        Assert.Equal("ERROR: '-1' is no number of a process", (await calls.Failure("ps.kill_pid", MapValue.Empty, -1)).Text);
        Assert.Equal(Value.Null, await calls.Answer("ps.pgrep", "no such name"));
        Assert.Equal(Value.Null, await calls.Answer("ps.pkill", "no such name"));
        Assert.InRange((await calls.Answer("ps.cpu_percent")).AsNumber()!.Value, 0, 100);
        Assert.True((await calls.Answer("ps.num_cpus")).AsInteger() > 0);
        Assert.True(((MapValue)await calls.Answer("ps.disk_usage", "/")).Get("total")!.AsInteger() > 0);
        Assert.Equal("ERROR: [Errno 2] No such file or directory: '/nope'", (await calls.Failure("ps.disk_usage", MapValue.Empty, "/nope")).Text);
        Assert.Equal((Value)false, await calls.Answer("ps.network_io_counters", "nope"));
        Assert.True((await calls.Answer("ps.boot_time")).AsInteger() > 0);
    }

    [Fact]
    public void Reads_users() => Assert.Equal("[{'name': 'tom', 'terminal': 'pts/0', 'started': '2026-11-23 09:26', 'host': '192.0.2.9'}]", MachineLoadModule.Users("tom      pts/0        2026-11-23 09:26 (192.0.2.9)\n").ToString());
}
