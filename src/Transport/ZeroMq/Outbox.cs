using System.Collections.Concurrent;
using NetMQ;

namespace SaltActors.Transport.ZeroMq;

/// <summary>The way from any thread to the thread of a socket: bounded, in order, never blocking.</summary>
/// <param name="capacity">Items that may wait; the next ones are refused.</param>
/// <param name="send">Called on the poller's thread with each item.</param>
internal sealed class Outbox<T>(int capacity, Action<T> send) : IDisposable
{
    /// <summary>Items that are sent before the poller looks at its other sockets again.</summary>
    private const int PerTurn = 256;
    private readonly ConcurrentQueue<T> _items = new();
    // The items go through our own queue: a bell for a batch is far cheaper than a ZeroMQ message for each.
    private NetMQQueue<bool>? _bell;
    private readonly Lock _gate = new();
    private int _waiting;
    private bool _rung, _closed;

    /// <summary>To be called on the poller's thread; what was offered before is sent from now on.</summary>
    public void AttachTo(NetMQPoller poller)
    {
        var bell = new NetMQQueue<bool>();
        bell.ReceiveReady += (_, _) => OnBell(bell);
        poller.Add(bell);
        bell.Enqueue(true);
        lock (_gate) _bell = bell;
    }

    /// <returns>False where the outbox is full or closed; the item is not sent.</returns>
    public bool Offer(T item)
    {
        if (Interlocked.Increment(ref _waiting) > capacity || Volatile.Read(ref _closed))
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }
        _items.Enqueue(item);
        Ring();
        return true;
    }

    private void Ring()
    {
        if (Interlocked.Exchange(ref _rung, true)) return;
        lock (_gate)
            if (!_closed) _bell?.Enqueue(true);
    }

    private void OnBell(NetMQQueue<bool> bell)
    {
        bell.TryDequeue(out _, TimeSpan.Zero);
        // Before the items are taken: what is enqueued after this line rings again.
        Interlocked.Exchange(ref _rung, false);
        for (var sent = 0; sent < PerTurn; sent++)
        {
            if (!_items.TryDequeue(out var item)) return;
            Interlocked.Decrement(ref _waiting);
            send(item);
        }
        Ring();
    }

    /// <summary>To be called once the poller has ended. What still waits is dropped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
        }
        _bell?.Dispose();
    }
}
