using System.Threading.Channels;
using NetMQ;
using NetMQ.Sockets;

namespace SaltActors.Transport.ZeroMq;

/// <summary>The master's request port (ROUTER, 4506). Moves frames between the socket and a channel.</summary>
public sealed class ZeroMqRequestPort : IRequestPort
{
    private const int Parts = 3;   // routing id, empty, body
    private readonly RouterSocket _socket = new();
    private readonly NetMQQueue<(byte[] Peer, ReadOnlyMemory<byte> Body)> _outbound = new();
    private readonly NetMQPoller _poller;
    private readonly Channel<InboundRequest> _inbound;
    private volatile bool _isClosed;

    /// <exception cref="PortUnavailable">The address cannot be bound.</exception>
    public ZeroMqRequestPort(string address, PortLimits limits)
    {
        Sockets.Limit(_socket, limits);
        _socket.Options.RouterMandatory = false;
        Address = Sockets.Bind(_socket, address);
        _inbound = Channel.CreateBounded<InboundRequest>(new BoundedChannelOptions(limits.QueuedRequests) { SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });
        _socket.ReceiveReady += (_, _) => Receive();
        _outbound.ReceiveReady += (_, _) => Send();
        _poller = [_socket, _outbound];
        _poller.RunAsync("salt-requests", isBackgroundThread: true);
    }

    public string Address { get; }
    public ChannelReader<InboundRequest> Requests => _inbound.Reader;
    public PortCounters Counters { get; } = new();

    private void Receive()
    {
        // A few at a time, so that replies are not kept waiting by a flood.
        for (var i = 0; i < 64; i++)
        {
            NetMQMessage? message = null;
            if (!_socket.TryReceiveMultipartMessage(TimeSpan.Zero, ref message, Parts)) return;
            if (message!.FrameCount != Parts || !message[1].IsEmpty)
            {
                Counters.CountRefused();
                continue;
            }
            Counters.CountReceived();
            if (!_inbound.Writer.TryWrite(new Request(this, message[0].ToByteArray(), message[2].ToByteArray()))) Counters.CountDropped();
        }
    }

    private void Send()
    {
        for (var i = 0; i < 64 && _outbound.TryDequeue(out var reply, TimeSpan.Zero); i++)
        {
            var message = new NetMQMessage(Parts);
            message.Append(reply.Peer);
            message.AppendEmptyFrame();
            message.Append(new NetMQFrame(reply.Body.ToArray()));
            if (_socket.TrySendMultipartMessage(TimeSpan.Zero, message)) Counters.CountSent();
            else Counters.CountDropped();   // the peer is gone, or takes nothing
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
        _inbound.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    private sealed class Request(ZeroMqRequestPort port, byte[] peer, byte[] body) : InboundRequest(body)
    {
        private int _isAnswered;

        public override void Reply(ReadOnlyMemory<byte> body)
        {
            if (Interlocked.Exchange(ref _isAnswered, 1) == 0 && !port._isClosed) port._outbound.Enqueue((peer, body));
        }
    }
}
