using System.Text;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Envelope;

/// <summary>A request that is ready to be sent, with what is needed to open its reply.</summary>
public sealed record SealedQuestion(byte[] Frame, string Nonce, Crypticle Key);

/// <summary>What became of something that the master sent.</summary>
public enum SessionResult
{
    Opened,
    /// <summary>Our keys are old: sign in, and ask again.</summary>
    NeedsSignIn,
    /// <summary>It does not answer our question, is not signed, or was seen before: nothing is done with it.</summary>
    Refused,
}

/// <summary>What came out, and why nothing did.</summary>
public readonly record struct SessionReading(SessionResult Result, Value Value, string Reason)
{
    public static SessionReading Of(Value value) => new(SessionResult.Opened, value, "");
    public static readonly SessionReading OldKeys = new(SessionResult.NeedsSignIn, Value.Null, "it is sealed with another key");
    public static SessionReading No(string reason) => new(SessionResult.Refused, Value.Null, reason);
}

/// <summary>A minion that has signed in: it seals requests, and opens replies and publishes. Version 3 where the master gave a session key, otherwise 2.</summary>
/// <remarks>Sealing and opening replies are safe from every thread; publishes are opened by one reader, because their serials count up.</remarks>
public sealed class MasterSession(ClientIdentity identity, RsaPublicKey master, Crypticle epoch, Crypticle? session)
{
    private const int LongestRefusal = 200;
    private long _lastSerial;

    public int Version => session is null ? 2 : 3;
    public RsaPublicKey Master => master;
    /// <summary>The key of publishes.</summary>
    public Crypticle Epoch => epoch;

    /// <summary>Keeps count of serials where a new sign-in brought the same epoch.</summary>
    public void Continue(MasterSession before)
    {
        if (before.Epoch.KeyString == epoch.KeyString) _lastSerial = before._lastSerial;
    }

    /// <param name="clock">Version 3 says when a request was made.</param>
    public SealedQuestion Seal(MapValue load, TimeProvider clock)
    {
        var nonce = Crypticle.NewNonce();
        if (session is null)
        {
            var envelope = MapValue.Of(("enc", "aes"), ("load", epoch.Seal(load.With("nonce", nonce))), ("version", 2));
            // Masters between know version 2 and the other schemes; the oldest know neither these fields nor another scheme than the usual.
            if (identity.UsesOtherSchemes) envelope = envelope.With("enc_algo", identity.Encryption.SaltName()).With("sig_algo", identity.Signature.SaltName());
            return new(Msgpack.Pack(envelope, MsgpackDialect.Wire), nonce, epoch);
        }
        var full = load.ToBuilder();
        full["nonce"] = nonce;
        full["ts"] = clock.GetUtcNow().ToUnixTimeSeconds();
        full["tok"] = identity.Token;
        full["id"] = identity.Id.Text;
        return new(Msgpack.Pack(MapValue.Of(
            ("enc", "aes"), ("load", session.Seal(full.Build())), ("version", 3), ("id", identity.Id.Text),
            ("enc_algo", identity.Encryption.SaltName()), ("sig_algo", identity.Signature.SaltName())), MsgpackDialect.Wire), nonce, session);
    }

    /// <summary>The token, for loads that carry it themselves under version 2.</summary>
    public byte[] Token => identity.Token;

    public SessionReading OpenReply(SealedQuestion question, ReadOnlyMemory<byte> frame)
    {
        if (Unpack(frame) is not { } reply) return SessionReading.No("the reply is no msgpack");
        // Plain text is a master's refusal. Only this one means keys; to sign in again for the others would punish a master that has too much to do.
        if (reply is TextValue { Text: var text }) return text == "bad load" ? SessionReading.OldKeys : SessionReading.No($"the master says: {(text.Length > LongestRefusal ? text[..LongestRefusal] : text)}");
        if (MsgpackBytes.BytesOf(reply) is not { } message) return SessionReading.No($"the reply is a {reply.KindName}, not sealed");
        return question.Key.TryOpen(message, question.Nonce, out var value) switch
        {
            CrypticleResult.Opened => SessionReading.Of(value),
            CrypticleResult.WrongNonce => SessionReading.No("the reply answers another request: it may be an old one, sent again"),
            CrypticleResult.Broken => SessionReading.No("the reply holds no value"),
            _ => SessionReading.OldKeys,
        };
    }

    /// <summary>Opens the reply to <c>_pillar</c>, which only this minion can open and only the master can have made.</summary>
    public SessionReading OpenPillar(SealedQuestion question, ReadOnlyMemory<byte> frame)
    {
        if (Unpack(frame) is not MapValue reply) return SessionReading.OldKeys;
        if (reply.TextOf("error") is { } error) return SessionReading.No($"the master says: {error}");
        if (MsgpackBytes.BytesOf(reply.Get("key")) is not { } sealedKey || MsgpackBytes.BytesOf(reply.Get("pillar")) is not { } sealedPillar) return SessionReading.OldKeys;
        if (identity.Keys.Decrypt(identity.Encryption, sealedKey.Span) is not { } text || !Crypticle.TryParse(Encoding.ASCII.GetString(text), out var once)) return SessionReading.No("the pillar is not sealed for this minion");
        if (once.TryOpen(sealedPillar, out var inside) != CrypticleResult.Opened || inside is not MapValue signed) return SessionReading.No("the pillar is not sealed with its own key");
        if (MsgpackBytes.BytesOf(signed.Get("data")) is not { } data || MsgpackBytes.BytesOf(signed.Get("sig")) is not { } signature) return SessionReading.No("the pillar is not signed");
        if (!master.Verify(identity.Signature, data.Span, signature.Span)) return SessionReading.No("the pillar is not signed by the master");
        if (Unpack(data) is not MapValue content || content.TextOf("nonce") != question.Nonce) return SessionReading.No("the pillar answers another request");
        if (MsgpackBytes.BytesOf(content.Get("key")) is not { } key || !key.Span.SequenceEqual(sealedKey.Span)) return SessionReading.No("the pillar belongs to another key");
        return SessionReading.Of(content.Get("pillar") ?? MapValue.Empty);
    }

    /// <summary>Opens a publish. Clear ones, unsigned ones where signatures are asked for, and repeated ones are refused.</summary>
    /// <param name="mustBeSigned"><c>sign_pub_messages</c> on the minion.</param>
    public SessionReading OpenPublish(ReadOnlyMemory<byte> frame, bool mustBeSigned)
    {
        if (Unpack(frame) is not MapValue envelope) return SessionReading.No("the publish is no envelope");
        if (envelope.TextOf("enc") != "aes" || MsgpackBytes.BytesOf(envelope.Get("load")) is not { } message) return SessionReading.No("the publish is not sealed");
        var signature = MsgpackBytes.BytesOf(envelope.Get("sig"));
        if (signature is null && mustBeSigned) return SessionReading.No("the publish is not signed");
        if (epoch.TryOpen(message, out var value) is var opened && opened == CrypticleResult.WrongKey) return SessionReading.OldKeys;
        if (opened != CrypticleResult.Opened || value is not MapValue load) return SessionReading.No("the publish holds no job");
        if (signature is { } sig)
        {
            if (!master.Verify(Schemes.SignatureOf(envelope.TextOf("sig_algo")), message.Span, sig.Span)) return SessionReading.No("the publish is not signed by the master");
        }
        if (load.Get("serial")?.AsInteger() is { } serial)
        {
            if (serial <= _lastSerial) return SessionReading.No("the publish was seen before");
            _lastSerial = serial;
            load = load.Without("serial");
        }
        return SessionReading.Of(load);
    }

    private static Value? Unpack(ReadOnlyMemory<byte> bytes)
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
}
