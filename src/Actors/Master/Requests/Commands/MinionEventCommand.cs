using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>_minion_event</c>: a minion tells the bus something, one event or a list of them.</summary>
/// <remarks>
/// A single event's data is the whole load, a list's only its own. Tags that are the master's own are refused (CVE-2025-22239):
/// a minion could otherwise forge returns, keys and runs. Salt lets them through.
/// </remarks>
public sealed class MinionEventCommand(IActorRef events, ILoggingAdapter log) : ISealedCommand
{
    public string Name => "_minion_event";
    public bool NeedsIdentity => true;

    public Task<byte[]> AnswerAsync(SealedRequest request)
    {
        var id = request.Identity!.Value;
        var load = request.Load.Without("nonce").Without("ts").Without("tok");
        if (load.Get("events") is ListValue list)
        {
            foreach (var item in list)
                if (item is MapValue one && one.TextOf("tag") is { Length: > 0 } tag) Fire(id, tag, one.Get("data") as MapValue ?? MapValue.Of(("data", one.Get("data") ?? Value.Null)), load.TextOf("pretag"));
        }
        else if (load.TextOf("tag") is { Length: > 0 } tag) Fire(id, tag, load, load.TextOf("pretag"));
        return Task.FromResult(request.SealReply(Value.Null));
    }

    private void Fire(MinionId sender, string tag, MapValue data, string? pretag)
    {
        if (tag.Contains('\n') || EventTags.IsReservedForMaster(tag, sender))
        {
            log.Warning("minion [{0}] sent an event under a tag that is the master's own ({1}); dropped", sender, tag.ReplaceLineEndings("?"));
            return;
        }
        events.Tell(new EventBusProtocol.Fire(new SaltEvent(tag, data)));
        if (pretag is { Length: > 0 } && !pretag.Contains('\n')) events.Tell(new EventBusProtocol.Fire(new SaltEvent($"{pretag}/{tag}", data)));
    }
}
