using System.Buffers;
using System.Text;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Envelope;

/// <summary>What an envelope turned out to hold. Every kind knows how it is answered.</summary>
public abstract class OpenedRequest
{
    private protected OpenedRequest() { }

    private static readonly byte[] HandlerFailed = Msgpack.Pack("Some exception handling minion payload", MsgpackDialect.Wire);

    /// <summary>The answer where a handler failed: plain text, as Salt gives it.</summary>
    public byte[] Failure() => HandlerFailed;
}

/// <summary>Refused before any command was looked at. The reply tells no reason; the log does.</summary>
public sealed class Refused(byte[] reply, string reason, string? claimedId = null) : OpenedRequest
{
    /// <summary>The reply to everything that is not understood.</summary>
    public static readonly byte[] BadLoad = Msgpack.Pack("bad load", MsgpackDialect.Wire);
    public byte[] Reply { get; } = reply;
    public string Reason { get; } = reason;
    /// <summary>The id that the sender gave itself; not proven, for the log alone.</summary>
    public string? ClaimedId { get; } = claimedId;
}

/// <summary>An unsealed request: a sign-in, or a local program.</summary>
public sealed class ClearRequest(string command, MapValue load, int version) : OpenedRequest
{
    public string Command { get; } = command;
    public MapValue Load { get; } = load;
    public int Version { get; } = version;

    public byte[] PlainReply(Value reply) => Msgpack.Pack(reply, MsgpackDialect.Wire);

    /// <summary>A reply to <c>_auth</c>: signed over exactly the bytes that are sent from version 2 on; before, bare where it is a success.</summary>
    /// <remarks>The scheme is the one that the request asks for (<c>sig_algo</c>), SHA-1 where it asks for none.</remarks>
    public byte[] SignedAuthReply(MapValue reply, RsaKeyPair master)
    {
        if (Version < 2) return PlainReply(reply.Has("enc") ? reply : MapValue.Of(("enc", "clear"), ("load", reply)));
        var packed = Msgpack.Pack(reply, MsgpackDialect.Wire);
        return PlainReply(MapValue.Of(("enc", "clear"), ("load", packed), ("sig", master.Sign(Schemes.SignatureOf(Load.TextOf("sig_algo")), packed))));
    }
}

/// <summary>A request that was sealed with a key only minions have.</summary>
public sealed class SealedRequest : OpenedRequest
{
    /// <summary>The minion that proved to be the sender; null where the request gave no proof (possible below version 3).</summary>
    public MinionId? Identity { get; init; }
    public required string Command { get; init; }
    /// <summary>The load without its token.</summary>
    public required MapValue Load { get; init; }
    public required int Version { get; init; }
    /// <summary>The number that the reply must repeat, or null.</summary>
    public string? Nonce { get; init; }
    /// <summary>The key that the request was sealed with, and its reply will be.</summary>
    public required Crypticle Key { get; init; }
    public SignatureScheme Signature { get; init; }
    public EncryptionScheme Encryption { get; init; }

    public byte[] SealReply(Value reply) => PackBytes(Key.Seal(reply, Version >= 2 ? Nonce : null));

    /// <summary>An error that is not sealed: a map with <c>error</c>.</summary>
    public byte[] PlainError(string message) => Msgpack.Pack(MapValue.Of(("error", message)), MsgpackDialect.Wire);

    /// <summary>A reply that only the owner of a key can open: sealed with a fresh key, which is sealed for the minion.</summary>
    /// <remarks>
    /// From version 2 on the pillar is signed by the master together with that key and the nonce, so it cannot be swapped;
    /// a request without a nonce gets the error that Salt gives.
    /// </remarks>
    public byte[] SealPillar(Value pillar, RsaPublicKey minion, RsaKeyPair master)
    {
        if (Version >= 2 && Nonce is null) return PlainError("Nonce not included in request");
        var once = new Crypticle(Crypticle.NewKeyString());
        var key = minion.Encrypt(Encryption, Encoding.ASCII.GetBytes(once.KeyString));
        Value inside = pillar;
        if (Version >= 2)
        {
            var data = Msgpack.Pack(MapValue.Of(("key", key), ("pillar", pillar), ("nonce", Nonce)), MsgpackDialect.Wire);
            inside = MapValue.Of(("data", data), ("sig", master.Sign(Signature, data)));
        }
        return Msgpack.Pack(MapValue.Of(("key", key), ("pillar", once.Seal(inside))), MsgpackDialect.Wire);
    }

    private static byte[] PackBytes(byte[] bytes)
    {
        var packed = new ArrayBufferWriter<byte>(bytes.Length + 5);
        Msgpack.Pack(packed, new BytesValue(bytes), MsgpackDialect.Wire);
        return packed.WrittenSpan.ToArray();
    }
}
