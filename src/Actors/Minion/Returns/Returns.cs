using System.Globalization;
using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;
using static SaltActors.Actors.Minion.Returns.ReturnsProtocol;

namespace SaltActors.Actors.Minion.Returns;

/// <summary>Brings every return to the master: on disk first, then sent, one at a time, again and again until it is acknowledged.</summary>
/// <remarks>
/// Salt's minions give up after <c>return_retry_tries</c>; ours do not, also not over a restart. The master keeps the first of two.
/// One that is not taken goes to the end of the line, so that it holds up nobody; after ten tries it comes more and more seldom.
/// </remarks>
public sealed class Returns : ReceiveActor, IWithTimers
{
    private const int QuickTries = 10;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <param name="Name">In the spool; null where it could not be written there.</param>
    /// <param name="Load">Null where it is read from the spool again.</param>
    private sealed record Outgoing(long Number, string? Name, MapValue? Load, int Failures)
    {
        public string TimerKey => Number.ToString(CultureInfo.InvariantCulture);
    }

    private sealed record Due(long Number);
    private sealed record Answered(Outgoing Return, SessionReading Reading);
    private sealed record NoAnswer(Outgoing Return, Exception Cause);

    private readonly MinionParts _parts;
    private readonly Queue<Outgoing> _ready = new();
    private readonly Dictionary<long, Outgoing> _later = [];
    private readonly List<IActorRef> _askers = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _isSending;
    private long _lastNumber;

    public static Props Props(MinionParts parts) => Akka.Actor.Props.Create(() => new Returns(parts));

    public Returns(MinionParts parts)
    {
        _parts = parts;
        Receive<SendReturn>(OnSendReturn);
        Receive<Due>(OnDue);
        Receive<SessionProtocol.Connected>(_ => OnConnected());
        Receive<Answered>(OnAnswered);
        Receive<NoAnswer>(m => Again(m.Return, m.Cause.Message));
        Receive<TellWhenSent>(OnTellWhenSent);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        if (_parts.IsFirst)
            foreach (var (name, returner) in _parts.ReturnerSpool.Left()) Queues.Tell(new ReturnerQueues.Deliver(returner, name, null));
        foreach (var name in _parts.Spool.Left()) _ready.Enqueue(new Outgoing(++_lastNumber, name, null, 0));
        if (_ready.Count > 0) _log.Info("{0} returns of an earlier run wait for the master", _ready.Count);
        Send();
    }

    protected override void PostStop() => _stopping.Cancel();

    private void OnSendReturn(SendReturn m)
    {
        var load = m.ForMaster;
        string? name = null;
        try
        {
            _parts.Cache?.Keep(m.Load);
            GiveToReturners(m);
            if (load is not null && _parts.Options.Mode != MasterMode.None) (name, load) = _parts.Spool.Keep(load);
            if (m.Load.TextOf("jid") is { } jid) _parts.Proc.Remove(jid);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _log.Error("job [{0}]: its return could not be kept on disk ({1}); it is sent, but will not survive the end of this minion", m.Load.Get("jid"), cause.Message);
        }
        if (load is null || _parts.Options.Mode == MasterMode.None) return;
        _ready.Enqueue(new Outgoing(++_lastNumber, name, load, 0));
        Send();
    }

    // Made when it is needed first: most minions have no returners.
    private IActorRef Queues => Context.Child("returners") is var there && there.IsNobody() ? Context.ActorOf(ReturnerQueues.Props(_parts), "returners") : there;

    private void GiveToReturners(SendReturn m)
    {
        var own = m.UsesConfiguredReturners ? _parts.Options.All.Get("return") : null;
        var names = ReturnerTable.NamesIn(ListValue.Create([m.Returners, own ?? Value.Null]), _parts.Options.All.Get(ReturnerTable.Multi));
        if (names.IsEmpty) return;
        Queues.Tell(new ReturnerQueues.Surroundings(m.Grains, m.Pillar));
        var load = m.Load.Without("cmd");
        foreach (var returner in names)
        {
            string? name = null;
            try
            {
                name = _parts.ReturnerSpool.Keep(returner, load);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                _log.Error("job [{0}]: its return for '{1}' could not be kept on disk ({2}); it is tried, but will not survive the end of this minion", load.Get("jid"), returner, cause.Message);
            }
            Queues.Tell(new ReturnerQueues.Deliver(returner, name, load));
        }
    }

    private void Send()
    {
        while (!_isSending && _parts.Conversation.Session is not null && _ready.TryDequeue(out var next))
        {
            if ((next.Load ?? Spooled(next)) is not { } load) continue;
            _isSending = true;
            _parts.Conversation.AskAsync(load, Wait(), 1, _stopping.Token)
                .PipeTo(Self, success: reading => new Answered(next, reading), failure: cause => new NoAnswer(next, cause));
        }
        AnswerAskers();
    }

    private MapValue? Spooled(Outgoing next)
    {
        try
        {
            if (_parts.Spool.Read(next.Name!) is { } load) return load;
            _log.Error("the return {0} is no longer in {1}; it cannot be sent", next.Name, _parts.Spool.Folder);
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Later(next with { Failures = next.Failures + 1 }, $"it cannot be read: {cause.Message}");
            return null;
        }
    }

    private void OnAnswered(Answered m)
    {
        if (m.Reading.Result != SessionResult.Opened)
        {
            Again(m.Return, m.Reading.Reason);
            return;
        }
        _isSending = false;
        if (m.Return.Failures > 0) _log.Info("the return {0} was taken after {1} tries", m.Return.Name, m.Return.Failures + 1);
        try
        {
            if (m.Return.Name is { } name) _parts.Spool.Remove(name);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _log.Warning("the return {0} was taken, but stays in {1}: {2}; it will be sent again after a restart", m.Return.Name, _parts.Spool.Folder, cause.Message);
        }
        Send();
    }

    private void Again(Outgoing @return, string reason)
    {
        _isSending = false;
        Later(@return with { Failures = @return.Failures + 1, Load = @return.Name is null ? @return.Load : null }, reason);
        Send();
    }

    private void Later(Outgoing @return, string reason)
    {
        var wait = Wait();
        if (@return.Failures > QuickTries) wait = new Backoff(wait, LongestWait).After(@return.Failures - QuickTries, _parts.Chance());
        if (@return.Failures == 1) _log.Warning("the return {0} was not taken by the master ({1}); it is kept and sent again", @return.Name, reason);
        else _log.Debug("the return {0} was not taken by the master ({1}), try {2}", @return.Name, reason, @return.Failures);
        _later[@return.Number] = @return;
        Timers.StartSingleTimer(@return.TimerKey, new Due(@return.Number), wait);
    }

    private void OnDue(Due m)
    {
        if (!_later.Remove(m.Number, out var @return)) return;
        _ready.Enqueue(@return);
        Send();
    }

    // The master is there again: everybody's turn has come.
    private void OnConnected()
    {
        foreach (var @return in _later.Values.OrderBy(r => r.Number))
        {
            Timers.Cancel(@return.TimerKey);
            _ready.Enqueue(@return);
        }
        _later.Clear();
        Send();
    }

    private void OnTellWhenSent(TellWhenSent m)
    {
        _askers.Add(Sender);
        AnswerAskers();
    }

    private void AnswerAskers()
    {
        if (_isSending) return;
        foreach (var asker in _askers) asker.Tell(new NothingToSend());
        _askers.Clear();
    }

    // Salt's words: a random time from return_retry_timer to return_retry_timer_max.
    private TimeSpan Wait()
    {
        var (least, most) = (_parts.Options.ReturnRetryTimer, _parts.Options.ReturnRetryTimerMax);
        return most > least ? least + (most - least) * _parts.Chance() : least;
    }
}
