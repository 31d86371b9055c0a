using NetMQ;
using NetMQ.Sockets;

namespace SaltActors.Transport.ZeroMq;

/// <summary>A caller of a request port: DEALER with an empty frame before the body, which a ROUTER takes for a REQ.</summary>
/// <remarks>
/// Never a REQ: the library's drops its connection at each heartbeat. One request is under way at a time; after a timeout the socket is thrown away,
/// so a late reply cannot be taken for the next one's.
/// </remarks>
internal sealed class ZeroMqRequester(SharedPoller poller, string address, PortLimits limits) : IRequester
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private DealerSocket? _socket;
    private TaskCompletionSource<ReadOnlyMemory<byte>>? _waiting;
    private bool _isClosed;

    public async Task<ReadOnlyMemory<byte>> RequestAsync(ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken stop)
    {
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            var reply = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
            poller.Post(() => Send(body, reply));
            try
            {
                return await reply.Task.WaitAsync(timeout, stop).ConfigureAwait(false);
            }
            catch (Exception late) when (late is TimeoutException or OperationCanceledException)
            {
                poller.Post(Forget);
                if (late is TimeoutException) throw new TimeoutException($"{address} did not answer within {timeout.TotalSeconds:0.###} seconds", late);
                throw;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Send(ReadOnlyMemory<byte> body, TaskCompletionSource<ReadOnlyMemory<byte>> reply)
    {
        try
        {
            _waiting = reply;
            _socket ??= Open();
            _socket.SendMoreFrameEmpty().SendFrame(body.ToArray());
        }
        catch (Exception cause)
        {
            reply.TrySetException(cause);   // it belongs to the caller; the poller goes on
        }
    }

    private DealerSocket Open()
    {
        var socket = new DealerSocket();
        Sockets.Limit(socket, limits);
        if (address.Contains('[', StringComparison.Ordinal)) socket.Options.IPv4Only = false;
        socket.Options.ReconnectInterval = TimeSpan.FromMilliseconds(100);
        socket.Options.ReconnectIntervalMax = TimeSpan.FromSeconds(5);
        socket.ReceiveReady += (_, _) => Receive(socket);
        poller.Add(socket);
        socket.Connect(address);
        return socket;
    }

    private void Receive(DealerSocket socket)
    {
        NetMQMessage? message = null;
        while (socket.TryReceiveMultipartMessage(TimeSpan.Zero, ref message, 2))
            if (message!.FrameCount == 2 && message[0].IsEmpty) _waiting?.TrySetResult(message[1].ToByteArray());
    }

    private void Forget()
    {
        _waiting = null;
        if (_socket is null) return;
        poller.RemoveAndDispose(_socket);
        _socket = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isClosed) return;
        _isClosed = true;
        await poller.OnThread(_ =>
        {
            _waiting?.TrySetCanceled();
            Forget();
            return true;
        }).ConfigureAwait(false);
        _turn.Dispose();
    }
}
