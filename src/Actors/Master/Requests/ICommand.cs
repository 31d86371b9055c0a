using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests;

/// <summary>A command that local programs and unknown minions may send unsealed. One small class a command.</summary>
public interface IClearCommand
{
    string Name { get; }

    /// <summary>The bytes of the reply. May be awaited on any thread; must not block.</summary>
    Task<byte[]> AnswerAsync(ClearRequest request);
}

/// <summary>A command inside the envelope.</summary>
public interface ISealedCommand
{
    string Name { get; }

    /// <summary>True where the sender must have proven to be the minion it says it is.</summary>
    bool NeedsIdentity { get; }

    Task<byte[]> AnswerAsync(SealedRequest request);
}

/// <summary>What is answered where a command is refused or unknown.</summary>
public static class Refusals
{
    /// <summary>What Salt answers to a sender that may not: an empty map.</summary>
    public static readonly MapValue Nothing = MapValue.Empty;

    public static MapValue Error(string name, string message) => MapValue.Of(("error", MapValue.Of(("name", name), ("message", message))));
    public static MapValue Authentication => Error("AuthenticationError", "Authentication error occurred.");
    public static MapValue Authorization => Error("AuthorizationError", "Authorization error occurred.");
}
