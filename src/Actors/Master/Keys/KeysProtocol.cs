using System.Collections.Immutable;
using SaltActors.Actors.Master.Cluster;
using SaltActors.Core.Functions;
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

    /// <summary>An operator, or a minion that leaves, changes keys. Answered by <see cref="KeysChanged"/>.</summary>
    /// <param name="KeepsMinionCache">Overrides the option <c>preserve_minion_cache</c>; null leaves it.</param>
    public sealed record ChangeKeys(KeyChange Change, KeyChoice Choice, MoreKeys More, bool? KeepsMinionCache = null) : IKeysMessage;

    /// <summary>The master made this key itself: accept it. Answered by <see cref="KeysChanged"/>, empty where a key is accepted already.</summary>
    public sealed record AcceptNew(MinionId Id, string PublicKey, bool IsForced) : IKeysMessage;

    /// <param name="Failure">Why a change could not be made, or null.</param>
    public sealed record KeysChanged(ImmutableArray<ChangedKey> Keys, string? Failure = null);
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
