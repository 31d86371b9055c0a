using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Channels;
using SaltActors.Core.Events;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Ipc;

/// <summary>Where a daemon's event sockets are, and their bounds.</summary>
public sealed record EventPortSettings
{
    /// <summary>The socket that everybody reads: the path of <c>master_event_pub.ipc</c>, or <c>tcp://127.0.0.1:4512</c> under <c>ipc_mode: tcp</c>.</summary>
    public required string PublishPath { get; init; }
    /// <summary>The socket that everybody writes to: the path of <c>master_event_pull.ipc</c>, or <c>tcp://127.0.0.1:4513</c>.</summary>
    public required string PullPath { get; init; }
    /// <summary>Events that may wait for one slow reader before it loses the next.</summary>
    public int QueuedPerReader { get; init; } = 10_000;
    /// <summary>Bytes that may wait for one slow reader, as Salt's <c>ipc_write_buffer</c>.</summary>
    public long QueuedBytesPerReader { get; init; } = 64L * 1024 * 1024;
    /// <summary>Events of local programs that may wait for the daemon before the next are dropped.</summary>
    public int QueuedInbound { get; init; } = 10_000;
    /// <summary>Salt's <c>max_event_size</c>.</summary>
    public int MaxEventBytes { get; init; } = 1048576;
    /// <summary>Lets the group read events (0660, else 0600), for users that <c>publisher_acl</c> or <c>external_auth</c> name.</summary>
    public bool IsGroupReader { get; init; }
}

/// <summary>The event sockets of a daemon, for genuine Salt's programs and ours alike.</summary>
/// <remarks>
/// An event is encoded once, whatever the number of readers. A program that has connected before <see cref="Publish"/> is called gets
/// that event, even where its connection has not been accepted yet: a command connects, publishes a job and must not miss its returns.
/// Bytes on the pull socket that are no frames close their connection and are counted; nobody else notices.
/// </remarks>
public sealed class UnixEventPort : IEventPort
{
    private const int Backlog = 512;
    private static readonly TimeSpan AcceptAgainAfter = TimeSpan.FromMilliseconds(100);
    private readonly EventPortSettings _settings;
    private readonly Socket _publish, _pull;
    private readonly Channel<SaltEvent> _inbound;
    private readonly Lock _gate = new();
    private readonly List<EventReader> _readers = [];
    private readonly HashSet<Task> _connections = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _acceptingReaders, _acceptingWriters;
    private bool _disposed;

    private UnixEventPort(EventPortSettings settings, Socket publish, Socket pull)
    {
        (_settings, _publish, _pull) = (settings, publish, pull);
        _inbound = Channel.CreateBounded<SaltEvent>(settings.QueuedInbound);
        // So that a waiting connection can be taken at once (AcceptWaiting), beside the asynchronous accept.
        _publish.Blocking = false;
        _acceptingReaders = AcceptAsync(_publish, AddReader);
        _acceptingWriters = AcceptAsync(_pull, socket => Track(ReadWriterAsync(socket)));
    }

    /// <exception cref="PortUnavailable">A socket cannot be opened; the message says which, why and what to do.</exception>
    public static UnixEventPort Open(EventPortSettings settings)
    {
        var publish = EventSockets.Listen(settings.PublishPath, settings.IsGroupReader, Backlog);
        try
        {
            return new UnixEventPort(settings, publish, EventSockets.Listen(settings.PullPath, isGroupReader: false, Backlog));
        }
        catch
        {
            publish.Dispose();
            throw;
        }
    }

    /// <summary>Where readers connect, with the real port under <c>ipc_mode: tcp</c>.</summary>
    public string PublishPath => EventSockets.NameOf(_publish, _settings.PublishPath);
    /// <summary>Where writers connect, with the real port under <c>ipc_mode: tcp</c>.</summary>
    public string PullPath => EventSockets.NameOf(_pull, _settings.PullPath);
    public ChannelReader<SaltEvent> Inbound => _inbound.Reader;
    public PortCounters Counters { get; } = new();

    public int Readers
    {
        get
        {
            lock (_gate)
            {
                AcceptWaiting();
                return _readers.Count;
            }
        }
    }

    // What a runner returns is kept nowhere else: cut short, it would be lost to the one who asked.
    private static bool IsRunnerReturn(string tag) => tag.StartsWith("salt/run/", StringComparison.Ordinal) && tag.EndsWith("/ret", StringComparison.Ordinal);

    public void Publish(SaltEvent @event)
    {
        lock (_gate)
        {
            AcceptWaiting();
            if (_readers.Count == 0) return;
        }
        var frame = EventFrames.Encode(@event, IsRunnerReturn(@event.Tag) ? EventFrames.LargestFrameBytes / 2 : _settings.MaxEventBytes);
        lock (_gate)
            foreach (var reader in _readers)
                if (!reader.Offer(frame)) Counters.CountDropped();
    }

    private void AcceptWaiting()
    {
        try
        {
            while (!_disposed && _publish.Poll(0, SelectMode.SelectRead)) AddReader(_publish.Accept());
        }
        catch (SocketException)
        {
            // The other accept was faster, or the peer has gone meanwhile.
        }
    }

    private async Task AcceptAsync(Socket listener, Action<Socket> take)
    {
        while (!_stop.IsCancellationRequested)
            try
            {
                take(await listener.AcceptAsync(_stop.Token).ConfigureAwait(false));
            }
            catch (SocketException)
            {
                // A peer that went away while it waited, or no file descriptors left: those come back, the port stays.
                await Task.Delay(AcceptAgainAfter, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
    }

    private void AddReader(Socket socket)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                socket.Dispose();
                return;
            }
            var reader = new EventReader(socket, _settings.QueuedPerReader, _settings.QueuedBytesPerReader, Counters);
            _readers.Add(reader);
            Track(ServeReaderAsync(reader));
        }
    }

    private async Task ServeReaderAsync(EventReader reader)
    {
        await reader.RunAsync(_stop.Token).ConfigureAwait(false);
        lock (_gate) _readers.Remove(reader);
    }

    private async Task ReadWriterAsync(Socket socket)
    {
        using var connection = new NetworkStream(socket, ownsSocket: true);
        var reader = PipeReader.Create(connection);
        try
        {
            await EventPump.RunAsync(reader, @event =>
            {
                if (@event is null)
                {
                    Counters.CountRefused();
                    return ValueTask.CompletedTask;
                }
                Counters.CountReceived();
                if (!_inbound.Writer.TryWrite(@event)) Counters.CountDropped();
                return ValueTask.CompletedTask;
            }, _stop.Token).ConfigureAwait(false);
        }
        catch (MsgpackBroken)
        {
            Counters.CountRefused();
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException)
        {
            // The program at the other end has gone, or this port closes.
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private void Track(Task connection)
    {
        lock (_gate) _connections.Add(connection);
        connection.ContinueWith(ended =>
        {
            lock (_gate) _connections.Remove(ended);
        }, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }
        await _stop.CancelAsync().ConfigureAwait(false);
        // A bound unix socket takes its file along when it is closed.
        _publish.Dispose();
        _pull.Dispose();
        await Task.WhenAll(_acceptingReaders, _acceptingWriters).ConfigureAwait(false);
        Task[] connections;
        lock (_gate) connections = [.. _connections];
        await Task.WhenAll(connections).ConfigureAwait(false);
        _inbound.Writer.TryComplete();
        _stop.Dispose();
    }
}
