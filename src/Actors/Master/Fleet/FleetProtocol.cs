using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Fleet;

/// <summary>What the keeper of the minions' data takes.</summary>
public static class FleetProtocol
{
    public interface IFleetMessage;

    /// <summary>A minion told of itself.</summary>
    public sealed record MinionDescribed(MinionId Id, MapValue Grains, MapValue Pillar) : IFleetMessage;

    /// <summary>A minion publishes values of itself, function → value. Answered by <see cref="MineChanged"/>.</summary>
    /// <param name="InPlaceOfAll">True where they take the place of all that it published before.</param>
    public sealed record PublishMine(MinionId Id, MapValue Values, bool InPlaceOfAll) : IFleetMessage;

    /// <summary>A minion takes a value back, or with a null function all of them. Answered by <see cref="MineChanged"/>.</summary>
    public sealed record WithdrawMine(MinionId Id, string? Function) : IFleetMessage;

    /// <param name="Failure">Why it could not be kept, or null.</param>
    public sealed record MineChanged(string? Failure);
}
