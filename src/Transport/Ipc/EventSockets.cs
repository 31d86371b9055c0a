using System.Net;
using System.Net.Sockets;

namespace SaltActors.Transport.Ipc;

/// <summary>Opens the sockets of the event bus: unix sockets, or under <c>ipc_mode: tcp</c> loopback ports.</summary>
internal static class EventSockets
{
    /// <summary>Listens at an end point. A unix socket gets its mode before anybody can connect to it.</summary>
    /// <exception cref="PortUnavailable">Somebody listens there already, or the place cannot be used.</exception>
    public static Socket Listen(EndPoint at, UnixFileMode mode, int backlog)
    {
        var socket = NewSocket(at);
        try
        {
            Bind(socket, at, mode);
            socket.Listen(backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Makes the file of a unix socket, or takes a loopback port, without listening.</summary>
    /// <exception cref="PortUnavailable">As with <see cref="Listen"/>.</exception>
    public static void Bind(Socket socket, EndPoint at, UnixFileMode mode)
    {
        var path = PathOf(at);
        if (path is not null) RemoveStale(path);
        try
        {
            socket.Bind(at);
            // Bound but not listening: a connect is refused, so there is no moment at which the mode is too wide.
            if (path is not null && !OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
        }
        catch (Exception cause) when (cause is SocketException or IOException or UnauthorizedAccessException)
        {
            throw Unavailable(at, cause);
        }
    }

    /// <exception cref="PortUnavailable">Nobody listens there, or it may not be opened by this user.</exception>
    public static async Task<Socket> ConnectAsync(EndPoint to, CancellationToken stop)
    {
        var socket = NewSocket(to);
        try
        {
            await socket.ConnectAsync(to, stop).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException cause)
        {
            socket.Dispose();
            throw new PortUnavailable($"event socket {to}: {cause.SocketErrorCode switch
            {
                SocketError.AccessDenied => "no permission to open it; run as the daemon's user (root)",
                _ => $"nobody answers there ({cause.Message}); is the daemon running, and is sock_dir the same?",
            }}", cause);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The end point of a path that is short enough for a unix socket.</summary>
    /// <exception cref="PortUnavailable">The path is too long for the system.</exception>
    public static UnixDomainSocketEndPoint At(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException cause)
        {
            throw new PortUnavailable($"event socket '{path}': the path has {path.Length} characters, the system takes about 107; set a shorter sock_dir", cause);
        }
    }

    public static Socket NewSocket(EndPoint at) => at switch
    {
        UnixDomainSocketEndPoint => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        IPEndPoint ip when IPAddress.IsLoopback(ip.Address) => new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
        _ => throw new PortUnavailable($"event socket {at}: the event bus has no passwords, so it is a unix socket or a loopback port (127.0.0.1, ::1), found neither"),
    };

    // A daemon that was killed leaves its socket files behind. One that still listens must not lose them.
    private static void RemoveStale(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) return;
        if (file.Length > 0)
            throw new PortUnavailable($"event socket '{path}': there is a file of {file.Length} bytes, expected nothing or a socket; move it away");
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            file.Delete();
            return;
        }
        catch (SocketException cause)
        {
            throw Unavailable(new UnixDomainSocketEndPoint(path), cause);
        }
        throw new PortUnavailable($"event socket '{path}': another daemon listens on it; stop that one or set another sock_dir");
    }

    private static string? PathOf(EndPoint at) => at is UnixDomainSocketEndPoint ? at.ToString() : null;

    private static PortUnavailable Unavailable(EndPoint at, Exception cause)
    {
        var reason = cause switch
        {
            SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "it is in use; another daemon may have started at the same time",
            SocketException { SocketErrorCode: SocketError.AccessDenied } or UnauthorizedAccessException =>
                "no permission; sock_dir must belong to the user that runs the daemon",
            _ when PathOf(at) is { } path && Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder) =>
                $"its folder '{folder}' does not exist; create it or set sock_dir",
            _ => $"{cause.GetType().Name}: {cause.Message}",
        };
        return new PortUnavailable($"event socket {at} cannot be opened: {reason}", cause);
    }
}
