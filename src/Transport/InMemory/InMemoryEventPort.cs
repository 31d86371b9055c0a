using System.Threading.Channels;
using SaltActors.Core.Events;

namespace SaltActors.Transport.InMemory;

/// <summary>The event sockets without sockets: <see cref="Connect"/> stands for the one that everybody reads, <see cref="Send"/> for the one that everybody writes to.</summary>
public sealed class InMemoryEventPort(PortLimits limits) : IEventPort
{
    private readonly Lock _gate = new();
    private readonly List<Stream> _readers = [];
    private readonly Channel<SaltEvent> _inbound = Channel.CreateBounded<SaltEvent>(limits.QueuedRequests);
    private bool _disposed;

    public ChannelReader<SaltEvent> Inbound => _inbound.Reader;
    public PortCounters Counters { get; } = new();

    public int Readers
    {
        get { lock (_gate) return _readers.Count; }
    }

    public void Publish(SaltEvent @event)
    {
        lock (_gate)
            foreach (var reader in _readers)
                if (reader.Take(@event)) Counters.CountSent();
                else Counters.CountDropped();
    }

    /// <summary>A reader of all events from now on.</summary>
    public IEventStream Connect()
    {
        var stream = new Stream(this, limits.QueuedPerPeer);
        lock (_gate)
        {
            if (_disposed) throw new PortUnavailable("the in-memory event port is closed: its daemon has ended");
            _readers.Add(stream);
        }
        return stream;
    }

    /// <summary>What a local program does on the socket that everybody writes to.</summary>
    public void Send(SaltEvent @event)
    {
        Counters.CountReceived();
        if (!_inbound.Writer.TryWrite(@event)) Counters.CountDropped();
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var reader in _readers) reader.Complete();
            _readers.Clear();
        }
        _inbound.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    private sealed class Stream(InMemoryEventPort port, int queued) : IEventStream
    {
        private readonly Channel<SaltEvent> _events = Channel.CreateBounded<SaltEvent>(queued);

        public ChannelReader<SaltEvent> Events => _events.Reader;
        public bool Take(SaltEvent @event) => _events.Writer.TryWrite(@event);
        public void Complete() => _events.Writer.TryComplete();

        public ValueTask DisposeAsync()
        {
            lock (port._gate) port._readers.Remove(this);
            Complete();
            return ValueTask.CompletedTask;
        }
    }
}
