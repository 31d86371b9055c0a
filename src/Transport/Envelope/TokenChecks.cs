using System.Collections.Concurrent;
using SaltActors.Core.Identity;
using SaltActors.Transport.Crypto;

namespace SaltActors.Transport.Envelope;

/// <summary>Tokens, each checked once by its content: the same bytes of the same id under the same key prove the same again.</summary>
/// <remarks>A token is the four bytes <c>salt</c>, signed with X9.31 by the minion's key; it never changes. Only proven tokens are remembered, one an id.</remarks>
internal sealed class TokenChecks
{
    private sealed record Proven(RsaPublicKey Key, byte[] Token);
    private readonly ConcurrentDictionary<MinionId, Proven> _proven = new();

    internal bool Proves(MinionId id, RsaPublicKey key, ReadOnlySpan<byte> token)
    {
        if (_proven.TryGetValue(id, out var known) && ReferenceEquals(known.Key, key) && token.SequenceEqual(known.Token)) return true;
        if (key.RecoverX931(token) is not { } text || !text.AsSpan().SequenceEqual("salt"u8)) return false;
        _proven[id] = new Proven(key, token.ToArray());
        return true;
    }
}
