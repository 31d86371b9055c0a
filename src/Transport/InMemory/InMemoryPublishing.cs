using System.Threading.Channels;

namespace SaltActors.Transport.InMemory;

internal sealed class InMemoryPublishPort(string address, InMemoryTransport network) : IPublishPort
{
    private int _disposed;

    public string Address => address;
    public PortCounters Counters { get; } = new();

    public void Publish(PublishMessage message)
    {
        if (_disposed != 0)
        {
            Counters.CountDropped();
            return;
        }
        network.Deliver(address, message with { Payload = message.Payload.ToArray() }, Counters.CountDropped);
        Counters.CountSent();
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) network.Unbind(address);
        return ValueTask.CompletedTask;
    }
}

internal sealed class InMemorySubscriber(string address, SubscriberSettings settings, InMemoryTransport network) : ISubscriber
{
    private readonly Channel<PublishMessage> _messages = Channel.CreateBounded<PublishMessage>(settings.Limits.QueuedPerPeer);
    private readonly CancellationTokenSource _ended = new();

    public string Address => address;
    public ChannelReader<PublishMessage> Messages => _messages.Reader;
    public PortCounters Counters { get; } = new();
    public bool IsConnected => !_ended.IsCancellationRequested && network.IsPublished(address);

    public async Task ConnectedAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _ended.Token);
        try
        {
            await network.FindAsync<InMemoryPublishPort>(address, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);
            throw;
        }
    }

    /// <returns>False where the queue is full.</returns>
    internal bool Take(PublishMessage message)
    {
        // A subscription is a prefix of the first frame, on the publisher's side; the topic itself is compared on this one.
        if (settings.Topics.Count > 0)
        {
            if (message.Topic is not { } topic) return true;
            if (!settings.Topics.Contains(topic))
            {
                if (settings.Topics.Any(t => topic.StartsWith(t, StringComparison.Ordinal))) Counters.CountRefused();
                return true;
            }
        }
        Counters.CountReceived();
        if (_messages.Writer.TryWrite(message)) return true;
        Counters.CountDropped();
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        network.Forget(this);
        await _ended.CancelAsync().ConfigureAwait(false);
        _messages.Writer.TryComplete();
    }
}
