using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Disk;
using SaltActors.Modules.Grains.Machines;
using SaltActors.Modules.Network;
using SaltActors.Modules.Status;

namespace SaltActors.Modules.Processes;

/// <summary>The functions of <c>ps</c> about the machine as a whole.</summary>
/// <remarks>Follows Salt 3006, salt/modules/ps.py.</remarks>
public static class MachineLoadModule
{
    private static readonly LocalMachine Machine = new();

    /// <summary>How busy the processors are, in percent.</summary>
    /// <param name="interval">Seconds to measure.</param>
    /// <param name="perCpu">A list, one for each processor.</param>
    /// <example><code>salt '*' ps.cpu_percent</code></example>
    [SaltFunction("ps.cpu_percent")]
    public static async Task<Value> CpuPercent(CallContext context, double interval = 0.1, bool perCpu = false)
    {
        var before = CpuTicks.Read(Machine);
        await Task.Delay(ProcessModule.Duration(interval), context.Clock, context.Stopped).ConfigureAwait(false);
        var busy = CpuTicks.Read(Machine).Zip(before, (now, then) => (Value)now.BusySince(then)).ToList();
        return perCpu ? ListValue.From(busy.Skip(1)) : busy.FirstOrDefault() ?? Value.Null;
    }

    /// <summary>What the processors spent their time on since boot, in seconds.</summary>
    /// <param name="perCpu">A list, one map for each processor.</param>
    /// <example><code>salt '*' ps.cpu_times</code></example>
    [SaltFunction("ps.cpu_times")]
    public static Value CpuTimes(bool perCpu = false)
    {
        var all = CpuTicks.Read(Machine).Select(t => t.ToValue()).ToList();
        return perCpu ? ListValue.From(all.Skip(1)) : all.FirstOrDefault() ?? MapValue.Empty;
    }

    /// <summary>How memory is used, in bytes.</summary>
    /// <example><code>salt '*' ps.virtual_memory</code></example>
    [SaltFunction("ps.virtual_memory")]
    public static MapValue VirtualMemory() => ProcessReports.VirtualMemory(Machine);

    /// <summary>How swap space is used, in bytes.</summary>
    /// <example><code>salt '*' ps.swap_memory</code></example>
    [SaltFunction("ps.swap_memory")]
    public static MapValue SwapMemory() => ProcessReports.Swap(Machine);

    /// <summary>The memory of the machine, in bytes.</summary>
    /// <example><code>salt '*' ps.total_physical_memory</code></example>
    [SaltFunction("ps.total_physical_memory")]
    public static long TotalPhysicalMemory() => ProcessReports.TotalMemory(Machine);

    /// <summary>How many processors there are.</summary>
    /// <example><code>salt '*' ps.num_cpus</code></example>
    [SaltFunction("ps.num_cpus")]
    public static int NumCpus() => KernelTables.Processors(Machine);

    /// <summary>When the machine was started.</summary>
    /// <param name="timeFormat">As C's <c>strftime</c> takes it, for the local time; seconds since 1970 where it is not given.</param>
    /// <example><code>salt '*' ps.boot_time</code></example>
    [SaltFunction("ps.boot_time")]
    public static Value BootTime(CallContext context, string? timeFormat = null)
    {
        var seconds = ProcessReports.BootTime(Machine);
        return string.IsNullOrEmpty(timeFormat) ? seconds : TimeText.Format(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(seconds), context.Clock.LocalTimeZone), timeFormat);
    }

    /// <summary>The mounted file systems.</summary>
    /// <param name="all">Those without a device too.</param>
    /// <returns>Maps: <c>device, mountpoint, fstype, opts</c>.</returns>
    /// <example><code>salt '*' ps.disk_partitions</code></example>
    [SaltFunction("ps.disk_partitions")]
    public static ListValue DiskPartitions(bool all = false) => ListValue.From(ProcessReports.Partitions(Machine, all).Select(Partition));

    /// <summary>How full the file system is that holds a path, in bytes.</summary>
    /// <param name="path">The path.</param>
    /// <returns><c>total, used, free, percent</c>.</returns>
    /// <exception cref="CommandFailed">There is no such path.</exception>
    /// <example><code>salt '*' ps.disk_usage /home</code></example>
    [SaltFunction("ps.disk_usage")]
    public static MapValue DiskUsage(string path) => Path.Exists(path) && FileSystems.Ask(path) is { } room
        ? ProcessReports.Usage(room)
        : throw new CommandFailed($"[Errno 2] No such file or directory: '{path}'");

    /// <summary>The mounted file systems with how full they are.</summary>
    /// <param name="all">Those without a device too.</param>
    /// <example><code>salt '*' ps.disk_partition_usage</code></example>
    [SaltFunction("ps.disk_partition_usage")]
    public static ListValue DiskPartitionUsage(bool all = false) => ListValue.From(ProcessReports.Partitions(Machine, all)
        .Select(m => FileSystems.Ask(m.Point) is { } room ? Partition(m).Over(ProcessReports.Usage(room)) : Partition(m)));

    /// <summary>What the network interfaces have sent and received.</summary>
    /// <param name="interface">Only this one.</param>
    /// <returns>Counters; <c>False</c> where there is no such interface.</returns>
    /// <example><code>salt '*' ps.network_io_counters interface=eth0</code></example>
    [SaltFunction("ps.network_io_counters")]
    public static Value NetworkIoCounters(string? @interface = null) => (Value?)ProcessReports.NetworkCounters(Machine, @interface) ?? false;

    /// <summary>What the disks have read and written.</summary>
    /// <param name="device">Only this one.</param>
    /// <returns>Counters; <c>False</c> where there is no such disk.</returns>
    /// <example><code>salt '*' ps.disk_io_counters device=sda1</code></example>
    [SaltFunction("ps.disk_io_counters")]
    public static Value DiskIoCounters(string? device = null) => (Value?)ProcessReports.DiskCounters(Machine, device) ?? false;

    /// <summary>Who is logged in.</summary>
    /// <returns>Maps: <c>name, terminal, host, started</c>; empty where <c>who</c> is not installed.</returns>
    /// <example><code>salt '*' ps.get_users</code></example>
    [SaltFunction("ps.get_users")]
    public static async Task<ListValue> GetUsers(CallContext context) =>
        Machine.Which("who") is null ? ListValue.Empty : Users((await Machine.NeedAsync("who", ["--time-format=iso"], context.Stopped).ConfigureAwait(false)).Output);

    // tom      pts/0        2026-11-23 09:26 (192.0.2.9)
    internal static ListValue Users(string output) => ListValue.From(
        from line in output.Split('\n')
        let w = NetworkCards.Words(line)
        where w.Length >= 4
        select (Value)MapValue.Of(("name", w[0]), ("terminal", w[1]), ("started", $"{w[2]} {w[3]}"), ("host", w.Length > 4 ? w[4].Trim('(', ')') : Value.Null)));

    private static MapValue Partition(Mount m) => MapValue.Of(("device", m.Device), ("mountpoint", m.Point), ("fstype", m.Type), ("opts", m.Options));
}
