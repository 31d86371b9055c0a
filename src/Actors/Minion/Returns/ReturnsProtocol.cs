using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion.Returns;

/// <summary>What the keeper of returns takes.</summary>
public static class ReturnsProtocol
{
    /// <summary>A job is done; its return must reach the master, however long that takes.</summary>
    public sealed record SendReturn(MapValue Load);
}
