using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;

namespace SaltActors.Transport.Envelope;

/// <summary>What a master answers to <c>_auth</c>.</summary>
public static class SignInReply
{
    public static readonly Value Pending = BoolValue.True, Refused = BoolValue.False, Full = TextValue.Of("full");

    public static MapValue Unaccepted(SignInOffer offer, Value ret) =>
        offer.Nonce is { } nonce ? MapValue.Of(("ret", ret), ("nonce", nonce)) : MapValue.Of(("ret", ret));

    /// <summary>The keys, each sealed for this minion, fields in Salt's order.</summary>
    /// <param name="proof">The epoch's key, signed by the master: <see cref="ProofOf"/>; the same for all minions.</param>
    /// <param name="publishPort">The number that the minion is to subscribe at.</param>
    /// <param name="pubSignature">The signature over the master's public key (<c>master_sign_pubkey</c>), or null.</param>
    public static MapValue Accepted(SignInOffer offer, RsaPublicKey minion, Crypticle epoch, byte[] proof, Crypticle session, RsaKeyPair master, int publishPort, string? pubSignature)
    {
        var reply = new MapValue.Builder(10) { ["enc"] = "pub", ["pub_key"] = master.PublicPem, ["publish_port"] = publishPort };
        if (pubSignature is not null) reply["pub_sig"] = pubSignature;
        // A token that does not open is left out, and the minion will not believe the reply.
        if (offer.Token is { } token && master.Decrypt(offer.Encryption, token.Span) is { } recovered) reply["token"] = minion.Encrypt(offer.Encryption, recovered);
        reply["aes"] = minion.Encrypt(offer.Encryption, Encoding.ASCII.GetBytes(epoch.KeyString));
        reply["session"] = minion.Encrypt(offer.Encryption, Encoding.ASCII.GetBytes(session.KeyString));
        reply["sig"] = proof;
        if (offer.Nonce is { } nonce) reply["nonce"] = nonce;
        return reply.Build();
    }

    /// <summary>The master's word that this is its key: X9.31 over the lowercase hexadecimal SHA-256 of the key string.</summary>
    public static byte[] ProofOf(RsaKeyPair master, Crypticle epoch) => master.SignX931(Encoding.ASCII.GetBytes(DigestOf(epoch.KeyString)));

    internal static string DigestOf(string keyString) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(keyString)));
}

/// <summary>A second key pair that vouches for the master's: minions that know it accept a changed master key.</summary>
public static class MasterSigning
{
    /// <summary><c>pub_sig</c>: base64 of the signature over the master's public key as it is sent, with a newline at its end.</summary>
    public static string Sign(RsaKeyPair signing, string masterPublicPem, SignatureScheme scheme = SignatureScheme.Pkcs1Sha1) =>
        Convert.ToBase64String(signing.Sign(scheme, Encoding.UTF8.GetBytes(masterPublicPem))) + "\n";

    public static bool Verify(RsaPublicKey signing, string masterPublicPem, string pubSignature, SignatureScheme scheme = SignatureScheme.Pkcs1Sha1)
    {
        var signature = new byte[pubSignature.Length];
        return Convert.TryFromBase64String(pubSignature.Trim(), signature, out var bytes)
            && signing.Verify(scheme, Encoding.UTF8.GetBytes(masterPublicPem), signature.AsSpan(0, bytes));
    }
}
