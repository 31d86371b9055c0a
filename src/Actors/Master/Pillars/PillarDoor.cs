using Akka.Actor;
using SaltActors.Actors.Master.Fleet;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Pillars;

/// <summary>The door to pillars, for requests and runners. This is the edge of the actor system: here a question is asked.</summary>
public sealed class PillarDoor(IActorRef pillars, FleetView fleet, TimeSpan patience) : IPillarSource
{
    /// <param name="question">Without grains it means the minion as it is known.</param>
    public async Task<MapValue> CompileAsync(PillarQuestion question, CancellationToken stop)
    {
        if (question.Grains.Count == 0 && fleet.TryGetFacts(question.Id, out var facts)) question = question with { Grains = facts.Grains };
        return await pillars.Ask<object>(new PillarsProtocol.CompilePillar(question), patience, stop).ConfigureAwait(false) switch
        {
            PillarsProtocol.PillarCompiled compiled => compiled.Pillar,
            PillarsProtocol.PillarRefused refused => throw new CommandFailed(refused.Reason),
            var other => throw new CommandFailed($"the compiler of pillars gave an answer that is none: {other.GetType().Name}"),
        };
    }
}
