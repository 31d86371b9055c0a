using Akka.Actor;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Daemon.Supervision;
using SaltActors.Actors.Minion.Session;

namespace SaltActors.Actors.Minion;

/// <summary>The minion's actors. Read this file first.</summary>
/// <remarks>
/// One supervision strategy for all: whoever fails is restarted; what must last (returns, running jobs) is on disk.
/// <code>
/// minion
/// ├─ events     the local bus, for programs on this machine
/// ├─ returns    every return on disk until the master has acknowledged it
/// ├─ jobs       what runs
/// │  └─ (jid)   one actor a job
/// └─ master     the session: sign in, subscribe, decide which jobs are ours
/// </code></remarks>
public sealed class MinionTree : ReceiveActor
{
    private readonly MinionParts _parts;
    private readonly IActorRef _returns;

    public static Props Props(MinionParts parts, Action<IActorRef, IActorRef> begun, Action<int> giveUp) =>
        Akka.Actor.Props.Create(() => new MinionTree(parts, begun, giveUp));

    /// <param name="begun">Told once: the jobs, and the bus.</param>
    /// <param name="giveUp">Told where the minion has no use in going on, with the exit code.</param>
    public MinionTree(MinionParts parts, Action<IActorRef, IActorRef> begun, Action<int> giveUp)
    {
        _parts = parts;
        Receive<SessionProtocol.Connected>(m => _returns.Tell(m));
        Receive<SessionProtocol.GiveUp>(m => giveUp(m.ExitCode));
        Receive<SessionProtocol.RefreshGrains>(m => Context.Child("master").Tell(m));

        var events = Context.ActorOf(EventBus.Props(parts.EventPort, parts.Clock), "events");
        _returns = Context.ActorOf(Returns.Returns.Props(parts), "returns");
        var jobs = Context.ActorOf(Jobs.Jobs.Props(parts, _returns), "jobs");
        Context.ActorOf(Session.Master.Props(parts, jobs), "master");
        begun(jobs, events);
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        new CountingSupervision(_parts.Restarts, retries: 10, within: TimeSpan.FromMinutes(1), _ => Directive.Restart);
}
