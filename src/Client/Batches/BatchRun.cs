using System.Collections.Immutable;
using System.Threading.Channels;
using Akka.Actor;
using SaltActors.Client.Commands;
using SaltActors.Client.Link;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Client.Batches;

/// <summary>A job that works on some minions at a time: asks who is there, then starts groups as places become free, each a command of its own.</summary>
/// <remarks>Updates go to a channel, in order; it completes when the batch is over. Follows Salt 3006, salt/cli/batch.py.</remarks>
public sealed class BatchRun : ReceiveActor, IWithTimers
{
    private sealed record Heard(int Command, CommandUpdate Update);
    private sealed record CommandEnded(int Command);
    private sealed record CommandBroken(Exception Cause);
    private sealed record PlaceFree;

    private const int Ping = 0;
    private readonly SharedLink _link;
    private readonly JobRequest _request;
    private readonly BatchSettings _settings;
    private readonly CommandPatience _patience;
    private readonly MapValue _kwargs;
    private readonly ChannelWriter<BatchUpdate> _updates;
    private readonly TimeProvider _clock;
    private readonly Dictionary<int, ImmutableHashSet<MinionId>> _groups = [];
    private readonly SortedSet<string> _present = new(StringComparer.Ordinal);
    private BatchPlan? _plan;
    private bool _isUnmatched;
    private int _commands;

    public static Props Props(SharedLink link, JobRequest request, BatchSettings settings, CommandPatience patience, MapValue kwargs, ChannelWriter<BatchUpdate> updates, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new BatchRun(link, request, settings, patience, kwargs, updates, clock));

    public BatchRun(SharedLink link, JobRequest request, BatchSettings settings, CommandPatience patience, MapValue kwargs, ChannelWriter<BatchUpdate> updates, TimeProvider clock)
    {
        (_link, _request, _settings, _patience, _kwargs, _updates, _clock) = (link, request, settings, patience, kwargs, updates, clock);
        Receive<Heard>(m => m.Command == Ping, m => OnPing(m.Update));
        Receive<Heard>(OnGroup);
        Receive<CommandEnded>(m => m.Command == Ping, _ => Begin());
        Receive<CommandEnded>(OnGroupEnded);
        Receive<PlaceFree>(_ => StartMore());
        Receive<CommandBroken>(m => End(new BatchUpdate.Broken(m.Cause.Message)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Run(_request with { Function = "test.ping", Arguments = ListValue.Empty, Returners = "", Extras = DelimiterOf(_request) });

    protected override void PostStop() => _updates.TryComplete();

    private static MapValue DelimiterOf(JobRequest request) => request.Extras.Get("delimiter") is { } delimiter ? MapValue.Of(("delimiter", delimiter)) : MapValue.Empty;

    private int Run(JobRequest request)
    {
        var command = _commands++;
        var updates = Channel.CreateUnbounded<CommandUpdate>(new UnboundedChannelOptions { SingleReader = true });
        var part = _link.Open();
        Context.ActorOf(CommandSession.Props(part, request, _patience, null, _kwargs, updates.Writer));
        Pass(command, part, updates.Reader, Self).PipeTo(Self, success: () => new CommandEnded(command), failure: cause => new CommandBroken(cause));
        return command;
    }

    private static async Task Pass(int command, IMasterLink part, ChannelReader<CommandUpdate> updates, IActorRef self)
    {
        await using (part.ConfigureAwait(false))
            await foreach (var update in updates.ReadAllAsync().ConfigureAwait(false)) self.Tell(new Heard(command, update));
    }

    private void OnPing(CommandUpdate update)
    {
        switch (update)
        {
            case CommandUpdate.Returned r: _present.Add(r.Return.Id.Text); break;
            case CommandUpdate.Silent s: _updates.TryWrite(new BatchUpdate.Down(s.Id)); break;
            case CommandUpdate.NobodyMatched: _isUnmatched = true; break;
            case CommandUpdate.Refused r: End(new BatchUpdate.Refused(r.Name, r.Message)); break;
            case CommandUpdate.Broken b: End(new BatchUpdate.Broken(b.Message)); break;
        }
    }

    private void Begin()
    {
        if (_present.Count == 0) End(new BatchUpdate.Nobody(_isUnmatched));
        // A window without a place would never move.
        else if (BatchSize.Of(_settings.Size, _present.Count) is not { } size || size < 1) End(new BatchUpdate.InvalidSize(_settings.Size));
        else
        {
            _plan = BatchPlan.Of(size, _settings.Hold, _present.Select(MinionId.Parse));
            StartMore();
        }
    }

    private void StartMore()
    {
        var now = _clock.GetUtcNow();
        (_plan, var group) = _plan!.Start(now);
        if (group.Length > 0)
        {
            _updates.TryWrite(new BatchUpdate.Started(group));
            var command = Run(_request with { Target = ListValue.OfTexts(group.Select(i => i.Text)), TargetType = "list" });
            _groups[command] = [.. group];
        }
        if (_plan.IsDone) End(null);
        else if (_plan.NextPlace is { } place) Timers.StartSingleTimer("place", new PlaceFree(), place > now ? place - now : TimeSpan.Zero);
    }

    private void OnGroup(Heard m)
    {
        switch (m.Update)
        {
            case CommandUpdate.Published p: _updates.TryWrite(new BatchUpdate.Published(p.Jid)); break;
            case CommandUpdate.Returned r: OnReturn(m.Command, r.Return); break;
            case CommandUpdate.Silent s when MinionId.TryParse(s.Id, out var id):
                _updates.TryWrite(new BatchUpdate.Silent(s.Id));
                Done(m.Command, id);
                break;
            case CommandUpdate.Refused r: End(new BatchUpdate.Refused(r.Name, r.Message)); break;
            case CommandUpdate.Broken b: End(new BatchUpdate.Broken(b.Message)); break;
        }
    }

    private void OnReturn(int command, MinionReturn answer)
    {
        _updates.TryWrite(new BatchUpdate.Returned(answer));
        if (_settings.FailsHard && answer.Retcode != 0) End(new BatchUpdate.FailedHard(answer.Id));
        else Done(command, answer.Id);
    }

    private void Done(int command, MinionId id)
    {
        _groups[command] = _groups[command].Remove(id);
        _plan = _plan!.Done(id, _clock.GetUtcNow());
        StartMore();
    }

    // Who is left over when a command ends matched no more (its key was deleted meanwhile): it must not hold a place.
    private void OnGroupEnded(CommandEnded m)
    {
        if (!_groups.Remove(m.Command, out var left)) return;
        var now = _clock.GetUtcNow();
        foreach (var id in left)
        {
            _updates.TryWrite(new BatchUpdate.Silent(id.Text));
            _plan = _plan!.Done(id, now);
        }
        if (!left.IsEmpty) StartMore();
    }

    private void End(BatchUpdate? last)
    {
        if (last is not null) _updates.TryWrite(last);
        _updates.TryComplete();
        Context.Stop(Self);
    }
}
