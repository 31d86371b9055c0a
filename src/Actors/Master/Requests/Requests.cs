using Akka.Actor;
using Akka.Event;
using Akka.Routing;
using SaltActors.Transport;
using static SaltActors.Actors.Master.Requests.RequestsProtocol;

namespace SaltActors.Actors.Master.Requests;

/// <summary>Drains the request port into the workers, and never lets them have more in hand than they may.</summary>
public sealed class Requests : ReceiveActor
{
    private sealed record PortClosed(Exception? Cause);
    private readonly IRequestPort _port;
    private readonly RequestSettings _settings;
    private readonly IActorRef _workers;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(IRequestPort port, Props worker, int workers, RequestSettings settings) =>
        Akka.Actor.Props.Create(() => new Requests(port, worker, workers, settings));

    public Requests(IRequestPort port, Props worker, int workers, RequestSettings settings)
    {
        (_port, _settings) = (port, settings);
        _workers = Context.ActorOf(worker.WithRouter(new RoundRobinPool(workers)), "workers");
        Receive<PortClosed>(m => _log.Error(m.Cause, "the request port no longer brings requests"));
    }

    protected override void PreStart() =>
        Drain(_port, _workers, _settings.InFlight, _stopping.Token).PipeTo(Self, success: () => new PortClosed(null), failure: cause => new PortClosed(cause));

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private static async Task Drain(IRequestPort port, IActorRef workers, int inFlight, CancellationToken stop)
    {
        var credit = new SemaphoreSlim(inFlight, inFlight);
        void GiveBack() => credit.Release();
        try
        {
            await foreach (var request in port.Requests.ReadAllAsync(stop).ConfigureAwait(false))
            {
                await credit.WaitAsync(stop).ConfigureAwait(false);
                workers.Tell(new Admitted(request, GiveBack));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The master goes down; the port is closed after its actors.
        }
    }
}
