using System.Net.Sockets;

namespace SaltActors.Transport.Ipc;

/// <summary>
/// The file <c>publish_pull.ipc</c>. In genuine Salt workers hand publishes over through it; here nobody does, but Salt's command line
/// refuses to publish where the path does not exist (salt/client/__init__.py, pub()). So the socket is bound, and refuses connections.
/// </summary>
public sealed class PublishPullMarker : IDisposable
{
    private readonly Socket _socket;

    private PublishPullMarker(Socket socket) => _socket = socket;

    /// <exception cref="PortUnavailable">The path cannot be used, or another daemon listens there.</exception>
    public static PublishPullMarker Create(string path) => new(EventSockets.Bind(path, isGroupReader: false));

    /// <summary>Removes the file: a bound unix socket takes it along when it is closed.</summary>
    public void Dispose() => _socket.Dispose();
}
