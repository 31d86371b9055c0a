using System.Globalization;
using System.Runtime.InteropServices;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;
using SaltActors.Modules.Status;

namespace SaltActors.Modules.Processes;

/// <summary>The functions of <c>ps</c> about processes.</summary>
/// <remarks>Follows Salt 3006, salt/modules/ps.py; read from <c>/proc</c>, where Salt needs psutil.</remarks>
public static partial class ProcessModule
{
    private const int NoSuchProcess = 3;
    private static readonly LocalMachine Machine = new();

    /// <summary>The processes that used most processor time over a while.</summary>
    /// <param name="numProcesses">How many.</param>
    /// <param name="interval">Seconds to measure.</param>
    /// <returns>Maps: <c>cmd, user, status, pid, create_time, cpu</c> and <c>mem</c> (bytes).</returns>
    /// <example><code>salt '*' ps.top 5 10</code></example>
    [SaltFunction("ps.top")]
    public static async Task<ListValue> Top(CallContext context, int numProcesses = 5, double interval = 3)
    {
        var before = ProcessTable.Read(Machine).ToDictionary(p => (p.Pid, p.Started));
        await Task.Delay(Duration(interval), context.Clock, context.Stopped).ConfigureAwait(false);
        return Busiest(before, ProcessTable.Read(Machine), numProcesses, interval, Machine);
    }

    internal static ListValue Busiest(IReadOnlyDictionary<(int, long), ProcessEntry> before, IEnumerable<ProcessEntry> after, int count, double interval, IMachine machine) => ListValue.From(
        after.Where(p => before.ContainsKey((p.Pid, p.Started))).Select(p => (Process: p, Ticks: p.Ticks - before[(p.Pid, p.Started)].Ticks))
            .OrderByDescending(p => p.Ticks).Take(Math.Max(0, count)).Select(p => (Value)MapValue.Of(
                ("cmd", p.Process.Arguments.Count > 0 ? p.Process.Command : p.Process.Name), ("user", p.Process.User), ("status", ProcessReports.StatusOf(p.Process.State)), ("pid", p.Process.Pid),
                ("create_time", ProcessReports.Created(p.Process, machine)),
                ("cpu", MapValue.Of(("user", (double)p.Process.UserTicks / ProcessTable.TicksPerSecond), ("system", (double)p.Process.SystemTicks / ProcessTable.TicksPerSecond),
                    ("percent", interval > 0 ? Math.Round(100.0 * p.Ticks / ProcessTable.TicksPerSecond / interval, 1) : 0))),
                ("mem", MapValue.Of(("rss", p.Process.Resident), ("vms", p.Process.Virtual))))));

    /// <summary>The pids of all processes.</summary>
    /// <example><code>salt '*' ps.get_pid_list</code></example>
    [SaltFunction("ps.get_pid_list")]
    public static ListValue GetPidList() => ListValue.From(ProcessTable.Read(Machine).Select(p => (Value)p.Pid));

    /// <summary>What is known of one process.</summary>
    /// <param name="pid">Its number.</param>
    /// <param name="attrs">Only these attributes.</param>
    /// <exception cref="CommandFailed">There is no such process, or no such attribute.</exception>
    /// <example><code>salt '*' ps.proc_info 2322 attrs='["pid", "name"]'</code></example>
    [SaltFunction("ps.proc_info")]
    public static MapValue ProcInfo(int pid, ListValue? attrs = null)
    {
        var all = ProcessReports.ToValue(ProcessTable.Find(Machine, pid) ?? throw new CommandFailed($"there is no process {pid}"), Machine);
        return attrs is null ? all : MapValue.From(attrs.Select(a => KeyValuePair.Create(a, all.Get(a) ?? throw new CommandFailed($"invalid attr name {PythonText.Repr(a)}"))));
    }

    /// <summary>Sends a signal to a process.</summary>
    /// <param name="pid">Its number.</param>
    /// <param name="signal">The signal's number.</param>
    /// <returns>Whether there was such a process.</returns>
    /// <exception cref="CommandFailed">The system refuses it.</exception>
    /// <example><code>salt '*' ps.kill_pid 2000 signal=9</code></example>
    [SaltFunction("ps.kill_pid")]
    public static bool KillPid(int pid, int signal = 15) => Signal(pid, signal);

    /// <summary>Sends a signal to processes by their name.</summary>
    /// <param name="pattern">A text that their name has in it.</param>
    /// <param name="user">Only those of this user.</param>
    /// <param name="signal">The signal's number.</param>
    /// <param name="full">Look at the whole command.</param>
    /// <returns><c>killed</c>: their pids; null where there is none.</returns>
    /// <example><code>salt '*' ps.pkill bash signal=9 user=tom</code></example>
    [SaltFunction("ps.pkill")]
    public static MapValue? Pkill(string pattern, string? user = null, int signal = 15, bool full = false)
    {
        var killed = Find(pattern, user, full, isRegex: false).Where(p => Signal(p.Pid, signal)).Select(p => (Value)p.Pid).ToList();
        return killed.Count == 0 ? null : MapValue.Of(("killed", ListValue.From(killed)));
    }

    /// <summary>The pids of processes by their name.</summary>
    /// <param name="pattern">A text that their name has in it.</param>
    /// <param name="user">Only those of this user.</param>
    /// <param name="full">Look at the whole command.</param>
    /// <param name="patternIsRegex">The pattern is a regular expression.</param>
    /// <returns>A sorted list; null where there is none.</returns>
    /// <example><code>salt '*' ps.pgrep python3 full=true</code></example>
    [SaltFunction("ps.pgrep")]
    public static ListValue? Pgrep(string pattern, string? user = null, bool full = false, bool patternIsRegex = false)
    {
        var found = ListValue.From(Find(pattern, user, full, patternIsRegex).Select(p => (Value)p.Pid));
        return found.Count > 0 ? found : null;
    }

    /// <summary>The processes of a state.</summary>
    /// <param name="status"><c>running, sleeping, disk-sleep, stopped, tracing-stop, zombie, idle</c> …</param>
    /// <returns>Maps: <c>pid, name</c>.</returns>
    /// <example><code>salt '*' ps.status STATUS</code></example>
    [SaltFunction("ps.status")]
    public static ListValue Status(string status) => status.Length == 0
        ? throw new NamedError("SaltInvocationError", "ps.status: the state must be given")
        : ListValue.From(ProcessTable.Read(Machine).Where(p => ProcessReports.StatusOf(p.State) == status).Select(p => (Value)MapValue.Of(("pid", p.Pid), ("name", p.Name))));

    /// <summary>Lines of <c>ps aux</c> that have a text in them.</summary>
    /// <param name="name">The text.</param>
    /// <returns>A list: the text, the lines with their heading, and how many there are.</returns>
    /// <example><code>salt '*' ps.psaux www-data.+apache2</code></example>
    [SaltFunction("ps.psaux")]
    public static async Task<ListValue> Psaux(CallContext context, string name)
    {
        var lines = (await Machine.NeedAsync("ps", ["aux"], context.Stopped).ConfigureAwait(false)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var pattern = Core.Targets.PythonRegex.Compile(".*(?:" + name + ")") ?? throw new CommandFailed($"'{name}' is no regular expression");
        var found = lines.Skip(1).Where(l => Core.Targets.PythonRegex.Matches(pattern, l) && !l.Contains("ps.psaux", StringComparison.Ordinal)).ToList();
        return [name, ListValue.OfTexts(found.Prepend(lines.FirstOrDefault() ?? "")), $"{found.Count} occurence(s)."];
    }

    /// <summary>Open files of processes by their name, as <c>lsof</c> lists them.</summary>
    /// <param name="name">The beginning of the program's name.</param>
    /// <returns>A list: the name, and the lines.</returns>
    /// <example><code>salt '*' ps.lsof apache2</code></example>
    [SaltFunction("ps.lsof")]
    public static async Task<ListValue> Lsof(CallContext context, string name) =>
        [name, (await Machine.NeedAsync("lsof", ["-c", name], context.Stopped).ConfigureAwait(false)).Output.Trim()];

    /// <summary>Lines of <c>netstat -nap</c> that have a text in them.</summary>
    /// <param name="name">The text.</param>
    /// <returns>A list: the text, and the lines.</returns>
    /// <example><code>salt '*' ps.netstat apache2</code></example>
    [SaltFunction("ps.netstat")]
    public static Task<ListValue> Netstat(CallContext context, string name) => LinesAsync(context, "netstat", "-nap", name);

    /// <summary>Lines of <c>ss -neap</c> that have a text in them.</summary>
    /// <param name="name">The text.</param>
    /// <returns>A list: the text, and the lines.</returns>
    /// <example><code>salt '*' ps.ss apache2</code></example>
    [SaltFunction("ps.ss")]
    public static Task<ListValue> Ss(CallContext context, string name) => LinesAsync(context, "ss", "-neap", name);

    internal static TimeSpan Duration(double seconds) => seconds is >= 0 and <= 86400
        ? TimeSpan.FromSeconds(seconds)
        : throw new CommandFailed($"interval must be 0 to 86400 seconds, found {seconds.ToString(CultureInfo.InvariantCulture)}");

    private static async Task<ListValue> LinesAsync(CallContext context, string program, string flags, string name) =>
        [name, ListValue.OfTexts((await Machine.NeedAsync(program, [flags], context.Stopped).ConfigureAwait(false)).Output.Split('\n').Where(l => l.Contains(name, StringComparison.Ordinal)))];

    private static IEnumerable<ProcessEntry> Find(string pattern, string? user, bool isFull, bool isRegex) =>
        ProcessSelection.Find(ProcessTable.Read(Machine), pattern, user, isFull, isRegex, Environment.ProcessId);

    // 0 and numbers below mean whole groups of processes, the minion's own among them.
    private static bool Signal(int pid, int signal)
    {
        if (pid <= 0) throw new CommandFailed($"'{pid}' is no number of a process");
        if (Send(pid, signal) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new CommandFailed($"signal {signal} to the process {pid}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int pid, int signal);
}
