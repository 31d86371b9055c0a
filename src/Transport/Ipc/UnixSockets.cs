using System.Net.Sockets;

namespace SaltActors.Transport.Ipc;

/// <summary>Making and meeting unix sockets.</summary>
internal static class UnixSockets
{
    // The kernel's sun_path, less its closing NUL.
    private const int LongestPath = 107;

    /// <exception cref="PortUnavailable">The socket cannot be made, or another daemon listens on it.</exception>
    internal static Socket Listen(string path, int backlog, bool isGroupReader)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > LongestPath)
            throw new PortUnavailable($"the socket path {path} is longer than the {LongestPath} bytes that the system allows; set a shorter sock_dir");
        RemoveStale(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | (isGroupReader ? UnixFileMode.GroupRead | UnixFileMode.GroupWrite : UnixFileMode.None));
            socket.Listen(backlog);
            return socket;
        }
        catch (Exception cause) when (cause is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new PortUnavailable($"the socket {path} cannot be made: {cause.Message}. Its folder must exist and belong to the user that runs this", cause);
        }
    }

    internal static async Task<Socket> ConnectAsync(string path, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A file that nobody listens on is left from a daemon that died; one that somebody answers on is his.
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path)) return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }
        throw new PortUnavailable($"another daemon listens on {path} already. Stop it first, or give this one its own sock_dir");
    }
}
