using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Fleet;

/// <summary>What the keeper of the minions' data takes.</summary>
public static class FleetProtocol
{
    public interface IFleetMessage;

    /// <summary>A minion told of itself.</summary>
    public sealed record MinionDescribed(MinionId Id, MapValue Grains, MapValue Pillar) : IFleetMessage;
}
