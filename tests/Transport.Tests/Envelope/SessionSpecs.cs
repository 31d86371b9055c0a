using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Payload;
using SaltActors.Transport.Tests.Crypto;
using SaltActors.Transport.Tests.Payload;

namespace SaltActors.Transport.Tests.Envelope;

/// <summary>A minion and a master of ours, and whoever stands between.</summary>
public sealed class SessionSpecs
{
    private const long Now = 1_800_000_000;
    private static readonly TimeProvider Clock = StandingClock.AtUnix(Now);
    private static readonly ClientIdentity Web1 = new(MinionId.Parse("web1"), GoldenKeys.Of("A")), Web2 = new(MinionId.Parse("web2"), GoldenKeys.Of("B"));
    private readonly WireMaster _master = new WireMaster { Settings = new EnvelopeSettings { MinimumAuthVersion = 0, Clock = Clock } }.Accept("web1", Web1.Keys).Accept("web2", Web2.Keys);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_question_is_opened_and_its_answer_too(int version)
    {
        var session = _master.SignIn(Web1, version);
        var question = session.Seal(MapValue.Of(("cmd", "_mine"), ("id", "web1"), ("data", MapValue.Of(("a", 1)))), Clock);
        var request = Assert.IsType<SealedRequest>(_master.Open(question.Frame));
        Assert.Equal("_mine", request.Command);
        Assert.Equal(version, request.Version);
        Assert.Equal(version == 3 ? "web1" : null, request.Identity?.Text);
        Assert.Equal(question.Nonce, request.Nonce);
        Assert.False(request.Load.Has("tok"));
        Recorded.Same(true, Opened(session.OpenReply(question, request.SealReply(true))));
    }

    [Theory]
    [InlineData(2, SignatureScheme.Pkcs1Sha1, EncryptionScheme.OaepSha1)]
    [InlineData(3, SignatureScheme.Pkcs1Sha1, EncryptionScheme.OaepSha1)]
    [InlineData(2, SignatureScheme.Pkcs1Sha224, EncryptionScheme.OaepSha224)]
    [InlineData(3, SignatureScheme.Pkcs1Sha224, EncryptionScheme.OaepSha224)]
    public void A_pillar_is_for_one_minion_alone(int version, SignatureScheme signature, EncryptionScheme encryption)
    {
        var identity = new ClientIdentity(Web1.Id, Web1.Keys) { Signature = signature, Encryption = encryption };
        var session = Session(identity, version);
        var pillar = MapValue.Of(("colour", "green"));
        var (question, reply) = Pillar(session, pillar);
        Recorded.Same(pillar, Opened(session.OpenPillar(question, reply)));

        // CVE-2022-22934: a pillar of another request, of another minion, or not of the master.
        var (_, other) = Pillar(session, pillar);
        AssertRefused(session.OpenPillar(question, other), "another request");
        AssertRefused(Session(Web2, version).OpenPillar(question, reply), "not sealed for this minion");
        var forged = Assert.IsType<SealedRequest>(_master.Open(question.Frame)).SealPillar(pillar, identity.Keys.Public, Web2.Keys);
        AssertRefused(session.OpenPillar(question, forged), "not signed by the master");
        Assert.Equal(SessionResult.NeedsSignIn, session.OpenPillar(question, Refused.BadLoad).Result);
        AssertRefused(session.OpenPillar(question, Assert.IsType<SealedRequest>(_master.Open(question.Frame)).PlainError("no")), "the master says: no");
    }

    [Fact]
    public void A_pillar_below_version_2_is_bare()
    {
        var load = MapValue.Of(("cmd", "_pillar"), ("id", "web1"));
        var request = Assert.IsType<SealedRequest>(_master.Open(Frame(load, _master.Epoch, version: 0)));
        var reply = (MapValue)Msgpack.Unpack(request.SealPillar(MapValue.Of(("a", 1)), Web1.Keys.Public, _master.Pair), MsgpackDialect.Wire);
        var once = new Crypticle(RecordedSignIn.Opened(reply, "key", Web1.Keys, EncryptionScheme.OaepSha1)!);
        Assert.Equal(CrypticleResult.Opened, once.TryOpen(MsgpackBytes.BytesOf(reply.Get("pillar"))!.Value, out var inside));
        Recorded.Same(MapValue.Of(("a", 1)), inside);
        Assert.Equal(CrypticleResult.Opened, _master.Epoch.TryOpen(Body(request.SealReply(1)), null, out _));
    }

    [Fact]
    public void Old_keys_ask_for_a_sign_in_and_a_wrong_answer_does_not()
    {
        var session = _master.SignIn(Web1);
        var (first, second) = (session.Seal(Ping, Clock), session.Seal(Ping, Clock));
        var answer = Assert.IsType<SealedRequest>(_master.Open(first.Frame)).SealReply("of the first");
        AssertRefused(session.OpenReply(second, answer), "another request");
        AssertRefused(session.OpenReply(second, PackBytes(second.Key.Seal("without a nonce"))), "another request");
        foreach (var old in new[] { Refused.BadLoad, PackBytes(_master.Epoch.Seal("under the epoch, as of version 2", second.Nonce)), PackBytes([.. Enumerable.Repeat((byte)0xFE, 96)]) })
            Assert.Equal(SessionResult.NeedsSignIn, session.OpenReply(second, old).Result);
        foreach (var nothing in new byte[][] { Msgpack.Pack("", MsgpackDialect.Wire), Msgpack.Pack(Value.Null, MsgpackDialect.Wire), [], [0xC1], Msgpack.Pack("Some exception handling minion payload", MsgpackDialect.Wire) })
            Assert.Equal(SessionResult.Refused, session.OpenReply(second, nothing).Result);
    }

    [Fact]
    public void A_publish_counts_once_and_only_from_the_master()
    {
        var session = _master.SignIn(Web1);
        var seal = new PublishSeal(_master.Pair, isSigned: true, SignatureScheme.Pkcs1Sha1);
        var job = MapValue.Of(("fun", "test.ping"), ("jid", "20260101000000000000"));
        var (first, second) = (seal.Seal(job, 1, _master.Epoch), seal.Seal(job, 2, _master.Epoch));
        Recorded.Same(job, Opened(session.OpenPublish(second, mustBeSigned: true)));
        AssertRefused(session.OpenPublish(second, mustBeSigned: true), "seen before");
        AssertRefused(session.OpenPublish(first, mustBeSigned: true), "seen before");
        // CVE-2017-7893: every minion has the epoch's key, and none the master's.
        AssertRefused(session.OpenPublish(new PublishSeal(Web2.Keys, true, SignatureScheme.Pkcs1Sha1).Seal(job, 9, _master.Epoch), mustBeSigned: false), "not signed by the master");
        AssertRefused(session.OpenPublish(new PublishSeal(_master.Pair, false, SignatureScheme.Pkcs1Sha1).Seal(job, 9, _master.Epoch), mustBeSigned: true), "not signed");
        // CVE-2016-1866: nothing unsealed is ever run.
        AssertRefused(session.OpenPublish(Msgpack.Pack(MapValue.Of(("enc", "clear"), ("load", job)), MsgpackDialect.Wire), mustBeSigned: false), "not sealed");
        AssertRefused(session.OpenPublish(Msgpack.Pack(5, MsgpackDialect.Wire), mustBeSigned: false), "no envelope");
        Assert.Equal(SessionResult.NeedsSignIn, session.OpenPublish(seal.Seal(job, 1, new Crypticle(Crypticle.NewKeyString())), mustBeSigned: true).Result);
        // None of those moved the count.
        Recorded.Same(job, Opened(session.OpenPublish(seal.Seal(job, 3, _master.Epoch), mustBeSigned: true)));
        Recorded.Same(job, Opened(session.OpenPublish(new PublishSeal(_master.Pair, true, SignatureScheme.Pkcs1Sha224).Seal(job, 4, _master.Epoch), mustBeSigned: true)));
    }

    [Fact]
    public void A_new_sign_in_under_the_same_epoch_goes_on_counting()
    {
        var (before, after) = (_master.SignIn(Web1), _master.SignIn(Web1));
        var publish = new PublishSeal(_master.Pair, true, SignatureScheme.Pkcs1Sha1).Seal(MapValue.Of(("fun", "test.ping")), 5, _master.Epoch);
        Opened(before.OpenPublish(publish, true));
        after.Continue(before);
        AssertRefused(after.OpenPublish(publish, true), "seen before");
        _master.Epoch = new Crypticle(Crypticle.NewKeyString());
        var fresh = _master.SignIn(Web1);
        fresh.Continue(after);
        Opened(fresh.OpenPublish(new PublishSeal(_master.Pair, true, SignatureScheme.Pkcs1Sha1).Seal(MapValue.Of(("fun", "test.ping")), 1, _master.Epoch), true));
    }

    [Fact]
    public void The_topics_of_a_publish_are_those_of_its_target()
    {
        MinionId[] both = [Web1.Id, Web2.Id];
        foreach (var type in new[] { "glob", "pcre", "list" })
            Assert.Equal([WireNames.Topic(Web1.Id), WireNames.Topic(Web2.Id)], PublishSeal.Topics(type, both, hasSyndics: false));
        Assert.Equal([WireNames.Topic(Web1.Id), "syndic"], PublishSeal.Topics("glob", [Web1.Id], hasSyndics: true));
        Assert.Equal(["broadcast"], PublishSeal.Topics("compound", both, hasSyndics: true));
    }

    [Fact]
    public void Recorded_publishes_go_under_recorded_topics()
    {
        MasterSession? subscriber = null;
        Recorded.Every("publish-frames", (root, one) =>
        {
            var master = GoldenKeys.Of(root.Text("master_key"));
            subscriber ??= new MasterSession(Web1, master.Public, new Crypticle(root.Text("aes_key_string")), null);
            var plain = (MapValue)one.Value("plain");
            Recorded.Same(plain.Without("serial"), Opened(subscriber.OpenPublish(one.Bytes("payload_b64"), mustBeSigned: true)));
            MinionId[] ids = one.TextOrNull("topic_is_sha1_hex_of") is { } id ? [MinionId.Parse(id)] : [];
            Assert.Equal(one.Text("topic"), Assert.Single(PublishSeal.Topics(plain.TextOf("tgt_type")!, ids, hasSyndics: false)));
            Assert.Equal(one.GetProperty("fields").EnumerateArray().Select(f => f.GetString()), ((MapValue)Msgpack.Unpack(one.Bytes("payload_b64"), MsgpackDialect.Wire)).Keys.Select(k => k.ToString()));
        });
    }

    [Theory]
    [InlineData(SignatureScheme.Pkcs1Sha1)]
    [InlineData(SignatureScheme.Pkcs1Sha224)]
    public void A_signed_return_is_verified_as_it_arrives(SignatureScheme scheme)
    {
        var session = _master.SignIn(Web1);
        var load = MapValue.Of(("cmd", "_return"), ("id", "web1"), ("jid", "20260101000000000000"), ("return", MapValue.Of(("text", new string('ü', 40)), ("n", 1))), ("ts", Now));
        var arrived = Assert.IsType<SealedRequest>(_master.Open(session.Seal(MinionSigning.Sign(load, Web1.Keys, scheme), Clock).Frame)).Load;
        Assert.Equal(ReturnSignature.Valid, MinionSigning.Verify(arrived, Web1.Keys.Public, scheme));
        Assert.Equal(ReturnSignature.Wrong, MinionSigning.Verify(arrived, Web2.Keys.Public, scheme));
        Assert.Equal(ReturnSignature.Wrong, MinionSigning.Verify(arrived.With("return", false), Web1.Keys.Public, scheme));
        Assert.Equal(ReturnSignature.Wrong, MinionSigning.Verify(arrived.With("sig", 5), Web1.Keys.Public, scheme));
        Assert.Equal(ReturnSignature.Missing, MinionSigning.Verify(load, Web1.Keys.Public, scheme));
        // Signed before the channel adds the time.
        var early = Assert.IsType<SealedRequest>(_master.Open(session.Seal(MinionSigning.Sign(load.Without("ts"), Web1.Keys, scheme), Clock).Frame)).Load;
        Assert.Equal(ReturnSignature.Valid, MinionSigning.Verify(early, Web1.Keys.Public, scheme));
    }

    private static readonly MapValue Ping = MapValue.Of(("cmd", "_master_opts"));

    private MasterSession Session(ClientIdentity identity, int version) =>
        new(identity, _master.Pair.Public, _master.Epoch, version == 3 ? _master.Session(identity.Id) : null);

    private (SealedQuestion Question, byte[] Reply) Pillar(MasterSession session, Value pillar)
    {
        var question = session.Seal(MapValue.Of(("cmd", "_pillar"), ("id", "web1")), Clock);
        return (question, Assert.IsType<SealedRequest>(_master.Open(question.Frame)).SealPillar(pillar, Web1.Keys.Public, _master.Pair));
    }

    private static byte[] Frame(MapValue load, Crypticle key, int version) =>
        Msgpack.Pack(MapValue.Of(("enc", "aes"), ("load", key.Seal(load)), ("version", version)), MsgpackDialect.Wire);

    private static byte[] PackBytes(byte[] message) => Msgpack.Pack(message, MsgpackDialect.Wire);
    private static ReadOnlyMemory<byte> Body(byte[] reply) => MsgpackBytes.BytesOf(Msgpack.Unpack(reply, MsgpackDialect.Wire))!.Value;

    private static Value Opened(SessionReading reading)
    {
        Assert.Equal((SessionResult.Opened, ""), (reading.Result, reading.Reason));
        return reading.Value;
    }

    private static void AssertRefused(SessionReading reading, string reason)
    {
        Assert.Equal(SessionResult.Refused, reading.Result);
        Assert.Contains(reason, reading.Reason, StringComparison.Ordinal);
    }
}
