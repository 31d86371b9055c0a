using SaltActors.Core.Functions;
using SaltActors.Core.Schedules;
using SaltActors.Core.Values;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Modules.Schedule;

/// <summary>The module <c>schedule</c>: the schedule of this minion as a whole.</summary>
/// <remarks>Follows Salt 3006, salt/modules/schedule.py. A call without a daemon sees an empty schedule.</remarks>
public static class ScheduleModule
{
    /// <summary>The jobs of this minion's schedule.</summary>
    /// <param name="showAll">The minion's own jobs too, whose names begin with two underscores.</param>
    /// <param name="showDisabled">Disabled jobs too.</param>
    /// <param name="where"><c>opts</c> for those of the configuration, <c>pillar</c> for those of the pillar; null for both.</param>
    /// <param name="returnYaml">Answer with YAML text; else with a map.</param>
    /// <param name="offline">What is saved on disk, without asking the daemon.</param>
    /// <example><code>salt '*' schedule.list show_all=True</code></example>
    [SaltFunction("schedule.list")]
    public static async Task<Value> List(CallContext context, bool showAll = false, bool showDisabled = true, string? where = null, bool returnYaml = true, bool offline = false)
    {
        var schedule = await RunningSchedule.ListAsync(context, showAll, showDisabled, where, offline).ConfigureAwait(false);
        if (!returnYaml) return schedule;
        var saved = RunningSchedule.Saved(context);
        var marked = MapValue.From(schedule.Select(e => KeyValuePair.Create(e.Key, e.Value is MapValue job ? job.With("saved", saved.Has(e.Key)) : e.Value)));
        return YamlDumper.Dump(MapValue.Of(("schedule", marked)));
    }

    /// <summary>Whether the schedule, or one of its jobs, is enabled.</summary>
    /// <param name="name">A job; null asks for the schedule as a whole.</param>
    /// <returns>For a job its entry, empty where there is none; else true or false.</returns>
    /// <example><code>salt '*' schedule.is_enabled name=job1</code></example>
    [SaltFunction("schedule.is_enabled")]
    public static async Task<Value> IsEnabled(CallContext context, string? name = null)
    {
        var schedule = await RunningSchedule.ListAsync(context, showAll: false).ConfigureAwait(false);
        return name is not { Length: > 0 } ? schedule.Get("enabled") ?? true : schedule.Get(name) ?? MapValue.Empty;
    }

    /// <summary>Removes all jobs of the configuration.</summary>
    /// <param name="kwargs"><c>test</c> only tells what would be done, <c>persist</c> (true) saves the rest, <c>offline</c> works on the saved file alone.</param>
    /// <example><code>salt '*' schedule.purge</code></example>
    [SaltFunction("schedule.purge")]
    public static async Task<MapValue> Purge(CallContext context, [Keywords] MapValue kwargs)
    {
        var (comments, changes) = (new List<Value>(), new MapValue.Builder());
        var isOffline = kwargs.Get("offline") is { IsTruthy: true };
        var schedule = await RunningSchedule.ListAsync(context, offline: isOffline).ConfigureAwait(false);
        var left = schedule;
        foreach (var name in schedule.Keys.Select(k => k.ToString()).Where(n => n != "enabled" && !n.StartsWith("__", StringComparison.Ordinal)))
        {
            if (kwargs.Get("test") is { IsTruthy: true })
            {
                comments.Add($"Job: {name} would be deleted from schedule.");
                continue;
            }
            left = left.Without(name);
            var isGone = isOffline || await RunningSchedule.AskAsync(context, "delete", ("name", name), ("persist", kwargs.Get("persist") ?? true)).ConfigureAwait(false) is { } answer
                && !answer.MapOf("schedule").Has(name);
            if (isGone) changes[name] = "removed";
            comments.Add(isGone ? $"Deleted job: {name} from schedule." : $"Failed to delete job {name} from schedule.");
        }
        if (isOffline && kwargs.Get("test") is not { IsTruthy: true }) RunningSchedule.Save(context, left);
        return MapValue.Of(("comment", ListValue.From(comments)), ("changes", changes.Build()), ("result", true));
    }

    /// <summary>Saves the jobs of the configuration, so that they are there after a restart.</summary>
    /// <param name="kwargs"><c>test</c> only tells what would be done.</param>
    /// <example><code>salt '*' schedule.save</code></example>
    [SaltFunction("schedule.save")]
    public static async Task<MapValue> Save(CallContext context, [Keywords] MapValue kwargs)
    {
        if (kwargs.Get("test") is { IsTruthy: true }) return Answer("Schedule would be saved.", true);
        return await RunningSchedule.AskAsync(context, "save_schedule").ConfigureAwait(false) is not null
            ? Answer("Schedule (non-pillar items) saved.", true) : Answer("Failed to save schedule.", false);
    }

    /// <summary>Lets the schedule run its jobs.</summary>
    /// <param name="kwargs"><c>test</c> only tells what would be done, <c>persist</c> (true) saves it.</param>
    /// <example><code>salt '*' schedule.enable</code></example>
    [SaltFunction("schedule.enable")]
    public static Task<MapValue> Enable(CallContext context, [Keywords] MapValue kwargs) => SetAsync(context, kwargs, true);

    /// <summary>Keeps the schedule from running any job.</summary>
    /// <param name="kwargs"><c>test</c> only tells what would be done, <c>persist</c> (true) saves it.</param>
    /// <example><code>salt '*' schedule.disable</code></example>
    [SaltFunction("schedule.disable")]
    public static Task<MapValue> Disable(CallContext context, [Keywords] MapValue kwargs) => SetAsync(context, kwargs, false);

    private static async Task<MapValue> SetAsync(CallContext context, MapValue kwargs, bool isEnabled)
    {
        var (verb, done) = isEnabled ? ("enable", "Enabled") : ("disable", "Disabled");
        if (kwargs.Get("test") is { IsTruthy: true }) return Answer($"Schedule would be {verb}d.", true).With("changes", MapValue.Empty);
        var answer = await RunningSchedule.AskAsync(context, verb, ("persist", kwargs.Get("persist") ?? true)).ConfigureAwait(false);
        return answer?.MapOf("schedule").Get("enabled")?.IsTruthy == isEnabled
            ? MapValue.Of(("comment", $"{done} schedule on minion."), ("changes", MapValue.Of(("schedule", verb + "d"))), ("result", true))
            : MapValue.Of(("comment", $"Failed to {verb} schedule on minion."), ("changes", MapValue.Empty), ("result", false));
    }

    /// <summary>Reads the saved schedule, and that of the pillar, anew.</summary>
    /// <example><code>salt '*' schedule.reload</code></example>
    [SaltFunction("schedule.reload")]
    public static async Task<MapValue> Reload(CallContext context)
    {
        var comments = new List<Value>();
        var isDone = true;
        if (context.Pillar.Has("schedule"))
        {
            var isAsked = context.Services.Events is { } events && await events.FireAsync(new("pillar_refresh", MapValue.Empty), context.Stopped).ConfigureAwait(false);
            comments.Add(isAsked ? "Reloaded schedule from pillar on minion." : "Failed to reload schedule from pillar on minion.");
            isDone = isAsked;
        }
        if (ScheduleFilePath.For(context.Options) is { } path && File.Exists(path))
        {
            var saved = RunningSchedule.Saved(context);
            var isTaken = saved.Count > 0 && await RunningSchedule.AskAsync(context, "reload", ("schedule", MapValue.Of(("schedule", saved)))).ConfigureAwait(false) is not null;
            comments.Add(isTaken ? "Reloaded schedule on minion from schedule.conf." : "Failed to reload schedule on minion.  Saved file is empty or invalid.");
            isDone &= isTaken;
        }
        return Answer(ListValue.From(comments), isDone);
    }

    /// <summary>When a job runs next, in the minion's local time.</summary>
    /// <param name="name">The job.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns><c>next_fire_time</c>, null where none is known.</returns>
    /// <example><code>salt '*' schedule.show_next_fire_time job1</code></example>
    [SaltFunction("schedule.show_next_fire_time")]
    public static async Task<MapValue> ShowNextFireTime(CallContext context, string name, [Keywords] MapValue? kwargs = null) =>
        (await RunningSchedule.AskAsync(context, "get_next_fire_time", ("name", name)).ConfigureAwait(false))?.Get("next_fire_time") is { } next
            ? MapValue.Of(("result", true), ("next_fire_time", next)) : MapValue.Of(("result", true), ("comment", "next fire time not available."));

    /// <summary>What the minion knows of a job: its entry, when it ran, when it runs next, and why it was skipped.</summary>
    /// <param name="name">The job.</param>
    /// <param name="timeFmt">How moments are written, as C's <c>strftime</c> takes it.</param>
    /// <example><code>salt '*' schedule.job_status job1</code></example>
    [SaltFunction("schedule.job_status")]
    public static async Task<MapValue> JobStatus(CallContext context, string name, string timeFmt = TimeTexts.StandardFormat) =>
        MapValue.From(((await RunningSchedule.AskAsync(context, "job_status", ("name", name)).ConfigureAwait(false))?.MapOf("data") ?? MapValue.Empty)
            .Select(e => KeyValuePair.Create(e.Key, e.Value is TimeValue time ? (Value)TimeTexts.Write(time.Time, timeFmt) : e.Value)));

    private static MapValue Answer(Value comment, bool isDone) => MapValue.Of(("comment", comment), ("result", isDone));
}
