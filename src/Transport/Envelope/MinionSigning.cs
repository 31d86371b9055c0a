using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Envelope;

/// <summary>What a master learned about a return's signature.</summary>
public enum ReturnSignature
{
    /// <summary>There is none; refused only under <c>require_minion_sign_messages</c>.</summary>
    Missing,
    Valid,
    /// <summary>It is not the minion's; dropped under <c>drop_messages_signature_fail</c>.</summary>
    Wrong,
}

/// <summary>Signatures of single returns by the minion's own key (<c>minion_sign_messages</c>), in the load's field <c>sig</c>.</summary>
/// <remarks>
/// Signed is the load without <c>sig</c>, <c>nonce</c> and <c>tok</c>, packed again with bin types: the order of its fields counts, and a load
/// that holds bytes which are valid UTF-8 cannot be verified, because they arrive as text.
/// </remarks>
public static class MinionSigning
{
    /// <summary>The load with its signature as the last field.</summary>
    public static MapValue Sign(MapValue load, RsaKeyPair minion, SignatureScheme scheme) =>
        load.With("sig", minion.Sign(scheme, Signed(load)));

    public static ReturnSignature Verify(MapValue load, RsaPublicKey minion, SignatureScheme scheme)
    {
        if (load.Get("sig") is not { } field) return ReturnSignature.Missing;
        if (MsgpackBytes.BytesOf(field) is not { } signature) return ReturnSignature.Wrong;
        if (minion.Verify(scheme, Signed(load), signature.Span)) return ReturnSignature.Valid;
        // Minions of some versions sign before their channel adds the time.
        return load.Has("ts") && minion.Verify(scheme, Signed(load.Without("ts")), signature.Span) ? ReturnSignature.Valid : ReturnSignature.Wrong;
    }

    private static byte[] Signed(MapValue load) => Msgpack.Pack(load.Without("sig").Without("nonce").Without("tok"), MsgpackDialect.Local);
}
