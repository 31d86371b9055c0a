using System.Collections.Immutable;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Returners;

/// <summary><c>multi_returner</c>: all returners in the list of the option <c>multi_returner</c>. What is read is laid together, the last on top.</summary>
/// <remarks>Every one is tried, also where another fails. Follows Salt 3006, salt/returners/multi_returner.py.</remarks>
/// <param name="find">Finds one of the others by name.</param>
internal sealed class MultiReturner(Func<string, IReturner?> find) : IReturner
{
    public string Name => ReturnerTable.Multi;
    public ReturnerAbilities Abilities => ReturnerAbilities.JobCache | ReturnerAbilities.SaveMinions | ReturnerAbilities.GetFun | ReturnerAbilities.EventReturn | ReturnerAbilities.CleanOldJobs;

    public Task ReturnAsync(ReturnerContext context, IReadOnlyList<MapValue> returns, CancellationToken stop) =>
        EachAsync(context, ReturnerAbilities.Return, r => r.ReturnAsync(context, returns, stop));

    public Task SaveLoadAsync(ReturnerContext context, Jid jid, MapValue load, ImmutableArray<string> minions, CancellationToken stop) =>
        EachAsync(context, ReturnerAbilities.SaveLoad, r => r.SaveLoadAsync(context, jid, load, minions, stop));

    public Task SaveMinionsAsync(ReturnerContext context, Jid jid, ImmutableArray<string> minions, string? syndic, CancellationToken stop) =>
        EachAsync(context, ReturnerAbilities.SaveMinions, r => r.SaveMinionsAsync(context, jid, minions, syndic, stop));

    public async Task<MapValue?> GetLoadAsync(ReturnerContext context, Jid jid, CancellationToken stop)
    {
        MapValue? load = null;
        await EachAsync(context, ReturnerAbilities.GetLoad, async r =>
        {
            if (await r.GetLoadAsync(context, jid, stop).ConfigureAwait(false) is { } found) load = load?.Over(found) ?? found;
        }).ConfigureAwait(false);
        return load;
    }

    public Task<MapValue> GetJidAsync(ReturnerContext context, Jid jid, CancellationToken stop) =>
        LaidTogetherAsync(context, ReturnerAbilities.GetJid, r => r.GetJidAsync(context, jid, stop));

    public Task<MapValue> GetFunAsync(ReturnerContext context, string function, CancellationToken stop) =>
        LaidTogetherAsync(context, ReturnerAbilities.GetFun, r => r.GetFunAsync(context, function, stop));

    public Task<MapValue> GetJidsAsync(ReturnerContext context, CancellationToken stop) =>
        LaidTogetherAsync(context, ReturnerAbilities.GetJids, r => r.GetJidsAsync(context, stop));

    public async Task<ImmutableArray<string>> GetMinionsAsync(ReturnerContext context, CancellationToken stop)
    {
        var minions = new SortedSet<string>(StringComparer.Ordinal);
        await EachAsync(context, ReturnerAbilities.GetMinions, async r => minions.UnionWith(await r.GetMinionsAsync(context, stop).ConfigureAwait(false))).ConfigureAwait(false);
        return [.. minions];
    }

    public Task EventReturnAsync(ReturnerContext context, IReadOnlyList<SaltEvent> events, CancellationToken stop) =>
        EachAsync(context, ReturnerAbilities.EventReturn, r => r.EventReturnAsync(context, events, stop));

    public Task CleanOldJobsAsync(ReturnerContext context, DateTimeOffset before, CancellationToken stop) =>
        EachAsync(context, ReturnerAbilities.CleanOldJobs, r => r.CleanOldJobsAsync(context, before, stop));

    private async Task<MapValue> LaidTogetherAsync(ReturnerContext context, ReturnerAbilities ability, Func<IReturner, Task<MapValue>> ask)
    {
        var all = MapValue.Empty;
        await EachAsync(context, ability, async r => all = all.Over(await ask(r).ConfigureAwait(false))).ConfigureAwait(false);
        return all;
    }

    private async Task EachAsync(ReturnerContext context, ReturnerAbilities ability, Func<IReturner, Task> call)
    {
        var names = ReturnerTable.NamesIn(Name, context.Options.Get(Name));
        if (names.IsEmpty) throw new ReturnerFailed("the returner 'multi_returner' does not know the others: the option 'multi_returner' lists none");
        var failures = new List<ReturnerFailed>();
        foreach (var name in names)
            try
            {
                var returner = find(name) ?? throw new ReturnerFailed($"the option 'multi_returner' names '{name}', and there is no such returner here");
                if (returner.Abilities.HasFlag(ability)) await call(returner).ConfigureAwait(false);
            }
            catch (ReturnerFailed failed)
            {
                failures.Add(failed);
            }
        if (failures.Count > 0) throw new ReturnerFailed(string.Join("; ", failures.Select(f => f.Message)), failures.TrueForAll(f => f.IsRefusal), failures[0]);
    }
}
