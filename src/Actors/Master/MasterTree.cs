using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Daemon.Supervision;
using SaltActors.Actors.Master.Jobs.Returners;
using SaltActors.Actors.Master.Requests;
using SaltActors.Actors.Master.Requests.Commands;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master;

/// <summary>The master's actors. Read this file first.</summary>
/// <remarks>
/// One supervision strategy for all: whoever fails is restarted with an empty memory, because everything that must last is on disk.
/// Only a broken key store ends the master: nobody could be believed any more.
/// <code>
/// master
/// ├─ events         the bus; everybody else tells it what happened                        one per node
/// ├─ keys           who may talk to us; decides on every key that is shown                one per cluster
/// ├─ auth           the AES epochs and their rotation                                     one per cluster
/// ├─ fleet          what the minions told of themselves                                   one per node
/// ├─ jobs           each job and return: filed, then told, then acknowledged              by jid
/// │  └─ archive     the batching writer to the job store
/// │     └─ (name)   brings jobs and returns to a returner (master_job_cache)              one per returner
/// ├─ event_return-(name)   brings the bus' events to a returner                           one per returner
/// ├─ publisher      target → expected minions → jid → filed → sealed once → 4505          one per node
/// ├─ presence       who holds a connection                                                one per node
/// ├─ runners        functions that run on the master itself                               one per node
/// ├─ maintenance    reminds the others of what is due                                     one per cluster
/// └─ requests       drains 4506                                                           one per node
///    └─ workers     worker_threads of them: open, check, look the command up
/// </code>
/// </remarks>
public sealed class MasterTree : ReceiveActor
{
    private readonly MasterParts _parts;

    public static Props Props(MasterParts parts) => Akka.Actor.Props.Create(() => new MasterTree(parts));

    public MasterTree(MasterParts parts)
    {
        _parts = parts;
        // The tree itself takes no messages: it only begins, watches over, and ends the others.
        ReceiveAny(Unhandled);
    }

    protected override SupervisorStrategy SupervisorStrategy() => new CountingSupervision(
        _parts.Restarts, retries: 10, within: TimeSpan.FromMinutes(1), cause => cause is KeyStoreBroken ? Directive.Escalate : Directive.Restart);

    protected override void PreStart()
    {
        var p = _parts;
        var log = Context.GetLogger();

        var events = Context.ActorOf(EventBus.Props(p.EventPort, p.Clock), "events");
        var keys = Context.ActorOf(Keys.Keys.Props(p.Keys, p.Options, events, p.Clock), "keys");
        var auth = Context.ActorOf(Auth.Auth.Props(p.Identity, p.Options, p.AuthSettings, events), "auth");
        var fleet = Context.ActorOf(Fleet.Fleet.Props(p.MinionData), "fleet");
        var archive = Jobs.Archive.JobArchive.Props(p.Archive, p.ArchiveSettings, p.ArchiveReturners);
        var jobs = Context.ActorOf(Jobs.JobStore.Props(events, archive, p.JobSettings), "jobs");
        var publisher = Context.ActorOf(Publisher.Publisher.Props(jobs, events, p.Fleet, p.Identity, p.PublishPort, p.Options, p.Jids), "publisher");
        var presence = Context.ActorOf(Presence.Presence.Props(p.Fleet, events, p.BoundPublishPort), "presence");
        var runners = Context.ActorOf(Runners.Runners.Props(p.Functions, p.Options, p.RunnerServices(jobs, keys, presence), events, p.Jids, p.Clock), "runners");
        foreach (var name in p.JobCache.EventReturners)
        {
            var returner = Context.ActorOf(EventReturner.Props(events, p.Returners.Find(name)!, p.ReturnerContext, p.JobCache.Events, p.ReturnerSettings), $"event_return-{name}");
            // What was gathered is sent before the actors end.
            CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, $"event_return-{name}", async () =>
            {
                await returner.Ask<EventReturner.Flushed>(new EventReturner.Flush(), p.RequestSettings.AnswerWithin).ConfigureAwait(false);
                return Akka.Done.Instance;
            });
        }
        Context.ActorOf(Maintenance.Maintenance.Props(auth, jobs, presence, p.Options, p.Clock), "maintenance");

        var patience = p.RequestSettings.AnswerWithin;
        var commands = new CommandTables(
            clear:
            [
                new PingCommand(),
                new SignInCommand(keys, p.Identity, p.Options, p.BoundPublishPort, patience),
                new PublishCommand(publisher, events, p.Credentials, patience),
                new RunnerCommand(runners, p.Credentials, patience),
                new UnauthenticatedCommand("wheel", Refusals.Error("UserAuthenticationError", "wheel functions over the request port are not available in this version; use salt-key on the master"), Warn),
                new UnauthenticatedCommand("mk_token", "", Warn),
                new UnauthenticatedCommand("get_token", MapValue.Empty, Warn),
            ],
            @sealed:
            [
                new ReturnCommand(jobs, p.Jids, patience),
                new MinionEventCommand(events, log),
                new PillarCommand(fleet, events, p.Identity),
            ]);
        var worker = RequestWorker.Props(p.Envelope, p.Identity, commands, p.RequestSettings, p.RefusalLog);
        Context.ActorOf(Requests.Requests.Props(p.RequestPort, worker, p.Options.WorkerThreads, p.RequestSettings), "requests");

        void Warn(string text) => log.Warning(text);
    }
}
