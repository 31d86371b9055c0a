using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Files;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>The doors of one <c>salt-call</c> that has a master. There is no daemon: what is fired goes to the master, and nothing is listening here.</summary>
internal sealed class CallDoors(MasterConversation master) : IMasterCommands, IPillarSource, IEventSender
{
    internal static CallServices Of(MasterConversation master, MapValue options, CallLog log)
    {
        var doors = new CallDoors(master);
        return new CallServices
        {
            GrainsFile = MinionWiring.GrainsFile(options),
            Master = doors,
            Pillars = doors,
            Events = doors,
            Log = log,
            Files = new MasterFiles(doors, options.TextOf("cachedir") ?? "/var/cache/salt/minion"),
        };
    }

    public Task<Value?> AskAsync(MapValue load, TimeSpan timeout, CancellationToken stop) => master.CommandAsync(load, timeout, stop);

    public Task<MapValue> CompileAsync(PillarQuestion question, CancellationToken stop) => master.AskPillarAsync(question, stop);

    public Task<bool> FireAsync(SaltEvent @event, CancellationToken stop) => Task.FromResult(false);

    public Task<bool> FireMasterAsync(SaltEvent @event, CancellationToken stop) => master.FireAsync(@event.Tag, @event.Data, stop);
}
