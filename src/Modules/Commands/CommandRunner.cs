using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Commands;

/// <summary>What came of a command.</summary>
/// <param name="Retcode">Null where nobody waited for it. A command that a signal ended has 128 and the signal's number.</param>
internal sealed record CommandResult(int Pid, int? Retcode, string Stdout, string Stderr);

/// <summary>Starts prepared commands and sees them to their end: nothing that they start outlives a timeout or a stopped job.</summary>
internal static class CommandRunner
{
    private static readonly TimeSpan GraceBeforeKill = TimeSpan.FromSeconds(3);

    /// <exception cref="CommandFailed">The command could not be started.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped; the command has been ended.</exception>
    public static async Task<CommandResult> RunAsync(CallContext context, ShellCommand command)
    {
        context.Stopped.ThrowIfCancellationRequested();
        var options = command.Options;
        var process = Start(command);
        if (options.Bg) return Left(process);
        using (process)
        using (context.Services.Children.Track(context.Jid ?? "", signal => ProcessGroup.Signal(process, signal)))
        using (var timeout = options.Timeout is { } seconds ? new CancellationTokenSource(Duration(seconds), context.Clock) : new CancellationTokenSource())
        using (var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.Stopped))
        {
            var input = WriteAsync(process, options.Stdin);
            var output = ReadAsync(process.StandardOutput.BaseStream);
            var errors = ReadAsync(process.StandardError.BaseStream);
            try
            {
                // The end of both outputs, as Salt waits: a program in the background that keeps them open counts as part of the command.
                await Task.WhenAll(input, output, errors, process.WaitForExitAsync(ended.Token)).WaitAsync(ended.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (context.Stopped.IsCancellationRequested)
            {
                await EndAsync(context, process).ConfigureAwait(false);
                throw;
            }
            catch (OperationCanceledException)
            {
                ProcessGroup.Signal(process, ProcessGroup.Kill);
                await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
                return new(process.Id, 1, $"{command.Shown} : Timed out after {options.Timeout?.ToString(CultureInfo.InvariantCulture)} seconds", "");
            }
            return Judged(options, new(process.Id, process.ExitCode, TextOf(command, await output.ConfigureAwait(false)), TextOf(command, await errors.ConfigureAwait(false))));
        }
    }

    private static Process Start(ShellCommand command)
    {
        var start = new ProcessStartInfo(command.Arguments[0], command.Arguments.Skip(1))
        {
            WorkingDirectory = command.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UserName = command.User?.Name ?? "",
        };
        start.Environment.Clear();
        foreach (var (name, value) in command.Environment) start.Environment[name] = value;
        try
        {
            return Process.Start(start) ?? throw new CommandFailed($"Unable to run command '{command.Shown}', reason: no process was started");
        }
        catch (Win32Exception refused)
        {
            throw new CommandFailed($"Unable to run command '{command.Shown}' in '{command.Folder}', reason: [Errno {refused.NativeErrorCode}] {refused.Message}");
        }
    }

    // Its outputs lead nowhere (the shell in front saw to that); the runtime reaps it when it ends.
    private static CommandResult Left(Process process)
    {
        using (process) return new(process.Id, null, "", "");
    }

    private static CommandResult Judged(CommandOptions options, CommandResult result)
    {
        var isSuccess = Items(options.SuccessRetcodes).Any(c => CodeOf(c) == result.Retcode)
            || Items(options.SuccessStdout).Any(t => result.Stdout.Contains(t.ToString(), StringComparison.Ordinal))
            || Items(options.SuccessStderr).Any(t => result.Stderr.Contains(t.ToString(), StringComparison.Ordinal));
        return isSuccess ? result with { Retcode = 0 } : result;
    }

    private static ImmutableArray<Value> Items(Value? value) => value switch
    {
        null or NullValue => [],
        ListValue list => list.Items,
        TextValue text => [.. text.Text.Split(',', StringSplitOptions.TrimEntries).Select(Value (t) => t)],
        _ => [value],
    };

    private static long CodeOf(Value code) => code.AsInteger()
        ?? (long.TryParse(code.AsText(), CultureInfo.InvariantCulture, out var number) ? number
            : throw new CommandFailed($"success_retcodes must be a list of integers, found {PythonText.Repr(code)}"));

    private static TimeSpan Duration(double seconds) => seconds > 0 && seconds <= TimeSpan.FromDays(40).TotalSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new CommandFailed($"timeout must be more than 0 seconds and at most 40 days, found {seconds.ToString(CultureInfo.InvariantCulture)}");

    private static async Task EndAsync(CallContext context, Process process)
    {
        ProcessGroup.Signal(process, ProcessGroup.Terminate);
        using var grace = new CancellationTokenSource(GraceBeforeKill, context.Clock);
        try
        {
            await process.WaitForExitAsync(grace.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ProcessGroup.Signal(process, ProcessGroup.Kill);
        }
        // What the command left behind in its group goes too.
        ProcessGroup.Signal(process, ProcessGroup.Kill);
    }

    private static async Task WriteAsync(Process process, string? text)
    {
        try
        {
            if (text is not null)
                await process.StandardInput.BaseStream.WriteAsync(new UTF8Encoding(false).GetBytes(text.Replace("\\n", "\n", StringComparison.Ordinal))).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command ended without reading all of it; its code says whether that is a failure.
        }
    }

    private static async Task<MemoryStream> ReadAsync(Stream output)
    {
        var bytes = new MemoryStream();
        await output.CopyToAsync(bytes).ConfigureAwait(false);
        return bytes;
    }

    private static string TextOf(ShellCommand command, MemoryStream bytes)
    {
        var text = command.Encoding.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        return command.Options.Rstrip ? text.TrimEnd() : text;
    }
}
