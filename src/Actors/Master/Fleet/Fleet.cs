using Akka.Actor;
using Akka.Event;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using static SaltActors.Actors.Master.Fleet.FleetProtocol;

namespace SaltActors.Actors.Master.Fleet;

/// <summary>Keeps what minions tell of themselves. One writer, so two stories of one minion never mix.</summary>
public sealed class Fleet : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="isKept">False where nothing is kept of minions (<c>minion_data_cache</c>).</param>
    public static Props Props(MinionDataCache cache, MineFiles mine, bool isKept) => Akka.Actor.Props.Create(() => new Fleet(cache, mine, isKept));

    public Fleet(MinionDataCache cache, MineFiles mine, bool isKept)
    {
        Receive<MinionDescribed>(m =>
        {
            if (isKept) Keep(m.Id, "its grains could not be kept, targeting by grains does not see it", () => cache.Store(m.Id, m.Grains, m.Pillar));
        });
        Receive<PublishMine>(m => Sender.Tell(new MineChanged(Keep(m.Id, "what it publishes could not be kept",
            () => mine.Store(m.Id, m.InPlaceOfAll ? m.Values : mine.Find(m.Id).Over(m.Values))))));
        Receive<WithdrawMine>(m => Sender.Tell(new MineChanged(Keep(m.Id, "what it takes back could not be removed", () =>
        {
            if (m.Function is null) mine.Delete(m.Id);
            else if (mine.Find(m.Id) is var all && all.Has(m.Function)) mine.Store(m.Id, all.Without(m.Function));
        }))));
        Receive<Forget>(m => Sender.Tell(OnForget(m, cache, mine)));
    }

    private Forgotten OnForget(Forget m, MinionDataCache cache, MineFiles mine)
    {
        var hadSome = false;
        var failure = Keep(m.Id, "what is remembered of it could not be forgotten", () =>
        {
            hadSome = cache.Forget(m.Id, m.What.HasFlag(MinionMemory.Grains), m.What.HasFlag(MinionMemory.Pillar));
            var published = mine.Find(m.Id);
            if (m.What.HasFlag(MinionMemory.Mine) && published.Count > 0)
            {
                hadSome = true;
                mine.Delete(m.Id);
            }
            else if (m.MineFunction is { } function && published.Has(function))
            {
                hadSome = true;
                mine.Store(m.Id, published.Without(function));
            }
        });
        return new Forgotten(hadSome, failure);
    }

    private string? Keep(MinionId id, string loss, Action change)
    {
        try
        {
            change();
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _log.Error("minion [{0}]: {1}: {2}", id, loss, cause.Message);
            return cause.Message;
        }
    }
}
