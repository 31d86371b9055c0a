using System.Collections.Immutable;
using SaltActors.Actors.Master.Cluster;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Publisher;

/// <summary>Everything the publisher takes, and everything it answers.</summary>
public static class PublisherProtocol
{
    public interface IPublisherMessage;

    /// <summary>Somebody who may do so wants a job published. Answered by <see cref="Published"/>, <see cref="NobodyMatched"/> or <see cref="NotPublished"/>.</summary>
    /// <param name="Jid">A jid that the caller chose; null lets the publisher choose.</param>
    /// <param name="Kept">The load as the job store shows it; null takes the publish load.</param>
    public sealed record Publish(JobRequest Request, Jid? Jid, MapValue? Kept) : IPublisherMessage, ICrossesNodes;

    /// <param name="Missing">Ids of a list target that have no accepted key.</param>
    public sealed record Published(Jid Jid, ImmutableArray<MinionId> Minions, ImmutableArray<string> Missing) : ICrossesNodes;

    public sealed record NobodyMatched(ImmutableArray<string> Missing) : ICrossesNodes;

    /// <param name="Reason">For a person.</param>
    public sealed record NotPublished(string Reason) : ICrossesNodes;

    /// <summary>Who would be expected? Answered by <see cref="TargetMatched"/>.</summary>
    public sealed record Match(Value Target, string TargetType, string Delimiter, bool Greedy) : IPublisherMessage, ICrossesNodes;

    public sealed record TargetMatched(ImmutableArray<MinionId> Minions, ImmutableArray<string> Missing) : ICrossesNodes;
}
