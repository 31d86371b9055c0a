using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SaltActors.Modules.Commands;

/// <summary>Signals to a command and to all that it started.</summary>
internal static partial class ProcessGroup
{
    public const int Kill = 9, Terminate = 15;
    private const int NoSuchProcess = 3;

    /// <summary>Signals the group that the process leads; where it leads none, the process, and for <see cref="Kill"/> its children as well.</summary>
    /// <exception cref="Win32Exception">The system refuses the signal.</exception>
    public static void Signal(Process process, int signal)
    {
        if (SendSignal(-process.Id, signal) == 0) return;
        if (Marshal.GetLastPInvokeError() != NoSuchProcess) throw new Win32Exception(Marshal.GetLastPInvokeError(), $"signal {signal} to the group {process.Id}");
        if (process.HasExited) return;
        if (signal == Kill) process.Kill(entireProcessTree: true);
        else if (SendSignal(process.Id, signal) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"signal {signal} to the process {process.Id}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);
}
