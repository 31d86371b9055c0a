using System.Collections.Immutable;
using Akka.Actor;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Fleet;

/// <summary>What the master remembers, for runners: read from the files, forgotten by the one who writes them.</summary>
/// <param name="data">Null where the master keeps nothing of minions (<c>minion_data_cache: False</c>).</param>
internal sealed class MasterCacheDoor(IActorRef fleet, MinionDataCache? data, MineFiles mine, CacheBanks banks, TimeSpan patience) : IMasterCache
{
    public MapValue? Grains(MinionId id) => data?.Find(id)?.MapOf("grains");
    public MapValue? Pillar(MinionId id) => data?.Find(id)?.MapOf("pillar");
    public MapValue Mine(MinionId id) => mine.Find(id);

    public async Task<bool> ForgetAsync(MinionId id, MinionMemory what, string? mineFunction, CancellationToken stop)
    {
        var forgotten = await fleet.Ask<FleetProtocol.Forgotten>(new FleetProtocol.Forget(id, what, mineFunction), patience, stop).ConfigureAwait(false);
        return forgotten.Failure is null ? forgotten.HadSome : throw new CommandFailed($"minion [{id}] could not be forgotten: {forgotten.Failure}");
    }

    public void Store(string bank, string key, Value data) => banks.Store(bank, key, data);
    public Value Fetch(string bank, string key) => banks.Fetch(bank, key);
    public ImmutableArray<string> List(string bank) => banks.List(bank);
    public bool Flush(string bank, string? key) => banks.Flush(bank, key);
}
