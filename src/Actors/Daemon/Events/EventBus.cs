using Akka.Actor;
using Akka.Event;
using SaltActors.Core.Events;
using SaltActors.Transport;
using static SaltActors.Actors.Daemon.Events.EventBusProtocol;

namespace SaltActors.Actors.Daemon.Events;

/// <summary>A daemon's event bus: what is fired is stamped once, written to the local event sockets, and told to the actors that listen.</summary>
public sealed class EventBus : ReceiveActor
{
    private sealed record InboundEnded(Exception? Cause);
    private readonly IEventPort _port;
    private readonly TimeProvider _clock;
    private readonly List<Listen> _listeners = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(IEventPort port, TimeProvider clock) => Akka.Actor.Props.Create(() => new EventBus(port, clock));

    public EventBus(IEventPort port, TimeProvider clock)
    {
        (_port, _clock) = (port, clock);
        Receive<Fire>(m => OnFired(m.Event));
        Receive<Listen>(OnListen);
        Receive<Terminated>(m => _listeners.RemoveAll(l => l.Listener.Equals(m.ActorRef)));
        Receive<InboundEnded>(m => _log.Error(m.Cause, "the event socket no longer takes events from local programs"));
    }

    protected override void PreStart()
    {
        var (self, stop) = (Self, _stopping.Token);
        PumpInbound(_port, self, stop).PipeTo(self, success: () => new InboundEnded(null), failure: cause => new InboundEnded(cause));
    }

    // Who listened before must hear afterwards: the mailbox outlives the one that failed.
    protected override void PreRestart(Exception reason, object message)
    {
        foreach (var listener in _listeners) Self.Tell(listener);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    // What local programs send goes through the mailbox like everything else, so the order is one for all.
    private static async Task PumpInbound(IEventPort port, IActorRef self, CancellationToken stop)
    {
        try
        {
            await foreach (var inbound in port.Inbound.ReadAllAsync(stop).ConfigureAwait(false)) self.Tell(new Fire(inbound));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The bus is going down; nobody waits for the socket any more.
        }
    }

    private void OnFired(SaltEvent fired)
    {
        var stamped = fired.Stamped(_clock);
        _port.Publish(stamped);
        foreach (var listener in _listeners)
            if (stamped.Tag.StartsWith(listener.TagPrefix, StringComparison.Ordinal))
                listener.Listener.Tell(new Heard(stamped));
    }

    private void OnListen(Listen m)
    {
        _listeners.Add(m);
        Context.Watch(m.Listener);
    }
}
