using System.Text;
using System.Text.Json;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Payload;
using SaltActors.Transport.Tests.Crypto;

namespace SaltActors.Transport.Tests.Envelope;

/// <summary>A recorded sign-in, read by our minion and answered by our master.</summary>
internal static class RecordedSignIn
{
    /// <summary>Our minion reads what genuine Salt's master answered.</summary>
    public static SignInOutcome ReadByOurs(ClearRequest request, byte[] response, RsaKeyPair minion, RsaKeyPair master, RsaPublicKey? signing = null)
    {
        var offer = SignInOffer.Read(request);
        var token = offer.Token is { } sealedToken && master.Decrypt(offer.Encryption, sealedToken.Span) is { } text ? Encoding.ASCII.GetString(text) : null;
        var identity = new ClientIdentity(MinionId.Parse(offer.Id!), minion) { Signature = offer.Signature, Encryption = offer.Encryption };
        return new SignIn(identity, new MasterTrust(master.Public, signing), request.Version, MapValue.Empty, offer.Nonce!, token).Read(response);
    }

    /// <summary>Our master's answer has the fields of genuine Salt's in their order, and the same in all that is not random.</summary>
    public static void AnsweredByOurs(ClearRequest request, byte[] response, RsaKeyPair minion, RsaKeyPair master, Crypticle epoch, string? pubSignature)
    {
        var offer = SignInOffer.Read(request);
        Assert.Null(offer.Refusal);
        var theirs = Load(response, request.Version);
        var session = new Crypticle(Crypticle.NewKeyString());
        var port = (int)theirs.Get("publish_port")!.AsInteger()!;
        var answer = request.SignedAuthReply(SignInReply.Accepted(offer, minion.Public, epoch, SignInReply.ProofOf(master, epoch), session, master, port, pubSignature), master);
        var ours = Load(answer, request.Version);
        Assert.Equal(theirs.Keys.Where(k => k != "session").Select(k => k.ToString()), ours.Keys.Where(k => k != "session").Select(k => k.ToString()));
        foreach (var field in new[] { "enc", "pub_key", "publish_port", "pub_sig", "sig", "nonce" })
            Assert.Equal(theirs.Get(field), ours.Get(field));
        foreach (var reply in new[] { theirs, ours })
        {
            Assert.Equal(epoch.KeyString, Opened(reply, "aes", minion, offer.Encryption));
            if (offer.Token is { } token) Assert.Equal(master.Decrypt(offer.Encryption, token.Span) is { } text ? Encoding.ASCII.GetString(text) : null, Opened(reply, "token", minion, offer.Encryption));
        }
        Assert.Equal(session.KeyString, Opened(ours, "session", minion, offer.Encryption));
        if (request.Version < 2) return;
        foreach (var frame in new[] { response, answer })
        {
            var outer = (MapValue)Msgpack.Unpack(frame, MsgpackDialect.Wire);
            Assert.True(master.Public.Verify(offer.Signature, MsgpackBytes.BytesOf(outer.Get("load"))!.Value.Span, MsgpackBytes.BytesOf(outer.Get("sig"))!.Value.Span));
        }
    }

    /// <summary>The reply's content, out of its signed form where it has one.</summary>
    public static MapValue Load(byte[] response, int version)
    {
        var outer = (MapValue)Msgpack.Unpack(response, MsgpackDialect.Wire);
        return version < 2 ? outer.Get("load") as MapValue ?? outer : (MapValue)Msgpack.Unpack(MsgpackBytes.BytesOf(outer.Get("load"))!.Value, MsgpackDialect.Wire);
    }

    public static string? Opened(MapValue reply, string field, RsaKeyPair minion, EncryptionScheme scheme) =>
        MsgpackBytes.BytesOf(reply.Get(field)) is { } bytes && minion.Decrypt(scheme, bytes.Span) is { } text ? Encoding.ASCII.GetString(text) : null;

    /// <summary>Which of the recorded pairs offers its key.</summary>
    public static RsaKeyPair OwnerOf(ClearRequest request, JsonElement root) =>
        root.GetProperty("minion_keys").EnumerateArray().Select(k => GoldenKeys.Of(k.GetString()!))
            .First(pair => RsaPublicKey.Normalise(pair.PublicPem) == RsaPublicKey.Normalise(request.Load.TextOf("pub") ?? ""));
}
