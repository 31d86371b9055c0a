using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Jobs.Archive;

/// <summary>A returner that must hear of the jobs that are filed here.</summary>
/// <param name="WithReturns">False where the minions return there themselves (<c>ext_job_cache</c>): then it gets the loads alone.</param>
public sealed record OutgoingTarget(string Returner, bool WithReturns);

/// <summary>A load or a return that a returner has not taken yet.</summary>
/// <param name="Number">Grows with every one; what was filed first has the lowest.</param>
/// <param name="Return">Null where it is the job's load that waits.</param>
public sealed record Outgoing(long Number, Jid Jid, MapValue Load, ImmutableArray<MinionId> Expected, MinionReturn? Return);

/// <summary>
/// What waits for returners, in the same transaction as the jobs and returns themselves: there is no moment in which a return is
/// acknowledged, and not on its way. A job that waits is not deleted with old age.
/// </summary>
public interface IOutgoing
{
    /// <summary>What waits for a returner behind a number, the first filed first.</summary>
    /// <exception cref="ArchiveFailed">It cannot be read.</exception>
    ImmutableArray<Outgoing> Waiting(string returner, long after, int most);

    /// <summary>How many wait for a returner.</summary>
    /// <exception cref="ArchiveFailed">It cannot be read.</exception>
    long CountWaiting(string returner);

    /// <summary>These have arrived.</summary>
    /// <exception cref="ArchiveFailed">They stay; they will be delivered again.</exception>
    void Delivered(IReadOnlyCollection<long> numbers);
}
