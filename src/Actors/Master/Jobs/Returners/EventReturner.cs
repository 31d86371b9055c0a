using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Core.Events;
using SaltActors.Core.Returners;

namespace SaltActors.Actors.Master.Jobs.Returners;

/// <summary><c>event_return</c>: gives the events of the bus to one returner, some at once, and keeps them in memory while it fails.</summary>
/// <remarks>Follows the rules of Salt 3006's EventReturn; Salt drops the events of a call that failed, here they wait up to <c>salt.returners.waiting-events</c>.</remarks>
public sealed class EventReturner : ReceiveActor, IWithTimers
{
    /// <summary>The master goes down: what was gathered is sent now. Answered by <see cref="Flushed"/> after one try.</summary>
    public sealed record Flush;

    public sealed record Flushed;

    private sealed record Due;
    private sealed record Again;
    private sealed record Taken(int Count);
    private sealed record NotTaken(IReadOnlyList<SaltEvent> Events, Exception Cause);

    private readonly IActorRef _bus;
    private readonly IReturner _returner;
    private readonly ReturnerContext _context;
    private readonly EventReturnRules _rules;
    private readonly ReturnerSettings _settings;
    private readonly LinkedList<SaltEvent> _waiting = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef? _flushAskedBy;
    private bool _isSending;
    private int _failures;
    private long _dropped;

    public static Props Props(IActorRef bus, IReturner returner, ReturnerContext context, EventReturnRules rules, ReturnerSettings settings) =>
        Akka.Actor.Props.Create(() => new EventReturner(bus, returner, context, rules, settings));

    public EventReturner(IActorRef bus, IReturner returner, ReturnerContext context, EventReturnRules rules, ReturnerSettings settings)
    {
        (_bus, _returner, _context, _rules, _settings) = (bus, returner, context, rules, settings);
        Receive<EventBusProtocol.Heard>(m => OnHeard(m.Event));
        Receive<Due>(_ => Send());
        Receive<Again>(_ => Send());
        Receive<Taken>(OnTaken);
        Receive<NotTaken>(OnNotTaken);
        Receive<Flush>(_ => OnFlush());
    }

    public ITimerScheduler Timers { get; set; } = null!;   // Akka sets it before PreStart

    protected override void PreStart() => _bus.Tell(new EventBusProtocol.Listen("", Self));

    protected override void PostStop() => _stopping.Cancel();

    private void OnHeard(SaltEvent heard)
    {
        if (!_rules.Takes(heard.Tag)) return;
        _waiting.AddLast(heard);
        if (_waiting.Count > _settings.WaitingEvents)
        {
            _waiting.RemoveFirst();
            if (_dropped++ == 0) _log.Error("more than {0} events wait for the returner '{1}' (salt.returners.waiting-events); the oldest are dropped", _settings.WaitingEvents, _returner.Name);
        }
        if (_failures > 0) return;   // its time comes by the clock
        if (_waiting.Count >= Math.Max(1, _rules.Gather)) Send();
        else if (_rules.AtMost > TimeSpan.Zero && !Timers.IsTimerActive(nameof(Due))) Timers.StartSingleTimer(nameof(Due), new Due(), _rules.AtMost);
    }

    private void Send()
    {
        if (_isSending || _waiting.Count == 0)
        {
            AnswerFlush();
            return;
        }
        _isSending = true;
        Timers.Cancel(nameof(Due));
        var batch = new List<SaltEvent>(Math.Min(_waiting.Count, _settings.Batch));
        while (batch.Count < _settings.Batch && _waiting.First is { } first)
        {
            batch.Add(first.Value);
            _waiting.RemoveFirst();
        }
        var (returner, context, stop) = (_returner, _context, _stopping.Token);
        Task.Run(() => returner.EventReturnAsync(context, batch, stop), stop)
            .PipeTo(Self, success: () => new Taken(batch.Count), failure: cause => new NotTaken(batch, cause));
    }

    private void OnTaken(Taken m)
    {
        _isSending = false;
        if (_failures > 0) _log.Info("the returner '{0}' takes events again; {1} have arrived{2}", _returner.Name, m.Count, _dropped > 0 ? $", {_dropped} were dropped" : "");
        (_failures, _dropped) = (0, 0);
        if (_waiting.Count >= Math.Max(1, _rules.Gather) || _waiting.Count > 0 && _flushAskedBy is not null) Send();
        else
        {
            if (_waiting.Count > 0 && _rules.AtMost > TimeSpan.Zero) Timers.StartSingleTimer(nameof(Due), new Due(), _rules.AtMost);
            AnswerFlush();
        }
    }

    private void OnNotTaken(NotTaken m)
    {
        _isSending = false;
        if (_stopping.IsCancellationRequested) return;
        for (var i = m.Events.Count - 1; i >= 0; i--) _waiting.AddFirst(m.Events[i]);
        var reason = m.Cause is ReturnerFailed ? m.Cause.Message : $"{m.Cause.GetType().Name}: {m.Cause.Message}";
        if (++_failures == 1) _log.Error("{0}; {1} events for '{2}' wait and are tried again", reason, _waiting.Count, _returner.Name);
        else _log.Debug("{0}; {1} events wait for '{2}', try {3}", reason, _waiting.Count, _returner.Name, _failures);
        Timers.StartSingleTimer(nameof(Again), new Again(), _settings.WaitAfter(_failures));
        AnswerFlush();
    }

    private void OnFlush()
    {
        _flushAskedBy = Sender;
        Send();
    }

    private void AnswerFlush()
    {
        if (_isSending) return;
        _flushAskedBy?.Tell(new Flushed());
        _flushAskedBy = null;
    }
}
