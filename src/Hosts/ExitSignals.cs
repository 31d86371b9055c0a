using System.Runtime.InteropServices;

namespace SaltActors.Hosts;

/// <summary>SIGTERM and SIGINT as a task, so that a daemon stops cleanly.</summary>
internal sealed class ExitSignals : IDisposable
{
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _term, _int;

    internal ExitSignals() => (_term, _int) = (PosixSignalRegistration.Create(PosixSignal.SIGTERM, On), PosixSignalRegistration.Create(PosixSignal.SIGINT, On));

    internal Task Received => _received.Task;

    private void On(PosixSignalContext context)
    {
        context.Cancel = true;
        _received.TrySetResult();
    }

    public void Dispose()
    {
        _term.Dispose();
        _int.Dispose();
    }
}
