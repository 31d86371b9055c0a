using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;
using SaltActors.Modules.Network;
using SaltActors.Modules.Status;

namespace SaltActors.Modules.Clock;

/// <summary>The module <c>system</c>: the machine's power, clock and names.</summary>
/// <remarks>Follows Salt 3006, salt/modules/system.py.</remarks>
public static class SystemModule
{
    private const string Witness = "/var/volatile/tmp/salt/reboot_witnessed";
    private static readonly LocalMachine Machine = new();

    /// <summary>Stops the machine.</summary>
    /// <returns>What <c>halt</c> says.</returns>
    /// <example><code>salt '*' system.halt</code></example>
    [SaltFunction("system.halt")]
    public static Task<string> Halt(CallContext context) => PowerAsync(context, "halt", []);

    /// <summary>Stops the machine and switches it off.</summary>
    /// <returns>What <c>poweroff</c> says.</returns>
    /// <example><code>salt '*' system.poweroff</code></example>
    [SaltFunction("system.poweroff")]
    public static Task<string> Poweroff(CallContext context) => PowerAsync(context, "poweroff", []);

    /// <summary>Starts the machine anew.</summary>
    /// <param name="atTime">Minutes from now, or a time as <c>23:30</c>; now where it is not given.</param>
    /// <returns>What <c>shutdown</c> says.</returns>
    /// <example><code>salt '*' system.reboot</code></example>
    [SaltFunction("system.reboot")]
    public static Task<string> Reboot(CallContext context, Value? atTime = null) => PowerAsync(context, "shutdown", SystemClock.ShutdownArguments("-r", atTime));

    /// <summary>Shuts the machine down.</summary>
    /// <param name="atTime">Minutes from now, or a time as <c>23:30</c>; now where it is not given.</param>
    /// <returns>What <c>shutdown</c> says.</returns>
    /// <example><code>salt '*' system.shutdown 5</code></example>
    [SaltFunction("system.shutdown")]
    public static Task<string> Shutdown(CallContext context, Value? atTime = null) => PowerAsync(context, "shutdown", SystemClock.ShutdownArguments("-h", atTime));

    /// <summary>Whether the machine has a hardware clock that can be set.</summary>
    /// <example><code>salt '*' system.has_settable_hwclock</code></example>
    [SaltFunction("system.has_settable_hwclock")]
    public static async Task<bool> HasSettableHwclock(CallContext context) =>
        Machine.Which("hwclock") is not null && (await Machine.NeedMergedAsync("hwclock", ["--test", "--systohc"], context.Stopped).ConfigureAwait(false)).Code == 0;

    /// <summary>The time of day, as <c>09:29:25 AM</c>.</summary>
    /// <param name="utcOffset">Where: an offset from UTC as <c>+0530</c>; here where it is not given.</param>
    /// <example><code>salt '*' system.get_system_time "'-0500'"</code></example>
    [SaltFunction("system.get_system_time")]
    public static string GetSystemTime(CallContext context, Value? utcOffset = null) => TimeText.Format(SystemClock.Now(context.Clock, utcOffset), "%I:%M:%S %p");

    /// <summary>The date, as <c>Mon 11/23/2026</c>.</summary>
    /// <param name="utcOffset">Where: an offset from UTC as <c>+0530</c>; here where it is not given.</param>
    /// <example><code>salt '*' system.get_system_date</code></example>
    [SaltFunction("system.get_system_date")]
    public static string GetSystemDate(CallContext context, Value? utcOffset = null) => TimeText.Format(SystemClock.Now(context.Clock, utcOffset), "%a %m/%d/%Y");

    /// <summary>Date and time, as <c>2026-11-23 09:29:28</c>.</summary>
    /// <param name="utcOffset">Where: an offset from UTC as <c>+0530</c>; here where it is not given.</param>
    /// <example><code>salt '*' system.get_system_date_time "'-0500'"</code></example>
    [SaltFunction("system.get_system_date_time")]
    public static string GetSystemDateTime(CallContext context, Value? utcOffset = null) => TimeText.Format(SystemClock.Now(context.Clock, utcOffset), "%Y-%m-%d %H:%M:%S");

    /// <summary>Sets the time of day.</summary>
    /// <param name="newtime">As <c>11:31:00</c> or <c>11:31 AM</c>.</param>
    /// <param name="utcOffset">The offset that the time is meant in.</param>
    /// <returns>Whether it was set.</returns>
    /// <example><code>salt '*' system.set_system_time "'11:20'"</code></example>
    [SaltFunction("system.set_system_time")]
    public static Task<bool> SetSystemTime(CallContext context, string newtime, Value? utcOffset = null)
    {
        var time = SystemClock.Time(newtime);
        return SetAsync(context, SystemClock.With(SystemClock.Now(context.Clock, utcOffset), null, null, null, time.Hour, time.Minute, time.Second));
    }

    /// <summary>Sets the date.</summary>
    /// <param name="newdate">As <c>2026-03-28</c> or <c>03/28/26</c>.</param>
    /// <param name="utcOffset">The offset that the date is meant in.</param>
    /// <returns>Whether it was set.</returns>
    /// <example><code>salt '*' system.set_system_date '03-28-26'</code></example>
    [SaltFunction("system.set_system_date")]
    public static Task<bool> SetSystemDate(CallContext context, string newdate, Value? utcOffset = null)
    {
        var date = SystemClock.Date(newdate);
        return SetAsync(context, SystemClock.With(SystemClock.Now(context.Clock, utcOffset), date.Year, date.Month, date.Day, null, null, null));
    }

    /// <summary>Sets the parts of date and time that are given.</summary>
    /// <param name="years">The year, of four digits.</param>
    /// <param name="months">1 to 12.</param>
    /// <param name="days">1 to 31.</param>
    /// <param name="hours">0 to 23.</param>
    /// <param name="minutes">0 to 59.</param>
    /// <param name="seconds">0 to 59.</param>
    /// <param name="utcOffset">The offset that the time is meant in.</param>
    /// <returns>Whether it was set.</returns>
    /// <example><code>salt '*' system.set_system_date_time 2026 5 12 11 37 53 "'-0500'"</code></example>
    [SaltFunction("system.set_system_date_time")]
    public static Task<bool> SetSystemDateTime(
        CallContext context, int? years = null, int? months = null, int? days = null, int? hours = null, int? minutes = null, int? seconds = null, Value? utcOffset = null) =>
        SetAsync(context, SystemClock.With(SystemClock.Now(context.Clock, utcOffset), years, months, days, hours, minutes, seconds));

    /// <summary>The machine's name for people; empty text where it has none.</summary>
    /// <example><code>salt '*' system.get_computer_desc</code></example>
    [SaltFunction("system.get_computer_desc")]
    public static string GetComputerDesc() => PrettyName(Machine);

    internal static string PrettyName(IMachine machine) =>
        machine.ReadLines("/etc/machine-info").Select(l => l.Split('=', 2)).FirstOrDefault(p => p is ["PRETTY_HOSTNAME", _])?[1].Trim().Trim('"') ?? "";

    /// <summary>Gives the machine a name for people.</summary>
    /// <param name="desc">The name.</param>
    /// <returns>Whether it was set.</returns>
    /// <example><code>salt '*' system.set_computer_desc "Michael's laptop"</code></example>
    [SaltFunction("system.set_computer_desc")]
    public static async Task<bool> SetComputerDesc(CallContext context, string desc) =>
        (await Machine.NeedMergedAsync("hostnamectl", ["set-hostname", "--pretty", "--", desc], context.Stopped).ConfigureAwait(false)).Code == 0;

    /// <summary>Gives the machine another host name.</summary>
    /// <param name="hostname">The name.</param>
    /// <returns>Whether it was set.</returns>
    /// <example><code>salt '*' system.set_computer_name master.saltstack.com</code></example>
    [SaltFunction("system.set_computer_name")]
    public static Task<bool> SetComputerName(CallContext context, string hostname) => ReachModule.ModHostname(context, hostname);

    /// <summary>The machine's host name.</summary>
    /// <example><code>salt '*' system.get_computer_name</code></example>
    [SaltFunction("system.get_computer_name")]
    public static string GetComputerName() => ReachModule.GetHostname();

    /// <summary>Notes that the machine has to be started anew; the note goes with the next start.</summary>
    /// <returns>Whether it was noted.</returns>
    /// <example><code>salt '*' system.set_reboot_required_witnessed</code></example>
    [SaltFunction("system.set_reboot_required_witnessed")]
    public static bool SetRebootRequiredWitnessed()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Witness)!);
            File.WriteAllBytes(Witness, []);
            return true;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"{Witness} cannot be written: {cause.Message}");
        }
    }

    /// <summary>Whether it was noted that the machine has to be started anew.</summary>
    /// <example><code>salt '*' system.get_reboot_required_witnessed</code></example>
    [SaltFunction("system.get_reboot_required_witnessed")]
    public static bool GetRebootRequiredWitnessed() => Machine.HasFile(Witness);

    private static async Task<string> PowerAsync(CallContext context, string program, IReadOnlyList<string> arguments)
    {
        if (!System.Environment.IsPrivilegedProcess) throw new CommandFailed($"'{program}' is for root: the minion runs as '{System.Environment.UserName}'");
        return (await Machine.NeedMergedAsync(program, arguments, context.Stopped).ConfigureAwait(false)).Output.TrimEnd();
    }

    private static async Task<bool> SetAsync(CallContext context, DateTimeOffset time)
    {
        if ((await Machine.NeedMergedAsync("date", SystemClock.DateArguments(time), context.Stopped).ConfigureAwait(false)).Code != 0) return false;
        // The next start would bring the old time back.
        return !await HasSettableHwclock(context).ConfigureAwait(false) || (await Machine.NeedMergedAsync("hwclock", ["--systohc"], context.Stopped).ConfigureAwait(false)).Code == 0;
    }
}
