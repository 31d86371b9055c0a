using System.Collections.Immutable;
using Akka.Actor;
using static SaltActors.Actors.Minion.Returns.ReturnsProtocol;

namespace SaltActors.Actors.Minion.Returns;

/// <summary>Asks every keeper of returns whether something is on its way, and answers once none has anything.</summary>
internal sealed class AllSent : ReceiveActor
{
    private int _left;

    internal static Props Props(ImmutableArray<IActorRef> keepers, IActorRef asker) => Akka.Actor.Props.Create(() => new AllSent(keepers, asker));

    public AllSent(ImmutableArray<IActorRef> keepers, IActorRef asker)
    {
        _left = keepers.Length;
        foreach (var keeper in keepers) keeper.Tell(new TellWhenSent());
        Receive<NothingToSend>(m =>
        {
            if (--_left > 0) return;
            asker.Tell(m);
            Context.Stop(Self);
        });
    }
}
