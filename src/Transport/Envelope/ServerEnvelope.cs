using System.Globalization;
using System.Numerics;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Envelope;

/// <summary>Opens what arrives at the request port: the one place where hostile bytes become a request, or do not.</summary>
/// <remarks>
/// Protocols 0 to 3 as Salt's masters of 3006 and later; 4 and up are taken as 3. Where a real worker dies without an answer, ours answers <c>bad load</c>.
/// Never throws on any input. Safe from every thread.
/// </remarks>
public sealed class ServerEnvelope(IServerKeys keys, EnvelopeSettings settings)
{
    private static readonly byte[] NoMsgpack = Msgpack.Pack(MapValue.Of(("msg", "bad load")), MsgpackDialect.Wire);
    private static readonly byte[] NoMap = Msgpack.Pack("payload and load must be a dict", MsgpackDialect.Wire);
    private static readonly byte[] NulInId = Msgpack.Pack("bad load: id contains a null byte", MsgpackDialect.Wire);
    private static readonly byte[] NoCommand = Msgpack.Pack("Some exception handling minion payload", MsgpackDialect.Wire);
    private const int NewestVersion = 3, LongestVersion = 20;
    private readonly TokenChecks _tokens = new();

    public OpenedRequest Open(ReadOnlyMemory<byte> frame)
    {
        Value opened;
        try
        {
            opened = Msgpack.Unpack(frame, MsgpackDialect.Wire);
        }
        catch (MsgpackBroken broken)
        {
            return new Refused(NoMsgpack, $"a frame that is no msgpack: {broken.Message}");
        }
        if (opened is not MapValue envelope || !envelope.Has("enc") || envelope.Get("load") is not { } load) return Bad("a frame that is no envelope");
        if (VersionOf(envelope) is not { } version) return Bad("an envelope without a legal version");
        if (version < settings.MinimumAuthVersion)
            return Bad($"protocol {version}, and minimum_auth_version is {settings.MinimumAuthVersion}", envelope.TextOf("id") ?? (load as MapValue)?.TextOf("id"));
        return envelope.TextOf("enc") switch
        {
            "clear" => OpenClear(load, version),
            "aes" when version >= 3 => OpenSession(envelope, load, version),
            "aes" => OpenEpoch(envelope, load, version),
            _ => Bad("an envelope that is neither clear nor aes"),
        };
    }

    private static OpenedRequest OpenClear(Value load, int version)
    {
        if (CheckLoad(load) is { } refused) return refused;
        var map = (MapValue)load;
        return map.TextOf("cmd") is { } command ? new ClearRequest(command, map, version) : new Refused(NoCommand, "an unsealed load without a command");
    }

    // Up to version 2 all minions share the epoch's key; who sent a request is known only where it brings a token. One that proves nothing
    // is worse than none: somebody uses a name that is not his. The answer is what Salt's handlers give then.
    private OpenedRequest OpenEpoch(MapValue envelope, Value load, int version)
    {
        if (MsgpackBytes.BytesOf(load) is not { } message) return Bad("a sealed load that is no bytes");
        foreach (var epoch in keys.Epochs)
            switch (epoch.TryOpen(message, out var payload))
            {
                case CrypticleResult.WrongKey: continue;
                case CrypticleResult.Opened:
                    if (CheckLoad(payload) is { } refused) return refused;
                    var map = (MapValue)payload;
                    var request = Sealed(envelope, map, version, epoch, ProvenBy(map));
                    return map.Has("tok") && request is SealedRequest { Identity: null } unproven
                        ? new Refused(unproven.SealReply(MapValue.Empty), "a token that the accepted key of its id did not make", map.TextOf("id"))
                        : request;
                default: return Bad("a sealed load that holds no value");
            }
        return Bad("a load that is sealed with another key, as is usual after a rotation");
    }

    private OpenedRequest OpenSession(MapValue envelope, Value load, int version)
    {
        var claimed = envelope.TextOf("id");
        if (!MinionId.TryParse(claimed, out var id)) return Bad("a version 3 envelope without a legal id", claimed);
        if (keys.Session(id) is not { } session) return Bad("a version 3 envelope of an id without an accepted key", claimed);
        if (MsgpackBytes.BytesOf(load) is not { } message || session.TryOpen(message, out var payload) != CrypticleResult.Opened)
            return Bad("a version 3 load that is not sealed with the session key of its id", claimed);
        if (CheckLoad(payload) is { } refused) return refused;
        var map = (MapValue)payload;
        if (IsTooOld(map)) return Bad("a request older than request_server_ttl; clocks may differ", claimed);
        if (map.TextOf("id") != id.Text) return Bad("a version 3 load of another id than its envelope's", claimed);
        if (!Proves(map, id)) return Bad("a version 3 load without a valid token", claimed);
        return Sealed(envelope, map, version, session, id);
    }

    private static OpenedRequest Sealed(MapValue envelope, MapValue load, int version, Crypticle key, MinionId? identity)
    {
        if (load.TextOf("cmd") is not { } command) return new Refused(NoCommand, "a sealed load without a command", identity?.Text);
        return new SealedRequest
        {
            Identity = identity,
            Command = command,
            Load = load.Without("tok"),
            Version = version,
            Nonce = load.TextOf("nonce") is { Length: Crypticle.NonceLength } nonce && nonce.All(char.IsAscii) ? nonce : null,
            Key = key,
            Signature = Schemes.SignatureOf(envelope.TextOf("sig_algo")),
            Encryption = Schemes.EncryptionOf(envelope.TextOf("enc_algo")),
        };
    }

    private MinionId? ProvenBy(MapValue load) => MinionId.TryParse(load.TextOf("id"), out var id) && Proves(load, id) ? id : null;

    private bool Proves(MapValue load, MinionId id) =>
        MsgpackBytes.BytesOf(load.Get("tok")) is { } token && keys.Accepted(id) is { } key && _tokens.Proves(id, key, token.Span);

    private bool IsTooOld(MapValue load)
    {
        if (settings.RequestTtl <= TimeSpan.Zero) return false;
        return load.Get("ts")?.AsNumber() is not { } sent || !(settings.Clock.GetUtcNow().ToUnixTimeSeconds() - sent <= settings.RequestTtl.TotalSeconds);
    }

    private static Refused? CheckLoad(Value load)
    {
        if (load is not MapValue map) return new Refused(NoMap, "a load that is no map");
        return map.Get("id") switch
        {
            null => null,
            TextValue { Text: var id } when id.Contains('\0') => new Refused(NulInId, "an id that contains NUL"),
            TextValue => null,
            var other => new Refused(Msgpack.Pack($"bad load: id {PythonText.Str(other)} is not a string", MsgpackDialect.Wire), "an id that is no text"),
        };
    }

    // A number, or text of digits; other text counts as 0. Absent is 0, too; null is nothing that any peer sends.
    private static int? VersionOf(MapValue envelope) => envelope.Get("version") switch
    {
        null => 0,
        IntegerValue { Number: var n } => Known(n),
        BoolValue { IsTrue: var flag } => flag ? 1 : 0,
        FloatValue { Number: var n } when double.IsFinite(n) => Known(new BigInteger(n)),
        TextValue { Text: var text } => text.Length <= LongestVersion && BigInteger.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? Known(n) : 0,
        BytesValue => 0,
        _ => null,
    };

    private static int Known(BigInteger version) => (int)BigInteger.Clamp(version, 0, NewestVersion);

    private static Refused Bad(string reason, string? claimedId = null) => new(Refused.BadLoad, reason, claimedId);
}
