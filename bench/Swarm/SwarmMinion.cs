using System.Net;
using System.Net.Sockets;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;

namespace SaltActors.Bench.Swarm;

/// <summary>The master did not do what was asked; the message says who asked what, and what came.</summary>
internal class NotTaken(string message) : Exception(message);

/// <summary>The master no longer knows the keys of this minion's session: it is to sign in and to send again.</summary>
internal sealed class KeysForgotten(string message) : NotTaken(message);

/// <summary>One simulated minion: its id, its session with the master, and its connections.</summary>
/// <remarks>Requests on a kept connection wait for each other; those on fresh ones may overlap.</remarks>
internal sealed class SwarmMinion(ClientIdentity identity, SwarmOptions options) : IDisposable
{
    private readonly SemaphoreSlim _oneInFlight = new(1);
    private Zmtp? _kept;

    public MinionId Id => identity.Id;
    public MasterSession Session { get; private set; } = null!;
    public int PublishPort { get; private set; }

    /// <summary>Signs in, always over a connection of its own, as Salt's minions do.</summary>
    /// <param name="master">The master's key where it is known, as it is to every minion after its first start.</param>
    /// <returns>The master's key.</returns>
    /// <exception cref="NotTaken">The master does not let it in.</exception>
    public async Task<RsaPublicKey> SignInAsync(RsaPublicKey? master, CancellationToken stop)
    {
        var signIn = new SignIn(identity, new MasterTrust(master), options.Protocol, MapValue.Empty);
        var outcome = signIn.Read(await FreshAsync(signIn.Frame, stop).ConfigureAwait(false));
        if (outcome is not SignInOutcome.Accepted accepted) throw new NotTaken($"[{Id}] wants to sign in: {outcome}");
        if (Session is { } before) accepted.Session.Continue(before);
        (Session, PublishPort) = (accepted.Session, accepted.PublishPort ?? 4505);
        return accepted.Master;
    }

    /// <summary>Opens the connection that is kept, where one is to be kept.</summary>
    public async Task ConnectAsync(CancellationToken stop)
    {
        if (options.IsKept) _kept ??= await OpenAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Sends a sealed request, and opens its answer.</summary>
    /// <exception cref="KeysForgotten">The master asks for a sign-in.</exception>
    /// <exception cref="NotTaken">The answer is none, or <c>False</c>.</exception>
    public async Task SendAsync(MapValue load, CancellationToken stop)
    {
        var question = Session.Seal(load, TimeProvider.System);
        var frame = options.IsKept ? await KeptAsync(question.Frame, stop).ConfigureAwait(false) : await FreshAsync(question.Frame, stop).ConfigureAwait(false);
        var reading = Session.OpenReply(question, frame);
        if (reading.Result == SessionResult.NeedsSignIn) throw new KeysForgotten($"[{Id}] sent {load.TextOf("cmd")}: {reading.Reason}");
        if (reading.Result != SessionResult.Opened || reading.Value is BoolValue { IsTrue: false })
            throw new NotTaken($"[{Id}] sent {load.TextOf("cmd")}: {(reading.Result == SessionResult.Opened ? "the master answers False" : reading.Reason)}");
    }

    /// <summary>Stands at the publish port: returns when the master has read the subscription.</summary>
    public async Task<Zmtp> SubscribeAsync(CancellationToken stop)
    {
        var subscription = await Zmtp.OpenAsync(new IPEndPoint(options.Requests.Address, PublishPort), "SUB", Id.Text, stop).ConfigureAwait(false);
        try
        {
            await subscription.SubscribeAsync(stop).ConfigureAwait(false);
            return subscription;
        }
        catch
        {
            subscription.Dispose();
            throw;
        }
    }

    /// <summary>What a minion returns: the fields of Salt 3006's <c>_return</c>, in its order.</summary>
    public MapValue ReturnOf(string jid, string function, Value value, ListValue arguments, bool success = true) => MapValue.Of(
        ("cmd", "_return"), ("id", Id.Text), ("success", success), ("return", value), ("retcode", success ? 0 : 1),
        ("jid", jid), ("fun", function), ("fun_args", arguments));

    /// <summary>An event for the master's bus; version 2 proves with a token who sends it, version 3 in every request.</summary>
    public MapValue EventOf(string tag, MapValue data)
    {
        var load = MapValue.Of(("id", Id.Text), ("cmd", "_minion_event"), ("pretag", Value.Null), ("data", data), ("tag", tag));
        return Session.Version < 3 ? load.With("tok", identity.Token) : load;
    }

    private async Task<ReadOnlyMemory<byte>> FreshAsync(ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        using var connection = await OpenAsync(stop).ConfigureAwait(false);
        return await connection.RequestAsync(body, stop).ConfigureAwait(false);
    }

    private async Task<ReadOnlyMemory<byte>> KeptAsync(ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        await _oneInFlight.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var connection = _kept ??= await OpenAsync(stop).ConfigureAwait(false);
            return await connection.RequestAsync(body, stop).ConfigureAwait(false);
        }
        catch
        {
            // A late reply must not answer the next request.
            _kept?.Dispose();
            _kept = null;
            throw;
        }
        finally
        {
            _oneInFlight.Release();
        }
    }

    private Task<Zmtp> OpenAsync(CancellationToken stop) => Zmtp.OpenAsync(options.Requests, "REQ", "", stop);

    /// <summary>True for what a connection may end with; everything else is our own mistake.</summary>
    public static bool IsExpected(Exception cause) => cause is NotTaken or ZmtpBroken or SocketException or OperationCanceledException;

    public void Dispose()
    {
        _kept?.Dispose();
        _oneInFlight.Dispose();
    }
}
