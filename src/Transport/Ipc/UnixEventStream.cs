using System.Net.Sockets;
using System.Threading.Channels;
using SaltActors.Core.Events;

namespace SaltActors.Transport.Ipc;

/// <summary>A local program that reads a daemon's events.</summary>
public sealed class UnixEventStream : IEventStream
{
    private const int LargestFrame = 64 * 1024 * 1024;
    private readonly Socket _connection;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<SaltEvent> _events = Channel.CreateUnbounded<SaltEvent>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly Task _reading;

    private UnixEventStream(Socket connection)
    {
        _connection = connection;
        _reading = Read();
    }

    /// <exception cref="SocketException">Nobody listens there, or this user may not.</exception>
    public static async Task<UnixEventStream> ConnectAsync(string path, CancellationToken stop) => new(await UnixSockets.ConnectAsync(path, stop).ConfigureAwait(false));

    public ChannelReader<SaltEvent> Events => _events.Reader;

    private async Task Read()
    {
        await EventStreams.ReadAsync(_connection, LargestFrame, @event =>
        {
            _events.Writer.TryWrite(@event);
            return ValueTask.CompletedTask;
        }, () => { }, _stopping.Token).ConfigureAwait(false);
        _events.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        _connection.Dispose();
        await _reading.ConfigureAwait(false);
    }
}

/// <summary>A local program that tells a daemon's bus something.</summary>
public static class UnixEventSender
{
    /// <summary>Writes one event to a daemon's pull socket.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task SendAsync(string pullPath, SaltEvent @event, int maxEventBytes, CancellationToken stop)
    {
        using var socket = await UnixSockets.ConnectAsync(pullPath, stop).ConfigureAwait(false);
        for (ReadOnlyMemory<byte> rest = EventFrames.Encode(@event, maxEventBytes); rest.Length > 0;)
            rest = rest[await socket.SendAsync(rest, stop).ConfigureAwait(false)..];
    }
}

/// <summary>The file <c>publish_pull.ipc</c>: genuine <c>salt</c> looks whether it is there before it publishes. Nothing is sent through ours.</summary>
public sealed class PublishPullMarker : IDisposable
{
    private readonly string _path;
    private readonly Socket _socket;

    private PublishPullMarker(string path, Socket socket) => (_path, _socket) = (path, socket);

    /// <exception cref="PortUnavailable">The socket cannot be made.</exception>
    public static PublishPullMarker Create(string path) => new(path, UnixSockets.Listen(path, 1, isGroupReader: false));

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(_path);
    }
}
