using System.Text.Json;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Payload;
using static SaltActors.Transport.Tests.Wire.GoldenWire;

namespace SaltActors.Transport.Tests.Envelope;

/// <summary>What real masters, minions, syndics and command lines sent, opened and checked by ours.</summary>
public sealed class RecordedTrafficSpecs
{
    [Fact]
    public void Refuses_and_opens_every_recorded_frame_of_protocol_3_as_real_masters_do()
    {
        var file = File("v3-session");
        var strings = file.GetProperty("keys").EnumerateObject().ToDictionary(k => k.Name, k => k.Value.GetString()!);
        All(file.GetProperty("cases").EnumerateArray().Where(c => c.Text("kind") is "aes" or "raw"), c =>
        {
            var isB = c.Text("master") == "v3_master_b";
            var keys = new RecordedKeys { Known = { new Crypticle(strings[isB ? "aes:b" : "aes:1"]) }, AcceptedKeys = { ["v3-a"] = Key("V3A").Public, ["v3-b"] = Key("V3B").Public } };
            foreach (var id in (string[])["v3-a", "v3-b"]) keys.Sessions[id] = new Crypticle(strings[(isB ? "b_session:" : "session:") + id]);
            var settings = new EnvelopeSettings { MinimumAuthVersion = isB ? 0 : 3, RequestTtl = isB ? TimeSpan.FromSeconds(30) : TimeSpan.Zero, Clock = new ClockAt(c) };
            var opened = new ServerEnvelope(keys, settings).Open(c.Bytes("request_b64"));
            if (c.TryGetProperty("no_reply", out _)) Assert.IsType<Refused>(opened);   // where a real worker dies, ours answers
            else if (c.Text("response_plain") is { Length: > 0 } text) Assert.Equal(text, Msgpack.Unpack(Assert.IsType<Refused>(opened).Reply, MsgpackDialect.Wire).ToString());
            else if (c.Text("kind") == "aes") Same(((MapValue)c.Plain("request_plain")).Without("tok"), Assert.IsType<SealedRequest>(opened).Load);
        });
    }

    [Fact]
    public void Opens_the_live_traffic_of_protocol_3()
    {
        var file = File("v3-session");
        var strings = file.GetProperty("keys").EnumerateObject().ToDictionary(k => k.Name, k => k.Value.GetString()!);
        All(file.GetProperty("cases").EnumerateArray().Where(c => c.Text("kind") == "pub"), c =>
            CheckPublish(c.Bytes("frame_b64"), c.Plain("plain"), strings[c.Text("key")!], Key(file.Text("master_key")!).Public));
        All(file.GetProperty("cases").EnumerateArray().Where(c => c.Text("kind") == "exchange" && c.Text("response_key") is { } key && strings.ContainsKey(key)), c =>
        {
            var reply = MsgpackBytes.BytesOf(Msgpack.Unpack(c.Bytes("response_b64"), MsgpackDialect.Wire))!.Value;
            Assert.Equal(CrypticleResult.Opened, new Crypticle(strings[c.Text("response_key")!]).TryOpen(reply, c.Text("response_nonce"), out var value));
            if (!c.GetProperty("response_plain").GetRawText().Contains('@')) Same(c.Plain("response_plain"), value);
        });
    }

    [Theory]
    [InlineData("minion-session"), InlineData("syndic-session")]
    public void Opens_the_live_traffic_of_protocol_2(string session)
    {
        var file = File(session);
        var epochs = file.GetProperty("aes_keys").EnumerateArray().Select(k => new Crypticle(k.GetString()!)).ToList();
        All(file.GetProperty("cases").EnumerateArray().Where(c => c.Text("kind") != "sub"), c =>
        {
            var frame = Msgpack.Unpack(c.Bytes("frame_b64"), MsgpackDialect.Wire);
            if (!c.TryGetProperty("aes_key", out var index) || !c.TryGetProperty("plain", out _) || c.Text("name") is "_auth" or "_pillar") return;
            var epoch = epochs[index.GetInt32()];
            if (c.Text("kind") == "pub") CheckPublish(c.Bytes("frame_b64"), c.Plain("plain"), epoch.KeyString, Key(file.Text("master_key")!).Public);
            else
            {
                var message = MsgpackBytes.BytesOf(frame is MapValue map ? map.Get("load") : frame)!.Value;
                Assert.Equal(CrypticleResult.Opened, epoch.TryOpen(message, c.Text("kind") == "rep" ? c.Text("nonce") : null, out var value));
                if (!c.GetProperty("plain").GetRawText().Contains('@')) Same(c.Plain("plain"), value);
            }
        });
    }

    [Fact]
    public void Opens_and_believes_every_recorded_publish()
    {
        var file = File("publish-frames");
        All(file.GetProperty("cases").EnumerateArray(), c =>
        {
            CheckPublish(c.Bytes("payload_b64"), c.Plain("plain"), file.Text("aes_key_string")!, Key(file.Text("master_key")!).Public);
            if (c.Text("topic_is_sha1_hex_of") is { } id) Assert.Equal(c.Text("topic"), WireNames.Topic(Core.Identity.MinionId.Parse(id)));
        });
    }

    [Fact]
    public void Reads_every_recorded_clear_command()
    {
        var envelope = new ServerEnvelope(new RecordedKeys(), new EnvelopeSettings { MinimumAuthVersion = 0 });
        All(Cases("clear-funcs"), c =>
        {
            var opened = envelope.Open(c.Bytes("request_b64"));
            if (c.GetProperty("response").ValueKind == JsonValueKind.String && c.Text("response") is { Length: > 0 }) Assert.Equal(c.Bytes("response_b64"), Assert.IsType<Refused>(opened).Reply);
            else
            {
                var request = Assert.IsType<ClearRequest>(opened);
                Same(((MapValue)c.Plain("request")).Get("load")!, request.Load);
                Assert.Equal(c.Bytes("response_b64"), request.PlainReply(c.Plain("response")));
            }
        });
    }

    [Fact]
    public void Answers_every_recorded_sign_in_with_the_recorded_reply() => All(Cases("auth-outcomes"), c =>
    {
        var request = Assert.IsType<ClearRequest>(new ServerEnvelope(new RecordedKeys(), new EnvelopeSettings { MinimumAuthVersion = 0 }).Open(c.Bytes("request_b64")));
        var offer = SignInOffer.Read(request);
        Assert.Null(offer.Refusal);
        var recorded = (MapValue)Msgpack.Unpack(c.Bytes("response_b64"), MsgpackDialect.Wire);
        if (!c.TryGetProperty("reply", out _) || c.Plain("reply") is not MapValue { } reply || !reply.Has("ret"))
        {
            // The keys of an accepted minion: sealed at random, so they are opened and believed instead.
            var load = recorded.TextOf("enc") == "clear" ? (MapValue)Msgpack.Unpack(MsgpackBytes.BytesOf(recorded.Get("load"))!.Value, MsgpackDialect.Wire) : recorded;
            if (recorded.TextOf("enc") == "clear") Assert.True(Key("m2_master").Public.Verify(SignatureScheme.Pkcs1Sha1, MsgpackBytes.BytesOf(recorded.Get("load"))!.Value.Span, MsgpackBytes.BytesOf(recorded.Get("sig"))!.Value.Span));
            var digest = Key("m2_master").Public.RecoverX931(MsgpackBytes.BytesOf(load.Get("sig"))!.Value.Span)!;
            var keyString = System.Text.Encoding.ASCII.GetString(Key("A").Decrypt(EncryptionScheme.OaepSha1, MsgpackBytes.BytesOf(load.Get("aes"))!.Value.Span) ?? Key("B").Decrypt(EncryptionScheme.OaepSha1, MsgpackBytes.BytesOf(load.Get("aes"))!.Value.Span)!);
            Assert.Equal(SignInReply.DigestOf(keyString), System.Text.Encoding.ASCII.GetString(digest));
            return;
        }
        // The signature is deterministic, so the whole reply must be the same bytes.
        Assert.Equal(c.Bytes("response_b64"), request.SignedAuthReply(SignInReply.Unaccepted(offer, reply.Get("ret")!), Key("m2_master")));
    });

    private static void CheckPublish(byte[] frame, Value plain, string epoch, RsaPublicKey master)
    {
        var identity = new ClientIdentity(Core.Identity.MinionId.Parse("m"), Key("A"));
        var reading = new MasterSession(identity, master, new Crypticle(epoch), null).OpenPublish(frame, mustBeSigned: true);
        Assert.Equal(SessionResult.Opened, reading.Result);
        Same(((MapValue)plain).Without("serial"), reading.Value);
    }

    // The clock of the recording: a request of now, unless its name says that it is old.
    private sealed class ClockAt(JsonElement c) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            var sent = c.TryGetProperty("request_plain", out var plain) && plain.ValueKind == JsonValueKind.Object && plain.TryGetProperty("ts", out var ts) && ts.ValueKind == JsonValueKind.Number ? ts.GetInt64() : 0;
            return DateTimeOffset.FromUnixTimeSeconds(c.Text("name")!.Contains("old_ts") ? sent + 3600 : c.Text("name")!.Contains("future") ? sent - 3600 : sent + 1);
        }
    }
}
