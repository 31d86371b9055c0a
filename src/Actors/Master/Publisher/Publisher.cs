using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master.Auth;
using SaltActors.Actors.Master.Fleet;
using SaltActors.Actors.Master.Jobs;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Transport;
using SaltActors.Transport.Envelope;
using static SaltActors.Actors.Master.Publisher.PublisherProtocol;

namespace SaltActors.Actors.Master.Publisher;

/// <summary>A job's way out: target → expected minions → jid → filed → sealed once → publish port.</summary>
public sealed class Publisher : ReceiveActor
{
    private sealed record Pending(Publish Message, IActorRef Asker, ImmutableArray<MinionId> Minions, ImmutableArray<string> Missing);

    private readonly Dictionary<Jid, Pending> _pending = [];
    private readonly IActorRef _jobs, _events;
    private readonly FleetView _fleet;
    private readonly MasterIdentity _identity;
    private readonly PublishSeal _seal;
    private readonly IPublishPort _port;
    private readonly MasterOptions _options;
    private readonly JidClock _jids;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(IActorRef jobs, IActorRef events, FleetView fleet, MasterIdentity identity, IPublishPort port, MasterOptions options, JidClock jids) =>
        Akka.Actor.Props.Create(() => new Publisher(jobs, events, fleet, identity, port, options, jids));

    public Publisher(IActorRef jobs, IActorRef events, FleetView fleet, MasterIdentity identity, IPublishPort port, MasterOptions options, JidClock jids)
    {
        (_jobs, _events, _fleet, _identity, _port, _options, _jids) = (jobs, events, fleet, identity, port, options, jids);
        _seal = new PublishSeal(identity.Master, options.SignPubMessages, options.PublishSigningAlgorithm);
        Receive<Publish>(OnPublish);
        Receive<Match>(OnMatch);
        Receive<JobStoreProtocol.JobFiled>(OnFiled);
        Receive<JobStoreProtocol.NotFiled>(OnNotFiled);
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(Publish));

    private void OnMatch(Match m)
    {
        var (minions, missing) = Expect(m.Target, m.TargetType, m.Delimiter, m.Greedy);
        Sender.Tell(new TargetMatched(minions, missing));
    }

    private void OnPublish(Publish m)
    {
        var (minions, missing) = Expect(m.Request.Target, m.Request.TargetType, m.Request.Delimiter, greedy: true);
        if (minions.IsEmpty && !_options.OrderMasters)
        {
            Sender.Tell(new NobodyMatched(missing));
            return;
        }
        var jid = m.Jid ?? _jids.Next();
        if (_pending.ContainsKey(jid))
        {
            Sender.Tell(new NotPublished($"the job {jid} is being published already"));
            return;
        }
        // Genuine clients have added it to their request already.
        m = m with { Request = m.Request.AlsoTo(_options.ExtJobCache) };
        _pending[jid] = new Pending(m, Sender, minions, missing);
        var kept = (m.Kept ?? m.Request.ToLoad(jid)).With("jid", jid.Text);
        _jobs.Tell(new JobStoreProtocol.FileJob(jid, kept, minions));
    }

    private void OnFiled(JobStoreProtocol.JobFiled m)
    {
        if (!_pending.Remove(m.Jid, out var pending)) return;
        var request = pending.Message.Request;
        var minions = ListValue.OfTexts(pending.Minions.Select(i => i.Text));
        var missing = ListValue.OfTexts(pending.Missing);
        // The bus hears of the job first: a client must know whom to expect before the first return can arrive.
        _events.Tell(new EventBusProtocol.Fire(new SaltEvent(m.Jid.Text, MapValue.Of(("minions", minions)))));
        var news = MapValue.Of(("jid", m.Jid.Text), ("tgt_type", request.TargetType), ("tgt", request.Target), ("user", request.User),
            ("fun", request.Function), ("arg", request.Arguments), ("minions", minions), ("missing", missing));
        if (request.Extras.Get("metadata") is { } metadata) news = news.With("metadata", metadata);
        _events.Tell(new EventBusProtocol.Fire(new SaltEvent(EventTags.JobNew(m.Jid), news)));

        Send(request, m.Jid, pending.Minions);
        pending.Asker.Tell(new Published(m.Jid, pending.Minions, pending.Missing));
        _log.Info("job [{0}]: {1} published to {2} minions by {3}", m.Jid, string.Join(",", request.Functions), pending.Minions.Length, request.User);
    }

    private void OnNotFiled(JobStoreProtocol.NotFiled m)
    {
        if (m.Jid is { } jid && _pending.Remove(jid, out var pending))
            pending.Asker.Tell(new NotPublished($"the job was not sent, because it could not be kept: {m.Reason}"));
    }

    private void Send(JobRequest request, Jid jid, ImmutableArray<MinionId> minions)
    {
        var payload = _seal.Seal(request.ToLoad(jid), _identity.NextSerial(), _identity.Current);
        if (!_options.ZmqFiltering)
            _port.Publish(new PublishMessage(null, payload));
        else
            foreach (var topic in PublishSeal.Topics(request.TargetType, minions, _options.OrderMasters))
                _port.Publish(new PublishMessage(topic, payload));
    }

    private (ImmutableArray<MinionId> Minions, ImmutableArray<string> Missing) Expect(Value target, string type, string delimiter, bool greedy)
    {
        var parsed = TargetParser.Parse(target, type, delimiter, _options.Nodegroups);
        var expected = MasterMatcher.Expect(parsed, _fleet, greedy);
        return ([.. expected.Matched], [.. expected.Missing]);
    }
}
