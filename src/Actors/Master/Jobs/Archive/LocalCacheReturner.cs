using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Jobs.Archive;

/// <summary>Salt's own job cache as a returner: files below the master's <c>cachedir</c>, which genuine Salt's programs read.</summary>
/// <remarks>The master writes these files by itself (<see cref="LocalCacheFiles"/>); as a returner they can be read and written by name. Follows Salt 3006, salt/returners/local_cache.py.</remarks>
public sealed class LocalCacheReturner(LocalCacheFolder folder) : IReturner
{
    public string Name => ReturnerTable.LocalCache;
    public ReturnerAbilities Abilities => ReturnerAbilities.JobCache | ReturnerAbilities.SaveMinions | ReturnerAbilities.GetFun | ReturnerAbilities.CleanOldJobs;

    public Task ReturnAsync(ReturnerContext context, IReadOnlyList<MapValue> returns, CancellationToken stop) => OnDisk(() =>
    {
        foreach (var load in returns)
        {
            if (!Jid.TryParse(load.TextOf("jid"), out var jid) || !MinionId.TryParse(load.TextOf("id"), out var id))
                throw new ReturnerFailed($"the returner 'local_cache' does not take a return without a jid and an id (found '{load.Get("jid")}' and '{load.Get("id")}')", isRefusal: true);
            folder.WriteReturn(jid, id, load);
        }
        return true;
    }, stop);

    public Task SaveLoadAsync(ReturnerContext context, Jid jid, MapValue load, ImmutableArray<string> minions, CancellationToken stop) => OnDisk(() =>
    {
        folder.WriteJob(jid, load, minions);
        return true;
    }, stop);

    public Task SaveMinionsAsync(ReturnerContext context, Jid jid, ImmutableArray<string> minions, string? syndic, CancellationToken stop) => OnDisk(() =>
    {
        MinionId? lower = syndic is null ? null : MinionId.TryParse(syndic, out var id) ? id : throw new ReturnerFailed($"'{syndic}' is no id of a lower master", isRefusal: true);
        folder.WriteMinions(jid, minions, lower);
        return true;
    }, stop);

    public Task<MapValue?> GetLoadAsync(ReturnerContext context, Jid jid, CancellationToken stop) => OnDisk(() => folder.ReadLoad(jid), stop);
    public Task<MapValue> GetJidAsync(ReturnerContext context, Jid jid, CancellationToken stop) => OnDisk(() => folder.ReadReturns(jid), stop);

    /// <summary>Reads every job, the youngest first: for a cache that other programs know better how to search.</summary>
    public Task<MapValue> GetFunAsync(ReturnerContext context, string function, CancellationToken stop) => OnDisk(() =>
    {
        var last = new SortedDictionary<string, Value>(StringComparer.Ordinal);
        foreach (var jid in folder.Jobs().Reverse())
            if (folder.ReadLoad(jid)?.TextOf("fun") == function)
                foreach (var (id, content) in folder.ReadReturns(jid)) last.TryAdd(id.ToString(), content);
        return MapValue.From(last);
    }, stop);

    public Task<MapValue> GetJidsAsync(ReturnerContext context, CancellationToken stop) => OnDisk(() =>
        MapValue.From(folder.Jobs().Select(j => KeyValuePair.Create(j.Text, (Value)(folder.ReadLoad(j) ?? MapValue.Empty)))), stop);

    public Task<ImmutableArray<string>> GetMinionsAsync(ReturnerContext context, CancellationToken stop) => OnDisk(() =>
        folder.Jobs().SelectMany(j => folder.ReadReturns(j).Keys).Select(i => i.ToString()).Distinct().Order(StringComparer.Ordinal).ToImmutableArray(), stop);

    public Task CleanOldJobsAsync(ReturnerContext context, DateTimeOffset before, CancellationToken stop) => OnDisk(() =>
    {
        foreach (var jid in folder.Jobs())
            if (folder.WrittenAt(jid) < before) folder.Delete(jid);
        return true;
    }, stop);

    private static async Task<T> OnDisk<T>(Func<T> work, CancellationToken stop)
    {
        try
        {
            return await Task.Run(work, stop).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new ReturnerFailed($"the returner 'local_cache' cannot use its folder: {cause.Message}", cause: cause);
        }
    }
}
