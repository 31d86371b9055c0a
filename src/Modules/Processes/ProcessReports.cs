using System.Globalization;
using SaltActors.Core.Values;
using SaltActors.Modules.Disk;
using SaltActors.Modules.Grains.Machines;
using SaltActors.Modules.Status;

namespace SaltActors.Modules.Processes;

/// <summary>Processor times in ticks, as a line of <c>/proc/stat</c> has them.</summary>
internal sealed record CpuTicks(IReadOnlyList<long> Ticks)
{
    private static readonly string[] Names = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest", "guest_nice"];
    private long Idle => At(3) + At(4);
    // Guests are counted among user and nice already.
    private long Total => Ticks.Take(8).Sum();
    private long At(int place) => place < Ticks.Count ? Ticks[place] : 0;

    /// <summary>The first is of all processors together.</summary>
    public static IReadOnlyList<CpuTicks> Read(IMachine machine) =>
    [
        .. machine.ReadLines("/proc/stat").Where(l => l.StartsWith("cpu", StringComparison.Ordinal))
            .Select(l => new CpuTicks([.. KernelTables.Words(l).Skip(1).Select(w => long.Parse(w, CultureInfo.InvariantCulture))])),
    ];

    /// <summary>Seconds by kind.</summary>
    public MapValue ToValue() => MapValue.From(Names.Zip(Ticks, (n, t) => KeyValuePair.Create(n, (Value)((double)t / ProcessTable.TicksPerSecond))));

    /// <summary>Which part of the time since then was work, in percent with one decimal.</summary>
    public double BusySince(CpuTicks before) =>
        Total > before.Total ? Math.Round(Math.Clamp(100.0 * (Total - before.Total - (Idle - before.Idle)) / (Total - before.Total), 0, 100), 1) : 0;
}

/// <summary>Memory, disks, cards and processes in the shapes that psutil gives Salt.</summary>
internal static class ProcessReports
{
    private const int SectorBytes = 512;

    /// <summary>Bytes, and <c>percent</c>.</summary>
    public static MapValue VirtualMemory(IMachine machine)
    {
        var memory = Memory(machine);
        long total = memory("MemTotal"), free = memory("MemFree"), available = memory("MemAvailable");
        var cached = memory("Cached") + memory("SReclaimable");
        var used = total - free - memory("Buffers") - cached;
        return MapValue.Of(
            ("total", total), ("available", available), ("percent", Percent(total - available, total)), ("used", used < 0 ? total - free : used), ("free", free),
            ("active", memory("Active")), ("inactive", memory("Inactive")), ("buffers", memory("Buffers")), ("cached", cached), ("shared", memory("Shmem")), ("slab", memory("Slab")));
    }

    /// <summary>Bytes, and <c>percent</c>; <c>sin</c> and <c>sout</c> since boot.</summary>
    public static MapValue Swap(IMachine machine)
    {
        var memory = Memory(machine);
        long total = memory("SwapTotal"), free = memory("SwapFree");
        var paging = KernelTables.VirtualMemory(machine);
        long Pages(string name) => (paging.Get(name)?.AsInteger() ?? 0) * 4096;
        return MapValue.Of(("total", total), ("used", total - free), ("free", free), ("percent", Percent(total - free, total)), ("sin", Pages("pswpin")), ("sout", Pages("pswpout")));
    }

    public static long TotalMemory(IMachine machine) => Memory(machine)("MemTotal");

    /// <summary>Mounted file systems; without <paramref name="isAll"/> only those of kinds that need a device.</summary>
    public static IEnumerable<Mount> Partitions(IMachine machine, bool isAll)
    {
        var kinds = machine.ReadLines("/proc/filesystems").Where(l => !l.StartsWith("nodev", StringComparison.Ordinal)).Select(l => l.Trim()).Append("zfs").ToHashSet();
        return Mounts.Read(machine).Where(m => isAll || (m.Device.Length > 0 && kinds.Contains(m.Type)));
    }

    /// <summary>Bytes, and <c>percent</c> of what users may have.</summary>
    public static MapValue Usage(Room room) => MapValue.Of(
        ("total", room.Total), ("used", room.Used), ("free", room.Available), ("percent", Percent(room.Used, room.Used + room.Available)));

    /// <summary>Sums over all cards, or one card's.</summary>
    /// <returns>Null where there is no such card.</returns>
    public static MapValue? NetworkCounters(IMachine machine, string? card)
    {
        var cards = KernelTables.Cards(machine);
        if (card is not null && !cards.Has(card)) return null;
        long Sum(string name) => cards.Where(c => card is null || c.Key.AsText() == card).Sum(c => ((MapValue)c.Value).Get(name)?.AsInteger() ?? 0);
        return MapValue.Of(("bytes_sent", Sum("tx_bytes")), ("bytes_recv", Sum("rx_bytes")), ("packets_sent", Sum("tx_packets")), ("packets_recv", Sum("rx_packets")),
            ("errin", Sum("rx_errs")), ("errout", Sum("tx_errs")), ("dropin", Sum("rx_drop")), ("dropout", Sum("tx_drop")));
    }

    /// <summary>Sums over all disks, or one disk's; partitions are counted with their disk.</summary>
    /// <returns>Null where there is no such disk.</returns>
    public static MapValue? DiskCounters(IMachine machine, string? disk)
    {
        var disks = KernelTables.Disks(machine);
        if (disk is not null && !disks.Has(disk)) return null;
        var meant = disks.Where(d => disk is null ? machine.HasFolder("/sys/block/" + d.Key) : d.Key.AsText() == disk).Select(d => (MapValue)d.Value).ToList();
        long Sum(string name) => meant.Sum(d => d.Get(name)?.AsInteger() ?? 0);
        return MapValue.Of(("read_count", Sum("reads_issued")), ("write_count", Sum("writes_completed")), ("read_bytes", Sum("sectors_read") * SectorBytes), ("write_bytes", Sum("sectors_written") * SectorBytes),
            ("read_time", Sum("ms_spent_reading")), ("write_time", Sum("ms_spent_writing")), ("read_merged_count", Sum("reads_merged")), ("write_merged_count", Sum("writes_merged")), ("busy_time", Sum("ms_spent_in_io")));
    }

    /// <summary>When the machine was started, in seconds since 1970.</summary>
    public static long BootTime(IMachine machine) => KernelTables.Cpu(machine).Get("btime")?.AsInteger() ?? 0;

    /// <summary>One process: <c>pid, ppid, name, cmdline, status, username, create_time, cpu_times, memory_info, memory_percent, nice, num_threads, uids</c>.</summary>
    public static MapValue ToValue(ProcessEntry p, IMachine machine) => MapValue.Of(
        ("pid", p.Pid), ("ppid", p.Parent), ("name", p.Name), ("cmdline", ListValue.OfTexts(p.Arguments)), ("status", StatusOf(p.State)), ("username", p.User), ("create_time", Created(p, machine)),
        ("cpu_times", MapValue.Of(("user", (double)p.UserTicks / ProcessTable.TicksPerSecond), ("system", (double)p.SystemTicks / ProcessTable.TicksPerSecond))),
        ("memory_info", MapValue.Of(("rss", p.Resident), ("vms", p.Virtual))), ("memory_percent", Percent(p.Resident, TotalMemory(machine))),
        ("nice", p.Nice), ("num_threads", p.Threads));

    public static double Created(ProcessEntry p, IMachine machine) => BootTime(machine) + (double)p.Started / ProcessTable.TicksPerSecond;

    public static string StatusOf(char state) => state switch
    {
        'R' => "running",
        'S' => "sleeping",
        'D' => "disk-sleep",
        'T' => "stopped",
        't' => "tracing-stop",
        'Z' => "zombie",
        'X' or 'x' => "dead",
        'I' => "idle",
        'P' => "parked",
        _ => state.ToString(),
    };

    private static double Percent(long part, long whole) => whole <= 0 ? 0 : Math.Round(100.0 * part / whole, 1);

    private static Func<string, long> Memory(IMachine machine)
    {
        var memory = KernelTables.Memory(machine);
        return name => long.TryParse(memory.MapOf(name).TextOf("value"), CultureInfo.InvariantCulture, out var kib) ? kib * 1024 : 0;
    }
}
