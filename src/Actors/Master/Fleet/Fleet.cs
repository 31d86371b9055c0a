using Akka.Actor;
using Akka.Event;
using static SaltActors.Actors.Master.Fleet.FleetProtocol;

namespace SaltActors.Actors.Master.Fleet;

/// <summary>Keeps what minions tell of themselves. One writer, so two stories of one minion never mix.</summary>
public sealed class Fleet : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(MinionDataCache cache) => Akka.Actor.Props.Create(() => new Fleet(cache));

    public Fleet(MinionDataCache cache) => Receive<MinionDescribed>(m =>
    {
        try
        {
            cache.Store(m.Id, m.Grains, m.Pillar);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _log.Error("minion [{0}]: its grains could not be kept, targeting by grains does not see it: {1}", m.Id, cause.Message);
        }
    });
}
