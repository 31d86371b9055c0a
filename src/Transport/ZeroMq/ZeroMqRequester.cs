using NetMQ;
using NetMQ.Sockets;

namespace SaltActors.Transport.ZeroMq;

/// <summary>A caller of the request port: a DEALER that sends <c>[empty][body]</c>, as a REQ would, one request at a time.</summary>
/// <remarks>
/// Not a REQ, because NetMQ's closes the connection at every PING of a peer. The connection is kept from request to request; after a
/// request without a reply it is replaced, so that a late reply finds nobody.
/// </remarks>
internal sealed class ZeroMqRequester : IRequester
{
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromMilliseconds(100), ReconnectAtMost = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepaliveIdle = TimeSpan.FromSeconds(300);
    private readonly ZeroMqAddress _address;
    private readonly PortLimits _limits;
    private readonly SharedLoop _loops;
    private readonly PollerLoop _loop;
    private readonly SemaphoreSlim _oneInFlight = new(1);
    private readonly CancellationTokenSource _ended = new();
    // Guarded by the one in flight: where the name led to when the connection was opened.
    private ZeroMqAddress? _resolved;
    // These are touched on the poller's thread alone.
    private DealerSocket? _socket;
    private TaskCompletionSource<ReadOnlyMemory<byte>>? _waiting;
    private int _disposed;

    public ZeroMqRequester(ZeroMqAddress address, PortLimits limits, SharedLoop loops) =>
        (_address, _limits, _loops, _loop) = (address, limits, loops, loops.Enter());

    public async Task<ReadOnlyMemory<byte>> RequestAsync(ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken stop)
    {
        ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(stop, _ended.Token);
        time.CancelAfter(timeout);
        try
        {
            await _oneInFlight.WaitAsync(time.Token).ConfigureAwait(false);
            try
            {
                return await ExchangeAsync(body, time.Token).ConfigureAwait(false);
            }
            finally
            {
                _oneInFlight.Release();
            }
        }
        catch (OperationCanceledException)
        {
            ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);
            stop.ThrowIfCancellationRequested();
            throw new TimeoutException($"no reply from {_address} within {timeout.TotalSeconds:0.###} seconds");
        }
    }

    private async Task<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlyMemory<byte> body, CancellationToken time)
    {
        var reply = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            // A name is looked up for each new connection: a master may have moved.
            var there = _resolved ??= await _address.ResolveAsync(time).ConfigureAwait(false);
            await _loop.Run(poller => Send(poller, there, body, reply)).ConfigureAwait(false);
            return await reply.Task.WaitAsync(time).ConfigureAwait(false);
        }
        catch
        {
            _resolved = null;
            await _loop.Run(Hangup).ConfigureAwait(false);
            throw;
        }
    }

    private void Send(NetMQPoller poller, ZeroMqAddress there, ReadOnlyMemory<byte> body, TaskCompletionSource<ReadOnlyMemory<byte>> reply)
    {
        var socket = _socket ??= Open(poller, there);
        // A second reply to the request before, and whatever else nobody asked for.
        while (Receive(socket, out _)) { }
        _waiting = reply;
        if (!socket.TrySendFrameEmpty(TimeSpan.Zero, more: true) || !Frames.Send(socket, body, more: false))
            throw new PortUnavailable($"{_address} takes no request: the queue to it is full");
    }

    private DealerSocket Open(NetMQPoller poller, ZeroMqAddress there)
    {
        var socket = new DealerSocket();
        var options = socket.Options;
        (options.Linger, options.MaxMsgSize, options.IPv4Only) = (TimeSpan.Zero, _limits.FrameBytes, !there.IsIPv6);
        (options.ReconnectInterval, options.ReconnectIntervalMax) = (ReconnectAfter, ReconnectAtMost);
        (options.TcpKeepalive, options.TcpKeepaliveIdle) = (true, KeepaliveIdle);
        socket.ReceiveReady += (_, _) => OnReceiveReady(socket);
        try
        {
            socket.Connect(there.ToString());
        }
        catch (Exception cause) when (cause is NetMQException or System.Net.Sockets.SocketException)
        {
            socket.Dispose();
            throw _address.Unavailable(cause);
        }
        poller.Add(socket);
        return socket;
    }

    private void OnReceiveReady(DealerSocket socket)
    {
        while (Receive(socket, out var body))
        {
            if (body is null) continue;
            _waiting?.TrySetResult(body);
            _waiting = null;
        }
    }

    /// <param name="body">The body of <c>[empty][body]</c>; null where the message has another shape.</param>
    /// <returns>False where nothing is there.</returns>
    private static bool Receive(DealerSocket socket, out byte[]? body)
    {
        body = null;
        var (frames, wellFormed) = (0, true);
        var frame = new Msg();
        frame.InitEmpty();
        try
        {
            do
            {
                if (!socket.TryReceive(ref frame, TimeSpan.Zero)) return false;
                switch (frames++)
                {
                    case 0: wellFormed = frame.Size == 0; break;
                    case 1 when wellFormed && !frame.HasMore: body = frame.CloneData(); break;
                    default: (wellFormed, body) = (false, null); break;
                }
            }
            while (frame.HasMore);
            return true;
        }
        finally
        {
            frame.Close();
        }
    }

    private void Hangup(NetMQPoller poller)
    {
        _waiting = null;
        if (_socket is null) return;
        poller.RemoveAndDispose(_socket);
        _socket = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _ended.CancelAsync().ConfigureAwait(false);
        // The request in flight has hung up when the semaphore is free.
        await _oneInFlight.WaitAsync().ConfigureAwait(false);
        await _loop.Run(Hangup).ConfigureAwait(false);
        await _loops.LeaveAsync().ConfigureAwait(false);
    }
}
