using System.Threading.Channels;
using NetMQ;
using NetMQ.Sockets;

namespace SaltActors.Transport.ZeroMq;

/// <summary>The master's request port (ROUTER, 4506). Moves <c>[routing id][empty][body]</c> between the socket and a channel.</summary>
/// <remarks>
/// Messages of another shape are refused and counted. A request that comes while <see cref="PortLimits.QueuedRequests"/> wait is
/// dropped and counted: its sender asks again after its own timeout.
/// </remarks>
internal sealed class ZeroMqRequestPort : IRequestPort
{
    /// <summary>Requests that are taken before replies get their turn.</summary>
    private const int PerTurn = 256;
    private readonly RouterSocket _socket = new();
    private readonly Channel<InboundRequest> _requests;
    private readonly Outbox<(byte[] Route, ReadOnlyMemory<byte> Body)> _replies;
    private readonly ServerSocket<RouterSocket> _server;

    /// <exception cref="PortUnavailable">The address cannot be bound.</exception>
    public ZeroMqRequestPort(string address, PortLimits limits)
    {
        _requests = Channel.CreateBounded<InboundRequest>(new BoundedChannelOptions(limits.QueuedRequests) { SingleWriter = true });
        // Requests that wait and requests that are being answered: each has one reply at most.
        _replies = new Outbox<(byte[] Route, ReadOnlyMemory<byte> Body)>(limits.QueuedRequests * 2, reply => Send(reply.Route, reply.Body));
        _server = new ServerSocket<RouterSocket>(_socket, address, limits, limits.FrameBytes, "salt-requests", poller =>
        {
            _replies.AttachTo(poller);
            _socket.ReceiveReady += (_, _) => TakeSome();
        });
    }

    public string Address => _server.Address;
    public ChannelReader<InboundRequest> Requests => _requests.Reader;
    public PortCounters Counters { get; } = new();

    private void TakeSome()
    {
        for (var taken = 0; taken < PerTurn; taken++)
            if (!TakeOne()) return;
    }

    private bool TakeOne()
    {
        byte[]? route = null, body = null;
        var (frames, wellFormed) = (0, true);
        var frame = new Msg();
        frame.InitEmpty();
        try
        {
            do
            {
                // All frames of a message are there when the first one is; false means that there is no message.
                if (!_socket.TryReceive(ref frame, TimeSpan.Zero)) return false;
                switch (frames++)
                {
                    case 0: route = frame.CloneData(); break;
                    case 1: wellFormed = frame.Size == 0; break;
                    case 2 when wellFormed && !frame.HasMore: body = frame.CloneData(); break;
                    default: wellFormed = false; break;
                }
            }
            while (frame.HasMore);
        }
        finally
        {
            frame.Close();
        }
        if (!wellFormed || route is null || body is null)
        {
            Counters.CountRefused();
            return true;
        }
        Counters.CountReceived();
        if (!_requests.Writer.TryWrite(new ZeroMqRequest(this, route, body))) Counters.CountDropped();
        return true;
    }

    private void Send(byte[] route, ReadOnlyMemory<byte> body)
    {
        // A peer that has gone meanwhile is no error: the socket drops what cannot be delivered.
        _socket.SendMoreFrame(route).SendMoreFrameEmpty();
        Frames.Send(_socket, body, more: false);
        Counters.CountSent();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        _replies.Dispose();
        _requests.Writer.TryComplete();
    }

    private sealed class ZeroMqRequest(ZeroMqRequestPort port, byte[] route, byte[] body) : InboundRequest(body)
    {
        private int _answered;

        public override void Reply(ReadOnlyMemory<byte> body)
        {
            if (Interlocked.Exchange(ref _answered, 1) != 0) return;
            if (!port._replies.Offer((route, body))) port.Counters.CountDropped();
        }
    }
}
