using CsCheck;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Payload;
using static SaltActors.Transport.Tests.Wire.GoldenWire;

namespace SaltActors.Transport.Tests.Envelope;

/// <summary>Ours with ours, and ours against somebody who means harm.</summary>
public sealed class EnvelopeSpecs
{
    private static readonly RsaKeyPair Master = Key("m1_master"), Stranger = Key("m2_master");
    private static readonly MinionId Web1 = MinionId.Parse("web1");
    private readonly RecordedKeys _keys = new() { Known = { new Crypticle(Crypticle.NewKeyString()) }, AcceptedKeys = { ["web1"] = Key("A").Public, ["web2"] = Key("B").Public } };
    private readonly ClientIdentity _identity = new(Web1, Key("A"));

    public EnvelopeSpecs()
    {
        foreach (var id in (string[])["web1", "web2"]) _keys.Sessions[id] = new Crypticle(Crypticle.NewKeyString());
    }

    [Theory]
    [InlineData(2), InlineData(3)]
    public void A_minion_signs_in_asks_and_is_answered(int version)
    {
        var session = SignedIn(version);
        Assert.Equal(version, session.Version);
        var question = session.Seal(MapValue.Of(("cmd", "_return"), ("id", "web1")), TimeProvider.System);
        var request = Assert.IsType<SealedRequest>(Open(question.Frame));
        Assert.Equal(version == 3 ? Web1 : null, request.Identity);
        Assert.Equal("hello", session.OpenReply(question, request.SealReply("hello")).Value.ToString());
    }

    [Theory]
    [InlineData(2), InlineData(3)]
    public void A_pillar_reaches_its_minion_and_cannot_be_swapped(int version)
    {
        var session = SignedIn(version);
        var question = session.Seal(MapValue.Of(("cmd", "_pillar"), ("id", "web1")), TimeProvider.System);
        var request = (SealedRequest)Open(question.Frame);
        var pillar = MapValue.Of(("secret", 42));
        Assert.Equal(pillar, session.OpenPillar(question, request.SealPillar(pillar, Key("A").Public, Master)).Value);
        var other = session.Seal(MapValue.Of(("cmd", "_pillar"), ("id", "web1")), TimeProvider.System);
        Assert.Equal(SessionResult.Refused, session.OpenPillar(other, request.SealPillar(pillar, Key("A").Public, Master)).Result);
        Assert.Equal(SessionResult.Refused, session.OpenPillar(question, request.SealPillar(pillar, Key("A").Public, Stranger)).Result);
        Assert.Equal(SessionResult.Refused, session.OpenPillar(question, request.SealPillar(pillar, Key("B").Public, Master)).Result);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2)]
    public void The_floor_refuses_an_older_protocol_for_clear_and_sealed_alike(int version)
    {
        var clear = Msgpack.Pack(MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("cmd", "ping"))), ("version", version)), MsgpackDialect.Wire);
        var sealedFrame = Msgpack.Pack(MapValue.Of(("enc", "aes"), ("load", _keys.Known[0].Seal(MapValue.Of(("cmd", "_return")))), ("version", version)), MsgpackDialect.Wire);
        var envelope = new ServerEnvelope(_keys, new EnvelopeSettings { MinimumAuthVersion = 3 });
        foreach (var frame in (byte[][])[clear, sealedFrame]) Assert.Equal(Refused.BadLoad, Assert.IsType<Refused>(envelope.Open(frame)).Reply);
        Assert.IsType<ClearRequest>(Open(clear));
    }

    [Fact]
    public void A_minion_cannot_speak_for_another()
    {
        var load = MapValue.Of(("cmd", "_return"), ("id", "web2"), ("tok", _identity.Token), ("nonce", Crypticle.NewNonce()), ("ts", 0));
        foreach (var id in (string[])["web1", "web2", "web3", "../web1", ""])
            Assert.IsType<Refused>(Open(Msgpack.Pack(MapValue.Of(("enc", "aes"), ("version", 3), ("id", id), ("load", _keys.Sessions["web1"].Seal(load))), MsgpackDialect.Wire)));
        // Below version 3 a name is taken with a token that proves it; without one, the request is opened as nobody's.
        Assert.IsType<Refused>(Open(Msgpack.Pack(MapValue.Of(("enc", "aes"), ("version", 2), ("load", _keys.Known[0].Seal(load))), MsgpackDialect.Wire)));
        var older = Assert.IsType<SealedRequest>(Open(Msgpack.Pack(MapValue.Of(("enc", "aes"), ("version", 2), ("load", _keys.Known[0].Seal(load.Without("tok")))), MsgpackDialect.Wire)));
        Assert.Null(older.Identity);
    }

    [Fact]
    public void A_deleted_key_ends_what_its_minion_may_do()
    {
        var session = SignedIn(3);
        _keys.AcceptedKeys.Remove("web1");
        Assert.IsType<Refused>(Open(session.Seal(MapValue.Of(("cmd", "_return")), TimeProvider.System).Frame));
    }

    [Fact]
    public void A_publish_is_believed_once_and_only_from_the_master()
    {
        var session = SignedIn(3);
        var job = MapValue.Of(("fun", "test.ping"));
        var seal = new PublishSeal(Master, isSigned: true, SignatureScheme.Pkcs1Sha1);
        var first = seal.Seal(job, 1, _keys.Known[0]);
        Assert.Equal(job, session.OpenPublish(first, mustBeSigned: true).Value);
        Assert.Equal(SessionResult.Refused, session.OpenPublish(first, true).Result);
        Assert.Equal(SessionResult.Refused, session.OpenPublish(seal.Seal(job, 1, _keys.Known[0]), true).Result);
        Assert.Equal(SessionResult.Refused, session.OpenPublish(new PublishSeal(Stranger, true, SignatureScheme.Pkcs1Sha1).Seal(job, 2, _keys.Known[0]), false).Result);
        Assert.Equal(SessionResult.Refused, session.OpenPublish(new PublishSeal(Master, false, SignatureScheme.Pkcs1Sha1).Seal(job, 3, _keys.Known[0]), true).Result);
        Assert.Equal(SessionResult.Refused, session.OpenPublish(Msgpack.Pack(MapValue.Of(("enc", "clear"), ("load", job)), MsgpackDialect.Wire), false).Result);
        Assert.Equal(SessionResult.NeedsSignIn, session.OpenPublish(seal.Seal(job, 4, new Crypticle(Crypticle.NewKeyString())), true).Result);
    }

    [Fact]
    public void A_minion_does_not_believe_another_master()
    {
        var known = new MasterTrust(Master.Public);
        var signIn = new SignIn(_identity, known, 3, MapValue.Empty);
        Assert.IsType<SignInOutcome.MasterChanged>(signIn.Read(Reply(signIn.Frame, Stranger)));
        // A forged refusal does not stop it, either: it is not signed by the master that is known.
        var request = (ClearRequest)Open(signIn.Frame);
        var forged = request.SignedAuthReply(SignInReply.Unaccepted(SignInOffer.Read(request), SignInReply.Refused), Stranger);
        Assert.True(Assert.IsType<SignInOutcome.Failed>(signIn.Read(forged)).IsFatal);
        // Nor an answer to another of its own requests.
        var later = new SignIn(_identity, known, 3, MapValue.Empty);
        Assert.IsType<SignInOutcome.Failed>(later.Read(Reply(signIn.Frame, Master)));
    }

    [Fact]
    public void Waiting_and_refusal_are_understood()
    {
        var signIn = new SignIn(_identity, new MasterTrust(null), 3, MapValue.Empty);
        var request = (ClearRequest)Open(signIn.Frame);
        var offer = SignInOffer.Read(request);
        Assert.IsType<SignInOutcome.Pending>(signIn.Read(request.SignedAuthReply(SignInReply.Unaccepted(offer, SignInReply.Pending), Master)));
        Assert.IsType<SignInOutcome.Refused>(signIn.Read(request.SignedAuthReply(SignInReply.Unaccepted(offer, SignInReply.Refused), Master)));
        Assert.IsType<SignInOutcome.Full>(signIn.Read(request.SignedAuthReply(SignInReply.Unaccepted(offer, SignInReply.Full), Master)));
    }

    [Theory]
    [InlineData(EncryptionScheme.OaepSha224, SignatureScheme.Pkcs1Sha224)]
    [InlineData(EncryptionScheme.OaepSha1, SignatureScheme.Pkcs1Sha1)]
    public void Both_pairs_of_algorithms_sign_in(EncryptionScheme encryption, SignatureScheme signature)
    {
        var identity = new ClientIdentity(Web1, Key("A")) { Encryption = encryption, Signature = signature };
        var signIn = new SignIn(identity, new MasterTrust(null), 3, MapValue.Empty);
        Assert.IsType<SignInOutcome.Accepted>(signIn.Read(Reply(signIn.Frame, Master)));
    }

    [Fact]
    public void Every_frame_however_broken_gets_an_answer_and_throws_nothing()
    {
        var frames = Cases("aes-requests").Select(c => c.Bytes("request_b64")).Concat(Cases("clear-funcs").Select(c => c.Bytes("request_b64"))).ToArray();
        var envelope = new ServerEnvelope(_keys, new EnvelopeSettings { MinimumAuthVersion = 0 });
        Gen.Select(Gen.Int[0, frames.Length - 1], Gen.Int[0, 600], Gen.Byte, Gen.Int[0, 400]).Sample((which, at, with, cut) =>
        {
            var frame = (byte[])frames[which].Clone();
            frame[at % frame.Length] = with;
            envelope.Open(frame.AsMemory(0, Math.Max(0, frame.Length - (cut < 100 ? cut : 0))));
        }, iter: 10_000);
        Gen.Byte.Array[0, 300].Sample(bytes => { envelope.Open(bytes); }, iter: 10_000);
    }

    private OpenedRequest Open(byte[] frame) => new ServerEnvelope(_keys, new EnvelopeSettings { MinimumAuthVersion = 0 }).Open(frame);

    private MasterSession SignedIn(int version)
    {
        var signIn = new SignIn(_identity, new MasterTrust(null), version, MapValue.Empty);
        return Assert.IsType<SignInOutcome.Accepted>(signIn.Read(Reply(signIn.Frame, Master))).Session;
    }

    private byte[] Reply(byte[] frame, RsaKeyPair master)
    {
        var request = (ClearRequest)Open(frame);
        var reply = SignInReply.Accepted(SignInOffer.Read(request), Key("A").Public, _keys.Known[0], SignInReply.ProofOf(master, _keys.Known[0]), _keys.Sessions["web1"], master, 4505, null);
        return request.SignedAuthReply(reply, master);
    }
}
