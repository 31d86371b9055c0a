using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Schedule;
using SaltActors.Actors.Minion.Returns;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Schedules;
using SaltActors.Core.Values;
using static SaltActors.Actors.Minion.Jobs.JobsProtocol;

namespace SaltActors.Actors.Minion.Jobs;

/// <summary>Starts one actor a job, never two for one jid, and knows what runs.</summary>
/// <remarks>
/// Every job that is taken ends in a return: its own, or one that says why there is none. From the moment it is taken it stands in the
/// proc folder, until its return is on disk.
/// </remarks>
public sealed class Jobs : ReceiveActor, IWithTimers
{
    private sealed class Resting;

    // Long enough that a series of jobs is not slowed down by it.
    private static readonly TimeSpan UntilRest = TimeSpan.FromSeconds(10);

    private sealed record Running(IActorRef Actor, RunJob Job, MapValue Entry)
    {
        public bool IsFinished { get; init; }
    }

    private readonly MinionParts _parts;
    private readonly IActorRef _returns;
    private readonly Dictionary<string, Running> _running = [];
    private readonly SeenJids _seen;
    private readonly List<RunJob> _waiting = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef? _stopAskedBy;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(MinionParts parts, IActorRef returns) => Akka.Actor.Props.Create(() => new Jobs(parts, returns));

    public Jobs(MinionParts parts, IActorRef returns)
    {
        (_parts, _returns, _seen) = (parts, returns, new SeenJids(parts.Options.JidQueue));
        Receive<RunJob>(OnRunJob);
        Receive<Finished>(OnFinished);
        Receive<Terminated>(m => OnGone(m.ActorRef.Path.Name));
        Receive<ListRunning>(_ => Sender.Tell(new RunningJobs([
            .. _running.Values.Where(r => r is { IsFinished: false, Job.Scheduled: null or { IsListed: true } }).Select(r => r.Entry), .. _waiting.Select(EntryOf)])));
        Receive<SignalJob>(OnSignal);
        Receive<StopAll>(OnStopAll);
        Receive<Resting>(_ => _parts.AtRest());
    }

    // A job that breaks is not run again: half of it may have been done.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    // A job that was running when the minion died is over, and its master must hear so.
    protected override void PreStart()
    {
        foreach (var load in _parts.Proc.Interrupted())
        {
            var jid = JidOf(load);
            if (_parts.Spool.Holds(jid))
            {
                _parts.Proc.Remove(jid);   // it had ended, and its return was on disk already
                continue;
            }
            _log.Warning("job [{0}]: {1} was interrupted when the minion ended", jid, load.Get("fun"));
            Fail(new RunJob(load, MapValue.Empty, MapValue.Empty), "The job was interrupted: the minion ended while it ran. What the job had done by then stays done.");
        }
    }

    private void OnRunJob(RunJob m)
    {
        var jid = JidOf(m.Load);
        if (!Jid.TryParse(jid, out _))
        {
            _log.Warning("a job with the jid '{0}' was dropped: that is no job id", jid);
            return;
        }
        if (_running.ContainsKey(jid) || !_seen.Add(jid)) return;
        if (_stopAskedBy is not null)
        {
            Fail(m, "The job was not run: the minion is stopping.");
            return;
        }
        if (m.Scheduled is null or { IsListed: true }) Record(m);
        if (m.Scheduled is not null || IsAboutJobs(m.Load) || HasRoom) Start(m);
        else
        {
            _log.Warning("job [{0}] waits: as many jobs run as may (process_count_max: {1})", jid, _parts.Options.ProcessCountMax);
            _waiting.Add(m);
        }
    }

    private bool HasRoom => _parts.Options.ProcessCountMax <= 0 || _running.Values.Count(r => r.Job.Scheduled is null && !IsAboutJobs(r.Job.Load)) < _parts.Options.ProcessCountMax;

    // The question what runs, and the wish to end it, must be met also when everything runs that may.
    private static bool IsAboutJobs(MapValue load) => load.TextOf("fun") is "saltutil.find_job" or "saltutil.running" or "saltutil.is_running"
        or "saltutil.signal_job" or "saltutil.term_job" or "saltutil.kill_job" or "saltutil.term_all_jobs" or "saltutil.kill_all_jobs";

    private void Record(RunJob m)
    {
        try
        {
            _parts.Proc.Add(JidOf(m.Load), EntryOf(m));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // A full disk is a reason to reach the machine, not to lose it.
            _log.Warning("job [{0}] runs, but cannot be recorded in {1}: {2}", JidOf(m.Load), _parts.Proc.Folder, cause.Message);
        }
    }

    private void Start(RunJob m)
    {
        var jid = JidOf(m.Load);
        var job = Context.ActorOf(Job.Props(m, _parts), jid);
        Context.Watch(job);
        Timers.Cancel(nameof(Resting));
        _running[jid] = new Running(job, m, EntryOf(m));
    }

    private void OnFinished(Finished m)
    {
        if (!_running.TryGetValue(m.Jid, out var job)) return;
        _running[m.Jid] = job with { IsFinished = true };
        Send(job.Job, m.Return);
    }

    // A job of the schedule is nobody's question: its return asks the master for a jid, unless a returner files it under its own.
    private void Send(RunJob job, MapValue load)
    {
        var sent = new ReturnsProtocol.SendReturn(load) { Returners = job.Load.TextOf("ret") ?? "", Grains = job.Grains, Pillar = job.Pillar };
        if (job.Scheduled is { } run)
        {
            Context.Parent.Tell(new SchedulerProtocol.RunEnded(run.Name, run.Jid.Text));
            var returners = ReturnerTable.NamesIn(ListValue.Create([run.Returners, _parts.Options.All.Get("schedule_returner") ?? Value.Null]), _parts.Options.All.Get(ReturnerTable.Multi));
            sent = sent with
            {
                Returners = string.Join(',', returners),
                UsesConfiguredReturners = false,
                ForMaster = run.Return == ScheduleReturn.None ? null : returners.IsEmpty ? load.With("jid", run.Return == ScheduleReturn.NotKept ? "nocache" : "req") : load,
            };
        }
        (job.Returns ?? _returns).Tell(sent);
    }

    private void OnGone(string jid)
    {
        if (_running.Remove(jid, out var job) && !job.IsFinished)
        {
            _log.Error("job [{0}]: {1} broke before it could answer", jid, job.Job.Load.Get("fun"));
            Fail(job.Job, "The minion could not run the job to its end: the job's actor failed. The minion's log says why.");
        }
        if (_waiting.Count > 0 && HasRoom)
        {
            var next = _waiting[0];
            _waiting.RemoveAt(0);
            Start(next);
        }
        if (_running.Count == 0) Timers.StartSingleTimer(nameof(Resting), new Resting(), UntilRest);
        AnswerStop();
    }

    private void OnSignal(SignalJob m)
    {
        if (_running.TryGetValue(m.Jid, out var job) && !job.IsFinished) job.Actor.Forward(m);
        else if (_waiting.FindIndex(w => JidOf(w.Load) == m.Jid) is >= 0 and var place)
        {
            var waiting = _waiting[place];
            if (Job.IsEnding(m.Signal))
            {
                _waiting.RemoveAt(place);
                Fail(waiting, "The job was ended before it began.");
            }
            Sender.Tell(new Signalled(true));
        }
        else Sender.Tell(new Signalled(false));
    }

    private void OnStopAll(StopAll m)
    {
        _stopAskedBy = Sender;
        foreach (var waiting in _waiting) Fail(waiting, "The job was not run: the minion was stopped before its turn came.");
        _waiting.Clear();
        foreach (var (jid, job) in _running) job.Actor.Tell(new SignalJob(jid, Job.Terminate), ActorRefs.NoSender);
        AnswerStop();
    }

    private void AnswerStop()
    {
        if (_running.Count == 0) _stopAskedBy?.Tell(new AllStopped());
    }

    private void Fail(RunJob job, string text) =>
        Send(job, JobReturn.Of(_parts.Options.Id, job.Load, new CallOutcome(text, 1, "nested", CallFailure.Stopped)));

    private static MapValue EntryOf(RunJob m) => m.Load.With("pid", Environment.ProcessId);
    private static string JidOf(MapValue load) => load.TextOf("jid") ?? "";
}
