using System.Collections.Immutable;
using SaltActors.Actors.Master.Cluster;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master.Keys;

/// <summary>Everything the keeper of the keys takes, and everything it answers.</summary>
public static class KeysProtocol
{
    public interface IKeysMessage;

    /// <summary>A minion shows its key. Answered by <see cref="KeyDecided"/>.</summary>
    /// <param name="AutosignGrains">What it sent along to be accepted for; may be empty.</param>
    public sealed record KeyOffered(MinionId Id, string PublicKey, MapValue AutosignGrains) : IKeysMessage, ICrossesNodes;

    public sealed record KeyDecided(SignInVerdict Verdict) : ICrossesNodes;

    /// <summary>Answered by <see cref="KeysListed"/>.</summary>
    public sealed record ListKeys : IKeysMessage, ICrossesNodes;

    /// <param name="Keys">Every state, also an empty one; ids sorted.</param>
    public sealed record KeysListed(ImmutableDictionary<KeyState, ImmutableArray<MinionId>> Keys);
}

/// <summary>What a minion that showed its key is told.</summary>
public enum SignInVerdict
{
    /// <summary>Its key is accepted: it gets the master's keys.</summary>
    Accept,
    /// <summary>Wait: an operator has to decide (<c>ret: true</c>).</summary>
    Wait,
    /// <summary>No (<c>ret: false</c>).</summary>
    Refuse,
    /// <summary>The master has as many minions as it may (<c>ret: "full"</c>).</summary>
    Full,
}
