using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Core.Events;
using SaltActors.Core.Schedules;
using SaltActors.Core.Values;
using static SaltActors.Actors.Daemon.Schedule.SchedulerProtocol;

namespace SaltActors.Actors.Daemon.Schedule;

/// <summary>Runs what the option <c>schedule</c> says, when it says so, and does the commands of <c>schedule.*</c>.</summary>
/// <remarks>
/// It sleeps until the next moment that any job has, a minute at most, since texts as <c>Monday 5pm</c> mean another moment every day.
/// A command comes as a message, or as an event <c>manage_schedule</c> of a local program; either way the bus hears what came of it.
/// </remarks>
public sealed class Scheduler : ReceiveActor, IWithTimers
{
    private sealed record Look;
    private sealed record GoOn(ScheduleBook Book, bool HasBegun);

    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly SchedulerParts _parts;
    private readonly IActorRef _events, _runner;
    private readonly Dictionary<string, HashSet<string>> _running = [];
    private readonly Dictionary<string, string> _saidErrors = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ScheduleBook _book;
    private bool _hasBegun;

    public static Props Props(SchedulerParts parts, IActorRef events, IActorRef runner) => Akka.Actor.Props.Create(() => new Scheduler(parts, events, runner));

    /// <param name="events">The bus: takes <see cref="EventBusProtocol"/>'s messages.</param>
    /// <param name="runner">Takes <see cref="Due"/>.</param>
    public Scheduler(SchedulerParts parts, IActorRef events, IActorRef runner)
    {
        (_parts, _events, _runner) = (parts, events, runner);
        _book = ScheduleBook.Empty with { Own = parts.OwnJobs.Over(parts.Schedule) };
        Receive<Begin>(_ => OnBegin());
        Receive<Look>(_ => OnLook());
        Receive<Surroundings>(OnSurroundings);
        Receive<Manage>(m => Sender.Tell(new Managed(Do(m.Command))));
        Receive<EventBusProtocol.Heard>(OnHeard);
        Receive<RunEnded>(OnRunEnded);
        Receive<GoOn>(m => (_book, _hasBegun) = (m.Book, m.HasBegun));
    }

    public ITimerScheduler Timers { get; set; } = null!;   // Akka sets it before PreStart

    protected override void PreStart() => _events.Tell(new EventBusProtocol.Listen(ScheduleCommands.ManageTag, Self));

    // What was changed since the start, and when each job comes next, outlives the one that failed.
    protected override void PreRestart(Exception reason, object message)
    {
        Self.Tell(new GoOn(_book, _hasBegun));
        Self.Tell(new Look());
        base.PreRestart(reason, message);
    }

    private void OnBegin()
    {
        if (_hasBegun) return;
        _hasBegun = true;
        OnLook();
    }

    private void OnSurroundings(Surroundings m)
    {
        _book = _book.WithPillar(m.Pillar, m.Grains);
        OnLook();
    }

    private void OnHeard(EventBusProtocol.Heard m)
    {
        if (m.Event.Tag == ScheduleCommands.ManageTag) Do(m.Event.Data);
    }

    private void OnRunEnded(RunEnded m)
    {
        if (_running.TryGetValue(m.Name, out var runs) && runs.Remove(m.Jid) && runs.Count == 0) _running.Remove(m.Name);
    }

    private MapValue? Do(MapValue command)
    {
        if (ScheduleCommands.Apply(_book, command) is not { } answer)
        {
            _log.Warning("the schedule has no command {0}", command.Get("func"));
            return null;
        }
        _book = answer.Book;
        if (answer.Warning is { } warning) _log.Warning(warning);
        if (answer.IsToKeep) Keep();
        if (answer.Run is { } name) RunNow(name);
        _events.Tell(new EventBusProtocol.Fire(new SaltEvent(answer.Tag, answer.Data)));
        OnLook();
        return answer.Data;
    }

    private void Keep()
    {
        try
        {
            _parts.Keep(_book.Kept);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _log.Error("the schedule could not be kept on disk: {0}; it will be the old one after a restart", cause.Message);
        }
    }

    private void RunNow(string key)
    {
        if (_book.Entries.Get(key) is not { } entry || ScheduledJob.Read(key, entry) is not { Function.Length: > 0 } job)
        {
            _log.Warning("there is no job {0} in the schedule to run", key);
            return;
        }
        if (job.IncludesJid && RunningOf(job.Name) >= job.MaxRunning) _log.Info("the scheduled job {0} was not started, {1} already running", job.Name, job.MaxRunning);
        else Start(job, job.Function);
    }

    private int RunningOf(string name) => _running.TryGetValue(name, out var runs) ? runs.Count : 0;

    private void OnLook()
    {
        if (!_hasBegun) return;
        var now = _parts.Clock.GetLocalNow().DateTime;
        var sleep = LongestSleep;
        var hasJobs = false;
        foreach (var job in _book.Jobs.ToList())
        {
            hasJobs = true;
            var step = ScheduleSteps.Look(job, _book.StateOf(job.Name), _book.ViewAt(now, RunningOf(job.Name), _parts.Chance()));
            _book = _book.With(job.Name, step.State);
            SayError(job.Name, job.Error ?? step.State.Error);
            if (step.Run is { } function) Start(job, function);
            if (step.WakeAt is { } wake && wake - now < sleep) sleep = wake - now;
        }
        if (hasJobs) Timers.StartSingleTimer("look", new Look(), sleep > TimeSpan.Zero ? sleep : TimeSpan.FromMilliseconds(1));
        else Timers.Cancel("look");
    }

    // Once for each cause: a job is looked at without an end.
    private void SayError(string name, string? error)
    {
        if (error is null) _saidErrors.Remove(name);
        else if (_saidErrors.GetValueOrDefault(name) != error)
        {
            _saidErrors[name] = error;
            _log.Error("schedule: {0}", error);
        }
    }

    private void Start(ScheduledJob job, string function)
    {
        if (job.IsDryRun)
        {
            _log.Debug("the scheduled job {0} has 'dry_run' set; it is not run", job.Name);
            return;
        }
        var jid = _parts.Jids.Next();
        _log.Info("running the scheduled job {0} with the jid {1}", job.Name, jid);
        if (!_running.TryGetValue(job.Name, out var runs)) _running[job.Name] = runs = [];
        runs.Add(jid.Text);
        _runner.Tell(new Due(new ScheduledRun(job.Name, jid, function, job.Arguments, job.Return, job.Returners, job.IncludesJid) { Extras = ExtrasOf(job) }));
    }

    // 3006.0 schedule.py, handle_func(): what metadata says is sent with three fields of the time.
    private MapValue ExtrasOf(ScheduledJob job)
    {
        var extras = new MapValue.Builder(3);
        if (job.Metadata is { } metadata)
        {
            var (local, utc) = (_parts.Clock.GetLocalNow(), _parts.Clock.GetUtcNow());
            var culture = System.Globalization.CultureInfo.InvariantCulture;
            extras["metadata"] = metadata
                .With("_TOS", local.ToString("zzz", culture).Replace(":", "", StringComparison.Ordinal))
                .With("_TS", local.ToString("ddd MMM ", culture) + $"{local.Day,2}" + local.ToString(" HH:mm:ss yyyy", culture))
                .With("_TT", utc.ToString("yyyy MMMM dd ddd HH MM", culture));
        }
        if (job.ReturnConfig is { } config) extras["ret_config"] = config;
        if (job.ReturnKwargs is { } kwargs) extras["ret_kwargs"] = kwargs;
        return extras.Build();
    }
}
