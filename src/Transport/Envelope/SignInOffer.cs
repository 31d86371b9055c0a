using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Envelope;

/// <summary>A minion's <c>_auth</c> as the master reads it.</summary>
/// <param name="Refusal">The finished reply where the request cannot be looked at further; otherwise null.</param>
public sealed record SignInOffer(string? Id, string PublicKey, ReadOnlyMemory<byte>? Token, string? Nonce, MapValue AutosignGrains,
    SignatureScheme Signature, EncryptionScheme Encryption, byte[]? Refusal)
{
    private const int LongestKey = 20_000;

    public static SignInOffer Read(ClearRequest request)
    {
        var load = request.Load;
        var refusal = request.Version >= 2 && load.TextOf("nonce") is null ? Refused.BadLoad : null;
        var (signature, encryption) = (SignatureScheme.Pkcs1Sha1, EncryptionScheme.OaepSha1);
        if (load.Get("sig_algo") is { } named && !Schemes.TryParse(named.AsText(), out signature)) refusal ??= Unsigned(request, "bad sig algo");
        if (load.Get("enc_algo") is { } sealing && !Schemes.TryParse(sealing.AsText(), out encryption))
            refusal ??= load.Has("token") ? Unsigned(request, "bad enc algo") : Refused.BadLoad;
        var pub = load.TextOf("pub");
        return new SignInOffer(
            pub is { Length: > 0 and <= LongestKey } ? load.TextOf("id") : null,   // without a key there is nobody to talk about
            pub ?? "", MsgpackBytes.BytesOf(load.Get("token")), load.TextOf("nonce"), load.MapOf("autosign_grains"), signature, encryption, refusal);
    }

    private static byte[] Unsigned(ClearRequest request, string word) => request.PlainReply(MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("ret", word)))));
}
