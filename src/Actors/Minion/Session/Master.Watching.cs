using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Schedules;
using SaltActors.Core.Values;
using SaltActors.Transport;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Minion.Session;

/// <summary>What the session does from time to time: look whether the master is there, go over to another one and back, ping it, collect grains anew.</summary>
/// <remarks>Salt 3006, salt/minion.py: <c>master_alive_interval</c>, <c>master_failback</c>, <c>ping_interval</c>, <c>grains_refresh_every</c>, and the events of each.</remarks>
public sealed partial class Master
{
    private const string Disconnected = "__master_disconnected", ConnectedAgain = "__master_connected", FailedBack = "__master_failback";
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(5);
    private static readonly byte[] ClearPing = Msgpack.Pack(MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("cmd", "ping")))), MsgpackDialect.Wire);

    private sealed record LookAlive;
    private sealed record LookForFirst;
    private sealed record FirstAnswered(bool IsThere);
    private sealed record Ping;
    private sealed record PingEnded(bool IsTaken);
    private sealed record RefreshGrains;
    private sealed record Moved;

    private MasterOrder _order;
    private bool _wasConnected, _hasBegun;
    private int _rounds;
    private TimeSpan _waitAfterMove;

    private void WhileListening()
    {
        Receive<LookAlive>(_ => OnLookAlive());
        Receive<LookForFirst>(_ => OnLookForFirst());
        Receive<FirstAnswered>(OnFirstAnswered);
        Receive<Ping>(_ => _master.FireAsync("minion_ping", "ping", _stopping.Token).PipeTo(Self, success: taken => new PingEnded(taken), failure: _ => new PingEnded(false)));
        Receive<PingEnded>(OnPingEnded);
    }

    private void StartWatching()
    {
        _wasConnected = true;
        Every(nameof(LookAlive), new LookAlive(), _options.AliveInterval);
        Every(nameof(Ping), new Ping(), _options.PingInterval);
        Every(nameof(RefreshGrains), new RefreshGrains(), _options.GrainsRefresh);
        if (IsFailover && _options.Failback && !_order.IsFirst) Every(nameof(LookForFirst), new LookForFirst(), _options.FailbackInterval);
        else Timers.Cancel(nameof(LookForFirst));
    }

    private void Every(string key, object message, TimeSpan interval)
    {
        if (interval > TimeSpan.Zero) Timers.StartPeriodicTimer(key, message, interval);
    }

    private bool IsFailover => _options.Mode == MasterMode.Failover && _order.HasOthers;

    private void OnLookAlive()
    {
        var isConnected = _subscription is { Subscriber.IsConnected: true };
        if (isConnected != _wasConnected) FireLocally(isConnected ? ConnectedAgain : Disconnected);
        _wasConnected = isConnected;
        if (isConnected || !IsFailover) return;
        LeaveMaster();
        MoveOn($"the connection to the master {_order.Current} is lost", _order.Next);
    }

    private void OnLookForFirst()
    {
        if (!IsFailover || _order.IsFirst) return;
        var (transport, first, stop) = (_parts.Transport, _options.At(_order.First.Current), _stopping.Token);
        Answers(transport, first.RequestAddress, stop).PipeTo(Self, success: there => new FirstAnswered(there), failure: _ => new FirstAnswered(false));
    }

    // Any answer is one: who refuses to talk like that is there.
    private static async Task<bool> Answers(ITransport transport, string address, CancellationToken stop)
    {
        await using var requester = transport.Connect(address, PortLimits.Default);
        try
        {
            await requester.RequestAsync(ClearPing, ProbePatience, stop).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void OnFirstAnswered(FirstAnswered m)
    {
        if (!m.IsThere || _order.IsFirst) return;
        FireLocally(FailedBack);
        LeaveMaster();
        MoveOn($"the preferred master {_order.First.Current} answers again", _order.First);
    }

    private void LeaveMaster()
    {
        Unsubscribe();
        Become(SigningIn);
    }

    private void MoveOn(string reason, MasterOrder next)
    {
        _log.Warning("{0}; the minion turns to {1}", reason, next.Current);
        var isRound = next.IsFirst && !_order.IsFirst;
        _order = next;
        _options = _options.At(next.Current);
        Timers.Cancel(nameof(LookForFirst));
        // After each round of all masters a while passes, so that a fleet without any does not hammer them.
        _waitAfterMove = isRound ? _failure.After(++_rounds, _parts.Chance()) : TimeSpan.Zero;
        _master.MoveToAsync(next.Current).PipeTo(Self, success: () => new Moved(), failure: _ => new Moved());
    }

    private void OnMoved()
    {
        if (_waitAfterMove > TimeSpan.Zero) Timers.StartSingleTimer("again", new TryAgain(), _waitAfterMove);
        else SignIn();
    }

    private void OnPingEnded(PingEnded m)
    {
        if (m.IsTaken) return;
        if (_options.AuthSafemode)
        {
            _log.Warning("the master does not answer a ping");
            return;
        }
        var wait = _options.ReauthDelay * _parts.Chance();
        _log.Error("the master does not answer a ping; signing in anew in {0:0.#} s", wait.TotalSeconds);
        LeaveMaster();
        Timers.StartSingleTimer("again", new TryAgain(), wait);
    }

    private void FireLocally(string tag) =>
        Context.Parent.Tell(new EventBusProtocol.Fire(new SaltEvent(tag, MapValue.Of(("master", _order.Current.Host)))));

    // Once in the minion's life, not at each sign-in.
    private void RunStartupStates()
    {
        if (_hasBegun || !_parts.IsFirst || _options.StartupStates.Length == 0) return;
        _hasBegun = true;
        var (function, arguments) = _options.StartupStates switch
        {
            "sls" => ("state.sls", CallArguments.Of(_options.All.Get("sls_list") ?? ListValue.Empty)),
            "top" => ("state.top", CallArguments.Of(_options.All.Get("top_file") ?? "")),
            _ => ("state.highstate", CallArguments.None),
        };
        if (_parts.Functions.Find(FunctionKind.Execution, function) is null)
        {
            _log.Error("startup_states is '{0}', but this minion has no function {1}", _options.StartupStates, function);
            return;
        }
        RunUnasked(new ScheduledRun("", new JidClock(_parts.Clock).Next(), function, arguments, ScheduleReturn.Kept, _options.All.TextOf("ext_job_cache") ?? "", IsListed: true));
    }
}
