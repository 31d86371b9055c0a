using System.Collections.Concurrent;
using Akka.Event;

namespace SaltActors.Actors.Master.Requests;

/// <summary>Logs refusals without letting a hostile peer write the log: the first of a kind at once, the rest as a number a minute.</summary>
public sealed class RefusalLog(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private const int MostKinds = 200, LongestText = 120;
    private sealed class Kind
    {
        public long Since, Quiet;
    }
    private readonly ConcurrentDictionary<string, Kind> _kinds = new();
    private long _total;

    /// <summary>All refusals since the start.</summary>
    public long Total => Interlocked.Read(ref _total);

    public void Count(ILoggingAdapter log, string reason, string? claimedId)
    {
        Interlocked.Increment(ref _total);
        reason = OneLine(reason);
        var kind = _kinds.Count < MostKinds ? _kinds.GetOrAdd(reason, _ => new Kind()) : _kinds.GetOrAdd("a refusal of another kind", _ => new Kind());
        var now = clock.GetTimestamp();
        var since = Interlocked.Read(ref kind.Since);
        if (since != 0 && clock.GetElapsedTime(since, now) < Pause)
        {
            Interlocked.Increment(ref kind.Quiet);
            return;
        }
        if (Interlocked.CompareExchange(ref kind.Since, now, since) != since) return;
        var quiet = Interlocked.Exchange(ref kind.Quiet, 0);
        log.Warning("refused: {0}{1}{2}", reason, claimedId is null ? "" : $" (it says it is [{OneLine(claimedId)}])", quiet > 0 ? $"; {quiet} more of this kind in the last minute" : "");
    }

    // What comes from outside stays on one line and short, whatever it holds.
    private static string OneLine(string text)
    {
        var clean = new string([.. text.Take(LongestText).Select(c => char.IsControl(c) ? '?' : c)]);
        return text.Length > LongestText ? clean + "…" : clean;
    }
}
