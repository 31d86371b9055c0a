using System.Text;
using System.Text.Json;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Payload;
using SaltActors.Transport.Tests.Crypto;
using SaltActors.Transport.Tests.Payload;

namespace SaltActors.Transport.Tests.Envelope;

/// <summary>Protocol 3 as genuine masters and minions of 3006.18 spoke it.</summary>
public sealed class RecordedVersion3Specs
{
    private const string File = "v3-session";
    private static RsaKeyPair PairOf(string name) => GoldenKeys.Of(name);

    [Fact]
    public void Sign_ins() => Recorded.Every(File, one => one.Text("kind") == "auth", (root, one) =>
    {
        var master = MasterOf(root, one);
        if (Finished(master.Open(one.Bytes("request_b64")), one) is not ClearRequest request) return;
        if (request.Command != "_auth")
        {
            Assert.Equal(one.Text("response_b64"), Convert.ToBase64String(request.PlainReply(request.Load)));
            return;
        }
        var minion = PairOf(one.Text("minion_key"));
        Assert.Equal(minion.Public.Pem, RsaPublicKey.Normalise(request.Load.TextOf("pub")!));
        var offer = SignInOffer.Read(request);
        if (offer.Refusal is { } refusal)
        {
            Assert.Equal(one.Says("no_reply") ? Convert.ToBase64String(Refused.BadLoad) : one.Text("response_b64"), Convert.ToBase64String(refusal));
            return;
        }
        var reply = (MapValue)one.Value("reply");
        if (reply.Get("ret") is { } ret)
        {
            Assert.Equal(one.Text("response_b64"), Convert.ToBase64String(request.SignedAuthReply(SignInReply.Unaccepted(offer, ret), master.Pair)));
            return;
        }
        Recorded.Same(reply, RecordedSignIn.Load(one.Bytes("response_b64"), request.Version));
        RecordedSignIn.AnsweredByOurs(request, one.Bytes("response_b64"), minion, master.Pair, master.Epoch, null);
        if (request.Version < 2) return;
        var accepted = Assert.IsType<SignInOutcome.Accepted>(RecordedSignIn.ReadByOurs(request, one.Bytes("response_b64"), minion, master.Pair));
        Assert.Equal(one.Text("aes_key_string"), accepted.Session.Epoch.KeyString);
        Assert.Equal(request.Version, accepted.Session.Version);
        Assert.Equal(one.Text("session_key_string"), accepted.Session.Seal(MapValue.Empty, TimeProvider.System).Key.KeyString);
        Assert.Equal(one.TextOrNull("request_token_text"), one.TextOrNull("reply_token_text"));
    });

    [Fact]
    public void Sealed_requests() => Recorded.Every(File, one => one.Text("kind") == "aes", (root, one) =>
    {
        var master = MasterOf(root, one);
        if (Finished(master.Open(one.Bytes("request_b64")), one) is not SealedRequest request) return;
        var plain = (MapValue)one.Value("request_plain");
        Recorded.Same(plain.Without("tok"), request.Load);
        Assert.Equal("v3-a", request.Identity?.Text);
        Assert.Equal(plain.TextOf("nonce"), request.Nonce);
        if (one.TextOrNull("response_key") == "private") SealedReplies.CheckPillar(request, one, PairOf("V3A"), master.Pair);
        else if (one.Value("response_plain") is MapValue { Count: 1 } error && error.Has("error")) SealedReplies.CheckPillar(request, one, PairOf("V3A"), master.Pair);
        else SealedReplies.Check(request, one, KeyOf(root, one.Text("response_key")));
    });

    [Fact]
    public void Raw_frames() => Recorded.Every(File, one => one.Text("kind") == "raw", (root, one) =>
    {
        if (Finished(MasterOf(root, one).Open(one.Bytes("request_b64")), one) is ClearRequest request)
            Assert.Equal(one.Text("response_b64"), Convert.ToBase64String(request.PlainReply(request.Load)));
    });

    [Fact]
    public void A_live_minion_and_a_live_command_line() => Recorded.Every(File, one => one.Text("kind") == "exchange", (root, one) =>
    {
        var minion = PairOf(root.Text("live_minion_key"));
        var plain = (MapValue)one.Value("request_plain");
        var isExpired = one.Value("response_plain") == (Value)"bad load";
        var session = one.TextOrNull("request_key") ?? one.TextOrNull("session_key");
        var master = new WireMaster
        {
            Pair = PairOf(root.Text("master_key")),
            Settings = new EnvelopeSettings(),
            Epoch = one.TextOrNull("aes_key") is { } epoch ? KeyOf(root, epoch) : new Crypticle(Crypticle.NewKeyString()),
        }.Accept("v3-minion-1", minion, session is null || isExpired ? null : KeyOf(root, session).KeyString);
        switch (Finished(master.Open(one.Bytes("request_b64")), one))
        {
            case ClearRequest { Command: "_auth" } request:
                var accepted = Assert.IsType<SignInOutcome.Accepted>(RecordedSignIn.ReadByOurs(request, one.Bytes("response_b64"), minion, master.Pair));
                Assert.Equal(master.Epoch.KeyString, accepted.Session.Epoch.KeyString);
                Assert.Equal(KeyOf(root, session!).KeyString, accepted.Session.Seal(MapValue.Empty, TimeProvider.System).Key.KeyString);
                RecordedSignIn.AnsweredByOurs(request, one.Bytes("response_b64"), minion, master.Pair, master.Epoch, null);
                CheckOurSignIn(request, one.Bytes("request_b64"), minion, master.Pair);
                break;
            case ClearRequest request:
                Recorded.Same(plain, request.Load);
                Assert.Equal(one.Text("response_b64"), Convert.ToBase64String(request.PlainReply(one.Value("response_plain"))));
                break;
            case SealedRequest request:
                Recorded.Same(plain.Without("tok"), request.Load);
                Assert.Equal("v3-minion-1", request.Identity?.Text);
                SealedReplies.Check(request, one, KeyOf(root, one.Text("response_key")));
                CheckOurQuestion(one.Bytes("request_b64"), plain, minion, master.Pair, request.Key);
                break;
        }
    });

    [Fact]
    public void Publishes_of_a_live_master()
    {
        MasterSession? subscriber = null;
        Recorded.Every(File, one => one.Text("kind") == "pub", (root, one) =>
        {
            var (key, master) = (KeyOf(root, one.Text("key")), PairOf(root.Text("master_key")));
            if (subscriber?.Epoch.KeyString != key.KeyString) subscriber = new MasterSession(new ClientIdentity(MinionId.Parse("v3-minion-1"), PairOf("v3-minion-1")), master.Public, key, null);
            var reading = subscriber!.OpenPublish(one.Bytes("frame_b64"), mustBeSigned: true);
            Assert.Equal("", reading.Reason);
            var plain = (MapValue)one.Value("plain");
            Recorded.Same(plain.Without("serial"), reading.Value);
            var ours = new PublishSeal(master, isSigned: true, SignatureScheme.Pkcs1Sha1).Seal(plain.Without("serial"), (long)plain.Get("serial")!.AsInteger()!, key);
            Assert.Equal(one.Bytes("frame_b64").Length, ours.Length);
            Assert.Equal(one.GetProperty("fields").EnumerateArray().Select(f => f.GetString()), ((MapValue)Msgpack.Unpack(ours, MsgpackDialect.Wire)).Keys.Select(k => k.ToString()));
        });
    }

    // Checks what is refused, and gives back what is not. Where a genuine worker dies without a word, ours says bad load.
    private static OpenedRequest? Finished(OpenedRequest opened, JsonElement one)
    {
        if (opened is not Refused refused) return opened;
        Assert.Equal(one.Says("no_reply") ? Convert.ToBase64String(Refused.BadLoad) : one.Text("response_b64"), Convert.ToBase64String(refused.Reply));
        return null;
    }

    // Two masters: one as it comes, one with request_server_ttl 30 and minimum_auth_version 0.
    private static WireMaster MasterOf(JsonElement root, JsonElement one)
    {
        var isB = one.Text("master") == "v3_master_b";
        var sessions = isB ? "b_session" : "session";
        return new WireMaster
        {
            Pair = PairOf(one.Text("master")),
            Epoch = KeyOf(root, isB ? "aes:b" : "aes:1"),
            Settings = isB
                ? new EnvelopeSettings { MinimumAuthVersion = 0, RequestTtl = TimeSpan.FromSeconds(30), Clock = StandingClock.AtUnix(1795396371) }
                : new EnvelopeSettings(),
        }.Accept("v3-a", PairOf("V3A"), KeyOf(root, sessions + ":v3-a").KeyString).Accept("v3-b", PairOf("V3B"), KeyOf(root, sessions + ":v3-b").KeyString);
    }

    private static void CheckOurSignIn(ClearRequest request, byte[] frame, RsaKeyPair minion, RsaKeyPair master)
    {
        var offer = SignInOffer.Read(request);
        var token = offer.Token is { } sealedToken ? Encoding.ASCII.GetString(master.Decrypt(EncryptionScheme.OaepSha1, sealedToken.Span)!) : null;
        var ours = new SignIn(new ClientIdentity(MinionId.Parse("v3-minion-1"), minion), new MasterTrust(token is null ? null : master.Public), 3, MapValue.Empty, offer.Nonce!, token);
        Assert.Equal(frame.Length, ours.Frame.Length);
        if (token is null) Assert.Equal(frame, ours.Frame);
        else Assert.Equal(request.Load.Keys, Assert.IsType<ClearRequest>(new WireMaster().Open(ours.Frame)).Load.Keys);
    }

    // Our minion asks the same with the same fields in the same places, in the envelope and inside.
    private static void CheckOurQuestion(byte[] frame, MapValue plain, RsaKeyPair minion, RsaKeyPair master, Crypticle session)
    {
        var identity = new ClientIdentity(MinionId.Parse("v3-minion-1"), minion);
        // A genuine minion puts its token into some loads itself, where it then stays.
        var own = plain.Keys.Select(k => k.ToString()).TakeWhile(k => k != "nonce").Aggregate(MapValue.Empty, (map, key) => map.With(key, plain.Get(key)!));
        var question = new MasterSession(identity, master.Public, session, session).Seal(own, StandingClock.AtUnix((long)plain.Get("ts")!.AsInteger()!));
        Assert.Equal(frame.Length, question.Frame.Length);
        var (theirs, ours) = ((MapValue)Msgpack.Unpack(frame, MsgpackDialect.Wire), (MapValue)Msgpack.Unpack(question.Frame, MsgpackDialect.Wire));
        Recorded.Same(theirs.Without("load"), ours.Without("load"));
        Assert.Equal(theirs.Keys, ours.Keys);
        session.TryOpen(MsgpackBytes.BytesOf(ours.Get("load"))!.Value, out var inside);
        Recorded.Same(plain.With("nonce", ""), ((MapValue)inside).With("nonce", ""));
    }

    private static Crypticle KeyOf(JsonElement root, string name) => new(root.GetProperty("keys").Text(name));
}
