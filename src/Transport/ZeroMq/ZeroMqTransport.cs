namespace SaltActors.Transport.ZeroMq;

/// <summary>Salt's own transport, ZeroMQ over TCP (ZMTP 3, no encryption of its own), on NetMQ.</summary>
/// <remarks>
/// Each bound port has a thread of its own; all subscribers and requesters of one instance share another one, which lives as long as
/// the first and the last of them. Where the whole process uses no ZeroMQ any more, the host calls <c>NetMQConfig.Cleanup(false)</c>.
/// </remarks>
public sealed class ZeroMqTransport : ITransport, IDisposable
{
    private readonly SharedLoop _clients = new("salt-zeromq");

    public IRequestPort BindRequests(string address, PortLimits limits) => new ZeroMqRequestPort(address, limits);

    public IPublishPort BindPublish(string address, PortLimits limits) => new ZeroMqPublishPort(address, limits);

    /// <exception cref="PortUnavailable">The address is none. One that cannot be reached or looked up is tried again and again.</exception>
    public ISubscriber Subscribe(string address, SubscriberSettings settings) =>
        new ZeroMqSubscriber(ZeroMqAddress.Parse(address), settings, _clients);

    /// <exception cref="PortUnavailable">The address is none.</exception>
    public IRequester Connect(string address, PortLimits limits) => new ZeroMqRequester(ZeroMqAddress.Parse(address), limits, _clients);

    /// <summary>Refuses new subscribers and requesters. Those that are there stay; their thread ends with the last of them.</summary>
    public void Dispose() => _clients.Dispose();
}

/// <summary>A poller thread that several sockets share: it starts with the first of them and ends with the last.</summary>
internal sealed class SharedLoop(string thread) : IDisposable
{
    private readonly Lock _gate = new();
    private PollerLoop? _loop;
    private int _users;
    private bool _disposed;

    public PollerLoop Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _users++;
            return _loop ??= PollerLoop.Start(thread);
        }
    }

    /// <summary>To be called once per <see cref="Enter"/>, after the user's sockets have been removed from the loop.</summary>
    public async ValueTask LeaveAsync()
    {
        PollerLoop ended;
        lock (_gate)
        {
            if (--_users > 0) return;
            (ended, _loop) = (_loop!, null);
        }
        await Task.Run(ended.Dispose).ConfigureAwait(false);
    }

    public void Dispose()
    {
        lock (_gate) _disposed = true;
    }
}
