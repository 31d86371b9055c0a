using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>What a target can ask of one minion.</summary>
public sealed record MinionFacts(MinionId Id, MapValue Grains, MapValue Pillar)
{
    /// <summary>The minion's own data store; only it knows.</summary>
    public MapValue Data { get; init; } = MapValue.Empty;
}

/// <summary>The accepted minions, and what the master remembers of them.</summary>
public interface IFleet
{
    /// <summary>Every accepted id, sorted.</summary>
    IEnumerable<MinionId> Ids { get; }

    /// <summary>False for a minion that has told nothing of itself yet.</summary>
    bool TryGetFacts(MinionId id, [NotNullWhen(true)] out MinionFacts? facts);
}

/// <summary>Whom the master expects to answer.</summary>
/// <param name="Matched">In the order of the fleet; a list target keeps its own order and its repetitions, as Salt's answer does.</param>
/// <param name="Missing">Ids of a list that no accepted minion has.</param>
public sealed record ExpectedMinions(ImmutableArray<MinionId> Matched, ImmutableArray<string> Missing)
{
    public static readonly ExpectedMinions None = new([], []);
}
