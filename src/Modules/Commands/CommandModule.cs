using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Commands;

/// <summary>The functions of <c>cmd</c> that run a command. Its code becomes the code of the job.</summary>
/// <remarks>Follows Salt 3006, salt/modules/cmdmod.py.</remarks>
public static class CommandModule
{
    /// <summary>Runs a command and answers with its output, errors among it.</summary>
    /// <param name="cmd">The command: text, or a list of words.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>
    /// salt '*' cmd.run "ls -l | awk '/foo/{print \\$2}'"
    /// salt '*' cmd.run 'Get-ChildItem C:\\ ' shell='powershell'
    /// salt '*' cmd.run cmd='sed -e s/=/:/g'
    /// </code></example>
    [SaltFunction("cmd.run")]
    public static async Task<string> Run(
        CallContext context, Value cmd, [Parameters(Except = [nameof(CommandOptions.RedirectStderr)])] CommandOptions options, [Keywords] MapValue kwargs)
    {
        var result = await RunAll(context, cmd, options with { RedirectStderr = true }, kwargs).ConfigureAwait(false);
        return result.TextOf("stdout") ?? "";
    }

    /// <summary>Runs a command through the shell and answers with its output, errors among it.</summary>
    /// <param name="cmd">The command.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' cmd.shell "ls -l | awk '/foo/{print \\$2}'"</code></example>
    [SaltFunction("cmd.shell")]
    public static Task<string> Shell(
        CallContext context, Value cmd,
        [Parameters(Except = [nameof(CommandOptions.PythonShell), nameof(CommandOptions.RedirectStderr), nameof(CommandOptions.EncodedCmd), nameof(CommandOptions.RaiseErr)])]
        CommandOptions options, [Keywords] MapValue kwargs) =>
        Run(context, cmd, options with { PythonShell = true }, kwargs);

    /// <summary>Runs a command and answers with its output alone.</summary>
    /// <param name="cmd">The command: text, or a list of words.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' cmd.run_stdout "ls -l | awk '/foo/{print \\$2}'"</code></example>
    [SaltFunction("cmd.run_stdout")]
    public static async Task<string> RunStdout(
        CallContext context, Value cmd,
        [Parameters(Except = [nameof(CommandOptions.Bg), nameof(CommandOptions.RedirectStderr), nameof(CommandOptions.EncodedCmd), nameof(CommandOptions.RaiseErr)])]
        CommandOptions options, [Keywords] MapValue kwargs) =>
        (await RunAll(context, cmd, options, kwargs).ConfigureAwait(false)).TextOf("stdout") ?? "";

    /// <summary>Runs a command and answers with its errors alone.</summary>
    /// <param name="cmd">The command: text, or a list of words.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' cmd.run_stderr "ls -l | awk '/foo/{print \\$2}'"</code></example>
    [SaltFunction("cmd.run_stderr")]
    public static async Task<string> RunStderr(
        CallContext context, Value cmd,
        [Parameters(Except = [nameof(CommandOptions.Bg), nameof(CommandOptions.RedirectStderr), nameof(CommandOptions.EncodedCmd), nameof(CommandOptions.RaiseErr)])]
        CommandOptions options, [Keywords] MapValue kwargs) =>
        (await RunAll(context, cmd, options, kwargs).ConfigureAwait(false)).TextOf("stderr") ?? "";

    /// <summary>Runs a command and answers with all that came of it.</summary>
    /// <param name="cmd">The command: text, or a list of words.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>A map: <c>pid</c>, <c>retcode</c>, <c>stdout</c>, <c>stderr</c>.</returns>
    /// <example><code>salt '*' cmd.run_all "ls -l | awk '/foo/{print \\$2}'"</code></example>
    [SaltFunction("cmd.run_all")]
    public static async Task<MapValue> RunAll(
        CallContext context, Value cmd,
        [Parameters(Except = [nameof(CommandOptions.Bg), nameof(CommandOptions.RaiseErr)])] CommandOptions options, [Keywords] MapValue kwargs)
    {
        var command = ShellCommand.Prepare(context, cmd, WithShellForPeople(context, options, kwargs));
        var result = await CommandRunner.RunAsync(context, await command.ConfigureAwait(false)).ConfigureAwait(false);
        context.Retcode = options.IgnoreRetcode ? 0 : result.Retcode ?? 0;
        if (options.RaiseErr && !options.IgnoreRetcode && result.Retcode is not (null or 0))
            throw new CommandFailed(options.HideOutput ? "" : result.Stdout);
        return MapValue.Of(
            ("pid", result.Pid),
            ("retcode", result.Retcode is { } code ? code : Value.Null),
            ("stdout", options.HideOutput ? "" : result.Stdout),
            ("stderr", options.HideOutput ? "" : result.Stderr));
    }

    /// <summary>Runs a command and answers with its code.</summary>
    /// <param name="cmd">The command: text, or a list of words.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' cmd.retcode "file /bin/bash"</code></example>
    [SaltFunction("cmd.retcode")]
    public static async Task<long> Retcode(
        CallContext context, Value cmd,
        [Parameters(Except = [
            nameof(CommandOptions.Rstrip), nameof(CommandOptions.HideOutput), nameof(CommandOptions.Bg), nameof(CommandOptions.RedirectStderr),
            nameof(CommandOptions.EncodedCmd), nameof(CommandOptions.RaiseErr), nameof(CommandOptions.PrependPath)])]
        CommandOptions options, [Keywords] MapValue kwargs) =>
        (await RunAll(context, cmd, options with { RedirectStderr = true }, kwargs).ConfigureAwait(false)).Get("retcode")?.AsInteger() ?? 0;

    /// <summary>Starts a command and does not wait for it.</summary>
    /// <param name="cmd">The command: text, or a list of words.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>A map: <c>pid</c>.</returns>
    /// <example><code>salt '*' cmd.run_bg "fstrim-all"</code></example>
    [SaltFunction("cmd.run_bg")]
    public static async Task<MapValue> RunBg(
        CallContext context, Value cmd,
        [Parameters(Except = [
            nameof(CommandOptions.Stdin), nameof(CommandOptions.Rstrip), nameof(CommandOptions.HideOutput), nameof(CommandOptions.UseVt), nameof(CommandOptions.Bg),
            nameof(CommandOptions.RedirectStderr), nameof(CommandOptions.EncodedCmd), nameof(CommandOptions.RaiseErr)])]
        CommandOptions options, [Keywords] MapValue kwargs)
    {
        var result = await RunAll(context, cmd, options with { Bg = true }, kwargs).ConfigureAwait(false);
        return MapValue.Of(("pid", result.Get("pid") ?? Value.Null));
    }

    /// <summary>What a person or the API sends goes to the shell where they do not say otherwise; <c>cmd_safe: False</c> does so for all calls.</summary>
    internal static CommandOptions WithShellForPeople(CallContext context, CommandOptions options, MapValue keywords)
    {
        if (options.PythonShell is not null) return options;
        var isDirect = keywords.Get("__pub_jid") is { IsTruthy: true };
        return options with { PythonShell = isDirect || context.Options.Get("cmd_safe") is { IsTruthy: false } };
    }
}
