using System.Collections.Immutable;
using Akka.Actor;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Minion.Jobs;
using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Minion;

/// <summary>The doors through which functions meet the minion's actors. This is the edge of the actor system: the one place that asks.</summary>
internal sealed class MinionDoors(MinionOptions options, MasterConversation master) : IRunningJobs, IEventSender, IDaemonControl
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), MasterPatience = TimeSpan.FromSeconds(60);
    private IActorRef _tree = ActorRefs.Nobody, _jobs = ActorRefs.Nobody, _events = ActorRefs.Nobody;

    internal void Open(IActorRef tree) => _tree = tree;
    internal void Open(IActorRef jobs, IActorRef events) => (_jobs, _events) = (jobs, events);

    public async Task<ImmutableArray<MapValue>> ListAsync(CancellationToken stop) =>
        (await _jobs.Ask<JobsProtocol.RunningJobs>(new JobsProtocol.ListRunning(), Patience, stop).ConfigureAwait(false)).Jobs;

    public async Task<bool> SignalAsync(string jid, int signal, CancellationToken stop) =>
        (await _jobs.Ask<JobsProtocol.Signalled>(new JobsProtocol.SignalJob(jid, signal), Patience, stop).ConfigureAwait(false)).WasThere;

    public Task<bool> FireAsync(SaltEvent @event, CancellationToken stop)
    {
        _events.Tell(new EventBusProtocol.Fire(@event));
        return Task.FromResult(true);
    }

    public async Task<bool> FireMasterAsync(SaltEvent @event, CancellationToken stop)
    {
        var load = MapValue.Of(("id", options.Id.Text), ("cmd", "_minion_event"), ("pretag", Value.Null), ("data", @event.Data), ("tag", @event.Tag));
        var reading = await master.AskAsync(load, MasterPatience, 3, stop, hasOwnToken: true).ConfigureAwait(false);
        return reading.Result == SessionResult.Opened;
    }

    public Task RefreshGrainsAsync(CancellationToken stop)
    {
        _tree.Tell(new SessionProtocol.RefreshGrains());
        return Task.CompletedTask;
    }
}
