using System.Text;
using System.Threading.Channels;
using NetMQ;
using NetMQ.Monitoring;
using NetMQ.Sockets;

namespace SaltActors.Transport.ZeroMq;

/// <summary>A minion's subscription to a publish port (SUB). Reconnects by itself.</summary>
internal sealed class ZeroMqSubscriber : ISubscriber
{
    private const int QueuedMessages = 10_000;
    private static int _monitors;
    private readonly SharedPoller _poller;
    private readonly SubscriberSettings _settings;
    private readonly Channel<PublishMessage> _messages = Channel.CreateBounded<PublishMessage>(
        new BoundedChannelOptions(QueuedMessages) { SingleWriter = true, FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Lock _gate = new();
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<(SubscriberSocket, NetMQMonitor)> _opening;
    private bool _isClosed;

    internal ZeroMqSubscriber(SharedPoller poller, string address, SubscriberSettings settings)
    {
        (_poller, _settings) = (poller, settings);
        _opening = poller.OnThread(p => Open(p, address));
    }

    public ChannelReader<PublishMessage> Messages => _messages.Reader;
    public bool IsConnected { get; private set; }

    public Task ConnectedAsync(CancellationToken stop)
    {
        lock (_gate) return _connected.Task.WaitAsync(stop);
    }

    private (SubscriberSocket, NetMQMonitor) Open(NetMQPoller poller, string address)
    {
        var socket = new SubscriberSocket();
        Sockets.Limit(socket, _settings.Limits);
        if (_settings.Identity.Length > 0) socket.Options.Identity = Encoding.UTF8.GetBytes(_settings.Identity);
        if (address.Contains('[', StringComparison.Ordinal)) socket.Options.IPv4Only = false;
        socket.Options.ReconnectInterval = _settings.ReconnectAfter;
        socket.Options.ReconnectIntervalMax = _settings.ReconnectAtMost;
        if (_settings.Topics.Count == 0) socket.SubscribeToAnyTopic();
        foreach (var topic in _settings.Topics) socket.Subscribe(topic);
        socket.ReceiveReady += (_, _) => Receive(socket);

        var monitor = new NetMQMonitor(socket, $"inproc://salt-subscriber-{Interlocked.Increment(ref _monitors)}", SocketEvents.Connected | SocketEvents.Disconnected);
        monitor.Connected += (_, _) => Connected(true);
        monitor.Disconnected += (_, _) => Connected(false);
        monitor.AttachToPoller(poller);
        poller.Add(socket);
        socket.Connect(address);
        return (socket, monitor);
    }

    private void Connected(bool isConnected)
    {
        lock (_gate)
        {
            IsConnected = isConnected;
            if (isConnected) _connected.TrySetResult();
            else if (_connected.Task.IsCompleted) _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    // One frame, or a topic of ours and a frame; real masters send other things under load, which mean nothing.
    private void Receive(SubscriberSocket socket)
    {
        for (var i = 0; i < 64; i++)
        {
            NetMQMessage? message = null;
            if (!socket.TryReceiveMultipartMessage(TimeSpan.Zero, ref message, 2)) return;
            if (message!.FrameCount == 1) _messages.Writer.TryWrite(new PublishMessage(null, message[0].ToByteArray()));
            else if (message.FrameCount == 2 && message[0].ConvertToString() is var topic && (_settings.Topics.Count == 0 || _settings.Topics.Contains(topic)))
                _messages.Writer.TryWrite(new PublishMessage(topic, message[1].ToByteArray()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isClosed) return;
        _isClosed = true;
        var (socket, monitor) = await _opening.ConfigureAwait(false);
        await _poller.OnThread(p =>
        {
            monitor.DetachFromPoller();
            monitor.Dispose();
            p.RemoveAndDispose(socket);
            return true;
        }).ConfigureAwait(false);
        _messages.Writer.TryComplete();
        lock (_gate) _connected.TrySetCanceled();
    }
}
