using System.Diagnostics;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Keys;

namespace SaltActors.Bench.Swarm;

/// <summary>All minions of a swarm, and what many of them do at the same time.</summary>
internal sealed class Crowd : IDisposable
{
    private readonly SwarmOptions _options;

    private Crowd(SwarmOptions options, SwarmMinion[] minions) => (_options, Minions) = (options, minions);

    public IReadOnlyList<SwarmMinion> Minions { get; }
    /// <summary>Known after the first sign-in.</summary>
    public RsaPublicKey? Master { get; private set; }

    /// <summary>Reads or makes the key pair, and with it all minions.</summary>
    public static Crowd Gather(SwarmOptions options)
    {
        var pem = LoadOrMake(options.KeyFile).PrivatePem;
        var minions = new SwarmMinion[options.Minions];
        var keys = RsaKeyPair.Load(pem);
        Parallel.For(0, minions.Length, i => minions[i] = new SwarmMinion(new ClientIdentity(options.IdOf(i), keys), options));
        return new Crowd(options, minions);
    }

    public static RsaKeyPair LoadOrMake(string path)
    {
        if (File.Exists(path)) return RsaKeyPair.Load(File.ReadAllText(path));
        var keys = RsaKeyPair.Generate();
        PrivateFiles.Write(path, keys.PrivatePem);
        return keys;
    }

    /// <summary>Signs one minion in, from whom the others know the master's key.</summary>
    public async Task MeetMasterAsync() => await WithTimeAsync(async stop => Master = await Minions[0].SignInAsync(null, stop).ConfigureAwait(false)).ConfigureAwait(false);

    public Task<Tally> SignInAsync(int rounds = 1) => EachAsync(rounds, (minion, _, stop) => minion.SignInAsync(Master, stop));

    /// <summary>Every minion does something <paramref name="rounds"/> times, at most <see cref="SwarmOptions.Concurrency"/> of them at once.</summary>
    public async Task<Tally> EachAsync(int rounds, Func<SwarmMinion, int, CancellationToken, Task> work)
    {
        var milliseconds = new double[Minions.Count * rounds];
        var (lost, reason) = (0, (string?)null);
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, milliseconds.Length), new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency }, async (place, _) =>
        {
            var since = Stopwatch.GetTimestamp();
            try
            {
                await WithTimeAsync(stop => work(Minions[place % Minions.Count], place / Minions.Count, stop)).ConfigureAwait(false);
            }
            catch (Exception cause) when (SwarmMinion.IsExpected(cause))
            {
                Interlocked.Increment(ref lost);
                Interlocked.CompareExchange(ref reason, cause.Message, null);
            }
            milliseconds[place] = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        }).ConfigureAwait(false);
        return Tally.Of(milliseconds, Stopwatch.GetElapsedTime(began), lost, reason);
    }

    private async Task WithTimeAsync(Func<CancellationToken, Task> work)
    {
        using var time = new CancellationTokenSource(_options.Timeout);
        await work(time.Token).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (var minion in Minions) minion.Dispose();
    }
}

/// <summary>What came of many operations.</summary>
/// <param name="Lost">Operations that failed or were not answered in time; the first of them failed for <paramref name="Reason"/>.</param>
/// <param name="Median">Milliseconds of one operation, set-up of a fresh connection included.</param>
/// <param name="Slowest">Milliseconds that 99 of 100 operations stayed under.</param>
internal sealed record Tally(int Operations, TimeSpan Time, int Lost, string? Reason, double Median, double Slowest)
{
    public static Tally Of(double[] milliseconds, TimeSpan time, int lost, string? reason)
    {
        Array.Sort(milliseconds);
        return new(milliseconds.Length, time, lost, reason, milliseconds[milliseconds.Length / 2], milliseconds[(int)(milliseconds.Length * 0.99)]);
    }
}
