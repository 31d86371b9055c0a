using System.Collections.Concurrent;
using System.Threading.Channels;

namespace SaltActors.Transport.InMemory;

/// <summary>A whole transport without a socket, for tests: what is bound in one instance can be reached through the same instance.</summary>
public sealed class InMemoryTransport : ITransport
{
    private readonly ConcurrentDictionary<string, RequestPort> _requests = new();
    private readonly ConcurrentDictionary<string, PublishPort> _publishes = new();
    private int _nextPort = 20_000;

    public IRequestPort BindRequests(string address, PortLimits limits) => Bind(_requests, address, a => new RequestPort(this, a, limits));
    public IPublishPort BindPublish(string address, PortLimits limits) => Bind(_publishes, address, a => new PublishPort(this, a, limits));

    public ISubscriber Subscribe(string address, SubscriberSettings settings) => new Subscriber(this, address, settings);
    public IRequester Connect(string address, PortLimits limits) => new Requester(this, address, limits);

    private T Bind<T>(ConcurrentDictionary<string, T> ports, string address, Func<string, T> make)
    {
        var real = address.EndsWith(":0", StringComparison.Ordinal) ? $"{address[..^1]}{Interlocked.Increment(ref _nextPort)}" : address;
        var port = make(real);
        return ports.TryAdd(real, port) ? port : throw new PortUnavailable($"{real} is taken: another port of this transport listens there");
    }

    private sealed class RequestPort(InMemoryTransport home, string address, PortLimits limits) : IRequestPort
    {
        private readonly Channel<InboundRequest> _inbound = Channel.CreateBounded<InboundRequest>(limits.QueuedRequests);
        public string Address => address;
        public ChannelReader<InboundRequest> Requests => _inbound.Reader;
        public PortCounters Counters { get; } = new();

        internal void Take(InboundRequest request)
        {
            if (request.Body.Length > limits.FrameBytes)
            {
                Counters.CountRefused();
                return;
            }
            Counters.CountReceived();
            if (!_inbound.Writer.TryWrite(request)) Counters.CountDropped();
        }

        public ValueTask DisposeAsync()
        {
            home._requests.TryRemove(KeyValuePair.Create(address, this));
            _inbound.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class PublishPort(InMemoryTransport home, string address, PortLimits limits) : IPublishPort
    {
        private readonly ConcurrentDictionary<Subscriber, Channel<PublishMessage>> _subscribers = new();
        public string Address => address;
        public PortCounters Counters { get; } = new();
        internal int QueuedPerPeer => limits.QueuedPerPeer;
        internal void Add(Subscriber subscriber, Channel<PublishMessage> queue) => _subscribers[subscriber] = queue;
        internal void Remove(Subscriber subscriber) => _subscribers.TryRemove(subscriber, out _);

        public void Publish(PublishMessage message)
        {
            Counters.CountSent();
            foreach (var (subscriber, queue) in _subscribers)
                if (subscriber.Wants(message) && !queue.Writer.TryWrite(message)) Counters.CountDropped();
        }

        public ValueTask DisposeAsync()
        {
            home._publishes.TryRemove(KeyValuePair.Create(address, this));
            foreach (var (subscriber, _) in _subscribers) subscriber.Lost();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Subscriber : ISubscriber
    {
        private readonly InMemoryTransport _home;
        private readonly string _address;
        private readonly SubscriberSettings _settings;
        private readonly Channel<PublishMessage> _messages;
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _looking;
        private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private PublishPort? _port;

        internal Subscriber(InMemoryTransport home, string address, SubscriberSettings settings)
        {
            (_home, _address, _settings) = (home, address, settings);
            _messages = Channel.CreateBounded<PublishMessage>(settings.Limits.QueuedPerPeer);
            _looking = Look();
        }

        public ChannelReader<PublishMessage> Messages => _messages.Reader;
        public bool IsConnected => _port is not null;
        public Task ConnectedAsync(CancellationToken stop) => _connected.Task.WaitAsync(stop);
        internal bool Wants(PublishMessage message) => _settings.Topics.Count == 0 || message.Topic is { } topic && _settings.Topics.Contains(topic);

        internal void Lost()
        {
            _port = null;
            _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _lost.TrySetResult();
        }

        private async Task Look()
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            try
            {
                do
                {
                    if (!_home._publishes.TryGetValue(_address, out var port)) continue;
                    _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    port.Add(this, _messages);
                    _port = port;
                    _connected.TrySetResult();
                    await _lost.Task.WaitAsync(_stopping.Token).ConfigureAwait(false);
                }
                while (await pause.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                // The subscriber is closed.
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_stopping.IsCancellationRequested) return;
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _looking.ConfigureAwait(false);
            _port?.Remove(this);
            _messages.Writer.TryComplete();
        }
    }

    private sealed class Requester(InMemoryTransport home, string address, PortLimits limits) : IRequester
    {
        private readonly SemaphoreSlim _turn = new(1, 1);

        public async Task<ReadOnlyMemory<byte>> RequestAsync(ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken stop)
        {
            await _turn.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                var request = new Request(body);
                if (body.Length <= limits.FrameBytes && home._requests.TryGetValue(address, out var port)) port.Take(request);
                return await request.Answer.WaitAsync(timeout, stop).ConfigureAwait(false);
            }
            catch (TimeoutException late)
            {
                throw new TimeoutException($"{address} did not answer within {timeout.TotalSeconds:0.###} seconds", late);
            }
            finally
            {
                _turn.Release();
            }
        }

        public ValueTask DisposeAsync()
        {
            _turn.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Request(ReadOnlyMemory<byte> body) : InboundRequest(body)
    {
        private readonly TaskCompletionSource<ReadOnlyMemory<byte>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        internal Task<ReadOnlyMemory<byte>> Answer => _answer.Task;
        public override void Reply(ReadOnlyMemory<byte> body) => _answer.TrySetResult(body);
    }
}
