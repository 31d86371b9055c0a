using System.Collections.Immutable;
using System.Globalization;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Modules.Returners.Wire;

namespace SaltActors.Modules.Returners.Stores;

/// <summary><c>redis</c>: <c>ret:&lt;jid&gt;</c> (a hash by minion), <c>load:&lt;jid&gt;</c>, <c>&lt;minion&gt;:&lt;fun&gt;</c> (the last jid), <c>minions</c> (a set).</summary>
/// <remarks>
/// Options <c>redis.host port db password unix_socket_path</c>. Returns and loads expire by themselves after <c>keep_jobs_seconds</c>.
/// A cluster of redis servers (<c>redis.cluster_mode</c>) is refused. Follows Salt 3006, salt/returners/redis_return.py.
/// </remarks>
internal sealed class RedisReturner : IReturner
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Name => "redis";
    public ReturnerAbilities Abilities => ReturnerAbilities.JobCache | ReturnerAbilities.SaveMinions | ReturnerAbilities.GetFun | ReturnerAbilities.CleanOldJobs;

    public Task ReturnAsync(ReturnerContext context, IReadOnlyList<MapValue> returns, CancellationToken stop) => AskAsync(context, async (redis, within) =>
    {
        var keep = KeepSeconds(context);
        var commands = new List<string[]>();
        foreach (var @return in returns)
        {
            var (id, jid) = (StoredText.Text(@return, "id"), StoredText.Text(@return, "jid"));
            commands.Add(["HSET", $"ret:{jid}", id, StoredText.Of(@return)]);
            if (keep is not null) commands.Add(["EXPIRE", $"ret:{jid}", keep]);
            commands.Add(["SET", $"{id}:{StoredText.Function(@return)}", jid]);
            commands.Add(["SADD", "minions", id]);
        }
        await redis.RunAsync(commands, within).ConfigureAwait(false);
        return true;
    }, stop);

    public Task SaveLoadAsync(ReturnerContext context, Jid jid, MapValue load, ImmutableArray<string> minions, CancellationToken stop) =>
        AskAsync(context, (redis, within) => KeepSeconds(context) is { } keep
            ? redis.AskAsync(within, "SETEX", $"load:{jid}", keep, StoredText.Of(load))
            : redis.AskAsync(within, "SET", $"load:{jid}", StoredText.Of(load)), stop);

    /// <summary>There is no place for them; as with Salt, nothing is kept, and that is no error.</summary>
    public Task SaveMinionsAsync(ReturnerContext context, Jid jid, ImmutableArray<string> minions, string? syndic, CancellationToken stop) => Task.CompletedTask;

    public Task<MapValue?> GetLoadAsync(ReturnerContext context, Jid jid, CancellationToken stop) => AskAsync(context, async (redis, within) =>
        StoredText.Read((await redis.AskAsync(within, "GET", $"load:{jid}").ConfigureAwait(false)).AsText()) as MapValue, stop);

    public Task<MapValue> GetJidAsync(ReturnerContext context, Jid jid, CancellationToken stop) => AskAsync(context, async (redis, within) =>
    {
        var fields = await redis.AskAsync(within, "HGETALL", $"ret:{jid}").ConfigureAwait(false) as ListValue ?? ListValue.Empty;
        return MapValue.From(Enumerable.Range(0, fields.Count / 2)
            .Select(i => KeyValuePair.Create(fields[2 * i].ToString(), StoredText.Read(fields[2 * i + 1].AsText())))
            .OrderBy(e => e.Key, StringComparer.Ordinal));
    }, stop);

    public Task<MapValue> GetFunAsync(ReturnerContext context, string function, CancellationToken stop) => AskAsync(context, async (redis, within) =>
    {
        var returns = new MapValue.Builder();
        foreach (var id in await MinionsAsync(redis, within).ConfigureAwait(false))
            if ((await redis.AskAsync(within, "GET", $"{id}:{function}").ConfigureAwait(false)).AsText() is { } jid
                && (await redis.AskAsync(within, "HGET", $"ret:{jid}", id).ConfigureAwait(false)).AsText() is { } stored)
                returns[id] = StoredText.Read(stored);
        return returns.Build();
    }, stop);

    public Task<MapValue> GetJidsAsync(ReturnerContext context, CancellationToken stop) => AskAsync(context, async (redis, within) =>
    {
        var jobs = new SortedDictionary<string, Value>(StringComparer.Ordinal);
        foreach (var key in await KeysAsync(redis, "load:*", within).ConfigureAwait(false))
            if ((await redis.AskAsync(within, "GET", key).ConfigureAwait(false)).AsText() is { } stored) jobs[key["load:".Length..]] = StoredText.Read(stored);
        return MapValue.From(jobs);
    }, stop);

    public Task<ImmutableArray<string>> GetMinionsAsync(ReturnerContext context, CancellationToken stop) => AskAsync(context, MinionsAsync, stop);

    /// <summary>Loads and returns expire by themselves; returns whose load is gone go with it.</summary>
    public Task CleanOldJobsAsync(ReturnerContext context, DateTimeOffset before, CancellationToken stop) => AskAsync(context, async (redis, within) =>
    {
        var living = (await KeysAsync(redis, "load:*", within).ConfigureAwait(false)).Select(k => k["load:".Length..]).ToHashSet(StringComparer.Ordinal);
        foreach (var key in await KeysAsync(redis, "ret:*", within).ConfigureAwait(false))
            if (key["ret:".Length..] is var jid && !living.Contains(jid) && Jid.TryParse(jid, out var old) && old.Time < before.UtcDateTime)
                await redis.AskAsync(within, "DEL", key).ConfigureAwait(false);
        return true;
    }, stop);

    private static async Task<ImmutableArray<string>> MinionsAsync(RedisConnection redis, CancellationToken stop) =>
        await redis.AskAsync(stop, "SMEMBERS", "minions").ConfigureAwait(false) is ListValue list
            ? [.. list.Items.Select(i => i.ToString()).Order(StringComparer.Ordinal)] : [];

    // Piece by piece: KEYS would hold up everybody else on the server.
    private static async Task<HashSet<string>> KeysAsync(RedisConnection redis, string pattern, CancellationToken stop)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var cursor = "0";
        do
        {
            if (await redis.AskAsync(stop, "SCAN", cursor, "MATCH", pattern, "COUNT", "1000").ConfigureAwait(false) is not ListValue { Count: 2 } page) break;
            cursor = page[0].ToString();
            if (page[1] is ListValue found) keys.UnionWith(found.Items.Select(k => k.ToString()));
        }
        while (cursor != "0");
        return keys;
    }

    /// <summary>How long the master keeps jobs, in seconds; null for ever.</summary>
    private static string? KeepSeconds(ReturnerContext context)
    {
        var seconds = context.Options.Get("keep_jobs_seconds")?.AsNumber()
            ?? context.Options.Get("keep_jobs")?.AsNumber() * 3600 ?? 86400;
        return seconds >= 1 ? ((long)seconds).ToString(CultureInfo.InvariantCulture) : null;
    }

    private static async Task<T> AskAsync<T>(ReturnerContext context, Func<RedisConnection, CancellationToken, Task<T>> ask, CancellationToken stop)
    {
        var options = new ReturnerOptions(context, "redis", "returner.redis");
        if (options.Find("cluster_mode") is { IsTruthy: true }) throw new ReturnerFailed("the returner 'redis' does not speak to a cluster of servers: take the option 'redis.cluster_mode' away, and name one server");
        var server = new ServerAddress(options.Text("host", "salt"), options.Port("port", 6379), options.Text("unix_socket_path"));
        using var within = CancellationTokenSource.CreateLinkedTokenSource(stop);
        within.CancelAfter(Patience);
        try
        {
            var redis = await RedisConnection.OpenAsync(server, options.Text("password"), options.Text("db", "0"), within.Token).ConfigureAwait(false);
            await using (redis.ConfigureAwait(false)) return await ask(redis, within.Token).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is IOException || cause is OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new ReturnerFailed($"the returner 'redis' lost its server at {server}: {(cause is IOException ? cause.Message : $"no answer within {Patience.TotalSeconds:0} s")}", cause: cause);
        }
    }
}
