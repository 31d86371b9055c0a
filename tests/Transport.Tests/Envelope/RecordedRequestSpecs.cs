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

/// <summary>Requests to genuine masters of protocol 2, opened by ours, and their replies.</summary>
public sealed class RecordedRequestSpecs
{
    [Fact]
    public void Clear_commands_and_malformed_envelopes() => Recorded.Every("clear-funcs", (_, one) =>
    {
        var reply = new WireMaster().Open(one.Bytes("request_b64")) switch
        {
            Refused refused => refused.Reply,
            ClearRequest request => Answer(request),
            var other => throw new InvalidOperationException($"opened as {other.GetType().Name}"),
        };
        Assert.Equal(one.Text("response_b64"), Convert.ToBase64String(reply));

        // What the handlers say is theirs; here it is only how it is packed.
        byte[] Answer(ClearRequest request)
        {
            var load = (MapValue)((MapValue)one.Value("request")).Get("load")!;
            Recorded.Same(load, request.Load);
            Assert.Equal(load.TextOf("cmd"), request.Command);
            Assert.Equal(2, request.Version);
            return request.PlainReply(one.Value("response"));
        }
    });

    [Fact]
    public void Sealed_commands() => Recorded.Every("aes-requests", (root, one) =>
    {
        var (pair, master) = (GoldenKeys.Of(root.Text("minion_key")), GoldenKeys.Of(root.Text("master_key")));
        var id = root.Text("minion_id");
        var wire = new WireMaster { Pair = master, Epoch = new Crypticle(root.Text("aes_key_string")) }.Accept(id, pair);
        var plain = WithTokens((MapValue)one.Value("request_plain"));
        var opened = wire.Open(one.Bytes("request_b64"));
        if (plain.Get("tok") is { } tok && tok != (Value)pair.SignX931("salt"u8))
        {
            // Nobody hears of a request with a token that is not its sender's; the answer is what the handlers of Salt give.
            Assert.Equal(CrypticleResult.Opened, wire.Epoch.TryOpen(Body(Assert.IsType<Refused>(opened).Reply), one.Text("nonce"), out var refusal));
            Recorded.Same(MapValue.Empty, refusal);
            Recorded.Same(MapValue.Empty, one.Value("response_plain"));
            return;
        }
        if (opened is Refused refused)
        {
            Assert.Equal(one.Text("response_b64"), Convert.ToBase64String(refused.Reply));
            return;
        }
        var request = Assert.IsType<SealedRequest>(opened);
        Recorded.Same(plain.Without("tok"), request.Load);
        Assert.Equal(plain.TextOf("cmd"), request.Command);
        Assert.Equal(plain.TextOf("nonce"), request.Nonce);
        Assert.Equal(plain.Has("tok") ? id : null, request.Identity?.Text);
        if (request.Command == "_pillar") SealedReplies.CheckPillar(request, one, pair, master);
        else SealedReplies.Check(request, one, wire.Epoch);
    });

    [Fact]
    public void A_minions_whole_session() => Session("minion-session", "minion_key");

    [Fact]
    public void A_syndics_whole_session() => Session("syndic-session", "syndic_key");

    private static void Session(string file, string keyField)
    {
        MasterSession? subscriber = null;
        Recorded.Every(file, (root, one) =>
        {
            var (pair, master) = (GoldenKeys.Of(root.Text(keyField)), GoldenKeys.Of(root.Text("master_key")));
            var epoch = one.TryGetProperty("aes_key", out var place) ? new Crypticle(root.GetProperty("aes_keys")[place.GetInt32()].GetString()!) : new Crypticle(Crypticle.NewKeyString());
            var frame = one.Bytes("frame_b64");
            var identity = new ClientIdentity(MinionId.Parse(root.Text(keyField).Replace("_syndic", "", StringComparison.Ordinal)), pair);
            switch (one.Text("kind"), one.Text("name"))
            {
                case ("sub", _):
                    Assert.InRange(Assert.Single(frame), 0, 1);   // leave, join everything
                    break;
                case ("req", "_auth"):
                    CheckSignInRequest(frame, identity, master);
                    break;
                case ("rep", "_auth"):
                    var load = RecordedSignIn.Load(frame, 2);
                    Assert.Equal(epoch.KeyString, RecordedSignIn.Opened(load, "aes", pair, EncryptionScheme.OaepSha1));
                    Assert.Equal(SignInReply.ProofOf(master, epoch), MsgpackBytes.BytesOf(load.Get("sig"))!.Value.ToArray());
                    var request = new ClearRequest("_auth", MapValue.Of(("id", identity.Id.Text), ("nonce", load.Get("nonce")!), ("pub", pair.PublicPem)), 2);
                    var accepted = Assert.IsType<SignInOutcome.Accepted>(RecordedSignIn.ReadByOurs(request, frame, pair, master));
                    Assert.Equal(epoch.KeyString, accepted.Session.Epoch.KeyString);
                    break;
                case ("rep", "_pillar"):
                    var nonce = ((MapValue)one.Value("plain")).TextOf("nonce")!;
                    Recorded.Same(((MapValue)one.Value("plain")).Get("pillar")!, Opened(new MasterSession(identity, master.Public, epoch, null).OpenPillar(new SealedQuestion([], nonce, epoch), frame)));
                    break;
                case ("rep", _) when one.Has("nonce"):
                    Recorded.Same(one.Value("plain"), Opened(new MasterSession(identity, master.Public, epoch, null).OpenReply(new SealedQuestion([], one.Text("nonce"), epoch), frame)));
                    break;
                case ("rep", _):
                    Recorded.Same(one.Value("plain"), Msgpack.Unpack(frame, MsgpackDialect.Wire));
                    Assert.Equal(frame, Msgpack.Pack(one.Value("plain"), MsgpackDialect.Wire));
                    break;
                case ("pub", _):
                    if (subscriber?.Epoch.KeyString != epoch.KeyString) subscriber = new MasterSession(identity, master.Public, epoch, null);
                    Recorded.Same(((MapValue)one.Value("plain")).Without("serial"), Opened(subscriber!.OpenPublish(frame, mustBeSigned: true)));
                    break;
                default:
                    CheckRequest(new WireMaster { Pair = master, Epoch = epoch }.Accept(identity.Id.Text, pair).Open(frame), (MapValue)one.Value("plain"), identity);
                    break;
            }
        });
    }

    private static void CheckRequest(OpenedRequest opened, MapValue plain, ClientIdentity identity)
    {
        if (opened is ClearRequest clear)
        {
            Recorded.Same(plain, clear.Load);
            return;
        }
        var request = Assert.IsType<SealedRequest>(opened);
        Recorded.Same(plain.Without("tok"), request.Load);
        Assert.Equal(plain.Has("tok") ? identity.Id : (MinionId?)null, request.Identity);
        if (plain.Has("tok")) Assert.Equal(identity.Token, MsgpackBytes.BytesOf(plain.Get("tok"))!.Value.ToArray());
    }

    // Our minion says the same in the same order; without a token, even in the same bytes.
    private static void CheckSignInRequest(byte[] frame, ClientIdentity identity, RsaKeyPair master)
    {
        var request = Assert.IsType<ClearRequest>(new WireMaster().Open(frame));
        var offer = SignInOffer.Read(request);
        var token = offer.Token is { } sealedToken ? Encoding.ASCII.GetString(master.Decrypt(EncryptionScheme.OaepSha1, sealedToken.Span)!) : null;
        Assert.Equal(token is null ? null : 76, token?.Length);
        var ours = new SignIn(identity, new MasterTrust(token is null ? null : master.Public), 2, MapValue.Empty, offer.Nonce!, token);
        if (token is null) Assert.Equal(frame, ours.Frame);
        else Assert.Equal(request.Load.Keys, Assert.IsType<ClearRequest>(new WireMaster().Open(ours.Frame)).Load.Keys);
    }

    private static Value Opened(SessionReading reading) => reading.Result == SessionResult.Opened ? reading.Value : throw new InvalidOperationException($"{reading.Result}: {reading.Reason}");

    private static MapValue WithTokens(MapValue plain) => plain.TextOf("tok") switch
    {
        "@token_A" => plain.With("tok", GoldenKeys.Of("A").SignX931("salt"u8)),
        "@token_B" => plain.With("tok", GoldenKeys.Of("B").SignX931("salt"u8)),
        _ => plain,
    };

    private static ReadOnlyMemory<byte> Body(byte[] reply) => MsgpackBytes.BytesOf(Msgpack.Unpack(reply, MsgpackDialect.Wire))!.Value;
}

/// <summary>Recorded replies to sealed requests, opened by our minion, and said again by our master.</summary>
internal static class SealedReplies
{
    public static void Check(SealedRequest request, JsonElement one, Crypticle key)
    {
        var response = one.Bytes("response_b64");
        var (expected, nonce) = (one.Value("response_plain"), request.Version >= 2 ? request.Nonce : null);
        foreach (var reply in new[] { response, request.SealReply(expected) })
        {
            Assert.Equal(CrypticleResult.Opened, key.TryOpen(MsgpackBytes.BytesOf(Msgpack.Unpack(reply, MsgpackDialect.Wire))!.Value, nonce, out var opened));
            Recorded.Same(expected, opened);
            Assert.Equal(response.Length, reply.Length);
        }
    }

    public static void CheckPillar(SealedRequest request, JsonElement one, RsaKeyPair minion, RsaKeyPair master)
    {
        var response = one.Bytes("response_b64");
        var expected = (MapValue)one.Value("response_plain");
        if (expected.Has("error"))
        {
            Assert.Equal(one.Text("response_b64"), Convert.ToBase64String(request.SealPillar(MapValue.Empty, minion.Public, master)));
            return;
        }
        var pillar = request.Version >= 2 ? expected.Get("pillar")! : expected;
        foreach (var reply in new[] { response, request.SealPillar(pillar, minion.Public, master) })
        {
            Assert.Equal(response.Length, reply.Length);
            Recorded.Same(pillar, request.Version >= 2 ? Signed(reply) : Bare(reply));
        }
        Assert.Equal(one.Text("private_key_string"), OnceKey(response));

        Value Signed(byte[] reply)
        {
            var identity = new ClientIdentity(MinionId.Parse("any"), minion) { Signature = request.Signature, Encryption = request.Encryption };
            var reading = new MasterSession(identity, master.Public, request.Key, null).OpenPillar(new SealedQuestion([], request.Nonce!, request.Key), reply);
            return reading.Result == SessionResult.Opened ? reading.Value : throw new InvalidOperationException(reading.Reason);
        }

        Value Bare(byte[] reply)
        {
            var map = (MapValue)Msgpack.Unpack(reply, MsgpackDialect.Wire);
            Assert.Equal(CrypticleResult.Opened, new Crypticle(OnceKey(reply)).TryOpen(MsgpackBytes.BytesOf(map.Get("pillar"))!.Value, out var inside));
            return inside;
        }

        string OnceKey(byte[] reply) => RecordedSignIn.Opened((MapValue)Msgpack.Unpack(reply, MsgpackDialect.Wire), "key", minion, request.Encryption)!;
    }
}
