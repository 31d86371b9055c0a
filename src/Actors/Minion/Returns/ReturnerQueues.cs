using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion.Returns;

/// <summary>Brings returns to the returners that a job, or the minion's configuration, asks for: <c>--return</c>, <c>return</c>, <c>ext_job_cache</c>.</summary>
/// <remarks>
/// One line for each returner, so that a broken one holds up no other, and none holds up the master. Salt's minions try once; ours keep what
/// was not taken, on disk, and try again: at first soon, then more and more seldom. A failure is logged once for each returner.
/// </remarks>
public sealed class ReturnerQueues : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>A return for one returner.</summary>
    /// <param name="SpoolName">Null where it could not be kept on disk; then <paramref name="Load"/> is all there is.</param>
    /// <param name="Load">Null where it is read from the spool.</param>
    public sealed record Deliver(string Returner, string? SpoolName, MapValue? Load);

    /// <summary>What options may be found in, as the last job saw it.</summary>
    public sealed record Surroundings(MapValue Grains, MapValue Pillar);

    private sealed record Done(Line Line, Deliver Item);
    private sealed record NotDone(Line Line, Deliver Item, Exception Cause);
    private sealed record Due(string Returner);

    /// <summary>One returner's returns.</summary>
    private sealed class Line(IReturner returner)
    {
        internal IReturner Returner { get; } = returner;
        internal LinkedList<Deliver> Ready { get; } = new();
        /// <summary>Refused alone; tried again when the line's time comes.</summary>
        internal List<Deliver> Refused { get; } = [];
        internal bool IsBusy { get; set; }
        internal int Failures { get; set; }
    }

    private readonly MinionParts _parts;
    private readonly Dictionary<string, Line> _lines = [];
    private readonly JidClock _jids;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Surroundings _surroundings = new(MapValue.Empty, MapValue.Empty);

    public static Props Props(MinionParts parts) => Akka.Actor.Props.Create(() => new ReturnerQueues(parts));

    public ReturnerQueues(MinionParts parts)
    {
        (_parts, _jids) = (parts, new JidClock(parts.Clock));
        Receive<Surroundings>(m => _surroundings = m);
        Receive<Deliver>(OnDeliver);
        Receive<Done>(OnDone);
        Receive<NotDone>(OnNotDone);
        Receive<Due>(OnDue);
    }

    public ITimerScheduler Timers { get; set; } = null!;   // Akka sets it before PreStart

    protected override void PostStop() => _stopping.Cancel();

    private void OnDeliver(Deliver m)
    {
        if (!_lines.TryGetValue(m.Returner, out var line))
        {
            if (_parts.Returners.Find(m.Returner) is not { } returner || !returner.Abilities.HasFlag(ReturnerAbilities.Return))
            {
                _log.Error("a return was not given to '{0}': {1}; it goes to the master alone", m.Returner, _parts.Returners.UnknownText(m.Returner));
                if (m.SpoolName is { } name) Remove(name);
                return;
            }
            _lines[m.Returner] = line = new Line(returner);
        }
        line.Ready.AddLast(m);
        Next(line);
    }

    private void Next(Line line)
    {
        while (!line.IsBusy && !Timers.IsTimerActive(line.Returner.Name) && line.Ready.First is { } first)
        {
            var item = first.Value;
            line.Ready.RemoveFirst();
            if ((item.Load ?? Spooled(item)) is not { } load) continue;
            line.IsBusy = true;
            var (surroundings, stop) = (_surroundings, _stopping.Token);
            Task.Run(() => ReturnAsync(line.Returner, load, surroundings, stop), stop)
                .PipeTo(Self, success: () => new Done(line, item), failure: cause => new NotDone(line, item, cause));
        }
    }

    private async Task ReturnAsync(IReturner returner, MapValue load, Surroundings surroundings, CancellationToken stop)
    {
        var context = new ReturnerContext { Options = _parts.Options.All, Grains = surroundings.Grains, Pillar = surroundings.Pillar, Clock = _parts.Clock }.ChosenBy(load);
        // A return that nobody asked for has no job: it gets an id, and its load is what there is to know of it.
        if (!Jid.TryParse(load.TextOf("jid"), out _))
        {
            var jid = returner.PrepJid(null, _jids);
            load = load.With("jid", jid.Text);
            if (returner.Abilities.HasFlag(ReturnerAbilities.SaveLoad))
                await returner.SaveLoadAsync(context, jid, load, [_parts.Options.Id.Text], stop).ConfigureAwait(false);
        }
        await returner.ReturnAsync(context, [load], stop).ConfigureAwait(false);
    }

    private void OnDone(Done m)
    {
        m.Line.IsBusy = false;
        if (m.Line.Failures > 0) _log.Info("the returner '{0}' works again", m.Line.Returner.Name);
        m.Line.Failures = 0;
        if (m.Item.SpoolName is { } name) Remove(name);
        Next(m.Line);
    }

    private void OnNotDone(NotDone m)
    {
        m.Line.IsBusy = false;
        if (_stopping.IsCancellationRequested) return;
        var (name, reason) = (m.Line.Returner.Name, m.Cause is ReturnerFailed ? m.Cause.Message : $"{m.Cause.GetType().Name}: {m.Cause.Message}");
        if (m.Cause is ReturnerFailed { IsRefusal: true })
        {
            _log.Error("{0}; the return {1} is kept and tried again", reason, m.Item.SpoolName);
            m.Line.Refused.Add(m.Item);
            if (!Timers.IsTimerActive(RefusedKey(name))) Timers.StartSingleTimer(RefusedKey(name), new Due(name), LongestWait);
        }
        else
        {
            m.Line.Ready.AddFirst(m.Item);
            if (++m.Line.Failures == 1) _log.Error("{0}; returns for it are kept in {1} and tried again", reason, _parts.ReturnerSpool.Folder);
            else _log.Debug("{0}; try {1}", reason, m.Line.Failures);
            Timers.StartSingleTimer(name, new Due(name), new Backoff(_parts.Options.ReturnRetryTimer, LongestWait).After(m.Line.Failures, _parts.Chance()));
        }
        Next(m.Line);
    }

    private void OnDue(Due m)
    {
        var line = _lines[m.Returner];
        foreach (var refused in line.Refused) line.Ready.AddLast(refused);
        line.Refused.Clear();
        Next(line);
    }

    private MapValue? Spooled(Deliver item)
    {
        try
        {
            if (_parts.ReturnerSpool.Read(item.SpoolName!) is var (_, load)) return load;
            _log.Error("the return {0} is no longer in {1}; it cannot be given to '{2}'", item.SpoolName, _parts.ReturnerSpool.Folder, item.Returner);
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _log.Error("the return {0} for '{1}' cannot be read from {2}: {3}; it is tried again when the minion starts", item.SpoolName, item.Returner, _parts.ReturnerSpool.Folder, cause.Message);
            return null;
        }
    }

    private void Remove(string name)
    {
        try
        {
            _parts.ReturnerSpool.Remove(name);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _log.Warning("the return {0} stays in {1}: {2}; it will be delivered again after a restart", name, _parts.ReturnerSpool.Folder, cause.Message);
        }
    }

    private static string RefusedKey(string returner) => "refused " + returner;
}
