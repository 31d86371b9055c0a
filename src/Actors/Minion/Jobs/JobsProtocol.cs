using System.Collections.Immutable;
using Akka.Actor;
using SaltActors.Core.Functions;
using SaltActors.Core.Schedules;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion.Jobs;

/// <summary>Everything the minion's jobs take, and everything they answer.</summary>
public static class JobsProtocol
{
    public interface IJobsMessage;

    /// <summary>A publish that is for this minion; its jid is text.</summary>
    /// <param name="Grains">What the job's functions see, as it was when the job came.</param>
    public sealed record RunJob(MapValue Load, MapValue Grains, MapValue Pillar) : IJobsMessage
    {
        /// <summary>Where the return goes: the returns of the master that asked. Null takes the first master's.</summary>
        public IActorRef? Returns { get; init; }
        /// <summary>The doors of the master that asked; null takes the first master's.</summary>
        public CallServices? Services { get; init; }
        /// <summary>Set for a job of the schedule.</summary>
        public ScheduledRun? Scheduled { get; init; }
    }

    /// <summary>Answered by <see cref="RunningJobs"/>.</summary>
    public sealed record ListRunning : IJobsMessage;

    /// <param name="Jobs">One map a job, also for those that wait for their turn: the publish fields and <c>pid</c>.</param>
    public sealed record RunningJobs(ImmutableArray<MapValue> Jobs);

    /// <summary>Asks a job to end (1, 2, 3, 15), ends it at once (9), or only passes a signal to the programs that it started. Answered by <see cref="Signalled"/>.</summary>
    public sealed record SignalJob(string Jid, int Signal) : IJobsMessage;

    public sealed record Signalled(bool WasThere);

    /// <summary>The minion stops: end what runs, and take nothing more. Answered by <see cref="AllStopped"/> when nothing runs.</summary>
    public sealed record StopAll : IJobsMessage;

    public sealed record AllStopped;

    /// <summary>From a job to its parent: what it came to. The job is gone after it.</summary>
    internal sealed record Finished(string Jid, MapValue Return);
}
