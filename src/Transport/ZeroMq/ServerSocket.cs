using NetMQ;
using NetMQ.Monitoring;

namespace SaltActors.Transport.ZeroMq;

/// <summary>A bound socket with a thread of its own: what the master's two ports have in common.</summary>
internal sealed class ServerSocket<TSocket> : IAsyncDisposable where TSocket : NetMQSocket
{
    private static readonly TimeSpan CloseAtMost = TimeSpan.FromSeconds(2);
    private readonly TSocket _socket;
    private readonly PollerLoop _loop;
    private readonly Task _attached;
    private readonly NetMQMonitor _monitor;
    private readonly ZeroMqAddress _address;
    private readonly TaskCompletionSource _listenerClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    /// <param name="frameBytes">The largest frame that a peer may send.</param>
    /// <param name="attach">Hooks the port's events in, on the poller's thread, before the first of them can fire.</param>
    /// <exception cref="PortUnavailable">The address cannot be bound.</exception>
    public ServerSocket(TSocket socket, string address, PortLimits limits, int frameBytes, string thread, Action<NetMQPoller> attach)
    {
        _socket = socket;
        try
        {
            var wanted = ZeroMqAddress.Parse(address);
            var options = socket.Options;
            (options.Linger, options.Backlog, options.MaxMsgSize) = (TimeSpan.Zero, limits.Backlog, frameBytes);
            (options.SendHighWatermark, options.ReceiveHighWatermark) = (limits.QueuedPerPeer, limits.QueuedPerPeer);
            options.IPv4Only = !wanted.IsIPv6;
            options.TcpKeepalive = true;
            // Told when the listener is really closed: the library closes it later than the socket, and the port stays taken.
            _monitor = new NetMQMonitor(socket, $"inproc://salt-listener-{Guid.NewGuid():N}", SocketEvents.Closed);
            _monitor.Closed += (_, _) => _listenerClosed.TrySetResult();
            try
            {
                socket.Bind(wanted.ToString());
            }
            catch (Exception cause) when (cause is NetMQException or System.Net.Sockets.SocketException)
            {
                _monitor.Dispose();
                throw wanted.Unavailable(cause);
            }
            _address = wanted.WithPortOf(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        _loop = PollerLoop.Start(thread);
        _attached = _loop.Run(poller =>
        {
            _monitor.AttachToPoller(poller);
            attach(poller);
            poller.Add(socket);
        });
    }

    public string Address => _address.ToString();

    /// <summary>Closes the listener and ends the thread. Afterwards the port is free again, and nothing touches the socket any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _attached.ConfigureAwait(false);
        try
        {
            await _loop.Run(_ => _socket.Unbind(_address.NameToUnbind)).ConfigureAwait(false);
            await _listenerClosed.Task.WaitAsync(CloseAtMost).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is TimeoutException or NetMQException)
        {
            // Closing the socket closes the listener too; only the moment is not known then.
        }
        await _loop.Run(_ => _monitor.Dispose()).ConfigureAwait(false);
        await Task.Run(_loop.Dispose).ConfigureAwait(false);
        _socket.Dispose();
    }
}
