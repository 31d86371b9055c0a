using NetMQ;

namespace SaltActors.Transport.ZeroMq;

/// <summary>One thread that owns ZeroMQ sockets. They are touched inside <see cref="Run"/> and their own events, nowhere else.</summary>
internal sealed class PollerLoop : IDisposable
{
    private readonly NetMQPoller _poller = [];
    private readonly Lock _gate = new();
    private bool _closed;

    private PollerLoop() { }

    /// <summary>Starts the thread; it does not keep the process alive.</summary>
    public static PollerLoop Start(string name)
    {
        var loop = new PollerLoop();
        loop._poller.RunAsync(name, isBackgroundThread: true);
        return loop;
    }

    /// <summary>Runs work on the thread. What comes after the task never runs on the thread, so it may block and may dispose the loop.</summary>
    /// <exception cref="ObjectDisposedException">The loop has ended.</exception>
    public Task Run(Action<NetMQPoller> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            new Task(() =>
            {
                try
                {
                    work(_poller);
                    done.SetResult();
                }
                catch (Exception cause)
                {
                    done.SetException(cause);
                }
            }).Start(_poller);
        }
        return done.Task;
    }

    /// <summary>Ends the thread after all work that was handed over before; returns when it has ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
        }
        _poller.Dispose();
    }
}
