using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SaltActors.Core.Identity;
using SaltActors.Core.Targets;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master.Fleet;

/// <summary>The accepted minions and what is known of them, as targeting asks for them. The list is read anew only when its folder changed.</summary>
public sealed class FleetView(KeyStore keys, MinionDataCache? data) : IFleet
{
    private sealed record Listed(DateTime Changed, ImmutableArray<MinionId> Ids);
    private volatile Listed? _listed;

    public IEnumerable<MinionId> Ids => List();

    public bool TryGetFacts(MinionId id, [NotNullWhen(true)] out MinionFacts? facts)
    {
        facts = data?.Find(id) is { } known ? new MinionFacts(id, known.MapOf("grains"), known.MapOf("pillar")) : null;
        return facts is not null;
    }

    private ImmutableArray<MinionId> List()
    {
        var changed = Directory.GetLastWriteTimeUtc(keys.FolderOf(KeyState.Accepted));
        if (_listed is { } listed && listed.Changed == changed) return listed.Ids;
        return (_listed = new Listed(changed, keys.List(KeyState.Accepted))).Ids;
    }
}
