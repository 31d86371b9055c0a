using Akka.Actor;
using SaltActors.Core.Events;

namespace SaltActors.Actors.Daemon.Events;

/// <summary>Everything the event bus takes, and everything it answers.</summary>
public static class EventBusProtocol
{
    public interface IEventBusMessage;

    /// <summary>Something happened. Everybody on the bus hears of it, local programs on the event socket included.</summary>
    public sealed record Fire(SaltEvent Event) : IEventBusMessage;

    /// <summary>From now on the sender gets <see cref="Heard"/> for each event whose tag starts with the prefix, until it stops.</summary>
    public sealed record Listen(string TagPrefix, IActorRef Listener) : IEventBusMessage;

    public sealed record Heard(SaltEvent Event);
}
