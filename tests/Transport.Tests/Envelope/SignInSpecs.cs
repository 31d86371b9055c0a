using System.Text.Json;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Payload;
using SaltActors.Transport.Tests.Crypto;
using SaltActors.Transport.Tests.Payload;

namespace SaltActors.Transport.Tests.Envelope;

public sealed class SignInSpecs
{
    private static readonly ClientIdentity Web1 = new(MinionId.Parse("web1"), GoldenKeys.Of("A"));
    private static readonly RsaKeyPair Signing = GoldenKeys.Of("m2_master_sign"), Stranger = GoldenKeys.Of("B");
    private readonly WireMaster _master = new();

    // A genuine 3006.0 answers a request for other algorithms with SHA-1, and its sender cannot read that; ours does as later masters.
    private static bool AsksForOtherAlgorithms(ClearRequest request) => request.Load.TextOf("sig_algo") is not (null or Schemes.DefaultSignature);

    [Fact]
    public void Every_recorded_answer_is_what_ours_would_say() => Recorded.Every("auth-outcomes", (root, one) =>
    {
        var master = GoldenKeys.Of(root.Text("master_key"));
        var request = Assert.IsType<ClearRequest>(_master.Open(one.Bytes("request_b64")));
        Assert.Equal("_auth", request.Command);
        var response = one.Bytes("response_b64");
        if (one.Has("reply"))
        {
            var answer = request.SignedAuthReply(SignInReply.Unaccepted(SignInOffer.Read(request), one.GetProperty("reply").Value("ret")), master);
            Assert.Equal(Convert.ToBase64String(response), Convert.ToBase64String(answer));
            Recorded.Same(one.Value("reply"), RecordedSignIn.Load(answer, request.Version));
            return;
        }
        if (AsksForOtherAlgorithms(request)) request = new ClearRequest(request.Command, request.Load.Without("sig_algo").Without("enc_algo"), request.Version);
        var minion = RecordedSignIn.OwnerOf(request, root);
        RecordedSignIn.AnsweredByOurs(request, response, minion, master, new Crypticle(one.Text("aes_key_string")), MasterSigning.Sign(Signing, master.PublicPem));
        Assert.Equal(one.GetProperty("reply_fields").EnumerateArray().Select(f => f.GetString()), RecordedSignIn.Load(response, request.Version).Keys.Select(k => k.ToString()).Order(StringComparer.Ordinal));
        if (request.Version >= 2) AssertAccepted(one, RecordedSignIn.ReadByOurs(request, response, minion, master, Signing.Public));
    });

    private static void AssertAccepted(JsonElement one, SignInOutcome outcome)
    {
        if (one.Text("name") == "bad_token")
        {
            Assert.IsType<SignInOutcome.Accepted>(outcome);   // the token was never ours, so nothing is missed
            return;
        }
        var accepted = Assert.IsType<SignInOutcome.Accepted>(outcome);
        Assert.Equal(one.Text("aes_key_string"), accepted.Session.Epoch.KeyString);
        Assert.Equal(2, accepted.Session.Version);
        Assert.False(accepted.IsNewMaster);
    }

    [Fact]
    public void A_minion_that_meets_its_master_for_the_first_time_learns_its_key()
    {
        var signIn = new SignIn(Web1, new MasterTrust(null), 3, MapValue.Empty);
        _master.Accept("web1", Web1.Keys);
        var accepted = Assert.IsType<SignInOutcome.Accepted>(signIn.Read(_master.AnswerSignIn(signIn.Frame)));
        Assert.True(accepted.IsNewMaster);
        Assert.Equal(_master.Pair.PublicPem, accepted.Master.Pem);
        Assert.Equal(4505, accepted.PublishPort);
        Assert.Equal(3, accepted.Session.Version);
    }

    [Theory]
    [InlineData(SignatureScheme.Pkcs1Sha224, EncryptionScheme.OaepSha224)]
    [InlineData(SignatureScheme.Pkcs1Sha224, EncryptionScheme.OaepSha1)]
    [InlineData(SignatureScheme.Pkcs1Sha1, EncryptionScheme.OaepSha224)]
    public void Both_ends_use_the_algorithms_that_the_minion_asks_for(SignatureScheme signature, EncryptionScheme encryption)
    {
        var identity = new ClientIdentity(Web1.Id, Web1.Keys) { Signature = signature, Encryption = encryption };
        _master.Accept("web1", identity.Keys);
        var signIn = new SignIn(identity, new MasterTrust(_master.Pair.Public), 3, MapValue.Empty);
        Assert.IsType<SignInOutcome.Accepted>(signIn.Read(_master.AnswerSignIn(signIn.Frame)));
        Assert.IsType<SignInOutcome.Refused>(signIn.Read(_master.AnswerSignIn(signIn.Frame, false)));
    }

    [Theory]
    [InlineData("full", typeof(SignInOutcome.Full))]
    [InlineData(true, typeof(SignInOutcome.Pending))]
    [InlineData(false, typeof(SignInOutcome.Refused))]
    public void A_signed_no_is_believed(object ret, Type expected)
    {
        foreach (var known in new[] { null, _master.Pair.Public })
        {
            var signIn = new SignIn(Web1, new MasterTrust(known), 3, MapValue.Empty);
            Assert.IsType(expected, signIn.Read(_master.AnswerSignIn(signIn.Frame, ret is string text ? text : (Value)(bool)ret)));
        }
    }

    [Fact]
    public void A_no_that_the_known_master_did_not_sign_is_not_believed()
    {
        // CVE-2022-22935: somebody between forges a rejection, and the minion stops.
        var signIn = new SignIn(Web1, new MasterTrust(_master.Pair.Public), 3, MapValue.Empty);
        var forger = new WireMaster { Pair = Stranger };
        AssertFailed(signIn.Read(forger.AnswerSignIn(signIn.Frame, false)), "not signed", isFatal: true);
        var load = Msgpack.Pack(MapValue.Of(("ret", false)), MsgpackDialect.Wire);
        AssertFailed(signIn.Read(Msgpack.Pack(MapValue.Of(("enc", "clear"), ("load", load)), MsgpackDialect.Wire)), "not signed", isFatal: true);
        AssertFailed(signIn.Read(Msgpack.Pack(MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("ret", false)))), MsgpackDialect.Wire)), "too old", isFatal: false);
    }

    [Fact]
    public void An_answer_to_another_request_is_not_believed()
    {
        var (first, second) = (new SignIn(Web1, new MasterTrust(_master.Pair.Public), 3, MapValue.Empty), new SignIn(Web1, new MasterTrust(_master.Pair.Public), 3, MapValue.Empty));
        AssertFailed(second.Read(_master.AnswerSignIn(first.Frame, false)), "another request", isFatal: true);
        AssertFailed(second.Read(_master.AnswerSignIn(first.Frame)), "another request", isFatal: true);
    }

    [Fact]
    public void Another_master_under_the_same_name_is_told()
    {
        var signIn = new SignIn(Web1, new MasterTrust(Stranger.Public), 3, MapValue.Empty);
        Assert.Equal(_master.Pair.PublicPem, Assert.IsType<SignInOutcome.MasterChanged>(signIn.Read(_master.AnswerSignIn(signIn.Frame))).Offered.Pem);
    }

    [Fact]
    public void Another_master_is_believed_where_its_key_is_vouched_for()
    {
        var signIn = new SignIn(Web1, new MasterTrust(Stranger.Public, Signing.Public), 3, MapValue.Empty);
        var word = MasterSigning.Sign(Signing, _master.Pair.PublicPem);
        Assert.True(Assert.IsType<SignInOutcome.Accepted>(signIn.Read(_master.AnswerSignIn(signIn.Frame, word))).IsNewMaster);
        AssertFailed(signIn.Read(_master.AnswerSignIn(signIn.Frame, MasterSigning.Sign(Stranger, _master.Pair.PublicPem))), "master_sign.pub", isFatal: true);
        AssertFailed(signIn.Read(_master.AnswerSignIn(signIn.Frame, "no base64 !")), "master_sign.pub", isFatal: true);
    }

    [Fact]
    public void Master_and_minion_must_agree_whether_keys_are_vouched_for()
    {
        var word = MasterSigning.Sign(Signing, _master.Pair.PublicPem);
        var unchecking = new SignIn(Web1, new MasterTrust(_master.Pair.Public), 3, MapValue.Empty);
        AssertFailed(unchecking.Read(_master.AnswerSignIn(unchecking.Frame, word)), "verify_master_pubkey_sign", isFatal: false);
        var checking = new SignIn(Web1, new MasterTrust(null, Signing.Public), 3, MapValue.Empty);
        AssertFailed(checking.Read(_master.AnswerSignIn(checking.Frame)), "master_sign_pubkey", isFatal: false);
    }

    [Fact]
    public void The_word_of_the_signing_key_is_asked_again_where_that_is_set()
    {
        var wrong = MasterSigning.Sign(Stranger, _master.Pair.PublicPem);
        var trusting = new SignIn(Web1, new MasterTrust(_master.Pair.Public, Signing.Public), 3, MapValue.Empty);
        Assert.IsType<SignInOutcome.Accepted>(trusting.Read(_master.AnswerSignIn(trusting.Frame, wrong)));
        var strict = new SignIn(Web1, new MasterTrust(_master.Pair.Public, Signing.Public, IsAlwaysVouched: true), 3, MapValue.Empty);
        AssertFailed(strict.Read(_master.AnswerSignIn(strict.Frame, wrong)), "master_sign.pub", isFatal: true);
    }

    [Fact]
    public void Any_master_is_believed_in_open_mode()
    {
        var signIn = new SignIn(Web1, new MasterTrust(Stranger.Public, IsOpen: true), 3, MapValue.Empty);
        Assert.True(Assert.IsType<SignInOutcome.Accepted>(signIn.Read(_master.AnswerSignIn(signIn.Frame))).IsNewMaster);
    }

    [Theory]
    [InlineData("aes", "not sealed")]
    [InlineData("sig", "not signed")]
    [InlineData("token", "token")]
    [InlineData("nonce", "another request")]
    public void An_answer_that_lacks_a_field_is_no_sign_in(string field, string reason)
    {
        var signIn = new SignIn(Web1, new MasterTrust(_master.Pair.Public), 3, MapValue.Empty);
        AssertFailed(signIn.Read(Resigned(_master.AnswerSignIn(signIn.Frame), load => load.Without(field))), reason, isFatal: null);
    }

    [Fact]
    public void A_key_that_another_master_vouches_for_is_not_taken()
    {
        var signIn = new SignIn(Web1, new MasterTrust(_master.Pair.Public), 3, MapValue.Empty);
        var other = new Crypticle(Crypticle.NewKeyString());
        AssertFailed(signIn.Read(Resigned(_master.AnswerSignIn(signIn.Frame), load => load.With("sig", SignInReply.ProofOf(Stranger, other)))), "not signed", isFatal: true);
    }

    [Fact]
    public void A_master_without_sessions_is_spoken_to_in_version_2()
    {
        var signIn = new SignIn(Web1, new MasterTrust(_master.Pair.Public), 3, MapValue.Empty);
        Assert.Equal(2, Assert.IsType<SignInOutcome.Accepted>(signIn.Read(_master.AnswerSignIn(signIn.Frame, givesSession: false))).Session.Version);
    }

    [Theory]
    [InlineData("a862616420", "minimum_auth_version")]
    [InlineData("", "protocol")]
    [InlineData("c0", "protocol")]
    [InlineData("82a3656e63a5636c656172a46c6f616401", "no answer")]
    public void Nonsense_is_a_failed_sign_in(string bytes, string reason) =>
        AssertFailed(new SignIn(Web1, new MasterTrust(null), 3, MapValue.Empty).Read(Convert.FromHexString(bytes)), reason, isFatal: false);

    [Theory]
    [InlineData("sig_algo", "ROT13", true, "bad sig algo")]
    [InlineData("enc_algo", "ROT13", true, "bad enc algo")]
    [InlineData("enc_algo", "ROT13", false, null)]
    public void Algorithms_that_nobody_knows_are_told_so(string field, string name, bool hasToken, string? word)
    {
        var signIn = new SignIn(Web1, new MasterTrust(hasToken ? _master.Pair.Public : null), 3, MapValue.Empty);
        var envelope = (MapValue)Msgpack.Unpack(signIn.Frame, MsgpackDialect.Wire);
        var request = Assert.IsType<ClearRequest>(_master.Open(Msgpack.Pack(envelope.With("load", envelope.MapOf("load").With(field, name)), MsgpackDialect.Wire)));
        var refusal = SignInOffer.Read(request).Refusal;
        Assert.Equal(word is null ? Refused.BadLoad : Msgpack.Pack(MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("ret", word)))), MsgpackDialect.Wire), refusal);
        if (word is not null) AssertFailed(signIn.Read(refusal!), word, isFatal: false);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_sign_in_without_a_nonce_is_a_bad_load_from_version_2_on(int version) =>
        Assert.Equal(Refused.BadLoad, SignInOffer.Read(new ClearRequest("_auth", MapValue.Of(("cmd", "_auth"), ("id", "web1"), ("pub", Web1.Keys.PublicPem)), version)).Refusal);

    [Theory]
    [InlineData("pub")]
    [InlineData("id")]
    public void An_offer_without_an_id_or_a_key_names_nobody(string missing)
    {
        var load = MapValue.Of(("cmd", "_auth"), ("id", "web1"), ("nonce", Crypticle.NewNonce()), ("pub", Web1.Keys.PublicPem));
        Assert.Null(SignInOffer.Read(new ClearRequest("_auth", load.Without(missing), 3)).Id);
        Assert.Null(SignInOffer.Read(new ClearRequest("_auth", load.With(missing, 5), 3)).Id);
        Assert.Null(SignInOffer.Read(new ClearRequest("_auth", load.With("pub", new string('x', 1_000_000)), 3)).Id);
    }

    private byte[] Resigned(byte[] answer, Func<MapValue, MapValue> change)
    {
        var packed = Msgpack.Pack(change(RecordedSignIn.Load(answer, 3)), MsgpackDialect.Wire);
        return Msgpack.Pack(MapValue.Of(("enc", "clear"), ("load", packed), ("sig", _master.Pair.Sign(SignatureScheme.Pkcs1Sha1, packed))), MsgpackDialect.Wire);
    }

    private static void AssertFailed(SignInOutcome outcome, string reason, bool? isFatal)
    {
        var failed = Assert.IsType<SignInOutcome.Failed>(outcome);
        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
        if (isFatal is { } fatal) Assert.Equal(fatal, failed.IsFatal);
    }
}
