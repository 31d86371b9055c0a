using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Daemon.Schedule;
using SaltActors.Actors.Minion.Jobs;
using SaltActors.Core.Events;
using SaltActors.Core.Schedules;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Transport;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Payload;
using static SaltActors.Actors.Minion.Session.SessionProtocol;

namespace SaltActors.Actors.Minion.Session;

/// <summary>The minion's session with its master: signs in, subscribes, tells that it is there, and decides which publishes are for it.</summary>
/// <remarks>
/// Phases: signing in → settling (subscribe, grains, pillar, start events) → listening. A publish that our key does not open means that the master has a new one:
/// we sign in and open the same publish again, and nobody notices. Publishes are taken one by one, so they wait in the subscription, which is bounded.
/// </remarks>
public sealed partial class Master : ReceiveActor, IWithTimers
{
    /// <summary>The exit code of a minion that is not let in; the service is not started again for it.</summary>
    public const int ExitNoPermission = 77;
    /// <summary>The exit code where the master is not the one that is known.</summary>
    public const int ExitMasterChanged = 42;
    /// <summary>The exit code where the master's name means nothing to the name service, again and again.</summary>
    public const int ExitNoHost = 68;

    // Whoever can inject publishes that nobody can open must not make us sign in all day.
    private static readonly TimeSpan BetweenFruitlessSignIns = TimeSpan.FromSeconds(1);

    private sealed record TryAgain;
    private sealed record SignInEnded(SignInOutcome Outcome);
    private sealed record Settled(MapValue Grains, MapValue Pillar);
    private sealed record Failed(Exception Cause);
    private sealed record Arrived(ISubscriber From, PublishMessage Message);
    private sealed record SubscriptionEnded(ISubscriber From, Exception Cause);
    private sealed record KeysRenewed(SignInOutcome Outcome, PublishMessage Again);
    private sealed record Refreshed(MapValue Grains, MapValue Pillar);
    private sealed record RefreshFailed(Exception Cause);

    private readonly MinionParts _parts;
    private MinionOptions _options;
    private readonly MasterConversation _master;
    private readonly Settling _settling;
    private readonly IActorRef _jobs, _returns;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Backoff _acceptance, _failure;
    private (ISubscriber Subscriber, string Address)? _subscription;
    private Task<MapValue>? _collecting;
    private MapValue _grains = MapValue.Empty, _pillar = MapValue.Empty;
    private bool _isRefreshing, _hasSaidOldProtocol;
    private Refresh? _nextRefresh;
    private int _publishPort = 4505, _tries, _unresolved;
    private long? _fruitlessSignIn;

    public static Props Props(MinionParts parts, IActorRef jobs, IActorRef returns) => Akka.Actor.Props.Create(() => new Master(parts, jobs, returns));

    /// <param name="returns">What brings the returns of this master's jobs to it.</param>
    public Master(MinionParts parts, IActorRef jobs, IActorRef returns)
    {
        (_parts, _options, _master, _jobs, _returns, _settling) = (parts, parts.Options, parts.Conversation, jobs, returns, new Settling(parts));
        _order = _options.Mode == MasterMode.Failover ? MasterOrder.Of(_options, parts.Chance) : new MasterOrder([new MasterEndpoint(_options.Master, _options.MasterPort)], 0);
        _acceptance = new Backoff(_options.AcceptanceWait, _options.AcceptanceWaitMax);
        _failure = new Backoff(_options.ReconnectAfter, _options.ReconnectAtMost > _options.AcceptanceWait ? _options.ReconnectAtMost : _options.AcceptanceWait);
        SigningIn();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _collecting = Collect();
        if (_options.Mode == MasterMode.None) SettleAlone();
        else if (_order.Current is var preferred && _options.At(preferred).RequestAddress != _options.RequestAddress)
        {
            _options = _options.At(preferred);
            _master.MoveToAsync(preferred).PipeTo(Self, success: () => new TryAgain(), failure: _ => new TryAgain());
        }
        else if (_options.StartupDelay > TimeSpan.Zero) Timers.StartSingleTimer("again", new TryAgain(), _options.StartupDelay * _parts.Chance());
        else SignIn();
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        Unsubscribe();
    }

    private void SigningIn()
    {
        Receive<TryAgain>(_ => SignIn());
        Receive<SignInEnded>(m => OnSignedIn(m.Outcome));
        Receive<Settled>(OnSettled);
        Receive<Failed>(OnFailed);
        Receive<Moved>(_ => OnMoved());
        Receive<Refresh>(_ => { });   // grains and pillar are asked for anyway before we are settled
        Always();
    }

    private void Listening()
    {
        Receive<Arrived>(OnArrived);
        Receive<Refresh>(OnRefresh);
        WhileListening();
        Always();
    }

    private void Renewing()
    {
        Receive<KeysRenewed>(OnKeysRenewed);
        Receive<Refresh>(OnRefresh);
        Always();
    }

    private void GivenUp() => ReceiveAny(_ => { });   // the program is about to end

    private void Always()
    {
        Receive<Refreshed>(OnRefreshed);
        Receive<RefreshFailed>(OnRefreshFailed);
        Receive<EventBusProtocol.Heard>(OnHeard);
        Receive<SubscriptionEnded>(OnSubscriptionEnded);
        Receive<RefreshGrains>(_ => Self.Tell(new Refresh(WithGrains: true)));
        Receive<SchedulerProtocol.Due>(m => RunUnasked(m.Run));
    }

    private Task<MapValue> Collect()
    {
        var stop = _stopping.Token;
        return Task.Run(() => _parts.Grains(false, stop), stop);
    }

    private void SignIn()
    {
        var (host, stop) = (_options.Master, _stopping.Token);
        Task.Run(async () => await _parts.Resolves(host, stop).ConfigureAwait(false) ? await _master.SignInAsync(_master.Session, stop).ConfigureAwait(false) : new UnknownHost(host), stop)
            .PipeTo(Self, success: outcome => new SignInEnded(outcome), failure: cause => new Failed(cause));
    }

    private void OnSignedIn(SignInOutcome outcome)
    {
        switch (outcome)
        {
            case SignInOutcome.Accepted accepted:
                _publishPort = accepted.PublishPort ?? _publishPort;
                _log.Info("the master {0} let us in (protocol {1})", _options.RequestAddress, accepted.Session.Version);
                SayOldProtocol(accepted.Session);
                Settle();
                break;
            case SignInOutcome.Pending:
                Retry($"the key of [{_options.Id}] waits for the operator; on the master: salt-key -a {_options.Id}", _acceptance);
                break;
            case SignInOutcome.Full:
                RetryOrMoveOn("the master has as many minions as it may (max_minions)", _acceptance);
                break;
            case UnknownHost unknown:
                OnUnknownHost(unknown.Host);
                break;
            case SignInOutcome.Refused when _options.RejectedRetry:
                Retry($"the master rejects the key of [{_options.Id}]", _acceptance);
                break;
            case SignInOutcome.Refused:
                Give(ExitNoPermission, $"the master rejects the key of [{_options.Id}]. It was rejected there, or another minion has this id: on the master, salt-key -L shows it, and salt-key -d {_options.Id} lets this one ask again");
                break;
            case SignInOutcome.MasterChanged changed:
                Give(ExitMasterChanged, $"the master's key has changed. It now has the fingerprint {changed.Offered.Fingerprint(_options.HashType)} (salt-key -F on the master must show the same). If the master was set up anew, remove {_parts.Keys.MasterKeyPath} and start the minion again; if not, somebody pretends to be your master");
                break;
            case WrongFinger wrong:
                Give(ExitMasterChanged, $"the master's key has the fingerprint {wrong.Offered.Fingerprint(_options.HashType)}, and master_finger says {_options.MasterFinger}; salt-key -F on the master shows which is right");
                break;
            case SignInOutcome.Failed { IsFatal: true } failed:
                // A forged answer must not be able to stop us: we say it, and ask again.
                Retry($"the master's answer was not believed: {failed.Reason}", _acceptance, isError: true);
                break;
            case SignInOutcome.Failed failed:
                RetryOrMoveOn(failed.Reason, _failure);
                break;
        }
    }

    private void SayOldProtocol(MasterSession session)
    {
        if (session.Version >= 3 || _hasSaidOldProtocol) return;
        _hasSaidOldProtocol = true;
        _log.Warning("the master speaks protocol 2: all its minions share one key. Update the master; minimum_master_protocol: 3 would refuse it");
    }

    private void OnFailed(Failed m)
    {
        if (m.Cause.GetBaseException() is OperationCanceledException) return;   // of a life before this one
        if (m.Cause.GetBaseException() is MinionKeysBroken broken) Retry(broken.Message, _failure, isError: true);
        else RetryOrMoveOn(m.Cause.GetBaseException().Message, _failure);
    }

    private void RetryOrMoveOn(string reason, Backoff backoff)
    {
        if (!IsFailover)
        {
            Retry(reason, backoff);
            return;
        }
        Unsubscribe();
        MoveOn(reason, _order.Next);
    }

    private void OnUnknownHost(string host)
    {
        var text = $"the master's name '{host}' means nothing to the name service";
        if (IsFailover)
        {
            MoveOn(text, _order.Next);
            return;
        }
        if (_options.RetryDnsCount is { } most && ++_unresolved > most)
        {
            Give(ExitNoHost, $"{text}, asked {most} times (retry_dns_count)");
            return;
        }
        var wait = _options.RetryDns > TimeSpan.Zero ? _options.RetryDns : _failure.After(++_tries, _parts.Chance());
        _log.Error("{0}; next try in {1:0.#} s", text, wait.TotalSeconds);
        Timers.StartSingleTimer("again", new TryAgain(), wait);
    }

    // Without a master there are grains, a pillar of this machine's own folders at most, and a schedule.
    private void SettleAlone()
    {
        var (parts, options, collecting, stop) = (_parts, _options, _collecting!, _stopping.Token);
        var hasPillar = options.All.TextOf("file_client") == "local";
        Task.Run(async () =>
        {
            var grains = await collecting.ConfigureAwait(false);
            var pillar = hasPillar ? await parts.Services.Pillars!.CompileAsync(new(options.Id, grains, options.SaltEnv, options.PillarEnv, MapValue.Empty), stop).ConfigureAwait(false) : MapValue.Empty;
            return (Grains: grains, Pillar: pillar);
        }, stop).PipeTo(Self, success: known => new Settled(known.Grains, known.Pillar), failure: cause => new Failed(cause));
    }

    private void Retry(string reason, Backoff backoff, bool isError = false)
    {
        var wait = backoff.After(++_tries, _parts.Chance());
        if (isError) _log.Error("{0}; next try in {1:0.#} s", reason, wait.TotalSeconds);
        else _log.Warning("{0}; next try in {1:0.#} s", reason, wait.TotalSeconds);
        Timers.StartSingleTimer("again", new TryAgain(), wait);
    }

    private void Give(int code, string reason)
    {
        _log.Error(reason);
        Become(GivenUp);
        Context.Parent.Tell(new GiveUp(code, reason));
    }

    private void Settle()
    {
        var (subscriber, address) = Subscribe();
        if (_collecting is not { IsFaulted: false, IsCanceled: false }) _collecting = Collect();
        _settling.RunAsync(subscriber, address, _collecting, _stopping.Token).PipeTo(Self,
            success: known => new Settled(known.Grains, known.Pillar), failure: cause => new Failed(cause));
    }

    private (ISubscriber, string) Subscribe()
    {
        var address = _options.PublishAddress(_publishPort);
        if (_subscription is { } standing && standing.Address == address) return standing;
        Unsubscribe();
        var subscriber = _parts.Transport.Subscribe(address, new SubscriberSettings
        {
            Identity = _options.Id.Text,
            Topics = _options.ZmqFiltering ? [WireNames.Broadcast, WireNames.Topic(_options.Id)] : [],
            ReconnectAfter = _options.IsReconnectRandom ? _options.ReconnectAfter + _options.ReconnectAtMost * _parts.Chance() : _options.ReconnectAfter,
            ReconnectAtMost = _options.ReconnectAfter + _options.ReconnectAtMost,
        });
        _subscription = (subscriber, address);
        return (subscriber, address);
    }

    private void Unsubscribe()
    {
        if (_subscription is { } old) _ = old.Subscriber.DisposeAsync().AsTask();
        _subscription = null;
    }

    private void OnSettled(Settled m)
    {
        (_grains, _pillar, _tries, _collecting) = (m.Grains, m.Pillar, 0, null);
        _unresolved = _rounds = 0;
        _log.Info("minion [{0}] is ready", _options.Id);
        Context.Parent.Tell(new SchedulerProtocol.Surroundings(_pillar, _grains));
        Context.Parent.Tell(new Connected());
        Become(Listening);
        StartWatching();
        RunStartupStates();
        TakeNext();
    }

    private void TakeNext()
    {
        if (_subscription is not { Subscriber: var from }) return;
        from.Messages.ReadAsync(_stopping.Token).AsTask().PipeTo(Self,
            success: message => new Arrived(from, message), failure: cause => new SubscriptionEnded(from, cause));
    }

    private void OnSubscriptionEnded(SubscriptionEnded m)
    {
        if (_stopping.IsCancellationRequested || !ReferenceEquals(m.From, _subscription?.Subscriber)) return;
        throw new SubscriptionLost("the subscription at the master's publish port ended by itself", m.Cause);
    }

    private void OnArrived(Arrived m)
    {
        if (!ReferenceEquals(m.From, _subscription?.Subscriber)) return;
        var session = _master.Session!;
        var reading = session.OpenPublish(m.Message.Payload, _options.SignPubMessages);
        if (reading.Result == SessionResult.NeedsSignIn && !IsSignInFruitless())
        {
            _log.Debug("a publish is sealed with another key, so the master has a new one; signing in");
            Become(Renewing);
            _master.SignInAsync(session, _stopping.Token).PipeTo(Self,
                success: outcome => new KeysRenewed(outcome, m.Message),
                failure: cause => new KeysRenewed(new SignInOutcome.Failed(cause.GetBaseException().Message, false), m.Message));
            return;
        }
        Take(reading);
        TakeNext();
    }

    private bool IsSignInFruitless() => _fruitlessSignIn is { } last && _parts.Clock.GetElapsedTime(last) < BetweenFruitlessSignIns;

    private void OnKeysRenewed(KeysRenewed m)
    {
        switch (m.Outcome)
        {
            case SignInOutcome.Accepted:
                var reading = _master.Session!.OpenPublish(m.Again.Payload, _options.SignPubMessages);
                _fruitlessSignIn = reading.Result == SessionResult.NeedsSignIn ? _parts.Clock.GetTimestamp() : null;
                Become(Listening);
                Take(reading);
                TakeNext();
                break;
            case SignInOutcome.Failed { IsFatal: false } failed:
                _log.Warning("a publish could not be opened, and signing in failed: {0}", failed.Reason);
                Become(Listening);
                TakeNext();
                break;
            default:
                Become(SigningIn);
                OnSignedIn(m.Outcome);
                break;
        }
    }

    private void Take(SessionReading reading)
    {
        if (reading is { Result: SessionResult.Opened, Value: MapValue load }) Decide(load);
        else _log.Warning("a publish was dropped: {0}", reading.Reason);
    }

    // Matching is the minion's own: what the master expects only tells the command line whom to wait for.
    private void Decide(MapValue load)
    {
        if (load.Get("tgt") is not { } target || load.TextOf("jid") is null || load.Get("fun") is not { IsTruthy: true } || load.Get("arg") is not ListValue)
        {
            _log.Warning("a publish without a whole job was dropped");
            return;
        }
        var parsed = TargetParser.Parse(target, load.TextOf("tgt_type") ?? "glob", load.TextOf("delimiter") ?? ":", MapValue.Empty);
        if (MinionMatcher.Matches(parsed, new MinionFacts(_options.Id, _grains, _pillar))) _jobs.Tell(new JobsProtocol.RunJob(load, _grains, _pillar) { Returns = _returns, Services = _parts.Services });
    }

    // What nobody published: a job of the schedule, or of the start.
    private void RunUnasked(ScheduledRun run)
    {
        var load = MapValue.Of(("id", _options.Id.Text), ("fun", run.Function), ("arg", run.Arguments.ToLoad()), ("jid", run.Jid.Text), ("ret", "")).Over(run.Extras);
        if (run.Name.Length > 0) load = load.With("schedule", run.Name);
        _jobs.Tell(new JobsProtocol.RunJob(load, _grains, _pillar) { Scheduled = run, Returns = _returns, Services = _parts.Services });
    }

    // One after the other, and what is asked meanwhile once more after it: an older answer never replaces a newer one.
    private void OnRefresh(Refresh m)
    {
        if (_isRefreshing)
        {
            _nextRefresh = new Refresh(m.WithGrains || _nextRefresh is { WithGrains: true });
            return;
        }
        _isRefreshing = true;
        var (settling, grains, stop) = (_settling, _grains, _stopping.Token);
        Task.Run(() => settling.RefreshAsync(grains, m.WithGrains, stop), stop).PipeTo(Self,
            success: known => new Refreshed(known.Grains, known.Pillar), failure: cause => new RefreshFailed(cause));
    }

    private void OnRefreshed(Refreshed m)
    {
        (_grains, _pillar) = (m.Grains, m.Pillar);
        Context.Parent.Tell(new SchedulerProtocol.Surroundings(_pillar, _grains));
        Context.Parent.Tell(new EventBusProtocol.Fire(new SaltEvent(BusRequests.PillarRefreshed, MapValue.Of(("complete", true)))));
        OnRefreshEnded();
    }

    private void OnRefreshFailed(RefreshFailed m)
    {
        if (m.Cause.GetBaseException() is OperationCanceledException) return;
        _log.Warning("grains and pillar stay as they were: {0}", m.Cause.GetBaseException().Message);
        OnRefreshEnded();
    }

    private void OnRefreshEnded()
    {
        _isRefreshing = false;
        if (_nextRefresh is not { } next) return;
        _nextRefresh = null;
        Self.Tell(next);
    }

    private void OnHeard(EventBusProtocol.Heard m)
    {
        switch (BusRequests.Read(m.Event))
        {
            case BusRequest.Refresh refresh:
                Self.Tell(new Refresh(refresh.WithGrains));
                break;
            case BusRequest.FireMaster fire:
                var log = _log;
                _master.FireAsync(fire.Tag, fire.Data, _stopping.Token).ContinueWith(done =>
                {
                    if (!done.IsCompletedSuccessfully || !done.Result) log.Warning("the event {0} of a local program did not reach the master", fire.Tag);
                }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                break;
        }
    }
}

/// <summary>The session has lost its ears; it begins anew.</summary>
public sealed class SubscriptionLost(string message, Exception cause) : Exception(message, cause);
