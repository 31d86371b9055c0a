using System.Collections.Immutable;
using System.Threading.Channels;
using Akka.Actor;
using SaltActors.Client.Link;
using SaltActors.Client.Runners;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Client.Commands;

/// <summary>One command from question to last answer: publishes, collects, asks the silent, and says why each silence is one.</summary>
/// <remarks>Updates go to a channel, in order; it completes when the command is over.</remarks>
public sealed class CommandSession : ReceiveActor, IWithTimers
{
    private sealed record PublishAnswered(Value Reply);
    private sealed record Failed(Exception Cause);
    private sealed record Happened(SaltEvent Event);
    private sealed record EventsEnded;
    private sealed record Quiet;
    private sealed record RoundOver;
    private sealed record Asked(Value Reply);
    private sealed record PresenceAsked(string? ReturnTag);
    private sealed record PresenceUnknown;

    private static readonly TimeSpan PresenceTime = TimeSpan.FromSeconds(2);
    private readonly IMasterLink _link;
    private readonly JobRequest _request;
    private readonly CommandPatience _patience;
    private readonly MapValue _kwargs;
    private readonly ChannelWriter<CommandUpdate> _updates;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<SaltEvent> _early = [];
    private CommandProgress _progress = new();
    private readonly Jid? _given;
    private Jid? _jid;
    private PresenceQuestion? _presence;
    private ImmutableArray<string> _missing = [];

    public static Props Props(IMasterLink link, JobRequest request, CommandPatience patience, Jid? jid, MapValue kwargs, ChannelWriter<CommandUpdate> updates) =>
        Akka.Actor.Props.Create(() => new CommandSession(link, request, patience, jid, kwargs, updates));

    public CommandSession(IMasterLink link, JobRequest request, CommandPatience patience, Jid? jid, MapValue kwargs, ChannelWriter<CommandUpdate> updates)
    {
        (_link, _request, _patience, _given, _kwargs, _updates) = (link, request, patience, jid, kwargs, updates);
        Receive<PublishAnswered>(m => OnPublished(m.Reply));
        Receive<Happened>(m => OnEvent(m.Event));
        Receive<Quiet>(_ => AskTheSilent());
        Receive<Asked>(m => OnAsked(m.Reply));
        Receive<RoundOver>(_ => EndRound());
        Receive<PresenceAsked>(OnPresenceAsked);
        Receive<PresenceUnknown>(_ => TellSilent(null));
        Receive<EventsEnded>(_ => Break("The master went away while the command was running."));
        Receive<Failed>(m => Break(m.Cause.Message));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var (self, stop) = (Self, _stopping.Token);
        Pump(_link.Events, self, stop).PipeTo(self, success: () => new EventsEnded(), failure: cause => new Failed(cause));
        _link.AskAsync(PublishLoad.Of(_request, _given, _patience.Timeout, _kwargs, _patience.HasSyndics), PublishTime, stop)
            .PipeTo(self, success: reply => new PublishAnswered(reply), failure: cause => new Failed(cause));
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _updates.TryComplete();
    }

    private TimeSpan PublishTime => _patience.Timeout > TimeSpan.FromSeconds(5) ? _patience.Timeout : TimeSpan.FromSeconds(5);

    private static async Task Pump(ChannelReader<SaltEvent> events, IActorRef self, CancellationToken stop)
    {
        try
        {
            await foreach (var happened in events.ReadAllAsync(stop).ConfigureAwait(false)) self.Tell(new Happened(happened));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The command is over.
        }
    }

    private void OnPublished(Value reply)
    {
        switch (PublishReply.Read(reply))
        {
            case PublishReply.Sent sent:
                _jid = sent.Jid;
                _updates.TryWrite(new CommandUpdate.Published(sent.Jid, sent.Minions, sent.Missing));
                _missing = sent.Missing;
                _progress = _progress.Expect(sent.Minions);
                foreach (var early in _early) OnEvent(early);
                _early.Clear();
                if (_progress.Expected.Count == 0 && _patience.SyndicWait == TimeSpan.Zero) Finish();
                else if (!FinishIfComplete()) StartQuietTimer();
                break;
            case PublishReply.Nobody nobody:
                _updates.TryWrite(new CommandUpdate.NobodyMatched(nobody.Missing));
                Finish();
                break;
            case PublishReply.No no:
                _updates.TryWrite(new CommandUpdate.Refused(no.Name, no.Message));
                Finish();
                break;
        }
    }

    private void OnEvent(SaltEvent happened)
    {
        if (_jid is not { } jid)
        {
            _early.Add(happened);   // a return may be faster than the publish's own answer
            return;
        }
        if (_presence is not null && happened.Tag.StartsWith("salt/run/", StringComparison.Ordinal)) OnRunnerEvent(happened);
        else if (happened.Tag == jid.Text || happened.Tag.EndsWith("/" + jid.Text, StringComparison.Ordinal) && happened.Tag.StartsWith("syndic/", StringComparison.Ordinal))
            _progress = _progress.Expect(IdsIn(happened.Data.ListOf("minions")));
        else if (happened.Tag.StartsWith(EventTags.JobReturns(jid), StringComparison.Ordinal)) OnReturn(jid, happened);
        else if (_progress.Asking is { } question && happened.Tag.StartsWith(EventTags.JobReturns(question), StringComparison.Ordinal)) OnFindJobReturn(happened);
    }

    private void OnReturn(Jid jid, SaltEvent happened)
    {
        if (!happened.Data.Has("return") || !MinionId.TryParse(happened.Data.TextOf("id"), out var id)) return;
        var next = _progress.With(id);
        if (ReferenceEquals(next, _progress)) return;
        _progress = next;
        _updates.TryWrite(new CommandUpdate.Returned(new MinionReturn(jid, id, happened.Data)));
        if (FinishIfComplete()) return;
        if (_progress.Asking is null) StartQuietTimer();
        else EndRoundIfAnswered();
    }

    // {} means the job is not there; anything else is the job's own description.
    private void OnFindJobReturn(SaltEvent happened)
    {
        if (!MinionId.TryParse(happened.Data.TextOf("id"), out var id) || happened.Data.Get("return") is not { IsTruthy: true }) return;
        if (happened.Data.Get("retcode")?.AsInteger() is > 0) return;
        _progress = _progress.SaysItRuns(id);
        EndRoundIfAnswered();
    }

    private void StartQuietTimer() => Timers.StartSingleTimer("quiet", new Quiet(), _patience.Timeout + _patience.SyndicWait);

    private void AskTheSilent()
    {
        if (_jid is not { } jid || FinishIfComplete()) return;
        var question = new JobRequest { Function = "saltutil.find_job", Arguments = [jid.Text], Target = ListValue.OfTexts(_progress.Outstanding.Select(i => i.Text)), TargetType = "list" };
        _link.AskAsync(PublishLoad.Of(question, null, _patience.GatherTimeout, MapValue.Empty, _patience.HasSyndics), PublishTime, _stopping.Token)
            .PipeTo(Self, success: reply => new Asked(reply), failure: cause => new Failed(cause));
    }

    private void OnAsked(Value reply)
    {
        if (PublishReply.Read(reply) is not PublishReply.Sent sent)
        {
            EndRound();
            return;
        }
        _progress = _progress.Ask(sent.Jid);
        Timers.StartSingleTimer("round", new RoundOver(), _patience.GatherTimeout + _patience.SyndicWait);
    }

    private void EndRoundIfAnswered()
    {
        if (_progress.IsRoundAnswered) EndRound();
    }

    private void EndRound()
    {
        Timers.Cancel("round");
        var (next, givenUp) = _progress.EndRound();
        var running = _progress.Running.Intersect(_progress.Outstanding);
        _progress = next;
        if (running.Count > 0) _updates.TryWrite(new CommandUpdate.StillRunning([.. running.OrderBy(i => i.Text, StringComparer.Ordinal)]));
        if (givenUp.Length > 0) AskForPresence(givenUp);
        else if (!FinishIfComplete()) StartQuietTimer();
    }

    // Who is connected decides between the two reasons for a silence. The master answers by an event, like every runner.
    private void AskForPresence(ImmutableArray<MinionId> silent)
    {
        _presence = new PresenceQuestion(silent);
        Timers.StartSingleTimer("presence", new PresenceUnknown(), PresenceTime);
        _link.AskAsync(RunnerCall.Load("manage.present", CallArguments.None), PresenceTime, _stopping.Token).PipeTo(Self,
            success: reply => new PresenceAsked((reply as MapValue)?.TextOf("jid") is { } jid ? $"salt/run/{jid}/ret" : null),
            failure: _ => new PresenceUnknown());
    }

    private void OnPresenceAsked(PresenceAsked m)
    {
        if (_presence is null) return;
        if (m.ReturnTag is null) TellSilent(null);
        else if (_presence.Answered(m.ReturnTag) is { } connected) TellSilent(connected);
    }

    private void OnRunnerEvent(SaltEvent happened)
    {
        if (_presence!.Heard(happened) is { } connected) TellSilent(connected);
    }

    // A return that came while presence was asked for has been reported; it is no silence any more.
    private void TellSilent(ImmutableHashSet<string>? connected)
    {
        if (_presence is not { } question) return;
        _presence = null;
        Timers.Cancel("presence");
        foreach (var id in question.Silent.Where(id => !_progress.Returned.Contains(id)))
            _updates.TryWrite(new CommandUpdate.Silent(id.Text, connected is null || connected.Contains(id.Text) ? SilenceReason.NoResponse : SilenceReason.NotConnected));
        if (_progress.Outstanding.IsEmpty) Finish();
        else StartQuietTimer();
    }

    private bool FinishIfComplete()
    {
        if (!_progress.IsComplete || _presence is not null) return false;
        Finish();
        return true;
    }

    private void Break(string message)
    {
        _updates.TryWrite(new CommandUpdate.Broken(message));
        Finish();
    }

    // Who has no key is told of last: everybody else may still answer.
    private void Finish()
    {
        foreach (var id in _missing) _updates.TryWrite(new CommandUpdate.Silent(id, SilenceReason.NoKey));
        _missing = [];
        _updates.TryComplete();
        Context.Stop(Self);
    }

    private static IEnumerable<MinionId> IdsIn(ListValue list) =>
        list.Items.Select(i => MinionId.TryParse(i.AsText(), out var id) ? id : (MinionId?)null).OfType<MinionId>();
}
