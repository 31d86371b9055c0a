using System.Threading.Channels;
using SaltActors.Core.Events;
using SaltActors.Core.Values;
using SaltActors.Transport;
using SaltActors.Transport.Ipc;
using SaltActors.Transport.Payload;

namespace SaltActors.Client.Link;

/// <summary>Where a master on this machine is found, from its configuration.</summary>
/// <param name="User">The name that jobs carry: the caller's, or <c>sudo_&lt;name&gt;</c>.</param>
public sealed record MasterAddress(string RequestAddress, string EventSocket, string KeyFile, string User)
{
    public static MasterAddress From(MapValue options, string caller)
    {
        var host = options.TextOf("interface") ?? "0.0.0.0";
        var reachable = host switch { "0.0.0.0" => "127.0.0.1", "::" => "[::1]", _ => host.Contains(':') && host[0] != '[' ? $"[{host}]" : host };
        var masterUser = options.TextOf("user") ?? "root";
        return new MasterAddress(
            $"tcp://{reachable}:{options.Get("ret_port")?.AsInteger() ?? 4506}",
            Path.Combine(options.TextOf("sock_dir") ?? "/var/run/salt/master", "master_event_pub.ipc"),
            Path.Combine(options.TextOf("cachedir") ?? "/var/cache/salt/master", $".{(caller.StartsWith("sudo_", StringComparison.Ordinal) || caller == "root" ? masterUser : caller)}_key"),
            caller);
    }
}

/// <summary>The link over real sockets.</summary>
public sealed class MasterLink : IMasterLink
{
    // What we say of ourselves on clear commands: a master with the usual floor answers no less.
    private const int Version = 3;
    private readonly MasterAddress _address;
    private readonly IRequester _requester;
    private readonly IEventStream _events;
    private readonly MapValue _login;

    private MasterLink(MasterAddress address, IRequester requester, IEventStream events, MapValue login) => (_address, _requester, _events, _login) = (address, requester, events, login);

    /// <summary>Opens a link that proves itself by the master's local key.</summary>
    /// <exception cref="MasterUnreachable">No master listens.</exception>
    public static Task<MasterLink> OpenAsync(ITransport transport, MasterAddress address, CancellationToken stop) => OpenAsync(transport, address, MapValue.Empty, stop);

    /// <summary>Opens the event socket first: what happens after the first question is not missed.</summary>
    /// <param name="login">What proves who asks, instead of the master's local key: <c>token</c>, or <c>eauth</c>, <c>username</c> and <c>password</c>; empty for the key.</param>
    /// <exception cref="MasterUnreachable">No master listens.</exception>
    public static async Task<MasterLink> OpenAsync(ITransport transport, MasterAddress address, MapValue login, CancellationToken stop)
    {
        IEventStream events;
        try
        {
            events = await UnixEventStream.ConnectAsync(address.EventSocket, stop).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is System.Net.Sockets.SocketException or IOException or UnauthorizedAccessException)
        {
            throw new MasterUnreachable($"The salt master could not be contacted. Is master running? (no master listens on {address.EventSocket}: {cause.Message})", cause);
        }
        return new MasterLink(address, transport.Connect(address.RequestAddress, PortLimits.Default), events, login);
    }

    /// <summary>True where the master's local key may be read: its owner needs no login.</summary>
    public static bool HasKey(MasterAddress address)
    {
        try
        {
            using var key = File.OpenRead(address.KeyFile);
            return true;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public ChannelReader<SaltEvent> Events => _events.Events;

    public async Task<Value> AskAsync(MapValue load, TimeSpan timeout, CancellationToken stop)
    {
        var full = Proven(load).With("user", _address.User);
        var envelope = MapValue.Of(("enc", "clear"), ("load", full), ("version", Version));
        try
        {
            var reply = await _requester.RequestAsync(Msgpack.Pack(envelope, MsgpackDialect.Wire), timeout, stop).ConfigureAwait(false);
            return Msgpack.Unpack(reply, MsgpackDialect.Wire);
        }
        catch (TimeoutException cause)
        {
            throw new MasterUnreachable($"The salt master did not answer on {_address.RequestAddress} within {timeout.TotalSeconds:0.#} seconds. Is it overloaded? A longer --timeout may help.", cause);
        }
        catch (MsgpackBroken cause)
        {
            throw new MasterUnreachable($"What answered on {_address.RequestAddress} is no salt master: {cause.Message}", cause);
        }
    }

    // A publish carries its proof among its keywords, every other command beside its own fields.
    private MapValue Proven(MapValue load) => _login.Count == 0 ? load.With("key", ReadKey())
        : load.TextOf("cmd") == "publish" ? load.With("kwargs", load.MapOf("kwargs").Over(_login)) : load.Over(_login);

    private string ReadKey()
    {
        try
        {
            return File.ReadAllText(_address.KeyFile).Trim();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new LocalKeyUnreadable($"The local key {_address.KeyFile} cannot be read ({cause.Message}). Run as the master's user, and see that the master runs with this configuration.", cause);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _requester.DisposeAsync().ConfigureAwait(false);
        await _events.DisposeAsync().ConfigureAwait(false);
    }
}
