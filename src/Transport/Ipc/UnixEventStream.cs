using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using SaltActors.Core.Events;

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

    private UnixEventStream(Socket socket, EventFrames frames)
    {
        _socket = socket;
        _reading = ReadAsync(frames);
    }

    /// <summary>Connects; everything that is published after this task's end arrives.</summary>
    /// <exception cref="PortUnavailable">No daemon listens there, or this user may not connect.</exception>
    public static async Task<UnixEventStream> ConnectAsync(EndPoint publish, EventFrames frames, CancellationToken stop) =>
        new(await EventSockets.ConnectAsync(publish, stop).ConfigureAwait(false), frames);

    /// <summary>Completed when the daemon goes away; with <see cref="EventStreamBroken"/> where it sent something else than events.</summary>
    public ChannelReader<SaltEvent> Events => _events.Reader;

    private async Task ReadAsync(EventFrames frames)
    {
        using var connection = new NetworkStream(_socket, ownsSocket: true);
        var reader = PipeReader.Create(connection);
        Exception? broken = null;
        try
        {
            await EventPump.RunAsync(reader, frames,
                @event => @event is null ? ValueTask.CompletedTask : _events.Writer.WriteAsync(@event, _stop.Token), _stop.Token).ConfigureAwait(false);
        }
        catch (EventStreamBroken cause)
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
