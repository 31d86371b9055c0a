using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Fleet;

/// <summary>Whom a target would reach, judged as the publisher judges it; nothing is published. Safe from every thread.</summary>
public sealed class TargetQueries(FleetView fleet, MapValue nodegroups) : ITargetQueries
{
    public ImmutableArray<MinionId> Match(Value target, string targetType, string delimiter) =>
        MasterMatcher.Expect(TargetParser.Parse(target, targetType, delimiter, nodegroups), fleet, greedy: true).Matched;
}
