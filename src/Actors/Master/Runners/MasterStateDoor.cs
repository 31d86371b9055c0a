using System.Collections.Immutable;
using Akka.Actor;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master.Access;
using SaltActors.Actors.Master.Presence;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Runners;

/// <summary>The actors that runners reach through their doors.</summary>
public sealed record RunnerActors(IActorRef Jobs, IActorRef Keys, IActorRef Presence, IActorRef Fleet, IActorRef Events);

/// <summary>What the master itself is doing, for runners.</summary>
internal sealed class MasterStateDoor(IActorRef presence, RunningCalls running, MasterHealth health, TimeSpan patience) : IMasterState
{
    public Task<ImmutableArray<MapValue>> RunningAsync(CancellationToken stop) => Task.FromResult(running.All);

    public async Task<MapValue> ConnectedFromAsync(CancellationToken stop) =>
        (await presence.Ask<PresenceProtocol.ConnectedFrom>(new PresenceProtocol.WhereFrom(), patience, stop).ConfigureAwait(false)).Addresses;

    public async Task<MapValue> HealthAsync(CancellationToken stop) => health.Describe((await ConnectedFromAsync(stop).ConfigureAwait(false)).Count);
}

/// <summary>Tokens, for the runner <c>auth</c>.</summary>
internal sealed class TokenDoor(AccessControl access) : ITokens
{
    public async Task<MapValue?> MakeAsync(MapValue credentials, CancellationToken stop) => (await access.MakeTokenAsync(credentials).ConfigureAwait(false))?.ToValue();
    public bool Delete(string token) => access.DeleteToken(token);
}

/// <summary>The master's bus, for runners. There is no master above this one: both ways lead to it.</summary>
internal sealed class BusDoor(IActorRef events) : IEventSender
{
    public Task<bool> FireAsync(SaltEvent @event, CancellationToken stop)
    {
        events.Tell(new EventBusProtocol.Fire(@event));
        return Task.FromResult(true);
    }

    public Task<bool> FireMasterAsync(SaltEvent @event, CancellationToken stop) => FireAsync(@event, stop);
}
