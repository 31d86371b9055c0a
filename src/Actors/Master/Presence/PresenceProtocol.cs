using System.Collections.Immutable;
using SaltActors.Actors.Master.Cluster;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

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

    /// <summary>Answered by <see cref="ConnectedFrom"/>.</summary>
    public sealed record WhereFrom : IPresenceMessage;

    /// <param name="Addresses">Minion id to the address of its connection; ids sorted.</param>
    public sealed record ConnectedFrom(MapValue Addresses);

    /// <summary>A minion signs in: may it, under <c>max_minions</c>? Answered by <see cref="RoomIs"/>.</summary>
    public sealed record IsThereRoom(MinionId Id, string PublicKey) : IPresenceMessage;

    /// <param name="Free">False where as many others as may hold a connection.</param>
    public sealed record RoomIs(bool Free);
}
