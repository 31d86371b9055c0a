using System.Globalization;

namespace SaltActors.Transport.InMemory;

/// <summary>A whole transport inside one process: the same promises as ZeroMQ's, no sockets. Ports of one instance see each other.</summary>
/// <remarks>What crosses it is copied, so that nobody can lean on sharing bytes with the other side.</remarks>
public sealed class InMemoryTransport : ITransport
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, object> _ports = [];
    private readonly Dictionary<string, List<InMemorySubscriber>> _subscribers = [];
    private TaskCompletionSource _changed = NewChanged();
    private int _nextPort = 40_000;

    public IRequestPort BindRequests(string address, PortLimits limits) =>
        Bind(address, there => new InMemoryRequestPort(there, limits, this));

    public IPublishPort BindPublish(string address, PortLimits limits) =>
        Bind(address, there => new InMemoryPublishPort(there, this));

    public ISubscriber Subscribe(string address, SubscriberSettings settings)
    {
        var subscriber = new InMemorySubscriber(address, settings, this);
        lock (_gate)
        {
            if (!_subscribers.TryGetValue(address, out var there)) _subscribers[address] = there = [];
            there.Add(subscriber);
        }
        return subscriber;
    }

    public IRequester Connect(string address, PortLimits limits) => new InMemoryRequester(address, limits, this);

    private TPort Bind<TPort>(string address, Func<string, TPort> open) where TPort : class
    {
        TaskCompletionSource changed;
        TPort port;
        lock (_gate)
        {
            if (address.EndsWith(":0", StringComparison.Ordinal))
                address = address[..^1] + (_nextPort++).ToString(CultureInfo.InvariantCulture);
            if (_ports.ContainsKey(address))
                throw new PortUnavailable($"{address} cannot be opened: another port of this in-memory transport is bound to it; dispose that one or take port 0");
            _ports[address] = port = open(address);
            (changed, _changed) = (_changed, NewChanged());
        }
        changed.SetResult();
        return port;
    }

    internal void Unbind(string address)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (!_ports.Remove(address)) return;
            (changed, _changed) = (_changed, NewChanged());
        }
        changed.SetResult();
    }

    internal void Forget(InMemorySubscriber subscriber)
    {
        lock (_gate)
            if (_subscribers.TryGetValue(subscriber.Address, out var there)) there.Remove(subscriber);
    }

    internal bool IsPublished(string address)
    {
        lock (_gate) return _ports.GetValueOrDefault(address) is InMemoryPublishPort;
    }

    /// <summary>Gives a message to all subscribers of an address, in one order for all.</summary>
    internal void Deliver(string address, PublishMessage message, Action dropped)
    {
        lock (_gate)
            foreach (var subscriber in _subscribers.GetValueOrDefault(address) ?? [])
                if (!subscriber.Take(message)) dropped();
    }

    /// <summary>Waits until there is a port of this kind at the address; a cancelled wait throws.</summary>
    internal async Task<TPort> FindAsync<TPort>(string address, CancellationToken stop) where TPort : class
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_ports.GetValueOrDefault(address) is TPort port) return port;
                changed = _changed.Task;
            }
            await changed.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewChanged() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
