using System.Globalization;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;
using SaltActors.Modules.Network;

namespace SaltActors.Modules.Status;

/// <summary>The kernel's counters under <c>/proc</c> as maps; each empty where the file is not there.</summary>
/// <remarks>Shapes follow Salt 3006, salt/modules/status.py, on Linux.</remarks>
internal static class KernelTables
{
    private static readonly string[] CpuTimes = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"];
    private static readonly string[] DiskCounters =
        ["reads_issued", "reads_merged", "sectors_read", "ms_spent_reading", "writes_completed", "writes_merged", "sectors_written", "ms_spent_writing", "io_in_progress", "ms_spent_in_io", "weighted_ms_spent_in_io"];
    private static readonly string[] CardCounters =
        ["rx_bytes", "rx_packets", "rx_errs", "rx_drop", "rx_fifo", "rx_frame", "rx_compressed", "rx_multicast", "tx_bytes", "tx_packets", "tx_errs", "tx_drop", "tx_fifo", "tx_colls", "tx_carrier", "tx_compressed"];

    /// <summary><c>1-min</c>, <c>5-min</c>, <c>15-min</c>.</summary>
    /// <exception cref="CommandFailed">The kernel does not tell.</exception>
    public static MapValue Load(IMachine machine) =>
        machine.ReadText("/proc/loadavg") is { } text && Words(text) is { Length: >= 3 } w
            ? MapValue.Of(("1-min", Real(w[0])), ("5-min", Real(w[1])), ("15-min", Real(w[2])))
            : throw new CommandFailed("/proc/loadavg: found nothing, expected three averages");

    /// <summary>Times in ticks; <c>intr</c> and <c>softirq</c> have a total and a list.</summary>
    public static MapValue Cpu(IMachine machine)
    {
        var stats = new MapValue.Builder();
        foreach (var w in Lines(machine, "/proc/stat"))
            stats[w[0]] = w[0] switch
            {
                "cpu" => Named(CpuTimes, w.Skip(1)),
                "intr" => Counted(w, "irqs"),
                "softirq" => Counted(w, "softirqs"),
                _ when w.Length > 1 => Number(w[1]),
                _ => Value.Null,
            };
        return stats.Build();
    }

    /// <summary>Name to <c>value</c> and, but for plain counts, <c>unit</c>; both text.</summary>
    public static MapValue Memory(IMachine machine) => MapValue.From(
        from w in Lines(machine, "/proc/meminfo")
        where w.Length > 1
        select KeyValuePair.Create(w[0].TrimEnd(':'), (Value)(w.Length > 2 ? MapValue.Of(("value", w[1]), ("unit", w[2])) : MapValue.Of(("value", w[1])))));

    /// <summary>What the kernel says of the last processor; <c>flags</c> is a list.</summary>
    public static MapValue Processor(IMachine machine)
    {
        var found = new MapValue.Builder();
        foreach (var line in machine.ReadLines("/proc/cpuinfo"))
            if (line.Split(':', 2) is [var name, var value])
                found[name.Trim()] = name.Trim() is "flags" or "Features" ? ListValue.OfTexts(Words(value)) : value.Trim();
        return found.Build();
    }

    public static MapValue Disks(IMachine machine) => MapValue.From(
        from w in Lines(machine, "/proc/diskstats")
        where w.Length >= 3 + DiskCounters.Length
        select KeyValuePair.Create(w[2], (Value)MapValue.Of(("major", Number(w[0])), ("minor", Number(w[1])), ("device", w[2])).Over(Named(DiskCounters, w.Skip(3)))));

    public static MapValue VirtualMemory(IMachine machine) => MapValue.From(
        from w in Lines(machine, "/proc/vmstat") where w.Length > 1 select KeyValuePair.Create(w[0], Number(w[1])));

    /// <summary>Protocol to counters: lines come in pairs, names first.</summary>
    public static MapValue Protocols(IMachine machine)
    {
        var all = new MapValue.Builder();
        string[]? names = null;
        foreach (var w in Lines(machine, "/proc/net/netstat"))
        {
            if (names is null || names[0] != w[0])
            {
                names = w;
                continue;
            }
            all[w[0].TrimEnd(':')] = Named(names.Skip(1), w.Skip(1));
            names = null;
        }
        return all.Build();
    }

    public static MapValue Cards(IMachine machine)
    {
        var all = new MapValue.Builder();
        foreach (var line in machine.ReadLines("/proc/net/dev").Skip(2))
            if (line.Split(':', 2) is [var card, var counters])
                all[card.Trim()] = MapValue.Of(("iface", card.Trim())).Over(Sorted(Named(CardCounters, Words(counters))));
        return all.Build();
    }

    /// <summary>Since when the machine runs.</summary>
    /// <param name="users">How many are logged in.</param>
    /// <exception cref="CommandFailed">The kernel does not tell.</exception>
    public static MapValue Uptime(IMachine machine, DateTimeOffset now, int users)
    {
        if (machine.ReadText("/proc/uptime") is not { } text || Words(text) is not [var up, ..])
            throw new CommandFailed("File /proc/uptime was not found.");
        var seconds = (long)Real(up);
        var since = now.UtcDateTime - TimeSpan.FromSeconds(Real(up));
        var (hours, minutes) = (seconds % 86400 / 3600, seconds % 3600 / 60);
        return MapValue.Of(
            ("seconds", seconds),
            ("since_iso", since.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
            ("since_t", now.ToUnixTimeSeconds() - seconds),
            ("days", seconds / 86400),
            ("time", $"{hours}:{minutes.ToString("00", CultureInfo.InvariantCulture)}"),
            ("users", users));
    }

    /// <summary>How many processors are at work, as <c>nproc</c> counts them.</summary>
    public static int Processors(IMachine machine) =>
        Math.Max(1, machine.ReadLines("/proc/stat").Count(l => l.StartsWith("cpu", StringComparison.Ordinal) && l.Length > 3 && char.IsAsciiDigit(l[3])));

    private static MapValue Counted(string[] w, string name) => MapValue.Of(("total", Number(w[1])), (name, ListValue.From(w.Skip(2).Select(Number))));
    private static MapValue Named(IEnumerable<string> names, IEnumerable<string> numbers) => MapValue.From(names.Zip(numbers.Select(Number), KeyValuePair.Create));
    private static MapValue Sorted(MapValue map) => MapValue.From(map.OrderBy(e => e.Key, PythonOrder.ByValue));
    private static IEnumerable<string[]> Lines(IMachine machine, string path) => machine.ReadLines(path).Select(Words).Where(w => w.Length > 0);
    internal static string[] Words(string line) => NetworkCards.Words(line.TrimEnd('\n'));
    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A counter; text where it is no number that fits 64 bits.</summary>
    internal static Value Number(string text) => System.Numerics.BigInteger.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : text;
}
