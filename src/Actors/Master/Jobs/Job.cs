using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Jobs;

/// <summary>A job as the store remembers it while it is young: who was expected, and who has answered.</summary>
/// <remarks>The answers themselves are in the archive; keeping them here too would cost memory for nothing.</remarks>
public sealed record Job(Jid Jid, MapValue Load, ImmutableHashSet<MinionId> Expected, ImmutableHashSet<MinionId> Answered)
{
    public Job(Jid jid, MapValue load, IEnumerable<MinionId> expected) : this(jid, load, [.. expected], []) { }

    /// <summary>The job after an answer, or the same one where that minion has answered already.</summary>
    public Job With(MinionId answered) => Answered.Contains(answered) ? this : this with { Answered = Answered.Add(answered) };

    public bool HasAnswered(MinionId id) => Answered.Contains(id);

    /// <summary>Expected and not answered. A minion that answered without being expected does not change this.</summary>
    public IEnumerable<MinionId> Outstanding => Expected.Except(Answered);
}
