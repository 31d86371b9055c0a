using System.Collections.Immutable;
using SaltActors.Core.Identity;

namespace SaltActors.Client.Batches;

/// <summary>Who works, who waits for a place, and which places are held free: a window that slides over the minions of a batch.</summary>
/// <param name="Size">Places in the window, at least one.</param>
public sealed record BatchPlan(int Size, TimeSpan Hold)
{
    public ImmutableQueue<MinionId> Waiting { get; private init; } = [];
    public ImmutableHashSet<MinionId> Active { get; private init; } = [];
    /// <summary>When each place that a finished minion left becomes free, the earliest first (<c>--batch-wait</c>).</summary>
    public ImmutableQueue<DateTimeOffset> Holds { get; private init; } = [];

    public static BatchPlan Of(int size, TimeSpan hold, IEnumerable<MinionId> minions) => new(size, hold) { Waiting = ImmutableQueue.CreateRange(minions) };

    public bool IsDone => Waiting.IsEmpty && Active.IsEmpty;

    /// <summary>When the next held place becomes free, or null where none is held or nobody waits for it.</summary>
    public DateTimeOffset? NextPlace => Waiting.IsEmpty || Holds.IsEmpty ? null : Holds.Peek();

    /// <summary>Fills the free places. The group is empty where there are none, or nobody waits.</summary>
    public (BatchPlan Next, ImmutableArray<MinionId> Group) Start(DateTimeOffset now)
    {
        var (holds, waiting) = (Holds, Waiting);
        while (!holds.IsEmpty && holds.Peek() <= now) holds = holds.Dequeue();
        var group = ImmutableArray.CreateBuilder<MinionId>();
        for (var free = Size - Active.Count - holds.Count(); free > 0 && !waiting.IsEmpty; free--)
        {
            waiting = waiting.Dequeue(out var id);
            group.Add(id);
        }
        return (this with { Waiting = waiting, Holds = holds, Active = Active.Union(group) }, group.ToImmutable());
    }

    /// <summary>The plan after a minion is done; its place is held for a while. The same plan where it did not work.</summary>
    public BatchPlan Done(MinionId id, DateTimeOffset now) => !Active.Contains(id) ? this
        : this with { Active = Active.Remove(id), Holds = Hold > TimeSpan.Zero ? Holds.Enqueue(now + Hold) : Holds };
}
