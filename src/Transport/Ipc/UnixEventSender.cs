using System.Net;
using System.Net.Sockets;
using SaltActors.Core.Events;

namespace SaltActors.Transport.Ipc;

/// <summary>A local program's end of the socket that everybody writes to. Connects when the first event is sent and keeps the connection.</summary>
/// <param name="clock">Gives the <c>_stamp</c> of events that have none.</param>
public sealed class UnixEventSender(EndPoint pull, EventFrames frames, TimeProvider clock) : IAsyncDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private Socket? _socket;
    private bool _disposed;

    /// <summary>Writes one event. Where the daemon was restarted meanwhile, connects anew once.</summary>
    /// <exception cref="PortUnavailable">No daemon listens there, or this user may not connect.</exception>
    public async Task SendAsync(SaltEvent @event, CancellationToken stop)
    {
        var frame = frames.Encode(@event.Stamped(clock));
        await _oneAtATime.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_socket is not null && await TryWriteAsync(_socket, frame, stop).ConfigureAwait(false)) return;
            Hangup();
            _socket = await EventSockets.ConnectAsync(pull, stop).ConfigureAwait(false);
            if (await TryWriteAsync(_socket, frame, stop).ConfigureAwait(false)) return;
            Hangup();
            throw new PortUnavailable($"event socket {pull}: the daemon closed the connection while event '{@event.Tag}' ({frame.Length} bytes) was written");
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<bool> TryWriteAsync(Socket socket, ReadOnlyMemory<byte> frame, CancellationToken stop)
    {
        try
        {
            for (var rest = frame; !rest.IsEmpty;) rest = rest[await socket.SendAsync(rest, stop).ConfigureAwait(false)..];
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            // Half a frame may be written: what came after it on this connection would not be understood.
            Hangup();
            throw;
        }
    }

    private void Hangup()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public async ValueTask DisposeAsync()
    {
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        Hangup();
        _oneAtATime.Release();
    }
}
