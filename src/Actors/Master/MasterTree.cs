using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Daemon.Supervision;
using SaltActors.Actors.Master.Access;
using SaltActors.Actors.Master.Jobs.Returners;
using SaltActors.Actors.Master.Metrics;
using SaltActors.Actors.Master.Pillars;
using SaltActors.Actors.Master.Requests;
using SaltActors.Actors.Master.Requests.Commands;
using SaltActors.Actors.Master.Runners;
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
/// ├─ pillars        renders what changed, a few minions at a time                         one per node
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
        var fleet = Context.ActorOf(Fleet.Fleet.Props(p.MinionData, p.Mine, p.Options.MinionDataCache), "fleet");
        var archive = Jobs.Archive.JobArchive.Props(p.Archive, p.ArchiveSettings, p.ArchiveReturners);
        var jobs = Context.ActorOf(Jobs.JobStore.Props(events, archive, p.JobSettings), "jobs");
        var publisher = Context.ActorOf(Publisher.Publisher.Props(jobs, events, p.Fleet, p.Identity, p.PublishPort, p.Options, p.Jids), "publisher");
        var presence = Context.ActorOf(Presence.Presence.Props(p.Fleet, events, p.Peers, p.Options, p.Clock), "presence");
        var patience = p.RequestSettings.AnswerWithin;
        var pillars = new PillarDoor(Context.ActorOf(Pillars.Pillars.Props(p.Workshop, p.PillarSettings), "pillars"), p.Fleet, patience);
        var services = p.RunnerServices(new RunnerActors(jobs, keys, presence, fleet, events), pillars);
        var runners = Context.ActorOf(Runners.Runners.Props(p.Functions, p.Options, services, events, p.Jids, p.Running, p.Clock), "runners");
        StartEventReturners(events);
        Context.ActorOf(Maintenance.Maintenance.Props(auth, jobs, presence, p.Options, [() => p.Access.CleanTokens(), () => p.PeerJobs.ForgetBefore(p.Options.KeepJobs > TimeSpan.Zero ? p.Options.KeepJobs : TimeSpan.FromDays(1))], p.Clock), "maintenance");

        var (peers, peerJobs) = (new PeerRequests(publisher, new PeerRules(p.Options.Peer), p.Options.User, p.Options.OrderMasters, patience), p.PeerJobs);
        IEnumerable<IClearCommand> clear =
            [
                new PingCommand(),
                new SignInCommand(keys, presence, p.Identity, p.Options, p.BoundPublishPort, patience),
                new PublishCommand(publisher, events, p.Access, p.Options.OrderMasters, patience),
                new RunnerCommand(runners, p.Access, patience),
                new WheelCommand(runners, p.Access, patience),
                new MakeTokenCommand(p.Access),
                new GetTokenCommand(p.Access),
            ];
        IEnumerable<ISealedCommand> @sealed =
            [
                new ReturnCommand(jobs, p.Jids, patience),
                new MinionEventCommand(events, log),
                new PillarCommand(fleet, events, pillars, p.Identity, log),
                new MineCommand(fleet, p.Options.MinionDataCache, patience),
                new MineGetCommand(publisher, p.Mine, p.Options.MineGet, patience),
                new MineWithdrawCommand("_mine_delete", fleet, patience),
                new MineWithdrawCommand("_mine_flush", fleet, patience),
                new PeerPublishCommand(peers, publisher, peerJobs, patience),
                new PeerCallCommand(peers, services.Minions!, p.Options.GatherJobTimeout),
                new PeerReturnsCommand(jobs, peerJobs, patience),
                new PeerRunnerCommand(runners, new PeerRules(p.Options.PeerRun)),
                .. FileCommands.All(p.Files),
                new ReceiveFileCommand(p.Options.CacheDir, p.Options.FileRecv, p.Options.FileRecvMaxBytes),
                new RevokeAuthCommand(keys, p.Options.AllowMinionKeyRevoke, patience),
                new MasterOptionsCommand(p.Options.All),
                new MasterTopsCommand("_master_tops"),
                new MasterTopsCommand("_ext_nodes"),
            ];
        var commands = new CommandTables(clear.Select(c => new CountedClearCommand(c, p.Meter)), @sealed.Select(c => new CountedSealedCommand(c, p.Meter)));
        var worker = RequestWorker.Props(p.Envelope, p.Identity, commands, p.RequestSettings, p.RefusalLog);
        Context.ActorOf(Requests.Requests.Props(p.RequestPort, worker, p.Options.WorkerThreads, p.RequestSettings), "requests");
    }

    private void StartEventReturners(IActorRef events)
    {
        foreach (var name in _parts.JobCache.EventReturners)
        {
            var returner = Context.ActorOf(EventReturner.Props(events, _parts.Returners.Find(name)!, _parts.ReturnerContext, _parts.JobCache.Events, _parts.ReturnerSettings), $"event_return-{name}");
            // What was gathered is sent before the actors end.
            CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, $"event_return-{name}", async () =>
            {
                await returner.Ask<EventReturner.Flushed>(new EventReturner.Flush(), _parts.RequestSettings.AnswerWithin).ConfigureAwait(false);
                return Akka.Done.Instance;
            });
        }
    }
}
