using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using NetMQ;
using NetMQ.Monitoring;
using NetMQ.Sockets;

namespace SaltActors.Transport.ZeroMq;

/// <summary>The minion's end of the publish port (SUB).</summary>
/// <remarks>
/// ZeroMQ does not tell when a subscription has reached the publisher. It travels right behind the handshake, so
/// <see cref="ConnectedAsync"/> waits for the connection and then for some more round trips, measured by how long connecting took.
/// </remarks>
internal sealed class ZeroMqSubscriber : ISubscriber
{
    private const int PerTurn = 256;
    /// <summary>Greeting, mechanism, READY and the subscription itself: round trips after the connection stands, with one to spare.</summary>
    private const int RoundTrips = 4;
    private static readonly TimeSpan SettleAtLeast = TimeSpan.FromMilliseconds(100), SettleAtMost = TimeSpan.FromSeconds(3);
    // Salt's own: tcp_keepalive true, tcp_keepalive_idle 300, the rest as the system has it.
    private static readonly TimeSpan KeepaliveIdle = TimeSpan.FromSeconds(300);

    private readonly SharedLoop _loops;
    private readonly PollerLoop _loop;
    private readonly SubscriberSocket _socket = new();
    private readonly NetMQMonitor _monitor;
    private readonly NetMQTimer _settled = new(SettleAtLeast) { Enable = false };
    private readonly SubscriberSettings _settings;
    private readonly HashSet<string> _topics;
    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<PublishMessage> _messages;
    private readonly Task _started;
    private readonly Lock _gate = new();
    private TaskCompletionSource _stands = NewStands();
    private long _connectingSince = Stopwatch.GetTimestamp();
    private bool _connected;
    private int _disposed;

    public ZeroMqSubscriber(ZeroMqAddress address, SubscriberSettings settings, SharedLoop loops)
    {
        (_settings, _topics) = (settings, [.. settings.Topics]);
        _messages = Channel.CreateBounded<PublishMessage>(new BoundedChannelOptions(settings.Limits.QueuedPerPeer) { SingleWriter = true });
        var options = _socket.Options;
        if (settings.Identity.Length > 0) options.Identity = Encoding.UTF8.GetBytes(settings.Identity);
        (options.Linger, options.MaxMsgSize) = (TimeSpan.Zero, settings.Limits.FrameBytes);
        options.ReceiveHighWatermark = settings.Limits.QueuedPerPeer;
        (options.ReconnectInterval, options.ReconnectIntervalMax) = (settings.ReconnectAfter, settings.ReconnectAtMost);
        (options.TcpKeepalive, options.TcpKeepaliveIdle) = (true, KeepaliveIdle);
        if (_topics.Count == 0) _socket.SubscribeToAnyTopic();
        foreach (var topic in _topics) _socket.Subscribe(Encoding.UTF8.GetBytes(topic));
        _monitor = new NetMQMonitor(_socket, $"inproc://salt-subscriber-{Guid.NewGuid():N}",
            SocketEvents.ConnectDelayed | SocketEvents.Connected | SocketEvents.Disconnected);
        _monitor.ConnectDelayed += (_, _) => _connectingSince = Stopwatch.GetTimestamp();
        _monitor.Connected += (_, _) => OnConnected();
        _monitor.Disconnected += (_, _) => OnDisconnected();
        _settled.Elapsed += (_, _) => OnSettled();
        _socket.ReceiveReady += (_, _) => TakeSome();
        (_loops, _loop) = (loops, loops.Enter());
        _started = StartAsync(address);
    }

    // A name that cannot be looked up yet is tried again, like a master that does not answer yet.
    private async Task StartAsync(ZeroMqAddress address)
    {
        using var pause = new PeriodicTimer(_settings.ReconnectAfter > TimeSpan.Zero ? _settings.ReconnectAfter : SettleAtLeast);
        while (true)
            try
            {
                var there = await address.ResolveAsync(_ended.Token).ConfigureAwait(false);
                await _loop.Run(poller => Connect(poller, there)).ConfigureAwait(false);
                return;
            }
            catch (PortUnavailable)
            {
                await pause.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false);
            }
    }

    private void Connect(NetMQPoller poller, ZeroMqAddress there)
    {
        _socket.Options.IPv4Only = !there.IsIPv6;
        // The monitor must listen first: what happens before is never told.
        _monitor.AttachToPoller(poller);
        poller.Add(_settled);
        poller.Add(_socket);
        _socket.Connect(there.ToString());
    }

    public ChannelReader<PublishMessage> Messages => _messages.Reader;
    public PortCounters Counters { get; } = new();
    public bool IsConnected => Volatile.Read(ref _connected);

    public Task ConnectedAsync(CancellationToken stop)
    {
        lock (_gate) return _stands.Task.WaitAsync(stop);
    }

    private void OnConnected()
    {
        Volatile.Write(ref _connected, true);
        var settle = Stopwatch.GetElapsedTime(_connectingSince) * RoundTrips;
        _settled.Interval = (int)Math.Clamp(settle.TotalMilliseconds, SettleAtLeast.TotalMilliseconds, SettleAtMost.TotalMilliseconds);
        _settled.EnableAndReset();
    }

    private void OnSettled()
    {
        _settled.Enable = false;
        lock (_gate) _stands.TrySetResult();
    }

    private void OnDisconnected()
    {
        Volatile.Write(ref _connected, false);
        _settled.Enable = false;
        lock (_gate)
            if (_stands.Task.IsCompleted) _stands = NewStands();
    }

    private void TakeSome()
    {
        for (var taken = 0; taken < PerTurn; taken++)
            if (!TakeOne()) return;
    }

    private bool TakeOne()
    {
        byte[]? first = null, second = null;
        var frames = 0;
        var frame = new Msg();
        frame.InitEmpty();
        try
        {
            do
            {
                if (!_socket.TryReceive(ref frame, TimeSpan.Zero)) return false;
                if (frames == 0) first = frame.CloneData();
                else if (frames == 1) second = frame.CloneData();
                frames++;
            }
            while (frame.HasMore);
        }
        finally
        {
            frame.Close();
        }
        if (Read(frames, first!, second) is not { } message)
        {
            Counters.CountRefused();
            return true;
        }
        Counters.CountReceived();
        if (!_messages.Writer.TryWrite(message)) Counters.CountDropped();
        return true;
    }

    // A real master under load has been seen to mix up the frames of two messages: what does not fit is dropped without a word.
    private PublishMessage? Read(int frames, byte[] first, byte[]? second)
    {
        if (frames == 1) return new PublishMessage(null, first);
        if (frames != 2) return null;
        var topic = Encoding.UTF8.GetString(first);
        return _topics.Count == 0 || _topics.Contains(topic) ? new PublishMessage(topic, second) : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _ended.CancelAsync().ConfigureAwait(false);
        await _started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _loop.Run(poller =>
        {
            _monitor.Dispose();
            if (_started.IsCompletedSuccessfully)
            {
                poller.Remove(_settled);
                poller.RemoveAndDispose(_socket);
            }
            else
            {
                _socket.Dispose();
            }
        }).ConfigureAwait(false);
        Volatile.Write(ref _connected, false);
        _messages.Writer.TryComplete();
        lock (_gate) _stands.TrySetException(new ObjectDisposedException(nameof(ZeroMqSubscriber)));
        await _loops.LeaveAsync().ConfigureAwait(false);
    }

    private static TaskCompletionSource NewStands() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
