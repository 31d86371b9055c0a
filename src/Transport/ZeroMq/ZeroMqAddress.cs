using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NetMQ;

namespace SaltActors.Transport.ZeroMq;

/// <summary>An address of a ZeroMQ port, <c>tcp://host:port</c>; an IPv6 host stands in brackets, <c>*</c> is every interface.</summary>
internal sealed record ZeroMqAddress(string Host, int Port)
{
    private const string Scheme = "tcp://";
    private const string Expected = "expected tcp://host:port, as tcp://0.0.0.0:4506 or tcp://[::1]:4506";

    public bool IsIPv6 => Host.StartsWith('[');

    public override string ToString() => $"{Scheme}{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <exception cref="PortUnavailable">The text is no address; the message says what is wrong with it.</exception>
    public static ZeroMqAddress Parse(string address)
    {
        if (!address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new PortUnavailable($"'{address}' is no address of a ZeroMQ port: {Expected}");
        var place = address[Scheme.Length..];
        if (place.Contains(';'))
            throw new PortUnavailable($"'{address}': a source address (source;destination) is not supported on this transport, give the destination alone");
        var colon = place.LastIndexOf(':');
        var host = colon < 0 ? "" : place[..colon];
        if (host.Length == 0 || host.Contains('[') != host.Contains(']') || (host.Contains(':') && !(host[0] == '[' && host[^1] == ']')))
            throw new PortUnavailable($"'{address}' is no address of a ZeroMQ port: {Expected}");
        if (!int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > ushort.MaxValue)
            throw new PortUnavailable($"'{address}': found port '{place[(colon + 1)..]}', expected a number from 0 to 65535");
        return new ZeroMqAddress(host, port);
    }

    /// <summary>The address with the host's name looked up; IPv4 comes first where it has both.</summary>
    /// <exception cref="PortUnavailable">The name cannot be resolved.</exception>
    public async Task<ZeroMqAddress> ResolveAsync(CancellationToken stop)
    {
        if (Host == "*" || IPAddress.TryParse(Host.Trim('[', ']'), out _)) return this;
        try
        {
            var found = await Dns.GetHostAddressesAsync(Host, stop).ConfigureAwait(false);
            var best = found.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? found.FirstOrDefault()
                ?? throw new SocketException((int)SocketError.NoData);
            return this with { Host = best.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{best}]" : best.ToString() };
        }
        catch (SocketException cause)
        {
            throw Unavailable(cause);
        }
    }

    /// <summary>The same host with the port that the system gave, read from a bound socket.</summary>
    public ZeroMqAddress WithPortOf(NetMQSocket bound)
    {
        // The library prints an IPv6 host wrongly, so only the port is taken from it.
        var there = bound.Options.LastEndpoint ?? ToString();
        return this with { Port = int.Parse(there.AsSpan(there.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture) };
    }

    /// <summary>The name under which the library files a bound address; it cuts at the first colon, an IPv6 host too.</summary>
    public string NameToUnbind => $"{Scheme}{Host.Split(':')[0]}:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Says in words why an address could not be bound or connected, and what to do.</summary>
    public PortUnavailable Unavailable(Exception cause)
    {
        var error = (cause as SocketException ?? cause.InnerException as SocketException)?.SocketErrorCode;
        var port = Port.ToString(CultureInfo.InvariantCulture);
        var reason = (cause, error) switch
        {
            (AddressAlreadyInUseException, _) or (_, SocketError.AddressAlreadyInUse) =>
                $"port {port} is already in use; `ss -ltnp 'sport = :{port}'` (Windows: `netstat -ano | findstr :{port}`) shows which program holds it",
            (_, SocketError.AccessDenied) =>
                $"no permission to listen on port {port}; ports below 1024 need root or the capability CAP_NET_BIND_SERVICE",
            (_, SocketError.AddressNotAvailable) or (NetMQException { ErrorCode: ErrorCode.AddressNotAvailable }, _) =>
                $"this machine has no address {Host}; `ip address` lists the ones it has, 0.0.0.0 or [::] takes all",
            (_, SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData) =>
                $"the name '{Host}' cannot be resolved; check the spelling and the name server",
            (_, SocketError.AddressFamilyNotSupported) or (_, SocketError.ProtocolFamilyNotSupported) =>
                $"this machine does not speak {(IsIPv6 ? "IPv6" : "IPv4")}; use an address of the other family",
            (NetMQException { ErrorCode: ErrorCode.AccessDenied }, _) =>
                $"no permission to listen on port {port}; ports below 1024 need root or the capability CAP_NET_BIND_SERVICE",
            _ => $"{cause.GetType().Name}: {cause.Message}",
        };
        return new PortUnavailable($"{this} cannot be opened: {reason}", cause);
    }
}
