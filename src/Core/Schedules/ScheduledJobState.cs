using SaltActors.Core.Values;

namespace SaltActors.Core.Schedules;

/// <summary>What the schedule knows besides a job's entry: when it comes next, and what became of it.</summary>
/// <remarks>All moments are the machine's local time, as in Salt.</remarks>
public sealed record ScheduledJobState
{
    public static readonly ScheduledJobState Fresh = new();
    /// <summary>The next run, without its splay; null where none is known.</summary>
    public DateTime? NextFire { get; init; }
    /// <summary>The next run with its random delay.</summary>
    public DateTime? Splayed { get; init; }
    public DateTime? LastRun { get; init; }
    /// <summary>When the job was looked at last: what lies between then and now is due.</summary>
    public DateTime? LastLook { get; init; }
    /// <summary><c>run_on_start</c> has been served.</summary>
    public bool HasStarted { get; init; }
    public string? SkipReason { get; init; }
    public DateTime? SkippedAt { get; init; }
    public string? Error { get; init; }

    /// <summary>The entry with what is known laid over it, under the names that Salt gives these fields.</summary>
    public MapValue Over(MapValue entry, ScheduledJob job)
    {
        var map = entry.ToBuilder();
        map["name"] = job.Name;
        map["_next_fire_time"] = Moment(NextFire);
        map["_splay"] = Moment(Splayed);
        if (job.Every is { } every) map["_seconds"] = (long)every.TotalSeconds;
        if (NextFire is not null) map["_next_scheduled_fire_time"] = Moment(NextFire);
        if (LastRun is not null) map["_last_run"] = Moment(LastRun);
        if (job.RunOnStart) map["_run_on_start"] = !HasStarted;
        if (SkipReason is not null) map["_skip_reason"] = SkipReason;
        if (SkippedAt is not null)
        {
            map["_skipped"] = true;
            map["_skipped_time"] = Moment(SkippedAt);
        }
        if ((job.Error ?? Error) is { } error) map["_error"] = error;
        return map.Build();
    }

    private static Value Moment(DateTime? moment) => moment is { } there ? new TimeValue(there) : Value.Null;
}

/// <summary>What a look at a job depends on, besides the job.</summary>
/// <param name="Running">How many of its runs have not ended yet.</param>
/// <param name="Chance">A number from 0 to 1 for the random delay.</param>
public sealed record ScheduleView(DateTime Now, int Running, double Chance)
{
    /// <summary>False where the whole schedule is disabled.</summary>
    public bool IsEnabled { get; init; } = true;
    /// <summary>Run in the place of a job that is skipped; null to run nothing.</summary>
    public string? SkipFunction { get; init; }
    public ScheduleRange? SkipDuringRange { get; init; }
    public ScheduleSplay? Splay { get; init; }
    /// <summary>Names for moments: <c>whens</c> of the pillar and of the grains, the pillar's first.</summary>
    public MapValue Whens { get; init; } = MapValue.Empty;
}

/// <summary>What came of a look at a job.</summary>
/// <param name="Run">The function to run now; null for none.</param>
/// <param name="WakeAt">When to look again; null where nothing is known to come.</param>
public sealed record ScheduleStep(ScheduledJobState State, string? Run, DateTime? WakeAt);
