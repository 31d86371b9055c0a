using NetMQ;

namespace SaltActors.Transport.ZeroMq;

/// <summary>ZeroMQ on NetMQ: the transport that genuine Salt speaks.</summary>
/// <remarks>
/// Subscribers and requesters of one instance share a poller and its thread; each port of a master has its own.
/// Sockets are touched on their poller's thread alone.
/// </remarks>
public sealed class ZeroMqTransport : ITransport, IDisposable
{
    private readonly Lazy<SharedPoller> _clients = new(() => new SharedPoller());

    public IRequestPort BindRequests(string address, PortLimits limits) => new ZeroMqRequestPort(address, limits);
    public IPublishPort BindPublish(string address, PortLimits limits) => new ZeroMqPublishPort(address, limits);
    public ISubscriber Subscribe(string address, SubscriberSettings settings) => new ZeroMqSubscriber(_clients.Value, address, settings);
    public IRequester Connect(string address, PortLimits limits) => new ZeroMqRequester(_clients.Value, address, limits);

    public void Dispose()
    {
        if (_clients.IsValueCreated) _clients.Value.Dispose();
    }
}

/// <summary>One poller thread that many sockets share. Work for a socket is handed over to it.</summary>
internal sealed class SharedPoller : IDisposable
{
    private readonly NetMQPoller _poller = [];
    private readonly NetMQQueue<Action> _work = new();

    internal SharedPoller()
    {
        _work.ReceiveReady += (_, _) =>
        {
            while (_work.TryDequeue(out var work, TimeSpan.Zero)) work!();
        };
        _poller.Add(_work);
        _poller.RunAsync("salt-zmq", isBackgroundThread: true);
    }

    /// <summary>Runs something on the poller's thread, and tells how it ended.</summary>
    internal Task<T> OnThread<T>(Func<NetMQPoller, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Enqueue(() =>
        {
            try
            {
                done.SetResult(work(_poller));
            }
            catch (Exception cause)
            {
                done.SetException(cause);   // it belongs to the one who asked; the poller goes on
            }
        });
        return done.Task;
    }

    /// <summary>Only on the poller's thread.</summary>
    internal void Add(NetMQSocket socket) => _poller.Add(socket);

    /// <summary>Only on the poller's thread.</summary>
    internal void RemoveAndDispose<T>(T socket) where T : NetMQSocket => _poller.RemoveAndDispose(socket);

    internal void Post(Action work) => _work.Enqueue(work);

    public void Dispose()
    {
        if (_poller.IsRunning) _poller.Stop();
        _poller.Dispose();
        _work.Dispose();
    }
}
