using System.Threading.Channels;

namespace SaltActors.Transport.InMemory;

internal sealed class InMemoryRequestPort(string address, PortLimits limits, InMemoryTransport network) : IRequestPort
{
    private readonly Channel<InboundRequest> _requests = Channel.CreateBounded<InboundRequest>(limits.QueuedRequests);
    private int _disposed;

    public string Address => address;
    public ChannelReader<InboundRequest> Requests => _requests.Reader;
    public PortCounters Counters { get; } = new();

    /// <summary>Takes a request, or drops it; a reply comes through the callback, at most once.</summary>
    internal void Take(ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>> reply)
    {
        if (body.Length > limits.FrameBytes)
        {
            Counters.CountRefused();
            return;
        }
        Counters.CountReceived();
        if (!_requests.Writer.TryWrite(new Request(this, body.ToArray(), reply))) Counters.CountDropped();
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            network.Unbind(address);
            _requests.Writer.TryComplete();
        }
        return ValueTask.CompletedTask;
    }

    private sealed class Request(InMemoryRequestPort port, byte[] body, Action<ReadOnlyMemory<byte>> reply) : InboundRequest(body)
    {
        private int _answered;

        public override void Reply(ReadOnlyMemory<byte> body)
        {
            if (Interlocked.Exchange(ref _answered, 1) != 0 || port._disposed != 0) return;
            reply(body.ToArray());
            port.Counters.CountSent();
        }
    }
}

internal sealed class InMemoryRequester(string address, PortLimits limits, InMemoryTransport network) : IRequester
{
    private readonly SemaphoreSlim _oneInFlight = new(1);
    private readonly CancellationTokenSource _ended = new();

    public async Task<ReadOnlyMemory<byte>> RequestAsync(ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken stop)
    {
        ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(stop, _ended.Token);
        time.CancelAfter(timeout);
        try
        {
            await _oneInFlight.WaitAsync(time.Token).ConfigureAwait(false);
            try
            {
                var reply = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
                var port = await network.FindAsync<InMemoryRequestPort>(address, time.Token).ConfigureAwait(false);
                port.Take(body, answer =>
                {
                    // As on a wire: what is too large for this side never arrives.
                    if (answer.Length <= limits.FrameBytes) reply.TrySetResult(answer);
                });
                return await reply.Task.WaitAsync(time.Token).ConfigureAwait(false);
            }
            finally
            {
                _oneInFlight.Release();
            }
        }
        catch (OperationCanceledException)
        {
            ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);
            stop.ThrowIfCancellationRequested();
            throw new TimeoutException($"no reply from {address} within {timeout.TotalSeconds:0.###} seconds");
        }
    }

    public async ValueTask DisposeAsync() => await _ended.CancelAsync().ConfigureAwait(false);
}
