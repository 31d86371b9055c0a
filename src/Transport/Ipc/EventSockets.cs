using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SaltActors.Transport.Ipc;

/// <summary>Opens the sockets of the event bus: a unix socket by its path, or under <c>ipc_mode: tcp</c> a loopback port by <c>tcp://127.0.0.1:4512</c>.</summary>
internal static class EventSockets
{
    // The kernel's sun_path, less its closing NUL.
    private const int LongestPathBytes = 107;
    private const string Tcp = "tcp://";

    /// <summary>Listens. A unix socket has its mode (0600, 0660 for the group) before anybody can connect to it.</summary>
    /// <exception cref="PortUnavailable">Somebody listens there already, or the place cannot be used.</exception>
    public static Socket Listen(string path, bool isGroupReader, int backlog)
    {
        var socket = Bind(path, isGroupReader);
        try
        {
            socket.Listen(backlog);
            return socket;
        }
        catch (SocketException cause)
        {
            socket.Dispose();
            throw Unavailable(path, cause);
        }
    }

    /// <summary>Makes the file of a unix socket, or takes a loopback port, without listening: a connect is refused.</summary>
    /// <exception cref="PortUnavailable">As with <see cref="Listen"/>.</exception>
    public static Socket Bind(string path, bool isGroupReader)
    {
        var at = EndPointOf(path);
        if (at is UnixDomainSocketEndPoint) RemoveStale(path);
        var socket = NewSocket(at);
        try
        {
            socket.Bind(at);
            if (at is UnixDomainSocketEndPoint && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite
                    | (isGroupReader ? UnixFileMode.GroupRead | UnixFileMode.GroupWrite : UnixFileMode.None));
            return socket;
        }
        catch (Exception cause) when (cause is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw Unavailable(path, cause);
        }
    }

    /// <exception cref="SocketException">Nobody listens there, or it may not be opened by this user.</exception>
    public static async Task<Socket> ConnectAsync(string path, CancellationToken stop)
    {
        var to = EndPointOf(path);
        var socket = NewSocket(to);
        try
        {
            await socket.ConnectAsync(to, stop).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What to connect to, with the real port where port 0 was asked for.</summary>
    public static string NameOf(Socket listener, string path) => path.StartsWith(Tcp, StringComparison.Ordinal) ? $"{Tcp}{listener.LocalEndPoint}" : path;

    private static EndPoint EndPointOf(string path)
    {
        if (path.StartsWith(Tcp, StringComparison.Ordinal))
            return IPEndPoint.TryParse(path.AsSpan(Tcp.Length), out var ip) && IPAddress.IsLoopback(ip.Address)
                ? ip
                : throw new PortUnavailable($"event socket {path}: the event bus asks nobody for a password, so it takes loopback addresses alone, as tcp://127.0.0.1:4512");
        var bytes = System.Text.Encoding.UTF8.GetByteCount(path);
        return bytes <= LongestPathBytes
            ? new UnixDomainSocketEndPoint(path)
            : throw new PortUnavailable(string.Create(CultureInfo.InvariantCulture,
                $"event socket {path}: the path has {bytes} bytes, the system takes {LongestPathBytes}; set a shorter sock_dir"));
    }

    private static Socket NewSocket(EndPoint at) => at is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    // A daemon that was killed leaves its socket files behind. One that still listens must not lose them.
    private static void RemoveStale(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) return;
        if (file.Length > 0)
            throw new PortUnavailable($"event socket {path}: there is a file of {file.Length} bytes, expected nothing or a socket; move it away");
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            Delete(file);
            return;
        }
        catch (SocketException cause)
        {
            throw Unavailable(path, cause);
        }
        throw new PortUnavailable($"event socket {path}: another daemon listens on it; stop that one or set another sock_dir");
    }

    private static void Delete(FileInfo file)
    {
        try
        {
            file.Delete();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(file.FullName, cause);
        }
    }

    private static PortUnavailable Unavailable(string path, Exception cause)
    {
        var reason = cause switch
        {
            SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "it is in use; another daemon may be running",
            SocketException { SocketErrorCode: SocketError.AccessDenied } or UnauthorizedAccessException =>
                "no permission; sock_dir must belong to the user that runs the daemon",
            _ when !path.StartsWith(Tcp, StringComparison.Ordinal) && Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder) =>
                $"its folder {folder} does not exist; create it or set sock_dir",
            _ => $"{cause.GetType().Name}: {cause.Message}",
        };
        return new PortUnavailable($"event socket {path} cannot be opened: {reason}", cause);
    }
}
