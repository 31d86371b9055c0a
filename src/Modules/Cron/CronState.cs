using System.ComponentModel;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Files.Editing;
using SaltActors.Modules.Files.Managed;

namespace SaltActors.Modules.Cron;

/// <summary>The states of <c>cron</c>: jobs and variables in users' tables.</summary>
/// <remarks>Follows Salt 3006, salt/states/cron.py: a job is known by its identifier, which is its name where none is given.</remarks>
public static class CronState
{
    /// <summary>Keeps a job.</summary>
    /// <param name="name">The command.</param>
    /// <param name="user">The user.</param>
    /// <param name="minute">Minutes; <c>random</c> takes one by chance, once.</param>
    /// <param name="hour">Hours.</param>
    /// <param name="daymonth">Days of the month.</param>
    /// <param name="month">Months.</param>
    /// <param name="dayweek">Days of the week.</param>
    /// <param name="comment">A comment above it.</param>
    /// <param name="commented">Behind a comment sign.</param>
    /// <param name="identifier">What it is known by; false for the command itself.</param>
    /// <param name="special">A special time, as <c>@daily</c>.</param>
    [SaltState("cron.present")]
    public static async Task<MapValue> Present(
        CallContext context, string name, string user = "root", [DefaultValue("*")] Value? minute = null, [DefaultValue("*")] Value? hour = null, [DefaultValue("*")] Value? daymonth = null,
        [DefaultValue("*")] Value? month = null, [DefaultValue("*")] Value? dayweek = null, string? comment = null, bool commented = false, [DefaultValue(false)] Value? identifier = null, string? special = null)
    {
        name = name.Trim();
        var id = identifier is { IsTruthy: true } ? identifier.ToString() : name;
        IReadOnlyList<string> time = special is { Length: > 0 } ? [special] : [.. new[] { minute, hour, daymonth, month, dayweek }.Select(f => f?.ToString() ?? "*")];
        var (state, _) = CronModule.Compare(await CronModule.ReadAsync(context, user).ConfigureAwait(false), time, name, commented, comment, id);
        if (state == "present") return StateResult.Of(name, true, $"Cron {name} already present");
        if (context.IsTest) return StateResult.Of(name, null, $"Cron {name} is set to be {(state == "absent" ? "added" : "updated")}");
        var done = special is { Length: > 0 }
            ? await CronModule.SetSpecial(context, user, special, name, commented, comment, id).ConfigureAwait(false)
            : await CronModule.SetJob(context, user, time[0], time[1], time[2], time[3], time[4], name, commented, comment, id).ConfigureAwait(false);
        return done switch
        {
            "new" => StateResult.Of(name, true, $"Cron {name} added to {user}'s crontab", MapValue.Of((user, name))),
            "updated" => StateResult.Of(name, true, $"Cron {name} updated", MapValue.Of((user, name))),
            _ => StateResult.Failed(name, $"Cron {name} for user {user} failed to commit with error \n{done}"),
        };
    }

    /// <summary>Keeps a job away.</summary>
    /// <param name="name">The command.</param>
    /// <param name="user">The user.</param>
    /// <param name="identifier">What it is known by; false for the command itself.</param>
    /// <param name="special">Taken for compatibility.</param>
    /// <param name="kwargs">Taken for compatibility: times do not count.</param>
    [SaltState("cron.absent")]
    public static async Task<MapValue> Absent(CallContext context, string name, string user = "root", [DefaultValue(false)] Value? identifier = null, string? special = null, [Keywords] MapValue? kwargs = null)
    {
        _ = (special, kwargs);
        name = name.Trim();
        var id = identifier is { IsTruthy: true } ? identifier.ToString() : name;
        if ((await CronModule.ReadAsync(context, user).ConfigureAwait(false)).Find(name, id) is null) return StateResult.Of(name, true, context.IsTest ? $"Cron {name} is absent" : $"Cron {name} already absent");
        if (context.IsTest) return StateResult.Of(name, null, $"Cron {name} is set to be removed");
        var done = await CronModule.RmJob(context, user, name, id).ConfigureAwait(false);
        return done == "removed" ? StateResult.Of(name, true, $"Cron {name} removed from {user}'s crontab", MapValue.Of((user, name))) : StateResult.Failed(name, $"Cron {name} for user {user} failed to commit with error {done}");
    }

    /// <summary>Keeps a whole table.</summary>
    /// <param name="name">The address of the table: <c>salt://crontabs/root</c>.</param>
    /// <param name="sourceHash">Its digest.</param>
    /// <param name="sourceHashName">Taken for compatibility.</param>
    /// <param name="user">The user.</param>
    /// <param name="template">The engine that it is rendered with.</param>
    /// <param name="context">Names for the template, over the defaults.</param>
    /// <param name="replace">False: a table that is there stays.</param>
    /// <param name="defaults">Names for the template.</param>
    /// <param name="backup">Taken for compatibility.</param>
    /// <param name="kwargs"><c>saltenv</c> …</param>
    [SaltState("cron.file")]
    public static async Task<MapValue> File(
        CallContext call, string name, [DefaultValue("")] Value? sourceHash = null, string sourceHashName = "", string user = "root", string? template = null, Value? context = null, bool replace = true,
        Value? defaults = null, string backup = "", [Keywords] MapValue? kwargs = null)
    {
        _ = (sourceHashName, backup);
        var reader = new FileSource
        {
            Call = call,
            SaltEnv = kwargs?.TextOf("__env__") ?? "base",
            Template = template,
            SourceHash = sourceHash is { IsTruthy: true } hash ? hash.ToString() : null,
            Variables = (defaults as MapValue ?? MapValue.Empty).Over(context as MapValue ?? MapValue.Empty),
        };
        var wanted = FileReplacement.Text((await reader.ReadAsync(name).ConfigureAwait(false)).Content);
        if (wanted is null) return StateResult.Failed(name, $"{name} is not a text");
        var there = await CronModule.RawCron(call, user).ConfigureAwait(false);
        if (there == wanted || (there.Length > 0 && !replace)) return StateResult.Of(name, true, $"Crontab for user {user} is in the correct state");
        var difference = UnifiedDiff.Of(TextLines.Split(there), TextLines.Split(wanted));
        if (call.IsTest) return StateResult.Of(name, null, $"The following values are set to be changed:\ndiff: {difference}\n", MapValue.Of(("diff", difference)));
        return await CronModule.WriteTextAsync(call, user, wanted).ConfigureAwait(false) is { } complaint ? StateResult.Failed(name, $"Crontab for user {user} could not be set: {complaint}")
            : StateResult.Of(name, true, $"Crontab for user {user} was updated", MapValue.Of(("diff", difference)));
    }

    /// <summary>Keeps a variable for the jobs.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value.</param>
    /// <param name="user">The user.</param>
    [SaltState("cron.env_present")]
    public static async Task<MapValue> EnvPresent(CallContext context, string name, [DefaultValue("")] Value? value = null, string user = "root")
    {
        var there = (await CronModule.ReadAsync(context, user).ConfigureAwait(false)).Variables.Where(v => v.Key == name).Select(v => v.Value).FirstOrDefault();
        if (there is not null && there == (value?.ToString() ?? "")) return StateResult.Of(name, true, $"Cron env {name} already present");
        if (context.IsTest) return StateResult.Of(name, null, $"Cron env {name} is set to be {(there is null ? "added" : "updated")}");
        var done = await CronModule.SetEnv(context, user, name, value).ConfigureAwait(false);
        return done switch
        {
            "new" => StateResult.Of(name, true, $"Cron env {name} added to {user}'s crontab", MapValue.Of((user, name))),
            "updated" => StateResult.Of(name, true, $"Cron env {name} updated", MapValue.Of((user, name))),
            _ => StateResult.Failed(name, $"Cron env {name} for user {user} failed to commit with error \n{done}"),
        };
    }

    /// <summary>Keeps a variable for the jobs away.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="user">The user.</param>
    [SaltState("cron.env_absent")]
    public static async Task<MapValue> EnvAbsent(CallContext context, string name, string user = "root")
    {
        if (!(await CronModule.ReadAsync(context, user).ConfigureAwait(false)).Variables.Any(v => v.Key == name)) return StateResult.Of(name, true, $"Cron env {name} {(context.IsTest ? "is" : "already")} absent");
        if (context.IsTest) return StateResult.Of(name, null, $"Cron env {name} is set to be removed");
        var done = await CronModule.RmEnv(context, user, name).ConfigureAwait(false);
        return done == "removed" ? StateResult.Of(name, true, $"Cron env {name} removed from {user}'s crontab", MapValue.Of((user, name))) : StateResult.Failed(name, $"Cron env {name} for user {user} failed to commit with error {done}");
    }
}
