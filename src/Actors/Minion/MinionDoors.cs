using System.Collections.Immutable;
using Akka.Actor;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Daemon.Schedule;
using SaltActors.Actors.Minion.Jobs;
using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Schedules;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion;

/// <summary>The doors through which functions meet the minion's actors. This is the edge of the actor system: here questions are asked.</summary>
internal sealed class MinionDoors(ImmutableArray<MasterConversation> masters) : IRunningJobs, IEventSender, IDaemonControl, IMasterCommands, IPillarSource, IScheduleControl
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private IActorRef _tree = ActorRefs.Nobody;

    /// <summary>Functions are called by the tree's own actors only, so it stands before anybody comes through a door.</summary>
    internal void Open(IActorRef tree) => _tree = tree;

    public async Task<ImmutableArray<MapValue>> ListAsync(CancellationToken stop) =>
        (await _tree.Ask<JobsProtocol.RunningJobs>(new JobsProtocol.ListRunning(), Patience, stop).ConfigureAwait(false)).Jobs;

    public async Task<bool> SignalAsync(string jid, int signal, CancellationToken stop) =>
        (await _tree.Ask<JobsProtocol.Signalled>(new JobsProtocol.SignalJob(jid, signal), Patience, stop).ConfigureAwait(false)).WasThere;

    public Task<bool> FireAsync(SaltEvent @event, CancellationToken stop)
    {
        _tree.Tell(new EventBusProtocol.Fire(@event));
        return Task.FromResult(true);
    }

    /// <summary>To every master of the minion; true where one took it.</summary>
    public async Task<bool> FireMasterAsync(SaltEvent @event, CancellationToken stop) =>
        (await Task.WhenAll(masters.Select(m => m.FireAsync(@event.Tag, @event.Data, stop))).ConfigureAwait(false)).Any(taken => taken);

    /// <summary>The doors to one master.</summary>
    internal static MasterDoors At(MasterConversation master) => new(master);

    public Task RefreshGrainsAsync(CancellationToken stop)
    {
        _tree.Tell(new SessionProtocol.Refresh(WithGrains: true));
        return Task.CompletedTask;
    }

    async Task<MapValue?> IScheduleControl.AskAsync(MapValue command, CancellationToken stop) =>
        (await _tree.Ask<SchedulerProtocol.Managed>(new SchedulerProtocol.Manage(command), Patience, stop).ConfigureAwait(false)).Data;

    public Task<MapValue> CompileAsync(PillarQuestion question, CancellationToken stop) => masters[0].AskPillarAsync(question, stop);

    public Task<Value?> AskAsync(MapValue load, TimeSpan timeout, CancellationToken stop) => masters[0].CommandAsync(load, timeout, stop);
}

/// <summary>The doors to one of several masters.</summary>
internal sealed class MasterDoors(MasterConversation master) : IMasterCommands, IPillarSource
{
    public Task<MapValue> CompileAsync(PillarQuestion question, CancellationToken stop) => master.AskPillarAsync(question, stop);
    public Task<Value?> AskAsync(MapValue load, TimeSpan timeout, CancellationToken stop) => master.CommandAsync(load, timeout, stop);
}
