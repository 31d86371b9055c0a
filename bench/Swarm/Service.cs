using System.Net.Sockets;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Bench.Swarm;

/// <summary>Minions that stay connected and answer <c>test.ping</c>, each deciding for itself whether a job is for it.</summary>
/// <remarks>
/// A lost subscription is opened again, and where a publish does not open with the known key, or a return is not opened by the master, the
/// minion signs in again: both are counted.
/// <c>saltutil.find_job</c> and <c>saltutil.running</c> say that nothing runs; any other function is not available.
/// </remarks>
internal sealed class Service(Crowd crowd, SwarmOptions options) : IDisposable
{
    private const int Tries = 3;
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromMilliseconds(200), ReconnectAtMost = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _stopping = new();
    private long _connected, _signIns, _reconnects, _publishes, _jobs, _returns, _retries, _lost, _refused;
    private string? _reason;

    /// <summary>Subscribes all minions, and returns when they stand.</summary>
    /// <returns>How the subscriptions went, and what ends when all minions have stopped.</returns>
    public async Task<(Tally Subscribing, Task Running)> StartAsync()
    {
        var subscriptions = new Zmtp?[crowd.Minions.Count];
        var places = crowd.Minions.Index().ToDictionary(m => m.Item, m => m.Index);
        var subscribing = await crowd.EachAsync(1, async (minion, _, stop) => subscriptions[places[minion]] = await minion.SubscribeAsync(stop).ConfigureAwait(false)).ConfigureAwait(false);
        Interlocked.Add(ref _connected, subscriptions.Count(s => s is not null));
        return (subscribing, Task.WhenAll(crowd.Minions.Select((minion, place) => ListenAsync(minion, subscriptions[place]))));
    }

    public void Stop() => _stopping.Cancel();

    public void Print() => Report.Counts([
        ("minions", crowd.Minions.Count), ("connected", Interlocked.Read(ref _connected)), ("publishes", Interlocked.Read(ref _publishes)),
        ("jobs", Interlocked.Read(ref _jobs)), ("returns", Interlocked.Read(ref _returns)), ("retries", Interlocked.Read(ref _retries)), ("lost", Interlocked.Read(ref _lost)),
        ("refused", Interlocked.Read(ref _refused)), ("reconnects", Interlocked.Read(ref _reconnects)), ("signins_again", Interlocked.Read(ref _signIns))], Volatile.Read(ref _reason));

    public void Dispose() => _stopping.Dispose();

    private async Task ListenAsync(SwarmMinion minion, Zmtp? subscription)
    {
        var wait = ReconnectAfter;
        while (!_stopping.IsCancellationRequested)
            try
            {
                if (subscription is null)
                {
                    await Task.Delay(wait + wait * Random.Shared.NextDouble(), _stopping.Token).ConfigureAwait(false);
                    wait = wait * 2 < ReconnectAtMost ? wait * 2 : ReconnectAtMost;
                    subscription = await minion.SubscribeAsync(_stopping.Token).ConfigureAwait(false);
                    Interlocked.Increment(ref _connected);
                    Interlocked.Increment(ref _reconnects);
                    wait = ReconnectAfter;
                }
                await TakeAsync(minion, await subscription.ReceiveAsync(_stopping.Token).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (Exception cause) when (SwarmMinion.IsExpected(cause))
            {
                if (subscription is null || cause is NotTaken) continue;
                subscription.Dispose();
                subscription = null;
                Interlocked.Decrement(ref _connected);
            }
        subscription?.Dispose();
    }

    private async Task TakeAsync(SwarmMinion minion, ReadOnlyMemory<byte> publish)
    {
        Interlocked.Increment(ref _publishes);
        var reading = minion.Session.OpenPublish(publish, mustBeSigned: false);
        if (reading.Result == SessionResult.NeedsSignIn)
        {
            await SignInAgainAsync(minion, _stopping.Token).ConfigureAwait(false);
            reading = minion.Session.OpenPublish(publish, mustBeSigned: false);
        }
        if (reading is not { Result: SessionResult.Opened, Value: MapValue load } || load.TextOf("jid") is not { } jid || load.TextOf("fun") is not { } function)
        {
            Interlocked.Increment(ref _refused);
            Volatile.Write(ref _reason, $"a publish was refused: {reading.Reason}");
            return;
        }
        var target = TargetParser.Parse(load.Get("tgt") ?? Value.Null, load.TextOf("tgt_type") ?? "glob", load.TextOf("delimiter") ?? ":", MapValue.Empty);
        if (!MinionMatcher.Matches(target, new MinionFacts(minion.Id, MapValue.Empty, MapValue.Empty))) return;
        Interlocked.Increment(ref _jobs);
        _ = ReturnAsync(minion, Answer(minion, jid, function, load.ListOf("arg")));
    }

    private async Task SignInAgainAsync(SwarmMinion minion, CancellationToken stop)
    {
        Interlocked.Increment(ref _signIns);
        await minion.SignInAsync(crowd.Master, stop).ConfigureAwait(false);
    }

    private static MapValue Answer(SwarmMinion minion, string jid, string function, ListValue arguments) => function switch
    {
        "test.ping" => minion.ReturnOf(jid, function, BoolValue.True, arguments),
        "saltutil.find_job" => minion.ReturnOf(jid, function, MapValue.Empty, arguments),
        "saltutil.running" => minion.ReturnOf(jid, function, ListValue.Empty, arguments),
        _ => minion.ReturnOf(jid, function, TextValue.Of($"'{function}' is not available."), arguments, success: false),
    };

    private async Task ReturnAsync(SwarmMinion minion, MapValue load)
    {
        for (var (left, mustSignIn) = (Tries, false); ; left--)
            try
            {
                using var time = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                time.CancelAfter(options.Timeout);
                if (mustSignIn) await SignInAgainAsync(minion, time.Token).ConfigureAwait(false);
                mustSignIn = false;
                await minion.SendAsync(load, time.Token).ConfigureAwait(false);
                Interlocked.Increment(ref _returns);
                return;
            }
            catch (Exception cause) when (SwarmMinion.IsExpected(cause))
            {
                Volatile.Write(ref _reason, $"{cause.Message}{(cause is SocketException ? $" ({minion.Id})" : "")}");
                mustSignIn |= cause is KeysForgotten;
                if (left > 1 && !_stopping.IsCancellationRequested)
                {
                    Interlocked.Increment(ref _retries);
                    continue;
                }
                Interlocked.Increment(ref _lost);
                return;
            }
    }
}
