using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion.Returns;

/// <summary>What the keeper of returns takes.</summary>
public static class ReturnsProtocol
{
    public interface IReturnsMessage;

    /// <summary>A job is done; its return must reach the master, however long that takes.</summary>
    public sealed record SendReturn(MapValue Load) : IReturnsMessage;

    /// <summary>Answered by <see cref="NothingToSend"/> as soon as nothing is on its way: all is delivered, or the master does not answer.</summary>
    public sealed record TellWhenSent : IReturnsMessage;

    public sealed record NothingToSend;
}
