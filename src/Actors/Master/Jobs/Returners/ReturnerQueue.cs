using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace SaltActors.Actors.Master.Jobs.Returners;

/// <summary>Keeps one returner supplied: whenever something was filed, and again and again where the returner fails. Nothing waits for it.</summary>
/// <remarks>A failure is logged once, with its reason; so is the recovery. What waits is in the archive, so nothing is lost with this actor.</remarks>
public sealed class ReturnerQueue : ReceiveActor, IWithTimers
{
    /// <summary>Something was filed.</summary>
    public sealed record Wake;

    private sealed record Again;
    private sealed record RoundDone(DeliveryRound Round, long Waiting);
    private sealed record RoundBroke(Exception Cause);

    private readonly ReturnerDelivery _delivery;
    private readonly ReturnerSettings _settings;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ImmutableHashSet<long> _refused = [];
    private bool _isDelivering, _isMore;
    private int _failures;

    public static Props Props(ReturnerDelivery delivery, ReturnerSettings settings) => Akka.Actor.Props.Create(() => new ReturnerQueue(delivery, settings));

    public ReturnerQueue(ReturnerDelivery delivery, ReturnerSettings settings)
    {
        (_delivery, _settings) = (delivery, settings);
        Receive<Wake>(_ => OnWake());
        Receive<Again>(_ => OnAgain());
        Receive<RoundDone>(m => OnRoundDone(m.Round, m.Waiting));
        Receive<RoundBroke>(m => OnRoundDone(new DeliveryRound(0, [], m.Cause.Message), 0));
    }

    public ITimerScheduler Timers { get; set; } = null!;   // Akka sets it before PreStart

    // An earlier life may have left something.
    protected override void PreStart() => Deliver();

    protected override void PostStop() => _stopping.Cancel();

    private void OnWake()
    {
        if (_isDelivering) _isMore = true;
        else if (_failures == 0) Deliver();   // else its time comes by the clock
    }

    // Who refused something may have been put in order meanwhile: a column made wider, a rule taken away.
    private void OnAgain()
    {
        if (_isDelivering) return;
        _refused = [];
        Deliver();
    }

    private void Deliver()
    {
        (_isDelivering, _isMore) = (true, false);
        var (delivery, passOver, stop) = (_delivery, _refused, _stopping.Token);
        RunAsync().PipeTo(Self, success: m => m, failure: cause => new RoundBroke(cause));

        async Task<RoundDone> RunAsync()
        {
            var round = await delivery.RunAsync(passOver, stop).ConfigureAwait(false);
            return new RoundDone(round, round.Failure is null ? 0 : await delivery.CountWaitingAsync().ConfigureAwait(false));
        }
    }

    private void OnRoundDone(DeliveryRound round, long waiting)
    {
        _isDelivering = false;
        if (_stopping.IsCancellationRequested) return;
        foreach (var (_, what, reason) in round.Refused)
            _log.Error("the returner '{0}' does not take {1}: {2}; it stays in the job store and is tried again", _delivery.Name, what, reason);
        _refused = _refused.Union(round.Refused.Select(r => r.Number));
        if (round.Failure is { } failure)
        {
            if (++_failures == 1) _log.Error("{0}; {1} loads and returns for '{2}' wait in the job store and are tried again", failure, waiting, _delivery.Name);
            else _log.Debug("{0}; {1} wait for '{2}', try {3}", failure, waiting, _delivery.Name, _failures);
            Timers.StartSingleTimer(nameof(Again), new Again(), _settings.WaitAfter(_failures));
            return;
        }
        if (_failures > 0) _log.Info("the returner '{0}' works again; {1} loads and returns have arrived", _delivery.Name, round.Delivered);
        _failures = 0;
        if (!_refused.IsEmpty && !Timers.IsTimerActive(nameof(Again))) Timers.StartSingleTimer(nameof(Again), new Again(), _settings.RetryAtMost);
        if (_isMore) Deliver();
    }
}
