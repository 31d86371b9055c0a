namespace SaltActors.Core.Schedules;

/// <summary>Decides whether a scheduled job runs now, and when it is looked at next. Pure: the time comes in, what is to be done comes out.</summary>
/// <remarks>
/// Follows Salt 3006, salt/utils/schedule.py, eval(), in what runs, what is skipped and under which names. Salt looks once a <c>loop_interval</c> and forgets
/// moments that lie further back; here a look covers all since the last one, so that a busy machine loses no run.
/// </remarks>
public static class ScheduleSteps
{
    private const string DisabledReason = "disabled";

    /// <summary>Salt's <c>loop_interval</c>: how exact moments are.</summary>
    public static readonly TimeSpan Loop = TimeSpan.FromSeconds(1);

    public static ScheduleStep Look(ScheduledJob job, ScheduledJobState state, ScheduleView view)
    {
        var now = view.Now;
        var last = state.LastLook ?? now - Loop;
        state = state with { LastLook = now, Error = null };
        if (state.SkipReason == DisabledReason) state = state with { SkipReason = null, SkippedAt = null };
        if (job.Error is not null || !job.HasTiming) return new(state, null, null);
        try
        {
            if (state.NextFire is null) state = state with { NextFire = First(job, last, now, view) };
            return Decide(job, WithSplay(job, state, view), last, view);
        }
        catch (FormatException wrong)
        {
            return new(state with { NextFire = null, Error = $"{wrong.Message}. Ignoring job {job.Name}." }, null, null);
        }
    }

    private static ScheduledJobState WithSplay(ScheduledJob job, ScheduledJobState state, ScheduleView view) =>
        state is { NextFire: { } next, Splayed: null } && (job.Splay ?? view.Splay) is { } splay ? state with { Splayed = next + splay.Of(view.Chance) } : state;

    private static ScheduleStep Decide(ScheduledJob job, ScheduledJobState state, DateTime last, ScheduleView view)
    {
        var now = view.Now;
        var planned = state.Splayed ?? state.NextFire;
        var explicitly = job.RunExplicit.Where(t => last < t && t <= now).Select(t => (DateTime?)t).FirstOrDefault();
        var isStart = job.RunOnStart && !state.HasStarted;
        var isPlanned = planned <= now;
        if (job is { RunAfterSkipRange: true } && (job.SkipDuringRange ?? view.SkipDuringRange)?.At(last) is { } before && before.IsInside && before.End + Loop <= now) explicitly = now;
        var isDue = isStart || isPlanned || explicitly is not null;

        string? function = isDue ? job.Function : null;
        var holds = isDue && !isStart ? Holds(job, state, view, explicitly) : null;
        if (holds is not null) function = view.SkipFunction is { } instead && holds.TakesSubstitute ? instead : null;
        if (function is not null) holds = null;
        if (!view.IsEnabled || !job.IsEnabled) (function, holds) = (null, new Hold(DisabledReason, IsOver: true));
        else if (function is not null && job.IncludesJid && view.Running >= job.MaxRunning) (function, holds) = (null, new Hold("maxrunning", IsOver: true));

        state = state with { HasStarted = state.HasStarted || (isStart && function is not null) };
        if (isDue) state = state with { SkipReason = null, SkippedAt = null };   // until its next turn, a job says why it missed the last
        if (holds is not null) state = state with { SkipReason = holds.Reason, SkippedAt = holds.IsOver ? now : null };
        if (function is not null) state = state with { LastRun = now };
        // A job outside of its range keeps its turn and runs as soon as the range begins; all others wait for their next one.
        var keepsTurn = holds is { IsOver: false } && job.Every is not null;
        if ((isPlanned && !keepsTurn) || (function is not null && job.Every is not null))
            state = WithSplay(job, state with { Splayed = null, NextFire = Following(job, now, view) }, view);
        return new(state, function, Earliest(now, keepsTurn ? now + Loop : state.Splayed ?? state.NextFire, NextExplicit(job, now), NextOfSkipRange(job, view)));
    }

    /// <param name="IsOver">The turn is lost; false keeps it until the reason is gone.</param>
    private sealed record Hold(string Reason, bool IsOver)
    {
        internal bool TakesSubstitute { get; init; }
    }

    // The last reason that Salt finds is the one that counts.
    private static Hold? Holds(ScheduledJob job, ScheduledJobState state, ScheduleView view, DateTime? explicitly)
    {
        var now = view.Now;
        Hold? hold = null;
        if (job.Range is { } range)
        {
            var (isInside, _) = range.At(now) ?? throw new FormatException("schedule.handle_func: Invalid range, end must be larger than start");
            if (isInside == range.IsInverted) hold = new(range.IsInverted ? "in_skip_range" : "not_in_range", IsOver: false) { TakesSubstitute = !range.IsInverted };
        }
        if ((job.SkipDuringRange ?? view.SkipDuringRange) is { } skip)
        {
            var (isInside, _) = skip.At(now) ?? throw new FormatException("schedule.handle_func: Invalid range, end must be larger than start");
            if (isInside) hold = new("in_skip_range", IsOver: true) { TakesSubstitute = true };
        }
        var turn = explicitly ?? state.NextFire ?? now;
        if (job.SkipExplicit.Any(t => (t <= now && now <= t + Loop) || (t - turn).Duration() < Loop)) hold = new("skip_explicit", IsOver: true) { TakesSubstitute = true };
        if (job.Until is { } until && Moment(until, now) <= now) hold = new("until_passed", IsOver: true);
        if (job.After is { } after && Moment(after, now) >= now) hold = new("after_not_passed", IsOver: true);
        return hold;
    }

    private static DateTime? First(ScheduledJob job, DateTime last, DateTime now, ScheduleView view) =>
        job.Every is { } every ? now + every : Coming(job, last, view);

    private static DateTime? Following(ScheduledJob job, DateTime now, ScheduleView view) =>
        job.Every is { } every ? now + every : Coming(job, now, view);

    private static DateTime? Coming(ScheduledJob job, DateTime after, ScheduleView view)
    {
        if (job.Cron is { } cron) return cron.After(view.Now);
        if (job.Once is { } once) return once > after ? once : null;
        DateTime? soonest = null;
        foreach (var text in job.When)
        {
            var written = view.Whens.Get(text)?.ToString() ?? text;
            if (!TimeTexts.TryRead(written, view.Now, out var moment)) throw new FormatException($"Invalid date string {text}");
            if (moment > after && !(moment > soonest)) soonest = moment;
        }
        return soonest;
    }

    private static DateTime Moment(string text, DateTime now) =>
        TimeTexts.TryRead(text, now, out var moment) ? moment : throw new FormatException($"Invalid date string {text}");

    private static DateTime? NextExplicit(ScheduledJob job, DateTime now) => job.RunExplicit.Where(t => t > now).Select(t => (DateTime?)t).Min();

    private static DateTime? NextOfSkipRange(ScheduledJob job, ScheduleView view) =>
        job.RunAfterSkipRange && (job.SkipDuringRange ?? view.SkipDuringRange)?.At(view.Now) is { IsInside: true } inside ? inside.End + Loop : null;

    // A text as 5:00pm or Monday means another moment tomorrow, so that who has no turn today is looked at again.
    private static DateTime? Earliest(DateTime now, params ReadOnlySpan<DateTime?> moments)
    {
        DateTime? earliest = null;
        foreach (var moment in moments)
            if (moment is { } there && !(there > earliest)) earliest = there < now ? now : there;
        return earliest;
    }
}
