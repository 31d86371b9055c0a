using System.Globalization;
using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Minion.Jobs;
using SaltActors.Core.Events;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Transport;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Payload;
using static SaltActors.Actors.Minion.Session.SessionProtocol;

namespace SaltActors.Actors.Minion.Session;

/// <summary>The minion's session with its master: signs in, subscribes, tells that it is there, and decides which publishes are for it.</summary>
/// <remarks>
/// Phases: signing in → settling (subscribe, pillar, start events) → listening. A publish that our key does not open means that the master has a new one:
/// we sign in and open the same publish again, and nobody notices.
/// </remarks>
public sealed class Master : ReceiveActor, IWithTimers, IWithUnboundedStash
{
    /// <summary>The exit code of a minion that is not let in; the service is not started again for it.</summary>
    public const int ExitNoPermission = 77;
    /// <summary>The exit code where the master is not the one that is known.</summary>
    public const int ExitMasterChanged = 42;

    private sealed record TryAgain;
    private sealed record SignInEnded(SignInOutcome Outcome);
    private sealed record Settled(MapValue Grains, MapValue Pillar);
    private sealed record SettlingFailed(Exception Cause);
    private sealed record Arrived(PublishMessage Message);
    private sealed record KeysRenewed(SignInOutcome Outcome, Arrived Again);
    private sealed record GrainsCollected(MapValue Grains);

    private readonly MinionParts _parts;
    private readonly MinionOptions _options;
    private readonly MasterConversation _master;
    private readonly IActorRef _jobs;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Backoff _acceptance, _failure;
    private ISubscriber? _subscriber;
    private MapValue _grains = MapValue.Empty, _pillar = MapValue.Empty;
    private int _publishPort = 4505, _tries;

    public static Props Props(MinionParts parts, IActorRef jobs) => Akka.Actor.Props.Create(() => new Master(parts, jobs));

    public Master(MinionParts parts, IActorRef jobs)
    {
        (_parts, _options, _master, _jobs) = (parts, parts.Options, parts.Conversation, jobs);
        _acceptance = new Backoff(_options.AcceptanceWait, _options.AcceptanceWaitMax);
        _failure = new Backoff(_options.ReconnectAfter, TimeSpan.FromTicks(Math.Max(_options.ReconnectAtMost.Ticks, _options.AcceptanceWait.Ticks)));
        SigningIn();
    }

    public ITimerScheduler Timers { get; set; } = null!;
    public IStash Stash { get; set; } = null!;

    protected override void PreStart() => SignIn();

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _ = _subscriber?.DisposeAsync().AsTask();
    }

    private void SigningIn()
    {
        Receive<TryAgain>(_ => SignIn());
        Receive<SignInEnded>(m => OnSignedIn(m.Outcome));
        Receive<Settled>(OnSettled);
        Receive<SettlingFailed>(m => Retry(m.Cause.GetBaseException().Message, _failure));
        Receive<RefreshGrains>(_ => { });   // they are collected anyway before we are settled
        Receive<Arrived>(_ => Stash.Stash());
    }

    private void Listening()
    {
        Receive<Arrived>(OnArrived);
        Receive<RefreshGrains>(_ => CollectGrains());
        Receive<GrainsCollected>(m => _grains = m.Grains);
        Receive<SettlingFailed>(m => _log.Warning("the grains could not be refreshed: {0}", m.Cause.Message));
    }

    private void Renewing()
    {
        Receive<KeysRenewed>(OnKeysRenewed);
        ReceiveAny(_ => Stash.Stash());
    }

    private void SignIn() => _master.SignInAsync(_master.Session, _stopping.Token).PipeTo(Self,
        success: outcome => new SignInEnded(outcome), failure: cause => new SettlingFailed(cause));

    private void OnSignedIn(SignInOutcome outcome)
    {
        switch (outcome)
        {
            case SignInOutcome.Accepted accepted:
                _publishPort = accepted.PublishPort ?? _publishPort;
                _log.Info("the master {0} let us in (protocol {1})", _options.RequestAddress, accepted.Session.Version);
                Settle();
                break;
            case SignInOutcome.Pending:
                Retry($"the key of [{_options.Id}] waits for the operator; on the master: salt-key -a {_options.Id}", _acceptance);
                break;
            case SignInOutcome.Full:
                Retry("the master has as many minions as it may (max_minions)", _acceptance);
                break;
            case SignInOutcome.Refused when _options.RejectedRetry:
                Retry($"the master rejects the key of [{_options.Id}]", _acceptance);
                break;
            case SignInOutcome.Refused:
                GiveUp(ExitNoPermission, $"The master rejects the key of [{_options.Id}]. It was rejected there, or another minion has this id: on the master, salt-key -L shows it, and salt-key -d {_options.Id} lets this one ask again.");
                break;
            case SignInOutcome.MasterChanged changed:
                GiveUp(ExitMasterChanged, $"The master's key has changed. It now has the fingerprint {changed.Offered.Fingerprint(_options.HashType)} (salt-key -F on the master must show the same). If the master was set up anew, remove {_parts.Keys.MasterKeyPath} and start the minion again; if not, somebody pretends to be your master.");
                break;
            case SignInOutcome.Failed { IsFatal: true } failed:
                // A forged answer must not be able to stop us: we say it, and ask again.
                Retry($"the master's answer was not believed: {failed.Reason}", _acceptance, isError: true);
                break;
            case SignInOutcome.Failed failed:
                Retry(failed.Reason, _failure);
                break;
        }
    }

    private void Retry(string reason, Backoff backoff, bool isError = false)
    {
        var wait = backoff.After(++_tries, _parts.Chance());
        if (isError) _log.Error("{0}; next try in {1:0.#} s", reason, wait.TotalSeconds);
        else _log.Warning("{0}; next try in {1:0.#} s", reason, wait.TotalSeconds);
        Timers.StartSingleTimer("again", new TryAgain(), wait);
    }

    private void GiveUp(int code, string reason)
    {
        _log.Error(reason);
        Context.Parent.Tell(new GiveUp(code, reason));
    }

    // The subscription stands before anybody is told that we are there: what is published then reaches us.
    private void Settle()
    {
        if (_subscriber is null)
        {
            _subscriber = _parts.Transport.Subscribe(_options.PublishAddress(_publishPort), new SubscriberSettings
            {
                Identity = _options.Id.Text,
                Topics = _options.ZmqFiltering ? [WireNames.Broadcast, WireNames.Topic(_options.Id)] : [],
                ReconnectAfter = _options.IsReconnectRandom ? _options.ReconnectAfter + _options.ReconnectAtMost * _parts.Chance() / 4 : _options.ReconnectAfter,
                ReconnectAtMost = _options.ReconnectAtMost,
            });
            var self = Self;
            Pump(_subscriber, self, _stopping.Token).PipeTo(self, failure: cause => new SettlingFailed(cause));
        }
        SettleAsync(_subscriber).PipeTo(Self, failure: cause => new SettlingFailed(cause));
    }

    private async Task<object> SettleAsync(ISubscriber subscriber)
    {
        var stop = _stopping.Token;
        await subscriber.ConnectedAsync(stop).WaitAsync(_options.AuthTimeout * _options.AuthTries, stop).ConfigureAwait(false);
        var grains = await _parts.Grains(false, stop).ConfigureAwait(false);
        var pillar = await AskPillar(grains, stop).ConfigureAwait(false);
        var text = $"Minion {_options.Id} started at {_parts.Clock.GetLocalNow().ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture)}";
        if (_options.LegacyStartEvents) await FireStart(EventTags.LegacyMinionStart, text, grains, stop).ConfigureAwait(false);
        await FireStart(EventTags.MinionStart(_options.Id), text, grains, stop).ConfigureAwait(false);
        return new Settled(grains, pillar);
    }

    private async Task<MapValue> AskPillar(MapValue grains, CancellationToken stop)
    {
        var load = MapValue.Of(("id", _options.Id.Text), ("grains", grains), ("saltenv", _options.SaltEnv), ("pillarenv", _options.PillarEnv),
            ("pillar_override", Value.Null), ("extra_minion_data", MapValue.Empty), ("ver", "2"), ("cmd", "_pillar"));
        var reading = await _master.AskPillarAsync(load, TimeSpan.FromSeconds(60), 3, stop).ConfigureAwait(false);
        return reading.Result == SessionResult.Opened && reading.Value is MapValue pillar ? pillar
            : throw new MasterAnswerRefused($"the pillar was not given: {reading.Reason}");
    }

    private async Task FireStart(string tag, string text, MapValue grains, CancellationToken stop)
    {
        var load = MapValue.Of(("id", _options.Id.Text), ("cmd", "_minion_event"), ("pretag", Value.Null), ("data", text), ("tag", tag));
        if (_options.StartEventGrains.Count > 0)
            load = load.With("grains", MapValue.From(_options.StartEventGrains.Items.Where(g => grains.Has(g)).Select(g => KeyValuePair.Create(g, grains.Get(g)!))));
        await _master.AskAsync(load, TimeSpan.FromSeconds(60), 3, stop, hasOwnToken: true).ConfigureAwait(false);
    }

    private static async Task Pump(ISubscriber subscriber, IActorRef self, CancellationToken stop)
    {
        try
        {
            await foreach (var message in subscriber.Messages.ReadAllAsync(stop).ConfigureAwait(false)) self.Tell(new Arrived(message));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The minion stops.
        }
    }

    private void OnSettled(Settled m)
    {
        (_grains, _pillar, _tries) = (m.Grains, m.Pillar, 0);
        _log.Info("minion [{0}] is ready", _options.Id);
        Context.Parent.Tell(new Connected(m.Grains, m.Pillar));
        Become(Listening);
        Stash.UnstashAll();
    }

    private void OnArrived(Arrived m)
    {
        var reading = _master.Session!.OpenPublish(m.Message.Payload, _options.SignPubMessages);
        switch (reading.Result)
        {
            case SessionResult.Opened when reading.Value is MapValue load:
                Decide(load);
                break;
            case SessionResult.NeedsSignIn:
                _log.Debug("the master has a new key; signing in");
                Become(Renewing);
                _master.SignInAsync(_master.Session, _stopping.Token).PipeTo(Self,
                    success: outcome => new KeysRenewed(outcome, m), failure: cause => new KeysRenewed(new SignInOutcome.Failed(cause.Message, false), m));
                break;
            default:
                _log.Warning("a publish was dropped: {0}", reading.Reason);
                break;
        }
    }

    private void OnKeysRenewed(KeysRenewed m)
    {
        Become(Listening);
        Stash.UnstashAll();
        switch (m.Outcome)
        {
            case SignInOutcome.Accepted:
                var reading = _master.Session!.OpenPublish(m.Again.Message.Payload, _options.SignPubMessages);
                if (reading is { Result: SessionResult.Opened, Value: MapValue load }) Decide(load);
                else _log.Warning("a publish was dropped: {0}", reading.Reason);
                break;
            case SignInOutcome.Failed { IsFatal: false } failed:
                _log.Warning("a publish could not be opened, and signing in failed: {0}", failed.Reason);
                break;
            default:
                Become(SigningIn);
                OnSignedIn(m.Outcome);
                break;
        }
    }

    // Matching is the minion's own: what the master expects only tells the command line whom to wait for.
    private void Decide(MapValue load)
    {
        if (load.Get("tgt") is not { } target || load.TextOf("jid") is null || load.Get("fun") is null || load.Get("arg") is not ListValue)
        {
            _log.Warning("a publish without a whole job was dropped");
            return;
        }
        var parsed = TargetParser.Parse(target, load.TextOf("tgt_type") ?? "glob", load.TextOf("delimiter") ?? ":", MapValue.Empty);
        if (MinionMatcher.Matches(parsed, new MinionFacts(_options.Id, _grains, _pillar))) _jobs.Tell(new JobsProtocol.RunJob(load, _grains, _pillar));
    }

    private void CollectGrains()
    {
        var stop = _stopping.Token;
        Refresh().PipeTo(Self, failure: cause => new SettlingFailed(cause));

        async Task<object> Refresh()
        {
            var grains = await _parts.Grains(true, stop).ConfigureAwait(false);
            await AskPillar(grains, stop).ConfigureAwait(false);
            return new GrainsCollected(grains);
        }
    }
}

/// <summary>The master gave an answer that is none.</summary>
public sealed class MasterAnswerRefused(string message) : Exception(message);
