using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Daemon.Schedule;
using SaltActors.Actors.Daemon.Supervision;
using SaltActors.Actors.Minion.Jobs;
using SaltActors.Actors.Minion.Returns;
using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Identity;

namespace SaltActors.Actors.Minion;

/// <summary>The minion's actors. Read this file first.</summary>
/// <remarks>
/// One supervision strategy for all: whoever fails is restarted; what must last (returns, running jobs) is on disk. Who fails without an end
/// takes the minion down, so that the service manager starts it anew. Jobs alone are never started again: running one twice may do harm.
/// <code>
/// minion
/// ├─ events     the local bus, for programs on this machine
/// ├─ returns    every return on disk until the master has acknowledged it
/// │  └─ returners   brings returns to returners (--return); made when one is asked for
/// ├─ jobs       what runs
/// │  └─ (jid)   one actor a job; one that breaks is returned as a failure
/// ├─ master     the session: sign in, subscribe, decide which jobs are ours; turns to the next master where the minion has several, one at a time
/// ├─ master-2, returns-2 …   the same for each further master, where the minion has several at once
/// └─ schedule   runs what the option schedule says; its jobs go the way of all jobs
/// </code></remarks>
public sealed class MinionTree : ReceiveActor
{
    /// <summary>The exit code where a part of the minion fails again and again.</summary>
    public const int ExitBroken = 1;

    private readonly MinionParts _parts;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(MinionParts parts, Action<int> giveUp) => Akka.Actor.Props.Create(() => new MinionTree(parts, giveUp));

    /// <param name="giveUp">Told where the minion has no use in going on, with the exit code.</param>
    public MinionTree(MinionParts parts, Action<int> giveUp)
    {
        _parts = parts;
        var events = Context.ActorOf(EventBus.Props(parts.EventPort, parts.Clock), "events");
        var returns = Context.ActorOf(Returns.Returns.Props(parts), "returns");
        var jobs = Context.ActorOf(Jobs.Jobs.Props(parts, returns), "jobs");
        var master = Context.ActorOf(Master.Props(parts, jobs, returns), "master");
        var others = parts.OtherMasters.Select((p, n) =>
        {
            var own = Context.ActorOf(Returns.Returns.Props(p), $"returns-{n + 2}");
            return (Returns: own, Session: Context.ActorOf(Master.Props(p, jobs, own), $"master-{n + 2}"));
        }).ToList();
        var running = master;   // the session whose grains and pillar the schedule's jobs get
        var hasConnected = false;
        var schedule = Context.ActorOf(Scheduler.Props(new SchedulerParts
        {
            Schedule = parts.Options.All.MapOf("schedule"),
            OwnJobs = ScheduleFile.OwnJobs(parts.Options.All),
            Keep = parts.KeepSchedule,
            Jids = new JidClock(parts.Clock),
            Chance = parts.Chance,
            Clock = parts.Clock,
        }, events, Self), "schedule");
        foreach (var child in (IActorRef[])[events, returns, jobs, master, schedule, .. others.SelectMany(o => new[] { o.Returns, o.Session })]) Context.Watch(child);
        foreach (var tag in BusRequests.Tags) foreach (var session in (IActorRef[])[master, .. others.Select(o => o.Session)]) events.Tell(new EventBusProtocol.Listen(tag, session));

        // Everybody outside of the tree speaks with the tree; who answers is seen here.
        Receive<EventBusProtocol.IEventBusMessage>(events.Forward);
        Receive<ReturnsProtocol.TellWhenSent>(m =>
        {
            var asker = Sender;
            Context.ActorOf(AllSent.Props([returns, .. others.Select(o => o.Returns)], asker));
        });
        Receive<ReturnsProtocol.IReturnsMessage>(returns.Forward);
        Receive<JobsProtocol.IJobsMessage>(jobs.Forward);
        Receive<SessionProtocol.Refresh>(m =>
        {
            master.Forward(m);
            foreach (var other in others) other.Session.Forward(m);
        });
        Receive<SchedulerProtocol.ISchedulerMessage>(schedule.Forward);
        Receive<SchedulerProtocol.Due>(m => running.Forward(m));
        Receive<SessionProtocol.Connected>(m =>
        {
            var session = Sender;
            (others.FirstOrDefault(o => o.Session.Equals(session)) is { Returns: { } own } ? own : returns).Forward(m);
            if (!hasConnected) (running, hasConnected) = (session, true);
            schedule.Tell(new SchedulerProtocol.Begin());
            parts.AtRest();
        });
        Receive<SessionProtocol.GiveUp>(m => giveUp(m.ExitCode));
        Receive<Terminated>(m =>
        {
            _log.Error("'{0}' failed again and again; the minion ends, so that it can be started anew", m.ActorRef.Path.Name);
            giveUp(ExitBroken);
        });
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        new CountingSupervision(_parts.Restarts, retries: 10, within: TimeSpan.FromMinutes(1), _ => Directive.Restart);
}
