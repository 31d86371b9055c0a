using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;

namespace SaltActors.Client.Batches;

/// <summary>How a batch is run.</summary>
/// <param name="Size">As <c>--batch</c>: <c>3</c>, <c>10%</c>.</param>
/// <param name="Hold">How long a place stays free after a minion is done (<c>--batch-wait</c>).</param>
/// <param name="FailsHard">Stops at the first return that is not 0 (<c>--failhard</c>).</param>
public sealed record BatchSettings(string Size, TimeSpan Hold, bool FailsHard);

/// <summary>What a running batch tells the one who asked for it, in order.</summary>
public abstract record BatchUpdate
{
    /// <summary>The target matched nobody, or nobody of it is there.</summary>
    /// <param name="IsUnmatched">True where the master knows of no minion that matches.</param>
    public sealed record Nobody(bool IsUnmatched) : BatchUpdate;

    /// <summary>This minion did not answer the ping: no job is sent to it.</summary>
    public sealed record Down(string Id) : BatchUpdate;

    /// <summary>These minions begin.</summary>
    public sealed record Started(ImmutableArray<MinionId> Group) : BatchUpdate;

    /// <summary>The master took the job of a group.</summary>
    public sealed record Published(Jid Jid) : BatchUpdate;

    public sealed record Returned(MinionReturn Return) : BatchUpdate;

    /// <summary>This minion was there, began, and gave no answer.</summary>
    public sealed record Silent(string Id) : BatchUpdate;

    /// <summary>This minion failed, and nothing more is started.</summary>
    public sealed record FailedHard(MinionId Id) : BatchUpdate;

    /// <summary>The size is none.</summary>
    public sealed record InvalidSize(string Size) : BatchUpdate;

    /// <summary>The master said no. Salt's name of the error, and its text.</summary>
    public sealed record Refused(string Name, string Message) : BatchUpdate;

    /// <summary>The batch cannot go on; the text is for a person.</summary>
    public sealed record Broken(string Message) : BatchUpdate;
}
