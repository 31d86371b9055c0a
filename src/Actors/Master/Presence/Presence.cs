using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master.Fleet;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using static SaltActors.Actors.Master.Presence.PresenceProtocol;

namespace SaltActors.Actors.Master.Presence;

/// <summary>Knows which accepted minions hold a connection: those one of whose addresses is among the publish port's peers.</summary>
public sealed class Presence : ReceiveActor
{
    private readonly FleetView _fleet;
    private readonly IActorRef _events;
    private readonly int _publishPort;
    private ImmutableHashSet<MinionId> _last = [];

    public static Props Props(FleetView fleet, IActorRef events, int publishPort) => Akka.Actor.Props.Create(() => new Presence(fleet, events, publishPort));

    public Presence(FleetView fleet, IActorRef events, int publishPort)
    {
        (_fleet, _events, _publishPort) = (fleet, events, publishPort);
        Receive<WhoIsConnected>(_ => Sender.Tell(new Connected([.. Connected()])));
        Receive<TellBus>(_ => OnTellBus());
    }

    private void OnTellBus()
    {
        var now = Connected().ToImmutableHashSet();
        var (came, went) = (now.Except(_last), _last.Except(now));
        if (!came.IsEmpty || !went.IsEmpty)
            Fire(EventTags.PresenceChange, ("new", Texts(came)), ("lost", Texts(went)));
        Fire(EventTags.PresencePresent, ("present", Texts(now)));
        _last = now;
    }

    private IEnumerable<MinionId> Connected()
    {
        var peers = PeerTable.Peers(_publishPort);
        return peers.IsEmpty ? [] : _fleet.Ids.Where(id => _fleet.TryGetFacts(id, out var facts) && HasPeer(facts, peers));
    }

    private static bool HasPeer(MinionFacts facts, ImmutableHashSet<IPAddress> peers) =>
        facts.Grains.ListOf("ipv4").Items.Concat(facts.Grains.ListOf("ipv6").Items)
            .Any(text => IPAddress.TryParse(text.ToString(), out var address) && peers.Contains(address));

    private void Fire(string tag, params ReadOnlySpan<(string, Value)> data) => _events.Tell(new EventBusProtocol.Fire(new SaltEvent(tag, MapValue.Of(data))));

    private static ListValue Texts(IEnumerable<MinionId> ids) => ListValue.OfTexts(ids.Select(i => i.Text).Order(StringComparer.Ordinal));
}
