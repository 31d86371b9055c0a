using System.Collections.Immutable;
using SaltActors.Actors.Master.Cluster;
using SaltActors.Core.Identity;

namespace SaltActors.Actors.Master.Presence;

/// <summary>What the watcher of connections takes, and what it answers.</summary>
public static class PresenceProtocol
{
    public interface IPresenceMessage;

    /// <summary>Answered by <see cref="Connected"/>.</summary>
    public sealed record WhoIsConnected : IPresenceMessage, ICrossesNodes;

    /// <summary>Sent by maintenance with <c>presence_events</c>: tell the bus who is there and who came and went.</summary>
    public sealed record TellBus : IPresenceMessage;

    public sealed record Connected(ImmutableArray<MinionId> Minions) : ICrossesNodes;
}
