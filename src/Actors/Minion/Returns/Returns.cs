using Akka.Actor;
using Akka.Event;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;
using static SaltActors.Actors.Minion.Returns.ReturnsProtocol;

namespace SaltActors.Actors.Minion.Returns;

/// <summary>Brings every return to the master: on disk first, then sent, one at a time, again and again until it is acknowledged.</summary>
/// <remarks>Salt's minions give up after <c>return_retry_tries</c>; ours do not, also not over a restart. The master keeps the first of two.</remarks>
public sealed class Returns : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);
    private sealed record Spooled(string Name, MapValue Load);
    private sealed record SendNext;
    private sealed record Answered(Spooled Return, SessionReading Reading);
    private sealed record NoAnswer(Spooled Return, Exception Cause);

    private readonly MinionParts _parts;
    private readonly Queue<Spooled> _queue = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _isSending;
    private int _failures;

    public static Props Props(MinionParts parts) => Akka.Actor.Props.Create(() => new Returns(parts));

    public Returns(MinionParts parts)
    {
        _parts = parts;
        Receive<SendReturn>(OnSendReturn);
        Receive<SendNext>(_ => Send());
        Receive<Session.SessionProtocol.Connected>(_ => Send());
        Receive<Answered>(OnAnswered);
        Receive<NoAnswer>(m => Again(m.Return, m.Cause.Message));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        foreach (var (name, load) in _parts.Spool.Left()) _queue.Enqueue(new Spooled(name, load));
        if (_queue.Count > 0) _log.Info("{0} returns of an earlier run wait for the master", _queue.Count);
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void OnSendReturn(SendReturn m)
    {
        try
        {
            _queue.Enqueue(new Spooled(_parts.Spool.Keep(m.Load), m.Load));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _log.Error("job [{0}]: its return could not be kept on disk ({1}); it is sent, but will not survive the end of this minion", m.Load.Get("jid"), cause.Message);
            _queue.Enqueue(new Spooled("", m.Load));
        }
        Send();
    }

    private void Send()
    {
        if (_isSending || _parts.Conversation.Session is null || !_queue.TryPeek(out var next)) return;
        _isSending = true;
        Timers.Cancel("again");
        _parts.Conversation.AskAsync(next.Load, AnswerTime, 1, _stopping.Token)
            .PipeTo(Self, success: reading => new Answered(next, reading), failure: cause => new NoAnswer(next, cause));
    }

    private void OnAnswered(Answered m)
    {
        if (m.Reading.Result != SessionResult.Opened)
        {
            Again(m.Return, m.Reading.Reason);
            return;
        }
        _failures = 0;
        _isSending = false;
        _queue.Dequeue();
        if (m.Return.Name.Length > 0) _parts.Spool.Remove(m.Return.Name);
        Send();
    }

    private void Again(Spooled @return, string reason)
    {
        _isSending = false;
        var (least, most) = (_parts.Options.ReturnRetryTimer, _parts.Options.ReturnRetryTimerMax);
        var wait = least + (most > least ? (most - least) * _parts.Chance() : TimeSpan.Zero);
        if (_failures++ == 0) _log.Warning("job [{0}]: the master did not take its return ({1}); it is kept and sent again", @return.Load.Get("jid"), reason);
        Timers.StartSingleTimer("again", new SendNext(), wait);
    }
}
