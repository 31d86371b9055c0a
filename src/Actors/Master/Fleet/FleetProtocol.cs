using SaltActors.Core.Functions;
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

    /// <summary>An operator has the master forget what it knows of a minion. Answered by <see cref="Forgotten"/>.</summary>
    /// <param name="MineFunction">One function of the mine that is forgotten besides; null for none.</param>
    public sealed record Forget(MinionId Id, MinionMemory What, string? MineFunction) : IFleetMessage;

    /// <param name="HadSome">True where there was something to forget.</param>
    /// <param name="Failure">Why it could not be forgotten, or null.</param>
    public sealed record Forgotten(bool HadSome, string? Failure);

    /// <param name="Failure">Why it could not be kept, or null.</param>
    public sealed record MineChanged(string? Failure);
}
