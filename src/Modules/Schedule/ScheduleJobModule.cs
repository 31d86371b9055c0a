using SaltActors.Core.Functions;
using SaltActors.Core.Schedules;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Schedule;

/// <summary>The module <c>schedule</c>: single jobs.</summary>
/// <remarks>Follows Salt 3006, salt/modules/schedule.py.</remarks>
public static class ScheduleJobModule
{
    /// <summary>Shows the entry that <c>schedule.add</c> would make.</summary>
    /// <param name="name">The job.</param>
    /// <param name="kwargs">As for <c>schedule.add</c>.</param>
    /// <example><code>salt '*' schedule.build_schedule_item job1 function='test.ping' seconds=3600</code></example>
    [SaltFunction("schedule.build_schedule_item")]
    public static MapValue BuildScheduleItem(CallContext context, string name, [Keywords] MapValue kwargs)
    {
        if (name.Length == 0) return Refusal("Job name is required.");
        var (entry, problem) = ScheduleItem.Build(name, kwargs);
        return problem is null ? entry : Refusal(problem);
    }

    /// <summary>Adds a job to the schedule.</summary>
    /// <param name="name">The job.</param>
    /// <param name="kwargs">
    /// <c>function</c>, <c>job_args</c> (a list), <c>job_kwargs</c> (a map), and when it runs: <c>seconds</c>, <c>minutes</c>, <c>hours</c>, <c>days</c>,
    /// or <c>when</c>, <c>cron</c>, <c>once</c>; further <c>splay</c>, <c>range</c>, <c>maxrunning</c>, <c>returner</c>, <c>return_job</c>, <c>metadata</c>, <c>enabled</c> …;
    /// <c>test</c> only tells what would be done, <c>persist</c> (true) saves the schedule, <c>offline</c> works on the saved file alone.
    /// </param>
    /// <example><code>salt '*' schedule.add job1 function='cmd.run' job_args="['date >> /tmp/date.log']" seconds=60</code></example>
    [SaltFunction("schedule.add")]
    public static async Task<MapValue> Add(CallContext context, string name, [Keywords] MapValue kwargs)
    {
        var isOffline = Flag(kwargs, "offline");
        var current = await RunningSchedule.ListAsync(context, offline: isOffline).ConfigureAwait(false);
        if (current.Has(name)) return Changed($"Job {name} already exists in schedule.", false);
        if (name.Length == 0) return Changed("Job name is required.", false);
        if (ScheduleItem.Conflict(kwargs, "Error: Unable to use \"seconds\", \"minutes\", \"hours\", or \"days\" with \"when\" or \"cron\" options.") is { } conflict) return Changed(conflict, false);
        var (entry, problem) = ScheduleItem.Build(name, kwargs);
        if (problem is not null) return Refusal(problem);
        if (Flag(kwargs, "test")) return Changed($"Job: {name} would be added to schedule.", true);
        if (isOffline)
        {
            RunningSchedule.Save(context, current.With(name, entry));
            return Changed($"Added job: {name} to schedule.", true, name, "added");
        }
        var answer = await RunningSchedule.AskAsync(context, "add", ("name", name), ("schedule", MapValue.Of((name, entry))), ("persist", Persist(kwargs))).ConfigureAwait(false);
        return answer?.MapOf("schedule").Has(name) == true
            ? Changed($"Added job: {name} to schedule.", true, name, "added") : Changed($"Failed to add job {name} to schedule.", false);
    }

    /// <summary>Puts another entry in the place of a job's; the function stays where none is given.</summary>
    /// <param name="name">The job.</param>
    /// <param name="kwargs">As for <c>schedule.add</c>.</param>
    /// <returns><c>changes</c>: for the job <c>old</c> and <c>new</c>.</returns>
    /// <example><code>salt '*' schedule.modify job1 function='test.ping' seconds=3600</code></example>
    [SaltFunction("schedule.modify")]
    public static async Task<MapValue> Modify(CallContext context, string name, [Keywords] MapValue kwargs)
    {
        if (ScheduleItem.Conflict(kwargs, "Error: Unable to use \"seconds\", \"minutes\", \"hours\", or \"days\" with \"when\" option.") is { } conflict) return Changed(conflict, false);
        var isOffline = Flag(kwargs, "offline");
        var current = await RunningSchedule.ListAsync(context, offline: isOffline).ConfigureAwait(false);
        if (current.Get(name) is not MapValue old) return Changed($"Job {name} does not exist in schedule.", false);
        var (entry, problem) = ScheduleItem.Build(name, kwargs.Has("function") ? kwargs : kwargs.With("function", old.Get("function") ?? Value.Null));
        if (problem is not null) return Refusal(problem);
        if (entry.Equals(old)) return Changed($"Job {name} in correct state", true);
        var changes = MapValue.Of(("old", old), ("new", entry));
        if (Flag(kwargs, "test")) return Changed($"Job: {name} would be modified in schedule.", true, name, changes);
        var isDone = true;
        if (isOffline) RunningSchedule.Save(context, current.With(name, old.Over(entry)));
        else isDone = await RunningSchedule.AskAsync(context, "modify", ("name", name), ("schedule", entry), ("persist", Persist(kwargs))).ConfigureAwait(false) is not null;
        return Changed(isDone ? $"Modified job: {name} in schedule." : $"Failed to modify job {name} in schedule.", isDone, name, changes);
    }

    /// <summary>Removes a job from the schedule.</summary>
    /// <param name="name">The job.</param>
    /// <param name="kwargs"><c>test</c> only tells what would be done, <c>persist</c> (true) saves the schedule, <c>offline</c> works on the saved file alone.</param>
    /// <example><code>salt '*' schedule.delete job1</code></example>
    [SaltFunction("schedule.delete")]
    public static async Task<MapValue> Delete(CallContext context, string name, [Keywords] MapValue kwargs)
    {
        if (Flag(kwargs, "test")) return Changed($"Job: {name} would be deleted from schedule.", true);
        if (Flag(kwargs, "offline"))
        {
            var saved = await RunningSchedule.ListAsync(context, offline: true).ConfigureAwait(false);
            if (!saved.Has(name)) return Changed($"Job {name} does not exist.", false);
            RunningSchedule.Save(context, saved.Without(name));
            return Changed($"Deleted Job {name} from schedule.", true, name, "removed");
        }
        if (await RunningSchedule.PlaceOfAsync(context, name).ConfigureAwait(false) is null) return Changed($"Job {name} does not exist.", false);
        var answer = await RunningSchedule.AskAsync(context, "delete", ("name", name), ("persist", Persist(kwargs))).ConfigureAwait(false);
        return answer is not null && !answer.MapOf("schedule").Has(name)
            ? Changed($"Deleted Job {name} from schedule.", true, name, "removed") : Changed($"Failed to delete job {name} from schedule.", false);
    }

    /// <summary>Runs a job of the schedule now.</summary>
    /// <param name="name">The job.</param>
    /// <param name="force">Also where it is disabled.</param>
    /// <example><code>salt '*' schedule.run_job job1</code></example>
    [SaltFunction("schedule.run_job")]
    public static async Task<MapValue> RunJob(CallContext context, string name, bool force = false)
    {
        if ((await RunningSchedule.ListAsync(context).ConfigureAwait(false)).Get(name) is not MapValue job) return Refusal($"Job {name} does not exist.");
        if (job.Get("enabled") is { IsTruthy: false } && !force) return Answer($"Job {name} is disabled.", true);
        return await RunningSchedule.AskAsync(context, "run_job", ("name", name)).ConfigureAwait(false) is not null
            ? Answer($"Scheduling Job {name} on minion.", true) : Refusal($"Failed to run job {name} on minion.");
    }

    /// <summary>Lets a job run again.</summary>
    /// <param name="name">The job.</param>
    /// <param name="kwargs"><c>persist</c> (true) saves the schedule.</param>
    /// <example><code>salt '*' schedule.enable_job job1</code></example>
    [SaltFunction("schedule.enable_job")]
    public static Task<MapValue> EnableJob(CallContext context, string name, [Keywords] MapValue kwargs) =>
        SetAsync(context, name, kwargs, context.Options.Get("test") is { IsTruthy: true }, true);

    /// <summary>Keeps a job from running.</summary>
    /// <param name="name">The job.</param>
    /// <param name="kwargs"><c>test</c> only tells what would be done, <c>persist</c> (true) saves the schedule.</param>
    /// <example><code>salt '*' schedule.disable_job job1</code></example>
    [SaltFunction("schedule.disable_job")]
    public static Task<MapValue> DisableJob(CallContext context, string name, [Keywords] MapValue kwargs) => SetAsync(context, name, kwargs, Flag(kwargs, "test"), false);

    private static async Task<MapValue> SetAsync(CallContext context, string name, MapValue kwargs, bool isTest, bool isEnabled)
    {
        var (verb, done) = isEnabled ? ("enable", "Enabled") : ("disable", "Disabled");
        if (isTest) return Changed($"Job: {name} would be {verb}d in schedule.", true);
        if (await RunningSchedule.PlaceOfAsync(context, name).ConfigureAwait(false) is null) return Changed($"Job {name} does not exist.", false);
        var answer = await RunningSchedule.AskAsync(context, $"{verb}_job", ("name", name), ("persist", Persist(kwargs))).ConfigureAwait(false);
        return answer?.MapOf("schedule").MapOf(name).Get("enabled") is { } now && now.IsTruthy == isEnabled
            ? Changed($"{done} Job {name} in schedule.", true, name, verb + "d") : Changed($"Failed to {verb} job {name} in schedule.", false);
    }

    /// <summary>Moves one run of a job to another time.</summary>
    /// <param name="name">The job.</param>
    /// <param name="currentTime">When it would run, as <c>schedule.show_next_fire_time</c> tells it.</param>
    /// <param name="newTime">When it is to run instead.</param>
    /// <param name="kwargs"><c>time_fmt</c>: the form of both, as C's <c>strptime</c> takes it.</param>
    /// <example><code>salt '*' schedule.postpone_job job1 2026-11-22T10:00:00 2026-11-22T12:00:00</code></example>
    [SaltFunction("schedule.postpone_job")]
    public static async Task<MapValue> PostponeJob(CallContext context, string name, string currentTime, string newTime, [Keywords] MapValue kwargs)
    {
        var format = FormatOf(kwargs);
        if (name.Length == 0) return Refusal("Job name is required.");
        if (currentTime.Length == 0) return Refusal("Job current time is required.");
        if (newTime.Length == 0) return Refusal("Job new_time is required.");
        if (!TimeTexts.TryReadExact(currentTime, format, out _) || !TimeTexts.TryReadExact(newTime, format, out _)) return Refusal("Date string could not be parsed.");
        if (context.Options.Get("test") is { IsTruthy: true }) return Answer($"Job: {name} would be postponed in schedule.", true);
        return await ShiftAsync(context, name, "postpone_job", $"Postponed Job {name} in schedule.", $"Failed to postpone job {name} in schedule.",
            MapValue.Of(("time", currentTime), ("new_time", newTime), ("time_fmt", format))).ConfigureAwait(false);
    }

    /// <summary>Leaves one run of a job out.</summary>
    /// <param name="name">The job.</param>
    /// <param name="currentTime">When it would run, as <c>schedule.show_next_fire_time</c> tells it.</param>
    /// <param name="kwargs"><c>time_fmt</c>: the form of the time, as C's <c>strptime</c> takes it.</param>
    /// <example><code>salt '*' schedule.skip_job job1 2026-11-22T10:00:00</code></example>
    [SaltFunction("schedule.skip_job")]
    public static async Task<MapValue> SkipJob(CallContext context, string name, string currentTime, [Keywords] MapValue kwargs)
    {
        var format = FormatOf(kwargs);
        if (name.Length == 0) return Refusal("Job name is required.");
        if (currentTime.Length == 0) return Refusal("Job time is required.");
        if (!TimeTexts.TryReadExact(currentTime, format, out _)) return Refusal("Date string could not be parsed.");
        if (context.Options.Get("test") is { IsTruthy: true }) return Answer($"Job: {name} would be skipped in schedule.", true);
        return await ShiftAsync(context, name, "skip_job", $"Added Skip Job {name} in schedule.", $"Failed to skip job {name} in schedule.",
            MapValue.Of(("time", currentTime), ("time_fmt", format))).ConfigureAwait(false);
    }

    private static async Task<MapValue> ShiftAsync(CallContext context, string name, string command, string done, string failed, MapValue fields)
    {
        if (await RunningSchedule.PlaceOfAsync(context, name).ConfigureAwait(false) is null) return Refusal($"Job {name} does not exist.");
        var answer = context.Services.Schedule is { } schedule
            ? await schedule.AskAsync(MapValue.Of(("func", command), ("name", name)).Over(fields), context.Stopped).ConfigureAwait(false) : null;
        return answer?.MapOf("schedule").Get(name) is MapValue job && job.Get("enabled") is null or { IsTruthy: true } ? Answer(done, true) : Refusal(failed);
    }

    /// <summary>Gives a job to other minions and removes it here.</summary>
    /// <param name="name">The job.</param>
    /// <param name="target">The minions that get it.</param>
    /// <param name="kwargs"><c>test</c> only tells what would be done.</param>
    /// <example><code>salt '*' schedule.move job1 web2</code></example>
    [SaltFunction("schedule.move")]
    public static async Task<MapValue> Move(CallContext context, string name, string target, [Keywords] MapValue kwargs)
    {
        if (Flag(kwargs, "test")) return Answer($"Job: {name} would be moved from schedule.", true);
        var (answer, isDone) = await GiveAsync(context, name, target, $"Moved Job {name} from schedule.").ConfigureAwait(false);
        if (isDone) await Delete(context, name, MapValue.Empty).ConfigureAwait(false);
        return answer;
    }

    /// <summary>Gives a job to other minions too.</summary>
    /// <param name="name">The job.</param>
    /// <param name="target">The minions that get it.</param>
    /// <param name="kwargs"><c>test</c> only tells what would be done.</param>
    /// <example><code>salt '*' schedule.copy job1 web2</code></example>
    [SaltFunction("schedule.copy")]
    public static async Task<MapValue> Copy(CallContext context, string name, string target, [Keywords] MapValue kwargs) => Flag(kwargs, "test")
        ? Answer($"Job: {name} would be copied from schedule.", true)
        : (await GiveAsync(context, name, target, $"Copied Job {name} from schedule to minion(s).").ConfigureAwait(false)).Answer;

    private static async Task<(MapValue Answer, bool IsDone)> GiveAsync(CallContext context, string name, string target, string done)
    {
        if ((await RunningSchedule.ListAsync(context).ConfigureAwait(false)).Get(name) is not MapValue job) return (Refusal($"Job {name} does not exist."), false);
        // schedule.add knows what list shows under two other names.
        var words = ListValue.From([name, .. job.Select(f => (Value)$"{f.Key.ToString() switch { "args" => "job_args", "kwargs" => "job_kwargs", var key => key }}={PythonText.Repr(f.Value)}")]);
        var answers = await context.Call("publish.publish", target, "schedule.add", words).ConfigureAwait(false) as MapValue ?? MapValue.Empty;
        if (answers.Count == 0) return (Answer("no servers answered the published schedule.add command", true), false);
        var refused = answers.Where(a => !a.Value.IsTruthy || a.Value is MapValue { } m && m.Get("result") is { IsTruthy: false }).Select(a => a.Key).ToList();
        return refused.Count > 0
            ? (Answer("the following minions return False", true).With("minions", ListValue.From(refused)), false)
            : (Answer(done, true).With("minions", ListValue.From(answers.Keys)), true);
    }

    private static string FormatOf(MapValue kwargs) => kwargs.TextOf("time_fmt") is { Length: > 0 } format ? format : TimeTexts.StandardFormat;
    private static bool Flag(MapValue kwargs, string name) => kwargs.Get(name) is { IsTruthy: true };
    private static Value Persist(MapValue kwargs) => kwargs.Get("persist") ?? true;
    private static MapValue Answer(Value comment, bool isDone) => MapValue.Of(("comment", comment), ("result", isDone));
    private static MapValue Refusal(string comment) => Answer(comment, false);
    private static MapValue Changed(string comment, bool isDone) => MapValue.Of(("comment", comment), ("result", isDone), ("changes", MapValue.Empty));
    private static MapValue Changed(string comment, bool isDone, string name, Value change) => MapValue.Of(("comment", comment), ("result", isDone), ("changes", MapValue.Of((name, change))));
}
