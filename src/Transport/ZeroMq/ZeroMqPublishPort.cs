using System.Text;
using NetMQ;
using NetMQ.Sockets;

namespace SaltActors.Transport.ZeroMq;

/// <summary>The master's publish port (PUB, 4505): one frame a message, or <c>[topic][payload]</c>.</summary>
/// <remarks>
/// The socket is an XPUB, which to subscribers is the same: a plain PUB of this library keeps everything that a peer sends and is not
/// a subscription, for ever. Here it is read, counted and forgotten. A subscriber that does not read loses what exceeds
/// <see cref="PortLimits.QueuedPerPeer"/>; the library does not say how much, so that is not counted.
/// </remarks>
internal sealed class ZeroMqPublishPort : IPublishPort
{
    /// <summary>The longest frame a subscriber may send. A topic of Salt has 40 bytes; the library walks a topic by recursion.</summary>
    private const int SubscriptionBytes = 1024;
    private readonly XPublisherSocket _socket = new();
    private readonly Outbox<PublishMessage> _messages;
    private readonly ServerSocket<XPublisherSocket> _server;

    /// <exception cref="PortUnavailable">The address cannot be bound.</exception>
    public ZeroMqPublishPort(string address, PortLimits limits)
    {
        _messages = new Outbox<PublishMessage>(limits.QueuedRequests, Send);
        _server = new ServerSocket<XPublisherSocket>(_socket, address, limits, Math.Min(SubscriptionBytes, limits.FrameBytes), "salt-publish", poller =>
        {
            _messages.AttachTo(poller);
            _socket.ReceiveReady += (_, _) => ForgetSubscriptions();
        });
    }

    public string Address => _server.Address;
    public PortCounters Counters { get; } = new();

    public void Publish(PublishMessage message)
    {
        if (!_messages.Offer(message)) Counters.CountDropped();
    }

    private void Send(PublishMessage message)
    {
        if (message.Topic is { } topic) Frames.Send(_socket, Encoding.UTF8.GetBytes(topic), more: true);
        Frames.Send(_socket, message.Payload, more: false);
        Counters.CountSent();
    }

    private void ForgetSubscriptions()
    {
        var frame = new Msg();
        frame.InitEmpty();
        while (_socket.TryReceive(ref frame, TimeSpan.Zero))
            if (frame.Size == 0 || frame[0] > 1) Counters.CountRefused();
        frame.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        _messages.Dispose();
    }
}
