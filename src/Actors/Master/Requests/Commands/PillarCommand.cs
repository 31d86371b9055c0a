using Akka.Actor;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master.Auth;
using SaltActors.Actors.Master.Fleet;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>_pillar</c>: a minion brings its grains and asks for its pillar.</summary>
/// <remarks>The grains are kept for targeting. Pillar files are not rendered in this version: the pillar is empty, and the log says so where there are any.</remarks>
public sealed class PillarCommand(IActorRef fleet, IActorRef events, MasterIdentity identity) : ISealedCommand
{
    public string Name => "_pillar";
    public bool NeedsIdentity => false;   // the answer can only be opened by the owner of the key

    public Task<byte[]> AnswerAsync(SealedRequest request)
    {
        var load = request.Load;
        if (request.Version >= 2 && request.Nonce is null) return Task.FromResult(request.PlainError("Nonce not included in request"));
        if (!MinionId.TryParse(load.TextOf("id"), out var id) || request.Identity is { } proven && proven != id) return Task.FromResult(request.SealReply(Refusals.Nothing));
        if (identity.Accepted(id) is not { } key) return Task.FromResult(request.PlainError("AES key not found"));
        if (load.Get("grains") is MapValue grains)
        {
            fleet.Tell(new FleetProtocol.MinionDescribed(id, grains, MapValue.Empty));
            events.Tell(new EventBusProtocol.Fire(new SaltEvent(EventTags.MinionRefresh(id), MapValue.Of(("Minion data cache refresh", id.Text)))));
        }
        return Task.FromResult(request.SealPillar(MapValue.Empty, key, identity.Master));
    }
}
