using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using SaltActors.Core.Events;

namespace SaltActors.Transport.Ipc;

/// <summary>Where a daemon's event sockets are, and their bounds.</summary>
public sealed record EventPortSettings
{
    public required string PublishPath { get; init; }
    public required string PullPath { get; init; }
    /// <summary>Events that may wait for one slow reader before it loses the next.</summary>
    public int QueuedPerReader { get; init; } = 10_000;
    /// <summary>Salt's <c>max_event_size</c>.</summary>
    public int MaxEventBytes { get; init; } = 1048576;
    /// <summary>Lets the group read events, for users that <c>publisher_acl</c> names.</summary>
    public bool IsGroupReader { get; init; }
}

/// <summary>A daemon's two event sockets: what is written to one is heard by all who read the other.</summary>
/// <remarks>Each reader has a queue and a writer of its own; an event is encoded once for all of them.</remarks>
public sealed class UnixEventPort : IEventPort
{
    private const int Backlog = 512, InboundEvents = 10_000, LargestFrame = 64 * 1024 * 1024;
    private readonly EventPortSettings _settings;
    private readonly Socket _publish, _pull;
    private readonly ConcurrentDictionary<Socket, Channel<ReadOnlyMemory<byte>>> _readers = new();
    private readonly Channel<SaltEvent> _inbound = Channel.CreateBounded<SaltEvent>(new BoundedChannelOptions(InboundEvents) { FullMode = BoundedChannelFullMode.Wait });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    private UnixEventPort(EventPortSettings settings, Socket publish, Socket pull)
    {
        (_settings, _publish, _pull) = (settings, publish, pull);
        _accepting = Task.WhenAll(Accept(publish, Serve), Accept(pull, Take));
    }

    /// <exception cref="PortUnavailable">A socket cannot be made, or another daemon listens on it.</exception>
    public static UnixEventPort Open(EventPortSettings settings)
    {
        var publish = UnixSockets.Listen(settings.PublishPath, Backlog, settings.IsGroupReader);
        try
        {
            return new UnixEventPort(settings, publish, UnixSockets.Listen(settings.PullPath, Backlog, isGroupReader: false));
        }
        catch
        {
            publish.Dispose();
            throw;
        }
    }

    public ChannelReader<SaltEvent> Inbound => _inbound.Reader;
    public int Readers => _readers.Count;
    public PortCounters Counters { get; } = new();

    public void Publish(SaltEvent @event)
    {
        if (_readers.IsEmpty) return;
        ReadOnlyMemory<byte> frame = EventFrames.Encode(@event, _settings.MaxEventBytes);
        foreach (var (_, queue) in _readers)
            if (queue.Writer.TryWrite(frame)) Counters.CountSent();
            else Counters.CountDropped();
    }

    private async Task Accept(Socket listener, Func<Socket, Task> serve)
    {
        try
        {
            while (!_stopping.IsCancellationRequested) _ = serve(await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false));
        }
        catch (Exception cause) when (cause is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The port is closed.
        }
    }

    private async Task Serve(Socket reader)
    {
        var queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(_settings.QueuedPerReader) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _readers[reader] = queue;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        try
        {
            var leaving = UntilClosed(reader, gone);
            await foreach (var frame in queue.Reader.ReadAllAsync(gone.Token).ConfigureAwait(false))
                for (var rest = frame; rest.Length > 0;) rest = rest[await reader.SendAsync(rest, gone.Token).ConfigureAwait(false)..];
            await leaving.ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The reader went away, or the port is closed: nobody misses these bytes.
        }
        finally
        {
            _readers.TryRemove(reader, out _);
            reader.Dispose();
        }
    }

    // A reader says nothing; its end of the line is how we learn that it left.
    private static async Task UntilClosed(Socket reader, CancellationTokenSource gone)
    {
        var ignored = new byte[256];
        try
        {
            while (await reader.ReceiveAsync(ignored.AsMemory(), gone.Token).ConfigureAwait(false) > 0) { }
        }
        catch (Exception cause) when (cause is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Gone, too.
        }
        if (!gone.IsCancellationRequested) await gone.CancelAsync().ConfigureAwait(false);
    }

    private async Task Take(Socket writer)
    {
        using var connection = writer;
        await EventStreams.ReadAsync(connection, LargestFrame, async @event =>
        {
            Counters.CountReceived();
            await _inbound.Writer.WriteAsync(@event, _stopping.Token).ConfigureAwait(false);
        }, Counters.CountRefused, _stopping.Token).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        _publish.Dispose();
        _pull.Dispose();
        await _accepting.ConfigureAwait(false);
        _inbound.Writer.TryComplete();
        File.Delete(_settings.PublishPath);
        File.Delete(_settings.PullPath);
    }
}
