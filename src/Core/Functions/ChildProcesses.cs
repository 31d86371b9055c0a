using System.Collections.Concurrent;

namespace SaltActors.Core.Functions;

/// <summary>The programs that jobs have started and that still run, so that a job that is ended takes them along.</summary>
public sealed class ChildProcesses
{
    private readonly ConcurrentDictionary<Child, string> _running = new();

    /// <summary>Keeps a program until the answer is disposed.</summary>
    /// <param name="jid">The job that started it; empty where no job did.</param>
    /// <param name="signal">Sends a signal to the program and all that it started.</param>
    public IDisposable Track(string jid, Action<int> signal)
    {
        var child = new Child(this, signal);
        _running[child] = jid;
        return child;
    }

    /// <summary>Sends a signal to every program of one job.</summary>
    /// <returns>How many programs it went to.</returns>
    public int Signal(string jid, int signal)
    {
        var reached = 0;
        foreach (var (child, owner) in _running)
            if (owner == jid)
            {
                child.Signal(signal);
                reached++;
            }
        return reached;
    }

    private sealed class Child(ChildProcesses all, Action<int> signal) : IDisposable
    {
        public Action<int> Signal { get; } = signal;
        public void Dispose() => all._running.TryRemove(this, out _);
    }
}
