using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master.Jobs.Archive;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using static SaltActors.Actors.Master.Jobs.JobStoreProtocol;

namespace SaltActors.Actors.Master.Jobs;

/// <summary>Files each job and each return in the archive, lets the bus know of news, and drops what was answered before.</summary>
/// <remarks>
/// A return is acknowledged, and told to the bus, after the archive has it: what a user has seen survives the master.
/// Who asked is kept per message, so several returns may be under way to the archive at once.
/// </remarks>
public sealed class JobStore : ReceiveActor, IWithTimers
{
    private sealed record Forget(Jid Jid);
    private sealed record Waiting(MinionReturned Message, IActorRef Asker);

    private readonly Dictionary<Jid, Job> _recent = [];
    private readonly Dictionary<Jid, List<Waiting>> _lookedUp = [];
    private readonly Dictionary<(Jid, MinionId), (MinionReturn Return, List<IActorRef> Askers)> _underWay = [];
    private readonly Dictionary<Jid, IActorRef> _jobsUnderWay = [];
    private readonly IActorRef _archive;
    private readonly IActorRef _events;
    private readonly JobStoreSettings _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(IActorRef events, Props archive, JobStoreSettings settings) =>
        Akka.Actor.Props.Create(() => new JobStore(events, archive, settings));

    public JobStore(IActorRef events, Props archive, JobStoreSettings settings)
    {
        (_events, _settings) = (events, settings);
        _archive = Context.ActorOf(archive, "archive");
        Receive<FileJob>(OnFileJob);
        Receive<MinionReturned>(OnReturned);
        Receive<LookUp>(m => _archive.Forward(new ArchiveProtocol.Find(m.Jid)));
        Receive<ListJobs>(_ => _archive.Forward(new ArchiveProtocol.List()));
        Receive<ForgetBefore>(m => _archive.Forward(new ArchiveProtocol.DeleteBefore(m.Moment)));
        Receive<ArchiveProtocol.JobWritten>(OnJobWritten);
        Receive<ArchiveProtocol.ReturnWritten>(OnReturnWritten);
        Receive<ArchiveProtocol.NotWritten>(OnNotWritten);
        Receive<ArchiveProtocol.Head>(OnHead);
        Receive<ArchiveProtocol.NoHead>(OnNoHead);
        Receive<Forget>(m => _recent.Remove(m.Jid));
    }

    public ITimerScheduler Timers { get; set; } = null!;   // Akka sets it before PreStart

    private void OnFileJob(FileJob m)
    {
        Remember(new Job(m.Jid, m.Load, m.Expected));
        _jobsUnderWay[m.Jid] = Sender;
        _archive.Tell(new ArchiveProtocol.WriteJob(m.Jid, m.Load, m.Expected));
    }

    private void OnJobWritten(ArchiveProtocol.JobWritten m)
    {
        if (_jobsUnderWay.Remove(m.Jid, out var asker)) asker.Tell(new JobFiled(m.Jid));
    }

    private void OnReturned(MinionReturned m)
    {
        if (_recent.TryGetValue(m.Jid, out var job))
        {
            Take(job, m.Return, Sender);
            return;
        }
        // An older job: the archive knows whether there was one, and who has answered it.
        if (!_lookedUp.TryGetValue(m.Jid, out var waiting))
        {
            _lookedUp[m.Jid] = waiting = [];
            _archive.Tell(new ArchiveProtocol.FindHead(m.Jid));
        }
        waiting.Add(new Waiting(m, Sender));
    }

    private void OnHead(ArchiveProtocol.Head m)
    {
        if (!_lookedUp.Remove(m.Jid, out var waiting)) return;
        var job = new Job(m.Jid, m.Load, [.. m.Expected], [.. m.Answered]);
        Remember(job);
        foreach (var (message, asker) in waiting) Take(_recent[m.Jid], message.Return, asker);
    }

    private void OnNoHead(ArchiveProtocol.NoHead m)
    {
        if (!_lookedUp.Remove(m.Jid, out var waiting)) return;
        foreach (var (message, asker) in waiting)
        {
            if (m.Failure is { } reason) asker.Tell(new NotFiled(m.Jid, reason));
            else
            {
                // Acknowledged all the same: the minion has done its part, and would send it for ever.
                _log.Warning("job [{0}]: minion [{1}] returned to a job that was never published here, or is no longer kept; dropped", m.Jid, message.Return.Id);
                asker.Tell(new ReturnFiled(m.Jid, message.Return.Id, IsNews: false));
            }
        }
    }

    private void Take(Job job, MinionReturn @return, IActorRef asker)
    {
        var key = (job.Jid, @return.Id);
        if (_underWay.TryGetValue(key, out var same))
            same.Askers.Add(asker);
        else if (job.HasAnswered(@return.Id))
            asker.Tell(new ReturnFiled(job.Jid, @return.Id, IsNews: false));
        else
        {
            _underWay[key] = (@return, [asker]);
            _archive.Tell(new ArchiveProtocol.WriteReturn(@return));
        }
    }

    private void OnReturnWritten(ArchiveProtocol.ReturnWritten m)
    {
        if (!_underWay.Remove((m.Jid, m.Id), out var written)) return;
        if (_recent.TryGetValue(m.Jid, out var job)) _recent[m.Jid] = job.With(m.Id);
        if (m.IsNews) _events.Tell(new EventBusProtocol.Fire(new SaltEvent(EventTags.JobReturn(m.Jid, m.Id), written.Return.Load)));
        foreach (var asker in written.Askers) asker.Tell(new ReturnFiled(m.Jid, m.Id, m.IsNews));
    }

    private void OnNotWritten(ArchiveProtocol.NotWritten m)
    {
        _log.Error("job [{0}]: {1}", m.Jid, m.Reason);
        if (m.Id is not { } id)
        {
            _recent.Remove(m.Jid);
            if (_jobsUnderWay.Remove(m.Jid, out var publisher)) publisher.Tell(new NotFiled(m.Jid, m.Reason));
        }
        else if (_underWay.Remove((m.Jid, id), out var @return))
            foreach (var asker in @return.Askers) asker.Tell(new NotFiled(m.Jid, m.Reason));
    }

    private void Remember(Job job)
    {
        _recent[job.Jid] = job;
        Timers.StartSingleTimer(job.Jid, new Forget(job.Jid), _settings.KeepInMemory);
    }
}
