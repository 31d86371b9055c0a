using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Cron;

/// <summary>The module <c>cron</c>: the jobs in users' tables, by the program <c>crontab</c>.</summary>
/// <remarks>Follows Salt 3006, salt/modules/cron.py.</remarks>
public static class CronModule
{
    /// <summary>A user's table as it is.</summary>
    /// <param name="user">The user.</param>
    /// <example><code>salt '*' cron.raw_cron root</code></example>
    [SaltFunction("cron.raw_cron")]
    public static async Task<string> RawCron(CallContext context, string user)
    {
        var answer = await ProgramCalls.RunAsync(context, ["crontab", "-u", user, "-l"], MapValue.Of(("rstrip", false))).ConfigureAwait(false);
        return answer.IsSuccess ? answer.Stdout : "";
    }

    /// <summary>A user's table: <c>crons</c>, <c>special</c>, <c>env</c>, and under <c>pre</c> what nobody manages.</summary>
    /// <param name="user">The user.</param>
    /// <example><code>salt '*' cron.list_tab root</code></example>
    [SaltFunction("cron.list_tab")]
    public static async Task<MapValue> ListTab(CallContext context, string user)
    {
        var tab = await ReadAsync(context, user).ConfigureAwait(false);
        return MapValue.Of(
            ("pre", ListValue.OfTexts(tab.Before)), ("crons", ListValue.From(tab.Jobs.Where(j => !j.IsSpecial).Select(j => j.ToValue()))), ("special", ListValue.From(tab.Jobs.Where(j => j.IsSpecial).Select(j => j.ToValue()))),
            ("env", ListValue.From(tab.Variables.Select(v => MapValue.Of(("name", v.Key), ("value", v.Value))))));
    }

    /// <summary>One job; false for none.</summary>
    /// <param name="user">The user.</param>
    /// <param name="identifier">Its identifier.</param>
    /// <param name="cmd">Its command.</param>
    /// <example><code>salt '*' cron.get_entry root identifier=task1</code></example>
    [SaltFunction("cron.get_entry")]
    public static async Task<Value> GetEntry(CallContext context, string user, string? identifier = null, string? cmd = null) =>
        (await ReadAsync(context, user).ConfigureAwait(false)).Jobs.FirstOrDefault(j => (identifier is not null && j.Identifier == identifier) || (cmd is not null && j.Command == cmd)) is { } found ? found.ToValue() : false;

    /// <summary>Sets a job.</summary>
    /// <param name="user">The user.</param>
    /// <param name="minute">Minutes, as <c>*/5</c>; <c>random</c> takes one by chance.</param>
    /// <param name="hour">Hours.</param>
    /// <param name="daymonth">Days of the month.</param>
    /// <param name="month">Months.</param>
    /// <param name="dayweek">Days of the week.</param>
    /// <param name="cmd">The command.</param>
    /// <param name="commented">Behind a comment sign.</param>
    /// <param name="comment">A comment above it.</param>
    /// <param name="identifier">What it is known by, so that its command may change.</param>
    /// <returns><c>new</c>, <c>updated</c>, <c>present</c>, or what the program complains of.</returns>
    /// <example><code>salt '*' cron.set_job root '*' '*' '*' '*' 1 /usr/local/weekly</code></example>
    [SaltFunction("cron.set_job")]
    public static Task<string> SetJob(
        CallContext context, string user, Value minute, Value hour, Value daymonth, Value month, Value dayweek, string cmd, bool commented = false, string? comment = null, string? identifier = null) =>
        SetAsync(context, user, [minute.ToString(), hour.ToString(), daymonth.ToString(), month.ToString(), dayweek.ToString()], cmd, commented, comment, identifier);

    /// <summary>Sets a job with a special time, as <c>@daily</c>.</summary>
    /// <param name="user">The user.</param>
    /// <param name="special">The time.</param>
    /// <param name="cmd">The command.</param>
    /// <param name="commented">Behind a comment sign.</param>
    /// <param name="comment">A comment above it.</param>
    /// <param name="identifier">What it is known by.</param>
    /// <returns><c>new</c>, <c>updated</c>, <c>present</c>, or what the program complains of.</returns>
    /// <example><code>salt '*' cron.set_special root @hourly 'echo foobar'</code></example>
    [SaltFunction("cron.set_special")]
    public static Task<string> SetSpecial(CallContext context, string user, string special, string cmd, bool commented = false, string? comment = null, string? identifier = null) =>
        SetAsync(context, user, [special], cmd, commented, comment, identifier);

    /// <summary>Removes a job.</summary>
    /// <param name="user">The user.</param>
    /// <param name="cmd">Its command.</param>
    /// <param name="identifier">Its identifier.</param>
    /// <param name="kwargs">Taken for compatibility: times do not count.</param>
    /// <returns><c>removed</c>, <c>absent</c>, or what the program complains of.</returns>
    /// <example><code>salt '*' cron.rm_job root /usr/local/weekly</code></example>
    [SaltFunction("cron.rm_job")]
    public static Task<string> RmJob(CallContext context, string user, string cmd, string? identifier = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return RemoveAsync(context, user, cmd, identifier);
    }

    /// <summary>Removes a job: the short name of <c>cron.rm_job</c>.</summary>
    /// <param name="user">The user.</param>
    /// <param name="cmd">Its command.</param>
    /// <param name="identifier">Its identifier.</param>
    /// <param name="kwargs">Taken for compatibility: times do not count.</param>
    /// <returns><c>removed</c>, <c>absent</c>, or what the program complains of.</returns>
    /// <example><code>salt '*' cron.rm root /usr/local/weekly</code></example>
    [SaltFunction("cron.rm")]
    public static Task<string> Rm(CallContext context, string user, string cmd, string? identifier = null, [Keywords] MapValue? kwargs = null) => RmJob(context, user, cmd, identifier, kwargs);

    /// <summary>Removes a job with a special time.</summary>
    /// <param name="user">The user.</param>
    /// <param name="cmd">Its command.</param>
    /// <param name="special">Taken for compatibility.</param>
    /// <param name="identifier">Its identifier.</param>
    /// <returns><c>removed</c>, <c>absent</c>, or what the program complains of.</returns>
    /// <example><code>salt '*' cron.rm_special root /usr/bin/foo</code></example>
    [SaltFunction("cron.rm_special")]
    public static Task<string> RmSpecial(CallContext context, string user, string cmd, string? special = null, string? identifier = null)
    {
        _ = special;
        return RemoveAsync(context, user, cmd, identifier);
    }

    /// <summary>Sets a variable for the jobs.</summary>
    /// <param name="user">The user.</param>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value.</param>
    /// <returns><c>new</c>, <c>updated</c>, <c>present</c>, or what the program complains of.</returns>
    /// <example><code>salt '*' cron.set_env root MAILTO user@example.com</code></example>
    [SaltFunction("cron.set_env")]
    public static async Task<string> SetEnv(CallContext context, string user, string name, [DefaultValue("")] Value? value = null)
    {
        var (tab, text) = (await ReadAsync(context, user).ConfigureAwait(false), value?.ToString() ?? "");
        var at = tab.Variables.ToList().FindIndex(v => v.Key == name);
        if (at >= 0 && tab.Variables[at].Value == text) return "present";
        var variable = KeyValuePair.Create(name, text);
        return await WriteAsync(context, user, tab with { Variables = at < 0 ? tab.Variables.Add(variable) : tab.Variables.SetItem(at, variable) }).ConfigureAwait(false) ?? (at < 0 ? "new" : "updated");
    }

    /// <summary>Removes a variable for the jobs.</summary>
    /// <param name="user">The user.</param>
    /// <param name="name">The variable.</param>
    /// <returns><c>removed</c>, <c>absent</c>, or what the program complains of.</returns>
    /// <example><code>salt '*' cron.rm_env root MAILTO</code></example>
    [SaltFunction("cron.rm_env")]
    public static async Task<string> RmEnv(CallContext context, string user, string name)
    {
        var tab = await ReadAsync(context, user).ConfigureAwait(false);
        if (!tab.Variables.Any(v => v.Key == name)) return "absent";
        return await WriteAsync(context, user, tab with { Variables = tab.Variables.RemoveAll(v => v.Key == name) }).ConfigureAwait(false) ?? "removed";
    }

    /// <summary>Puts a file in the place of a user's table.</summary>
    /// <param name="user">The user.</param>
    /// <param name="path">The file.</param>
    /// <example><code>salt '*' cron.write_cron_file root /tmp/new_cron</code></example>
    [SaltFunction("cron.write_cron_file")]
    public static async Task<bool> WriteCronFile(CallContext context, string user, string path) => (await ProgramCalls.RunAsync(context, "crontab", "-u", user, path).ConfigureAwait(false)).IsSuccess;

    internal static async Task<CronTab> ReadAsync(CallContext context, string user) => CronTab.Read(await RawCron(context, user).ConfigureAwait(false));

    /// <summary>Null where it is done, else what the program complains of.</summary>
    internal static async Task<string?> WriteTextAsync(CallContext context, string user, string text)
    {
        var answer = await ProgramCalls.RunAsync(context, ["crontab", "-u", user, "-"], MapValue.Of(("stdin", text))).ConfigureAwait(false);
        return answer.IsSuccess ? null : answer.Complaint;
    }

    /// <summary>Whether a job stands in the table as it is wished: <c>absent</c>, <c>update</c> or <c>present</c>; <c>random</c> is whatever is there.</summary>
    internal static (string State, CronJob? There) Compare(CronTab tab, IReadOnlyList<string> time, string cmd, bool commented, string? comment, string? identifier)
    {
        if (tab.Find(cmd, identifier) is not { } there) return ("absent", null);
        var isSame = there.IsSpecial == (time.Count == 1) && (time.Count == 1 ? there.Time == time[0] : there.Fields.Zip(time).All(f => f.Second.Equals("random", StringComparison.OrdinalIgnoreCase) || f.First == f.Second))
            && there.Command == cmd && there.IsCommented == commented && (comment is null || there.Comment == comment) && (identifier is null || there.Identifier == identifier);
        return (isSame ? "present" : "update", there);
    }

    private static async Task<string> SetAsync(CallContext context, string user, IReadOnlyList<string> time, string cmd, bool commented, string? comment, string? identifier)
    {
        var tab = await ReadAsync(context, user).ConfigureAwait(false);
        var (state, there) = Compare(tab, time, cmd, commented, comment, identifier);
        if (state == "present") return "present";
        (int From, int To)[] ranges = [(0, 60), (0, 24), (1, 29), (1, 13), (0, 7)];
        var fields = time.Count == 1 ? time : [.. time.Select((f, i) => !f.Equals("random", StringComparison.OrdinalIgnoreCase) ? f
            : there is { IsSpecial: false } ? there.Fields[i] : RandomNumberGenerator.GetInt32(ranges[i].From, ranges[i].To).ToString(CultureInfo.InvariantCulture))];
        var job = new CronJob(string.Join(' ', fields), cmd, identifier ?? there?.Identifier, comment, commented);
        return await WriteAsync(context, user, tab.With(job, there)).ConfigureAwait(false) ?? (there is null ? "new" : "updated");
    }

    private static async Task<string> RemoveAsync(CallContext context, string user, string cmd, string? identifier)
    {
        var tab = await ReadAsync(context, user).ConfigureAwait(false);
        if (tab.Find(cmd, identifier) is not { } there) return "absent";
        return await WriteAsync(context, user, tab.Without(there)).ConfigureAwait(false) ?? "removed";
    }

    private static Task<string?> WriteAsync(CallContext context, string user, CronTab tab) => WriteTextAsync(context, user, tab.ToString());
}
