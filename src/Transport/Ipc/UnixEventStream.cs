using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Channels;
using SaltActors.Core.Events;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Ipc;

/// <summary>A local program's end of the socket that everybody reads.</summary>
/// <remarks>Where the program does not read <see cref="Events"/>, the stream stops reading the socket, and the daemon drops for it.</remarks>
public sealed class UnixEventStream : IEventStream
{
    private const int Queued = 1000;
    private readonly Socket _socket;
    private readonly Channel<SaltEvent> _events = Channel.CreateBounded<SaltEvent>(Queued);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private int _disposed;

    private UnixEventStream(Socket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>Connects; everything that is published after this task's end arrives.</summary>
    /// <param name="path">The path of a unix socket, or <c>tcp://127.0.0.1:4512</c>.</param>
    /// <exception cref="SocketException">No daemon listens there, or this user may not connect.</exception>
    public static async Task<UnixEventStream> ConnectAsync(string path, CancellationToken stop) =>
        new(await EventSockets.ConnectAsync(path, stop).ConfigureAwait(false));

    /// <summary>Completed when the daemon goes away; with <see cref="MsgpackBroken"/> where it sent something else than events.</summary>
    public ChannelReader<SaltEvent> Events => _events.Reader;

    private async Task ReadAsync()
    {
        using var connection = new NetworkStream(_socket, ownsSocket: true);
        var reader = PipeReader.Create(connection);
        Exception? broken = null;
        try
        {
            await EventPump.RunAsync(reader,
                @event => @event is null ? ValueTask.CompletedTask : _events.Writer.WriteAsync(@event, _stop.Token), _stop.Token).ConfigureAwait(false);
        }
        catch (MsgpackBroken cause)
        {
            broken = cause;
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ChannelClosedException)
        {
            // The daemon has gone, or this stream closes.
        }
        await reader.CompleteAsync().ConfigureAwait(false);
        _events.Writer.TryComplete(broken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _stop.Dispose();
    }
}

/// <summary>A local program that tells a daemon's bus something.</summary>
public static class UnixEventSender
{
    /// <summary>Writes one event to a daemon's pull socket.</summary>
    /// <param name="pullPath">The path of a unix socket, or <c>tcp://127.0.0.1:4513</c>.</param>
    /// <exception cref="SocketException">Nobody listens there, or this user may not connect.</exception>
    public static async Task SendAsync(string pullPath, SaltEvent @event, int maxEventBytes, CancellationToken stop)
    {
        using var socket = await EventSockets.ConnectAsync(pullPath, stop).ConfigureAwait(false);
        for (ReadOnlyMemory<byte> rest = EventFrames.Encode(@event, maxEventBytes); !rest.IsEmpty;)
            rest = rest[await socket.SendAsync(rest, stop).ConfigureAwait(false)..];
    }
}
