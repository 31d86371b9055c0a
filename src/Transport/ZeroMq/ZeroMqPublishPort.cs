using NetMQ;
using NetMQ.Sockets;

namespace SaltActors.Transport.ZeroMq;

/// <summary>The master's publish port (PUB, 4505). What is handed over goes to every subscriber; a slow one loses messages and delays nobody.</summary>
public sealed class ZeroMqPublishPort : IPublishPort
{
    private readonly PublisherSocket _socket = new();
    private readonly NetMQQueue<PublishMessage> _outbound = new();
    private readonly NetMQPoller _poller;
    private volatile bool _isClosed;

    /// <exception cref="PortUnavailable">The address cannot be bound.</exception>
    public ZeroMqPublishPort(string address, PortLimits limits)
    {
        Sockets.Limit(_socket, limits);
        Address = Sockets.Bind(_socket, address);
        _outbound.ReceiveReady += (_, _) => Send();
        // The socket is in the poller, too: subscriptions arrive on it.
        _poller = [_socket, _outbound];
        _poller.RunAsync("salt-publish", isBackgroundThread: true);
    }

    public string Address { get; }
    public PortCounters Counters { get; } = new();

    public void Publish(PublishMessage message)
    {
        if (!_isClosed) _outbound.Enqueue(message);
    }

    private void Send()
    {
        while (_outbound.TryDequeue(out var message, TimeSpan.Zero))
        {
            if (message.Topic is { } topic) _socket.SendMoreFrame(topic);
            _socket.SendFrame(message.Payload.ToArray());
            Counters.CountSent();
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_isClosed) return ValueTask.CompletedTask;
        _isClosed = true;
        _poller.Stop();
        _poller.Dispose();
        _socket.Dispose();
        _outbound.Dispose();
        return ValueTask.CompletedTask;
    }
}
