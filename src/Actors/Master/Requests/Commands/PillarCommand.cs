using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master.Auth;
using SaltActors.Actors.Master.Fleet;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>_pillar</c>: a minion brings its grains and asks for its pillar. Both are kept for targeting.</summary>
public sealed class PillarCommand(IActorRef fleet, IActorRef events, IPillarSource pillars, MasterIdentity identity, ILoggingAdapter log) : ISealedCommand
{
    public string Name => "_pillar";
    public bool NeedsIdentity => false;   // the answer can only be opened by the owner of the key

    public async Task<byte[]> AnswerAsync(SealedRequest request)
    {
        var load = request.Load;
        if (request.Version >= 2 && request.Nonce is null) return request.PlainError("Nonce not included in request");
        if (!MinionId.TryParse(load.TextOf("id"), out var id) || request.Identity is { } proven && proven != id) return request.SealReply(Refusals.Nothing);
        if (identity.Accepted(id) is not { } key) return request.PlainError("AES key not found");
        var grains = load.Get("grains") as MapValue;
        var question = new PillarQuestion(id, grains ?? MapValue.Empty, Text(load, "saltenv"), Text(load, "pillarenv"), load.MapOf("pillar_override"));
        MapValue pillar;
        try
        {
            pillar = await pillars.CompileAsync(question, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is CommandFailed or AskTimeoutException)
        {
            log.Error("the pillar of minion [{0}] is not given: {1}", id, cause.Message);
            return request.PlainError("Some exception handling minion payload");
        }
        if (grains is not null)
        {
            if (question.Override.Count == 0) fleet.Tell(new FleetProtocol.MinionDescribed(id, grains, pillar));
            events.Tell(new EventBusProtocol.Fire(new SaltEvent(EventTags.MinionRefresh(id), MapValue.Of(("Minion data cache refresh", id.Text)))));
        }
        return request.SealPillar(pillar, key, identity.Master);
    }

    private static string? Text(MapValue load, string name) => load.TextOf(name) is { Length: > 0 } text ? text : null;
}
