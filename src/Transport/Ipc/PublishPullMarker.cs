using System.Net.Sockets;

namespace SaltActors.Transport.Ipc;

/// <summary>
/// The file <c>publish_pull.ipc</c>. In genuine Salt workers hand publishes over through it; here nobody does, but Salt's command line
/// refuses to publish where the path does not exist (salt/client/__init__.py, pub()). So the socket is bound, and refuses connections.
/// </summary>
public sealed class PublishPullMarker : IDisposable
{
    private readonly Socket _socket;

    /// <exception cref="PortUnavailable">The path cannot be used, or another daemon listens there.</exception>
    public PublishPullMarker(string path)
    {
        var at = EventSockets.At(path);
        _socket = EventSockets.NewSocket(at);
        try
        {
            EventSockets.Bind(_socket, at, EventPortSettings.OwnerOnly);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Removes the file.</summary>
    public void Dispose() => _socket.Dispose();
}
