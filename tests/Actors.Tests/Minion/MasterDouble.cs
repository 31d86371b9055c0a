using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.InMemory;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Tests.Minion;

/// <summary>A master of the wire alone: true envelopes over an in-memory transport, and no will of its own.</summary>
internal sealed class MasterDouble : IServerKeys, IAsyncDisposable
{
    public enum Verdict { Accept, Wait, Refuse, Full }

    private static readonly RsaKeyPair FirstPair = RsaKeyPair.Generate();
    private readonly Lock _gate = new();
    private readonly List<(string Command, MapValue Load)> _heard = [];
    private readonly List<byte[]> _published = [];
    private readonly ServerEnvelope _envelope;
    private readonly IRequestPort _requests;
    private readonly IPublishPort _publishes;
    private readonly Task _serving;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RsaPublicKey? _minion;
    private Crypticle _epoch = new(Crypticle.NewKeyString()), _session = new(Crypticle.NewKeyString());
    private long _serial;

    public MasterDouble(InMemoryTransport transport, RsaKeyPair? pair = null, string host = "salt")
    {
        Pair = pair ?? FirstPair;
        _envelope = new ServerEnvelope(this, new EnvelopeSettings { MinimumAuthVersion = 0 });
        _requests = transport.BindRequests($"tcp://{host}:4506", PortLimits.Default);
        _publishes = transport.BindPublish($"tcp://{host}:4505", PortLimits.Default);
        _serving = ServeAsync();
    }

    public RsaKeyPair Pair { get; }
    public Verdict OnSignIn { get; set; } = Verdict.Accept;
    /// <summary>False for a master of before protocol 3.</summary>
    public bool GivesSessions { get; set; } = true;
    /// <summary>Commands that get no answer at all.</summary>
    public HashSet<string> SilentOn { get; } = [];
    /// <summary>Commands that are answered with the text of a handler that failed.</summary>
    public HashSet<string> FailsOn { get; } = [];
    /// <summary>Sign-ins are answered by somebody else, who does not own the master's key.</summary>
    public bool IsForging { get; set; }
    public MapValue Pillar { get; set; } = MapValue.Empty;
    /// <summary>Called for each load, before it is answered.</summary>
    public Action<string, MapValue>? WhenHeard { get; set; }

    IReadOnlyList<Crypticle> IServerKeys.Epochs => [_epoch];
    RsaPublicKey? IServerKeys.Accepted(MinionId id) => _minion;
    Crypticle? IServerKeys.Session(MinionId id) => _minion is null ? null : _session;

    /// <summary>The loads of one command, in the order of arrival.</summary>
    public IReadOnlyList<MapValue> Heard(string command)
    {
        lock (_gate) return [.. _heard.Where(h => h.Command == command).Select(h => h.Load)];
    }

    public IReadOnlyList<string> Commands
    {
        get { lock (_gate) return [.. _heard.Select(h => h.Command)]; }
    }

    /// <summary>Waits for the load of a command that fits, also one that has come already.</summary>
    public async Task<MapValue> Until(string command, Func<MapValue, bool>? fits = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Task news;
            lock (_gate)
            {
                if (_heard.FirstOrDefault(h => h.Command == command && (fits?.Invoke(h.Load) ?? true)) is { Load: { } load }) return load;
                news = _news.Task;
            }
            try
            {
                await news.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"no '{command}' that fits came; heard: {string.Join(", ", Commands.TakeLast(30))}");
            }
        }
    }

    public Task<MapValue> UntilReady() => Until("_minion_event", e => e.TextOf("tag")?.StartsWith("salt/minion/", StringComparison.Ordinal) == true);
    public Task<MapValue> UntilReturned(string jid) => Until("_return", r => r.TextOf("jid") == jid);

    /// <summary>Waits until a command was heard that many times.</summary>
    public async Task UntilCount(string command, int count)
    {
        var seen = 0;
        await Until(command, _ => Heard(command).Count >= count || ++seen < 0);
    }

    /// <summary>A new AES key, as after a restart.</summary>
    public void Rotate() => (_epoch, _serial) = (new Crypticle(Crypticle.NewKeyString()), 0);

    /// <summary>A new session key: requests under the old one are <c>bad load</c>.</summary>
    public void RenewSession() => _session = new Crypticle(Crypticle.NewKeyString());

    public void Publish(string jid, Value function, ListValue? arguments = null, Value? target = null, string targetType = "glob", MapValue? extras = null, bool isSigned = true) =>
        PublishRaw(new PublishSeal(Pair, isSigned, SignatureScheme.Pkcs1Sha1).Seal(MapValue.Of(
            ("fun", function), ("arg", arguments ?? ListValue.Empty), ("tgt", target ?? "*"), ("jid", jid), ("ret", ""), ("tgt_type", targetType), ("user", "root"))
            .Over(extras ?? MapValue.Empty), ++_serial, _epoch));

    public void PublishRaw(byte[] frame)
    {
        lock (_gate) _published.Add(frame);
        _publishes.Publish(new PublishMessage(null, frame));
    }

    /// <summary>Sends the first publish again, byte for byte.</summary>
    public void ReplayFirst() => _publishes.Publish(new PublishMessage(null, _published[0]));

    private async Task ServeAsync()
    {
        await foreach (var request in _requests.Requests.ReadAllAsync())
            if (Answer(_envelope.Open(request.Body)) is { } reply) request.Reply(reply);
    }

    private byte[]? Answer(OpenedRequest opened)
    {
        switch (opened)
        {
            case ClearRequest { Command: "_auth" } clear:
                Note("_auth", clear.Load);
                return SilentOn.Contains("_auth") ? null : SignIn(clear);
            case SealedRequest sealedRequest:
                Note(sealedRequest.Command, sealedRequest.Load);
                if (SilentOn.Contains(sealedRequest.Command)) return null;
                if (FailsOn.Contains(sealedRequest.Command)) return sealedRequest.Failure();
                return sealedRequest.Command == "_pillar" ? sealedRequest.SealPillar(Pillar, _minion!, Pair) : sealedRequest.SealReply(Value.Null);
            case Refused refused:
                Note("refused", MapValue.Of(("reason", refused.Reason)));
                return refused.Reply;
            default:
                return Refused.BadLoad;
        }
    }

    private byte[] SignIn(ClearRequest request)
    {
        var offer = SignInOffer.Read(request);
        if (IsForging) return request.PlainReply(MapValue.Of(("enc", "clear"), ("load", Msgpack.Pack(SignInReply.Unaccepted(offer, false), MsgpackDialect.Wire)), ("sig", new byte[256])));
        if (OnSignIn != Verdict.Accept)
            return request.SignedAuthReply(SignInReply.Unaccepted(offer, OnSignIn switch { Verdict.Wait => SignInReply.Pending, Verdict.Full => SignInReply.Full, _ => SignInReply.Refused }), Pair);
        Assert.True(RsaPublicKey.TryParse(offer.PublicKey, out _minion));
        var reply = SignInReply.Accepted(offer, _minion, _epoch, SignInReply.ProofOf(Pair, _epoch), _session, Pair, 4505, null);
        return request.SignedAuthReply(GivesSessions ? reply : reply.Without("session"), Pair);
    }

    private void Note(string command, MapValue load)
    {
        WhenHeard?.Invoke(command, load);
        lock (_gate)
        {
            _heard.Add((command, load));
            _news.TrySetResult();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _requests.DisposeAsync();
        await _publishes.DisposeAsync();
        await _serving;
    }
}
