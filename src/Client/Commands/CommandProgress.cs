using System.Collections.Immutable;
using SaltActors.Core.Identity;

namespace SaltActors.Client.Commands;

/// <summary>How far a command is: all rules about whom to wait for, without a clock and without an actor.</summary>
/// <remarks>
/// The expected set may grow (a syndic tells of its minions later). After a silence the outstanding minions are asked with
/// <c>saltutil.find_job</c>; who says it runs the job is waited for and asked again, who says nothing by the end of the asking is given up.
/// </remarks>
public sealed record CommandProgress
{
    public ImmutableHashSet<MinionId> Expected { get; init; } = [];
    public ImmutableHashSet<MinionId> Returned { get; init; } = [];
    /// <summary>Who said in the current round that it runs the job.</summary>
    public ImmutableHashSet<MinionId> Running { get; init; } = [];
    /// <summary>The jid of the question that is under way, or null.</summary>
    public Jid? Asking { get; init; }

    public ImmutableHashSet<MinionId> Outstanding => Expected.Except(Returned);

    public bool IsComplete => Expected.Count > 0 && Outstanding.IsEmpty;

    public CommandProgress Expect(IEnumerable<MinionId> more) => this with { Expected = Expected.Union(more) };

    /// <summary>The progress after a return, or the same where that minion returned before.</summary>
    public CommandProgress With(MinionId returned) => Returned.Contains(returned)
        ? this
        : this with { Returned = Returned.Add(returned), Expected = Expected.Add(returned) };

    public CommandProgress Ask(Jid question) => this with { Asking = question, Running = [] };

    public CommandProgress SaysItRuns(MinionId id) => this with { Running = Running.Add(id) };

    /// <summary>Everybody who was asked has said something, or returned meanwhile: no need to wait longer.</summary>
    public bool IsRoundAnswered => Outstanding.IsSubsetOf(Running);

    /// <summary>The end of a round of asking: who does not run the job is silent.</summary>
    public (CommandProgress Next, ImmutableArray<MinionId> GivenUp) EndRound()
    {
        var givenUp = Outstanding.Except(Running);
        return (this with { Asking = null, Running = [], Expected = Expected.Except(givenUp) }, [.. givenUp.OrderBy(i => i.Text, StringComparer.Ordinal)]);
    }
}
