using System.Collections.Concurrent;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;

namespace SaltActors.Transport.Tests.Envelope;

/// <summary>A master's keys in memory, and its envelope over them.</summary>
internal sealed class WireMaster : IServerKeys
{
    private readonly ConcurrentDictionary<MinionId, (RsaPublicKey Key, Crypticle? Session)> _minions = new();
    private ServerEnvelope? _envelope;

    public RsaKeyPair Pair { get; init; } = Crypto.GoldenKeys.Of("m1_master");
    public Crypticle Epoch { get; set; } = new(Crypticle.NewKeyString());
    public Crypticle? EpochBefore { get; set; }
    public EnvelopeSettings Settings { get; init; } = new() { MinimumAuthVersion = 0 };
    public ServerEnvelope Envelope => _envelope ??= new ServerEnvelope(this, Settings);

    public WireMaster Accept(string id, RsaKeyPair pair, string? session = null)
    {
        _minions[MinionId.Parse(id)] = (pair.Public, new Crypticle(session ?? Crypticle.NewKeyString()));
        return this;
    }

    public void Delete(string id) => _minions.TryRemove(MinionId.Parse(id), out _);

    public IReadOnlyList<Crypticle> Epochs => EpochBefore is { } before ? [Epoch, before] : [Epoch];
    public RsaPublicKey? Accepted(MinionId id) => _minions.TryGetValue(id, out var minion) ? minion.Key : null;
    public Crypticle? Session(MinionId id) => _minions.TryGetValue(id, out var minion) ? minion.Session : null;

    public OpenedRequest Open(ReadOnlyMemory<byte> frame) => Envelope.Open(frame);

    /// <summary>The reply to a sign-in whose key is accepted.</summary>
    public byte[] AnswerSignIn(ReadOnlyMemory<byte> frame, string? pubSignature = null, bool givesSession = true)
    {
        var request = Assert.IsType<ClearRequest>(Open(frame));
        var offer = SignInOffer.Read(request);
        Assert.Null(offer.Refusal);
        Assert.True(RsaPublicKey.TryParse(offer.PublicKey, out var minion));
        var id = MinionId.Parse(offer.Id!);
        var reply = SignInReply.Accepted(offer, minion, Epoch, SignInReply.ProofOf(Pair, Epoch), Session(id) ?? new Crypticle(Crypticle.NewKeyString()), Pair, 4505, pubSignature);
        return request.SignedAuthReply(givesSession ? reply : reply.Without("session"), Pair);
    }

    public byte[] AnswerSignIn(ReadOnlyMemory<byte> frame, Value ret)
    {
        var request = Assert.IsType<ClearRequest>(Open(frame));
        return request.SignedAuthReply(SignInReply.Unaccepted(SignInOffer.Read(request), ret), Pair);
    }

    /// <summary>Signs a minion in for real: both ends of the envelope.</summary>
    public MasterSession SignIn(ClientIdentity identity, int version = 3, bool knowsMaster = true)
    {
        var signIn = new SignIn(identity, new MasterTrust(knowsMaster ? Pair.Public : null), version, MapValue.Empty);
        return Assert.IsType<SignInOutcome.Accepted>(signIn.Read(AnswerSignIn(signIn.Frame))).Session;
    }
}

/// <summary>A clock that stands.</summary>
internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
    public static StandingClock AtUnix(long seconds) => new(DateTimeOffset.FromUnixTimeSeconds(seconds));
}
