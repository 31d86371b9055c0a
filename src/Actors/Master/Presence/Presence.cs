using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Akka.Event;
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
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly Func<ImmutableHashSet<IPAddress>> _peers;
    private readonly MasterOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ImmutableHashSet<MinionId> _last = [];
    private (ImmutableHashSet<MinionId> Ids, long At)? _counted;

    /// <param name="peers">The addresses that hold a connection to the publish port now.</param>
    public static Props Props(FleetView fleet, IActorRef events, Func<ImmutableHashSet<IPAddress>> peers, MasterOptions options, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new Presence(fleet, events, peers, options, clock));

    public Presence(FleetView fleet, IActorRef events, Func<ImmutableHashSet<IPAddress>> peers, MasterOptions options, TimeProvider clock)
    {
        (_fleet, _events, _peers, _options, _clock) = (fleet, events, peers, options, clock);
        Receive<WhoIsConnected>(_ => Sender.Tell(new Connected([.. Connected().Select(c => c.Id)])));
        Receive<WhereFrom>(_ => Sender.Tell(new ConnectedFrom(MapValue.From(Connected().Select(c => KeyValuePair.Create(c.Id.Text, (Value)c.From.ToString()))))));
        Receive<IsThereRoom>(m => Sender.Tell(new RoomIs(HasRoom(m))));
        Receive<TellBus>(_ => OnTellBus());
    }

    // Salt's rule: who is connected may sign in again; a newcomer may while not more than max_minions are.
    private bool HasRoom(IsThereRoom m)
    {
        var ids = Counted();
        if (ids.Count <= _options.MaxMinions || ids.Contains(m.Id)) return true;
        _log.Info("minion [{0}] was turned away: {1} minions are connected, and max_minions is {2}", m.Id, ids.Count, _options.MaxMinions);
        if (_options.AuthEvents) Fire(EventTags.Auth, ("result", false), ("act", "full"), ("id", m.Id.Text), ("pub", m.PublicKey));
        return false;
    }

    // A fleet that signs in at once is not worth reading the table of connections for each.
    private ImmutableHashSet<MinionId> Counted()
    {
        if (_counted is { } known && _clock.GetElapsedTime(known.At) < Fresh) return known.Ids;
        var ids = Connected().Select(c => c.Id).ToImmutableHashSet();
        _counted = (ids, _clock.GetTimestamp());
        return ids;
    }

    private void OnTellBus()
    {
        var now = Connected().Select(c => c.Id).ToImmutableHashSet();
        var (came, went) = (now.Except(_last), _last.Except(now));
        if (!came.IsEmpty || !went.IsEmpty)
            Fire(EventTags.PresenceChange, ("new", Texts(came)), ("lost", Texts(went)));
        Fire(EventTags.PresencePresent, ("present", Texts(now)));
        _last = now;
    }

    private IEnumerable<(MinionId Id, IPAddress From)> Connected()
    {
        var peers = _peers();
        if (peers.IsEmpty) yield break;
        foreach (var id in _fleet.Ids)
            if (_fleet.TryGetFacts(id, out var facts) && PeerOf(facts, peers) is { } from) yield return (id, from);
    }

    private static IPAddress? PeerOf(MinionFacts facts, ImmutableHashSet<IPAddress> peers)
    {
        foreach (var text in facts.Grains.ListOf("ipv4").Items.Concat(facts.Grains.ListOf("ipv6").Items))
            if (IPAddress.TryParse(text.ToString(), out var address) && peers.Contains(address)) return address;
        return null;
    }

    private void Fire(string tag, params ReadOnlySpan<(string, Value)> data) => _events.Tell(new EventBusProtocol.Fire(new SaltEvent(tag, MapValue.Of(data))));

    private static ListValue Texts(IEnumerable<MinionId> ids) => ListValue.OfTexts(ids.Select(i => i.Text).Order(StringComparer.Ordinal));
}
