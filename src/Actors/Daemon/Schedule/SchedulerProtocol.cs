using SaltActors.Core.Schedules;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Daemon.Schedule;

/// <summary>Everything the scheduler takes, and everything it says.</summary>
public static class SchedulerProtocol
{
    public interface ISchedulerMessage;

    /// <summary>From now on jobs are run; before it, none is. A second time changes nothing.</summary>
    public sealed record Begin : ISchedulerMessage;

    /// <summary>One command, as an event <c>manage_schedule</c> carries it. Answered by <see cref="Managed"/>.</summary>
    public sealed record Manage(MapValue Command) : ISchedulerMessage;

    /// <param name="Data">The data of the event that tells of it; null (C#'s) where there is no such command.</param>
    public sealed record Managed(MapValue? Data);

    /// <summary>What the schedule finds in the pillar (<c>schedule</c>, <c>whens</c>) and in the grains (<c>whens</c>) may be another now.</summary>
    public sealed record Surroundings(MapValue Pillar, MapValue Grains) : ISchedulerMessage;

    /// <summary>A run has ended, or was never begun.</summary>
    public sealed record RunEnded(string Name, string Jid) : ISchedulerMessage;

    /// <summary>To the runner: a job's time has come. It answers with <see cref="RunEnded"/> once the job is over.</summary>
    public sealed record Due(ScheduledRun Run);
}
