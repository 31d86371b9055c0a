using NetMQ;

namespace SaltActors.Transport.ZeroMq;

/// <summary>What every socket of ours is given.</summary>
internal static class Sockets
{
    private static readonly TimeSpan KeepaliveIdle = TimeSpan.FromSeconds(300);

    internal static void Limit(NetMQSocket socket, PortLimits limits)
    {
        socket.Options.MaxMsgSize = limits.FrameBytes;
        socket.Options.SendHighWatermark = limits.QueuedPerPeer;
        socket.Options.ReceiveHighWatermark = limits.QueuedPerPeer;
        socket.Options.Backlog = limits.Backlog;
        socket.Options.Linger = TimeSpan.Zero;
        socket.Options.TcpKeepalive = true;
        socket.Options.TcpKeepaliveIdle = KeepaliveIdle;
    }

    /// <summary>Binds, port 0 taking any free one, and gives the address with the real port.</summary>
    /// <exception cref="PortUnavailable">The address cannot be bound.</exception>
    internal static string Bind(NetMQSocket socket, string address)
    {
        try
        {
            if (address.Contains('[', StringComparison.Ordinal)) socket.Options.IPv4Only = false;
            if (address.EndsWith(":0", StringComparison.Ordinal)) return $"{address[..^2]}:{socket.BindRandomPort(address[..^2])}";
            socket.Bind(address);
            return address;
        }
        catch (Exception cause) when (cause is NetMQException or System.Net.Sockets.SocketException or ArgumentException or FormatException)
        {
            socket.Dispose();
            throw new PortUnavailable(Explain(address, cause), cause);
        }
    }

    private static string Explain(string address, Exception cause)
    {
        var port = address[(address.LastIndexOf(':') + 1)..];
        return cause switch
        {
            AddressAlreadyInUseException => $"{address} is taken: another program listens on port {port}, maybe a master that runs already. See who it is with: ss -ltnp 'sport = :{port}'",
            NetMQException { ErrorCode: ErrorCode.AccessDenied } => $"{address} may not be bound by this user ({cause.Message}). Ports below 1024 need root; Salt's are 4505 and 4506",
            _ => $"{address} cannot be bound: {cause.Message}. 'interface' must be an address of this machine, or 0.0.0.0",
        };
    }
}
