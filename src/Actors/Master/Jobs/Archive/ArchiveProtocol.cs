using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Jobs.Archive;

/// <summary>What the job store and its archive say to each other.</summary>
public static class ArchiveProtocol
{
    /// <summary>Answered by <see cref="JobWritten"/> or <see cref="NotWritten"/>.</summary>
    public sealed record WriteJob(Jid Jid, MapValue Load, ImmutableArray<MinionId> Expected);

    /// <summary>Answered by <see cref="ReturnWritten"/> or <see cref="NotWritten"/>.</summary>
    public sealed record WriteReturn(MinionReturn Return);

    /// <summary>A job without its returns' contents. Answered by <see cref="Head"/> or <see cref="NoHead"/>.</summary>
    public sealed record FindHead(Jid Jid);

    /// <summary>Answered by the store's own answers: found, unknown, not filed.</summary>
    public sealed record Find(Jid Jid);

    public sealed record List;

    public sealed record DeleteBefore(DateTimeOffset Moment);

    public sealed record JobWritten(Jid Jid);
    public sealed record ReturnWritten(Jid Jid, MinionId Id, bool IsNews);

    /// <param name="Id">Null where it was the job itself that could not be written.</param>
    public sealed record NotWritten(Jid Jid, MinionId? Id, string Reason);

    public sealed record Head(Jid Jid, MapValue Load, ImmutableArray<MinionId> Expected, ImmutableArray<MinionId> Answered);

    /// <param name="Failure">Null where there simply is no such job.</param>
    public sealed record NoHead(Jid Jid, string? Failure);
}
