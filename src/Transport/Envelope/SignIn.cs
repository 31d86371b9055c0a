using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Envelope;

/// <summary>How a sign-in ended, as the minion sees it.</summary>
public abstract record SignInOutcome
{
    /// <param name="IsNewMaster">True where the master's key was not known before, or was replaced by a signed one: it is to be kept.</param>
    /// <param name="PublishPort">Where to subscribe, as the master says; null where it does not.</param>
    public sealed record Accepted(MasterSession Session, RsaPublicKey Master, bool IsNewMaster, int? PublishPort) : SignInOutcome;
    /// <summary>An operator has to accept the key.</summary>
    public sealed record Pending : SignInOutcome;
    /// <summary>The key is rejected, or another one is accepted under this id.</summary>
    public sealed record Refused : SignInOutcome;
    public sealed record Full : SignInOutcome;
    /// <summary>The master shows another key than the one that is known: it was set up anew, or it is not our master.</summary>
    public sealed record MasterChanged(RsaPublicKey Offered) : SignInOutcome;
    /// <param name="IsFatal">True where the reply was forged or cannot ever be right: trying again is no use.</param>
    public sealed record Failed(string Reason, bool IsFatal) : SignInOutcome;
}

/// <summary>What a minion believes of masters.</summary>
/// <param name="Known">The master's key from an earlier sign-in, or null.</param>
/// <param name="Signing">The key that may vouch for a changed master key (<c>verify_master_pubkey_sign</c>), or null.</param>
/// <param name="IsOpen">Believe any master (<c>open_mode</c>).</param>
/// <param name="IsAlwaysVouched">Ask for the signing key's word even where the master's key is the known one (<c>always_verify_signature</c>).</param>
public sealed record MasterTrust(RsaPublicKey? Known, RsaPublicKey? Signing = null, bool IsOpen = false, bool IsAlwaysVouched = false);

/// <summary>One sign-in: the request, and the only reply that can answer it.</summary>
public sealed class SignIn
{
    private readonly ClientIdentity _identity;
    private readonly MasterTrust _trust;
    private readonly string _nonce;
    private readonly string? _token;
    private readonly int _version;

    /// <param name="version">2 or 3. A version 3 request also signs in at a master that knows only 2: it ignores what it does not know.</param>
    public SignIn(ClientIdentity identity, MasterTrust trust, int version, MapValue autosignGrains)
        : this(identity, trust, version, autosignGrains, Crypticle.NewNonce(), trust.Known is null ? null : Crypticle.NewKeyString()) { }

    internal SignIn(ClientIdentity identity, MasterTrust trust, int version, MapValue autosignGrains, string nonce, string? token)
    {
        (_identity, _trust, _version, _nonce, _token) = (identity, trust, version, nonce, token);
        var load = new MapValue.Builder(8) { ["cmd"] = "_auth", ["id"] = identity.Id.Text, ["nonce"] = _nonce };
        if (version >= 3)
        {
            load["enc_algo"] = identity.Encryption.SaltName();
            load["sig_algo"] = identity.Signature.SaltName();
        }
        if (autosignGrains.Count > 0) load["autosign_grains"] = autosignGrains;
        if (_token is not null) load["token"] = trust.Known!.Encrypt(identity.Encryption, Encoding.ASCII.GetBytes(_token));
        load["pub"] = RsaPublicKey.Normalise(identity.Keys.PublicPem);
        Frame = Msgpack.Pack(MapValue.Of(("enc", "clear"), ("load", load.Build()), ("version", version)), MsgpackDialect.Wire);
    }

    public byte[] Frame { get; }

    /// <summary>Reads the reply; nothing in it is believed before the master has proven itself.</summary>
    public SignInOutcome Read(ReadOnlyMemory<byte> frame)
    {
        if (TryUnpack(frame) is not MapValue reply || reply.Get("load") is not { } carried)
            return Fail("the master does not speak our protocol, or asks for a newer one (its minimum_auth_version)");
        if (carried is MapValue { } bare)
            return Fail(bare.TextOf("ret") is "bad sig algo" or "bad enc algo" ? $"the master does not know the algorithm: {bare.TextOf("ret")}" : "the master answers without a signature: it is too old");
        if (MsgpackBytes.BytesOf(carried) is not { } signed || TryUnpack(signed) is not MapValue load) return Fail("the master's reply holds no answer");

        var (master, isNew) = (_trust.Known, false);
        if (load.TextOf("pub_key") is { } pem)
        {
            if (!RsaPublicKey.TryParse(pem, out var offered)) return Fail("the master's key is no RSA public key");
            var isOther = master is null || !IsSame(master, offered);
            // Where the key is another one and nobody may vouch for it, that is the thing to say, and not what the master signs.
            if (isOther && master is not null && !_trust.IsOpen && _trust.Signing is null) return new SignInOutcome.MasterChanged(offered);
            if (Vouched(load, pem, isOther || _trust.IsAlwaysVouched) is { } wrong) return wrong;
            if (isOther) (master, isNew) = (offered, true);
        }
        // A pending minion knows no master key yet, and cannot check who tells it to wait.
        if (master is not null && !(MsgpackBytes.BytesOf(reply.Get("sig")) is { } signature && master.Verify(_identity.Signature, signed.Span, signature.Span)))
            return Fail("the reply is not signed by the master: somebody may be between", isFatal: true);
        if (load.TextOf("nonce") != _nonce) return Fail("the reply answers another request: it may be an old one, sent again", isFatal: true);
        if (load.Get("ret") is { } ret)
            return ret is TextValue { Text: "full" } ? new SignInOutcome.Full() : ret.IsTruthy ? new SignInOutcome.Pending() : new SignInOutcome.Refused();
        return master is null ? Fail("the reply brings keys, but no master key") : ReadKeys(load, master, isNew);
    }

    private SignInOutcome ReadKeys(MapValue load, RsaPublicKey master, bool isNew)
    {
        if (Secret(load, "aes") is not { } keyString || !Crypticle.TryParse(keyString, out var epoch)) return Fail("the AES key in the reply is not sealed for this minion");
        if (MsgpackBytes.BytesOf(load.Get("sig")) is not { } proof || master.RecoverX931(proof.Span) is not { } digest
            || Encoding.ASCII.GetString(digest) != SignInReply.DigestOf(keyString)) return Fail("the AES key in the reply is not signed by the master", isFatal: true);
        // A master whose new key we believe for another reason cannot read what was sealed for the old one.
        if (_token is not null && !isNew && Secret(load, "token") != _token) return Fail("the master could not read our token: it does not own the key that is known here", isFatal: true);
        var session = Secret(load, "session") is { } text && Crypticle.TryParse(text, out var key) ? key : null;
        var port = load.Get("publish_port")?.AsInteger() is { } n and > 0 and <= 65535 ? (int)n : (int?)null;
        return new SignInOutcome.Accepted(new MasterSession(_identity, master, epoch, _version >= 3 ? session : null), master, isNew, port);
    }

    // Both must agree, as with Salt: a master that signs its key wants minions that check it, and the other way round.
    private SignInOutcome.Failed? Vouched(MapValue load, string pem, bool isAsked)
    {
        switch (load.TextOf("pub_sig"), _trust.Signing)
        {
            case (null, null): return null;
            case (null, _): return Fail("verify_master_pubkey_sign is set, but the master does not sign its key (master_sign_pubkey)");
            case (_, null): return Fail("the master signs its key (master_sign_pubkey), but the minion does not check it: set verify_master_pubkey_sign and copy master_sign.pub here");
            case ({ } word, { } signing):
                return !isAsked || MasterSigning.Verify(signing, pem, word, _identity.Signature) || MasterSigning.Verify(signing, pem, word)
                    ? null : Fail("the master's key is not signed by the key in master_sign.pub", isFatal: true);
        }
    }

    private string? Secret(MapValue load, string field) =>
        MsgpackBytes.BytesOf(load.Get(field)) is { } bytes && _identity.Keys.Decrypt(_identity.Encryption, bytes.Span) is { } secret ? Encoding.ASCII.GetString(secret) : null;

    private static bool IsSame(RsaPublicKey a, RsaPublicKey b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a.Pem), Encoding.UTF8.GetBytes(b.Pem));

    private static Value? TryUnpack(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Msgpack.Unpack(bytes, MsgpackDialect.Wire);
        }
        catch (MsgpackBroken)
        {
            return null;   // the caller says what it means
        }
    }

    private static SignInOutcome.Failed Fail(string reason, bool isFatal = false) => new(reason, isFatal);
}
