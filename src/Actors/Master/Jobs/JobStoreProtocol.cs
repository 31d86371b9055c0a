using System.Collections.Immutable;
using SaltActors.Actors.Master.Cluster;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Jobs;

/// <summary>Everything the job store takes, and everything it answers.</summary>
public static class JobStoreProtocol
{
    public interface IJobStoreMessage;

    /// <summary>Something about one job; its jid will pick the shard.</summary>
    public interface IJobMessage : IJobStoreMessage { Jid Jid { get; } }

    /// <summary>A job is about to leave the publisher. Answered by <see cref="JobFiled"/> or <see cref="NotFiled"/>; only then it may leave.</summary>
    /// <param name="Load">The publish load as the job store shows it.</param>
    /// <param name="Expected">The minions that its target matched.</param>
    public sealed record FileJob(Jid Jid, MapValue Load, ImmutableArray<MinionId> Expected) : IJobMessage, ICrossesNodes;

    /// <summary>One minion answered. Answered by <see cref="ReturnFiled"/> when it is safe on disk, or <see cref="NotFiled"/>.</summary>
    public sealed record MinionReturned(MinionReturn Return) : IJobMessage, ICrossesNodes
    {
        public Jid Jid => Return.Jid;
    }

    /// <summary>Answered by <see cref="JobFound"/>, <see cref="JobUnknown"/> or <see cref="NotFiled"/>; never by silence.</summary>
    public sealed record LookUp(Jid Jid) : IJobMessage, ICrossesNodes;

    /// <summary>Answered by <see cref="JobsListed"/> or <see cref="NotFiled"/>.</summary>
    public sealed record ListJobs : IJobStoreMessage;

    /// <summary>Sent by maintenance: jobs published before that moment may go.</summary>
    public sealed record ForgetBefore(DateTimeOffset Moment) : IJobStoreMessage;

    public sealed record JobFiled(Jid Jid) : ICrossesNodes;

    /// <param name="IsNews">False where this minion had answered before: the second return is dropped.</param>
    public sealed record ReturnFiled(Jid Jid, MinionId Id, bool IsNews) : ICrossesNodes;

    public sealed record NotFiled(Jid? Jid, string Reason) : ICrossesNodes;
    public sealed record JobFound(JobRecord Job);
    public sealed record JobUnknown(Jid Jid) : ICrossesNodes;
    public sealed record JobsListed(ImmutableArray<JobRecord> Jobs);
}
