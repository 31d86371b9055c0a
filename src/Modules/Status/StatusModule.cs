using System.Globalization;
using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Modules.Disk;
using SaltActors.Modules.Grains.Machines;
using SaltActors.Modules.Network;

namespace SaltActors.Modules.Status;

/// <summary>The module <c>status</c>: how the machine does right now.</summary>
/// <remarks>Follows Salt 3006, salt/modules/status.py.</remarks>
public static class StatusModule
{
    private static readonly LocalMachine Machine = new();

    /// <summary>The processes that run.</summary>
    /// <returns>Pid to <c>user</c> and <c>cmd</c>.</returns>
    /// <example><code>salt '*' status.procs</code></example>
    [SaltFunction("status.procs")]
    public static MapValue Procs() => ProcessTable.ToValue(ProcessTable.Read(Machine));

    /// <summary>Values that the minion's configuration asks for: an option <c>status.cpustats.custom</c> lists keys of <c>status.cpustats</c>.</summary>
    /// <returns>Key to value, of all such options.</returns>
    /// <example><code>salt '*' status.custom</code></example>
    [SaltFunction("status.custom")]
    public static async Task<MapValue> Custom(CallContext context)
    {
        var picked = new MapValue.Builder();
        foreach (var (key, wanted) in context.Options)
        {
            if (key.AsText()?.Split('.') is not ["status", var function, "custom"] || wanted is not ListValue names) continue;
            if (await context.Call($"status.{function}").ConfigureAwait(false) is not MapValue all)
                throw new CommandFailed($"the option {key} picks keys of 'status.{function}', which answers with no map");
            foreach (var name in names)
                picked[name] = all.Get(name) ?? throw new CommandFailed($"the option {key} asks for {PythonText.Repr(name)}, which 'status.{function}' does not answer");
        }
        return picked.Build();
    }

    /// <summary>How long the machine has been up.</summary>
    /// <returns><c>seconds, since_iso, since_t, days, time, users</c>; times in UTC.</returns>
    /// <example><code>salt '*' status.uptime</code></example>
    [SaltFunction("status.uptime")]
    public static async Task<MapValue> Uptime(CallContext context)
    {
        var users = Machine.Which("who") is null ? 0
            : (await Machine.NeedAsync("who", [], context.Stopped).ConfigureAwait(false)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        return KernelTables.Uptime(Machine, context.Clock.GetUtcNow(), users);
    }

    /// <summary>How many processes were ready to run, averaged over 1, 5 and 15 minutes.</summary>
    /// <returns><c>1-min, 5-min, 15-min</c>.</returns>
    /// <example><code>salt '*' status.loadavg</code></example>
    [SaltFunction("status.loadavg")]
    public static MapValue Loadavg() => KernelTables.Load(Machine);

    /// <summary>What the processors spent their time on.</summary>
    /// <example><code>salt '*' status.cpustats</code></example>
    [SaltFunction("status.cpustats")]
    public static MapValue Cpustats() => KernelTables.Cpu(Machine);

    /// <summary>How memory is used.</summary>
    /// <returns>Name to <c>value</c> and <c>unit</c>.</returns>
    /// <example><code>salt '*' status.meminfo</code></example>
    [SaltFunction("status.meminfo")]
    public static MapValue Meminfo() => KernelTables.Memory(Machine);

    /// <summary>What the processors are.</summary>
    /// <example><code>salt '*' status.cpuinfo</code></example>
    [SaltFunction("status.cpuinfo")]
    public static MapValue Cpuinfo() => KernelTables.Processor(Machine);

    /// <summary>What the disks have read and written.</summary>
    /// <example><code>salt '*' status.diskstats</code></example>
    [SaltFunction("status.diskstats")]
    public static MapValue Diskstats() => KernelTables.Disks(Machine);

    /// <summary>How much room file systems have.</summary>
    /// <param name="args">Mount points, and types as <c>ext4</c>; all where none is given.</param>
    /// <returns>Mount point to <c>available</c> and <c>total</c>, in bytes.</returns>
    /// <example><code>salt '*' status.diskusage / /usr ext?</code></example>
    [SaltFunction("status.diskusage")]
    public static MapValue Diskusage([Rest] ListValue args)
    {
        string[] wanted = [.. args.Select(a => a.ToString())];
        var found = new MapValue.Builder();
        foreach (var mount in Mounts.Read(Machine))
            if ((wanted.Length == 0 || wanted.Any(w => w.StartsWith('/') ? w == mount.Point : NamePattern.Matches(w, mount.Type))) && FileSystems.Ask(mount.Point) is { } room)
                found[mount.Point] = MapValue.Of(("available", room.Available), ("total", room.Total));
        return found.Build();
    }

    /// <summary>The kernel's counters of virtual memory.</summary>
    /// <example><code>salt '*' status.vmstats</code></example>
    [SaltFunction("status.vmstats")]
    public static MapValue Vmstats() => KernelTables.VirtualMemory(Machine);

    /// <summary>How many processors there are.</summary>
    /// <example><code>salt '*' status.nproc</code></example>
    [SaltFunction("status.nproc")]
    public static int Nproc() => KernelTables.Processors(Machine);

    /// <summary>The kernel's counters of TCP and IP.</summary>
    /// <example><code>salt '*' status.netstats</code></example>
    [SaltFunction("status.netstats")]
    public static MapValue Netstats() => KernelTables.Protocols(Machine);

    /// <summary>What the network interfaces have received and sent.</summary>
    /// <example><code>salt '*' status.netdev</code></example>
    [SaltFunction("status.netdev")]
    public static MapValue Netdev() => KernelTables.Cards(Machine);

    /// <summary>Who is logged in, and what they do.</summary>
    /// <returns>Maps: <c>user, tty, login, idle, jcpu, pcpu, what</c>.</returns>
    /// <example><code>salt '*' status.w</code></example>
    [SaltFunction("status.w")]
    public static async Task<ListValue> W(CallContext context) =>
        Machine.Which("w") is null ? ListValue.Empty : Logins((await Machine.NeedAsync("w", ["-fh"], context.Stopped).ConfigureAwait(false)).Output);

    internal static ListValue Logins(string output) => ListValue.From(
        from line in output.Split('\n')
        let w = line.Split((char[]?)null, 7, StringSplitOptions.RemoveEmptyEntries)
        where w.Length >= 7
        select (Value)MapValue.Of(("user", w[0]), ("tty", w[1]), ("login", w[2]), ("idle", w[3]), ("jcpu", w[4]), ("pcpu", w[5]), ("what", w[6].TrimEnd())));

    /// <summary>All of it at once.</summary>
    /// <example><code>salt '*' status.all_status</code></example>
    [SaltFunction("status.all_status")]
    public static async Task<MapValue> AllStatus(CallContext context) => MapValue.Of(
        ("cpuinfo", Cpuinfo()), ("cpustats", Cpustats()), ("diskstats", Diskstats()), ("diskusage", Diskusage(ListValue.Empty)), ("loadavg", Loadavg()),
        ("meminfo", Meminfo()), ("netdev", Netdev()), ("netstats", Netstats()), ("uptime", await Uptime(context).ConfigureAwait(false)),
        ("vmstats", Vmstats()), ("w", await W(context).ConfigureAwait(false)));

    /// <summary>The processes whose command fits an expression.</summary>
    /// <param name="sig">A regular expression, looked for anywhere in the command.</param>
    /// <returns>Their pids, a line each; empty text where there is none. The minion itself is left out.</returns>
    /// <exception cref="CommandFailed">It is no regular expression.</exception>
    /// <example><code>salt '*' status.pid sshd</code></example>
    [SaltFunction("status.pid")]
    public static string Pid(string sig)
    {
        var pattern = PythonRegex.Compile(".*(?:" + sig + ")") ?? throw new CommandFailed($"'{sig}' is no regular expression");
        return string.Join('\n', ProcessTable.Read(Machine).Where(p => p.Pid != Environment.ProcessId && PythonRegex.Matches(pattern, p.Command))
            .Select(p => p.Pid.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The kernel's version.</summary>
    /// <example><code>salt '*' status.version</code></example>
    [SaltFunction("status.version")]
    public static string Version() => Machine.ReadTrimmed("/proc/version") ?? "";

    /// <summary>The local time.</summary>
    /// <param name="format">As C's <c>strftime</c> takes it.</param>
    /// <example><code>salt '*' status.time '%s'</code></example>
    [SaltFunction("status.time")]
    public static string Time(CallContext context, string format = "%A, %d. %B %Y %I:%M%p") => TimeText.Format(context.Clock.GetLocalNow(), format);

    /// <summary>Whether this minion is connected to its master.</summary>
    /// <param name="master">The master's name or address; the one of the configuration where it is not given.</param>
    /// <param name="connected">Taken for compatibility: the minion itself notices when a connection goes.</param>
    /// <returns>Whether there is an established connection to the master's publish port; null where no master is configured.</returns>
    /// <example><code>salt '*' status.master</code></example>
    [SaltFunction("status.master")]
    public static async Task<bool?> Master(CallContext context, string? master = null, bool connected = true)
    {
        if ((string.IsNullOrEmpty(master) ? context.Options.TextOf("master") : master) is not { Length: > 0 } host) return null;
        var port = context.Options.Get("publish_port")?.AsInteger() ?? 4505;
        var addresses = await AddressesAsync(host, context.Stopped).ConfigureAwait(false);
        return Connections.ActiveTcp(Machine).Values.OfType<MapValue>().Any(c => c.Get("remote_port") == port && addresses.Contains(c.TextOf("remote_addr")?.Replace("::ffff:", "", StringComparison.Ordinal)));
    }

    /// <summary>Whether a master takes connections on its request port.</summary>
    /// <param name="master">Its name or address.</param>
    /// <example><code>salt '*' status.ping_master localhost</code></example>
    [SaltFunction("status.ping_master")]
    public static async Task<bool> PingMaster(CallContext context, string master)
    {
        if (master.Length == 0) return false;
        var port = (int)(context.Options.Get("master_port")?.AsInteger() ?? 4506);
        var answer = await Probes.ConnectAsync(Machine, master, port, MapValue.Of(("timeout", 5)), context.Clock, context.Stopped).ConfigureAwait(false);
        return answer.Get("result") == true;
    }

    /// <summary>Would have a proxy minion connect to its device again; here no minion is a proxy.</summary>
    /// <param name="proxyName">The kind of proxy.</param>
    /// <param name="opts">Not used.</param>
    /// <returns><c>False</c>.</returns>
    /// <example><code>salt '*' status.proxy_reconnect rest_sample</code></example>
    [SaltFunction("status.proxy_reconnect")]
    public static bool ProxyReconnect(string proxyName, MapValue? opts = null) => false;

    private static async Task<HashSet<string?>> AddressesAsync(string host, CancellationToken stop)
    {
        if (Network.Network.TryAddress(host) is { } given) return [given.ToString()];
        var found = new HashSet<string?>();
        foreach (var family in (System.Net.Sockets.AddressFamily[])[System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.AddressFamily.InterNetworkV6])
            found.UnionWith((await Machine.AddressesAsync(host, family, stop).ConfigureAwait(false)).Select(a => a.ToString()));
        return found;
    }
}
