using SaltActors.Core.Functions;

namespace SaltActors.Modules.Grains.Machines;

/// <summary>Programs that a function cannot do without.</summary>
public static class MachinePrograms
{
    /// <summary>Runs a program to its end and answers with its standard output and code.</summary>
    /// <exception cref="FunctionUnavailable">It is not installed.</exception>
    /// <exception cref="CommandFailed">It could not be started.</exception>
    public static async Task<ProgramAnswer> NeedAsync(this IMachine machine, string program, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var path = machine.Which(program) ?? throw Missing(program);
        return await machine.RunAsync(path, arguments, stop).ConfigureAwait(false) ?? throw NotStarted(program, stop);
    }

    /// <summary>Runs a program with its errors among its output.</summary>
    /// <exception cref="FunctionUnavailable">It is not installed.</exception>
    /// <exception cref="CommandFailed">It could not be started.</exception>
    public static async Task<ProgramAnswer> NeedMergedAsync(this IMachine machine, string program, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var path = machine.Which(program) ?? throw Missing(program);
        return await machine.RunAsync("/bin/sh", ["-c", "exec \"$@\" 2>&1", "sh", path, .. arguments], stop).ConfigureAwait(false) ?? throw NotStarted(program, stop);
    }

    private static FunctionUnavailable Missing(string program) => new($"The '{program}' binary was not found in $PATH.");

    private static Exception NotStarted(string program, CancellationToken stop) =>
        stop.IsCancellationRequested ? new OperationCanceledException(stop) : new CommandFailed($"'{program}' could not be started");
}
