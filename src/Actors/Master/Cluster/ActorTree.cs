using Akka.Actor;
using SaltActors.Actors.Daemon.Supervision;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Cluster;

/// <summary>The live tree of actors with what waits in each mailbox and how often each was restarted.</summary>
public sealed class ActorTree(Func<IActorRef?> root, RestartCounts restarts, Func<string> node) : IClusterQueries
{
    public Task<MapValue> TreeAsync(CancellationToken stop) =>
        Task.FromResult(root() is ActorRefWithCell top ? Describe(top).With("node", node()) : MapValue.Empty);

    private MapValue Describe(ActorRefWithCell actor)
    {
        var cell = actor.Underlying;
        var children = actor.Children.OfType<ActorRefWithCell>().OrderBy(c => c.Path.Name, StringComparer.Ordinal).Select(Value (c) => Describe(c));
        return MapValue.Of(
            ("name", actor.Path.Name),
            ("type", cell.Props.Type.Name),
            ("mailbox", cell.NumberOfMessages),
            ("restarts", restarts.Of(actor.Path)),
            ("children", ListValue.From(children)));
    }
}
