using System.Runtime.InteropServices;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Commands;

/// <summary>The functions of <c>cmd</c> that run a file of code.</summary>
/// <remarks>Follows Salt 3006, salt/modules/cmdmod.py.</remarks>
public static partial class ScriptModule
{
    private const UnixFileMode ReadAndExecute = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    /// <summary>Brings a script here, runs it and answers with all that came of it.</summary>
    /// <param name="source">The script: <c>salt://path</c>, or an absolute path on the minion.</param>
    /// <param name="args">Words for the script, as on a command line.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>A map: <c>pid</c>, <c>retcode</c>, <c>stdout</c>, <c>stderr</c>; <c>cache_error</c> where there is no such script.</returns>
    /// <example><code>
    /// salt '*' cmd.script salt://scripts/runme.sh
    /// salt '*' cmd.script salt://scripts/runme.sh 'arg1 arg2 "arg 3"'
    /// </code></example>
    [SaltFunction("cmd.script")]
    public static async Task<MapValue> Script(
        CallContext context, string source, string? args = null,
        [Parameters(Except = [
            nameof(CommandOptions.CleanEnv), nameof(CommandOptions.Rstrip), nameof(CommandOptions.IgnoreRetcode), nameof(CommandOptions.RedirectStderr),
            nameof(CommandOptions.EncodedCmd), nameof(CommandOptions.RaiseErr), nameof(CommandOptions.PrependPath)])]
        CommandOptions? options = null, [Keywords] MapValue? kwargs = null)
    {
        options ??= new CommandOptions();
        if (await LocalCopyAsync(context, source, options).ConfigureAwait(false) is not { } original)
            return MapValue.Of(("pid", 0), ("retcode", 1), ("stdout", ""), ("stderr", ""), ("cache_error", true));
        CheckTemplate(options.Template, original);
        var user = options.Runas is null ? null : await Account.FindAsync(options.Runas, context.Stopped).ConfigureAwait(false);
        var copy = Path.Join(FolderFor(options), $"__salt.tmp.{Path.GetRandomFileName()}{Path.GetExtension(original)}");
        try
        {
            File.Copy(original, copy);
            if (user is not null) GiveTo(copy, user);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(copy, ReadAndExecute);
            var command = ShellWords.Quote(copy) + (string.IsNullOrEmpty(args) ? "" : " " + args);
            return await CommandModule.RunAll(context, command, options with { Template = null }, kwargs ?? MapValue.Empty).ConfigureAwait(false);
        }
        finally
        {
            // A script in the background is started from a file that it still reads; it stays.
            if (!options.Bg) File.Delete(copy);
        }
    }

    /// <summary>Brings a script here, runs it and answers with its code.</summary>
    /// <param name="source">The script: <c>salt://path</c>, or an absolute path on the minion.</param>
    /// <param name="args">Words for the script, as on a command line.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' cmd.script_retcode salt://scripts/runme.sh 'arg1 arg2 "arg 3"'</code></example>
    [SaltFunction("cmd.script_retcode")]
    public static async Task<Value> ScriptRetcode(
        CallContext context, string source, string? args = null,
        [Parameters(Except = [
            nameof(CommandOptions.CleanEnv), nameof(CommandOptions.Rstrip), nameof(CommandOptions.HideOutput), nameof(CommandOptions.IgnoreRetcode),
            nameof(CommandOptions.Bg), nameof(CommandOptions.RedirectStderr), nameof(CommandOptions.EncodedCmd), nameof(CommandOptions.RaiseErr),
            nameof(CommandOptions.PrependPath)])]
        CommandOptions? options = null, [Keywords] MapValue? kwargs = null) =>
        (await Script(context, source, args, options, kwargs).ConfigureAwait(false)).Get("retcode") ?? Value.Null;

    /// <summary>Runs code of a language and answers with its output.</summary>
    /// <param name="lang">The program that runs the language, as <c>ruby</c>.</param>
    /// <param name="code">The code.</param>
    /// <param name="cwd">The folder to run in.</param>
    /// <param name="args">Words for the code: a list, or a text that is split into words.</param>
    /// <param name="kwargs">Options of <c>cmd.run_all</c>.</param>
    /// <example><code>salt '*' cmd.exec_code ruby 'puts "cheese"'</code></example>
    [SaltFunction("cmd.exec_code")]
    public static async Task<string> ExecCode(
        CallContext context, string lang, string code, string? cwd = null, Value? args = null, [Keywords] MapValue? kwargs = null) =>
        (await ExecCodeAll(context, lang, code, cwd, args, kwargs).ConfigureAwait(false)).TextOf("stdout") ?? "";

    /// <summary>Runs code of a language and answers with all that came of it.</summary>
    /// <param name="lang">The program that runs the language, as <c>ruby</c>.</param>
    /// <param name="code">The code.</param>
    /// <param name="cwd">The folder to run in.</param>
    /// <param name="args">Words for the code: a list, or a text that is split into words.</param>
    /// <param name="kwargs">Options of <c>cmd.run_all</c>.</param>
    /// <returns>A map: <c>pid</c>, <c>retcode</c>, <c>stdout</c>, <c>stderr</c>.</returns>
    /// <example><code>salt '*' cmd.exec_code_all ruby 'puts "cheese"'</code></example>
    [SaltFunction("cmd.exec_code_all")]
    public static async Task<MapValue> ExecCodeAll(
        CallContext context, string lang, string code, string? cwd = null, Value? args = null, [Keywords] MapValue? kwargs = null)
    {
        var words = args switch
        {
            null => [],
            ListValue list => list.Items,
            var text => [.. ShellWords.Split(text.ToString()).Select(Value (w) => w)],
        };
        var file = Path.Join(Path.GetTempPath(), $"__salt.tmp.{Path.GetRandomFileName()}");
        var keywords = (kwargs ?? MapValue.Empty).With("python_shell", false);
        if (cwd is not null) keywords = keywords.With("cwd", cwd);
        try
        {
            var own = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) own.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var stream = new FileStream(file, own))
                await stream.WriteAsync(Encoding.UTF8.GetBytes(code.EndsWith('\n') ? code : code + "\n"), context.Stopped).ConfigureAwait(false);
            if (keywords.TextOf("runas") is { } runas) GiveTo(file, await Account.FindAsync(runas, context.Stopped).ConfigureAwait(false));
            var command = new ListValue([lang, file, .. words]);
            return (MapValue)await context.Call("cmd.run_all", new CallArguments([command], keywords)).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string?> LocalCopyAsync(CallContext context, string source, CommandOptions options)
    {
        if (Path.IsPathRooted(source))
            return File.Exists(source) ? source : throw new CommandFailed($"cmd.script: there is no file '{source}'");
        if (!source.Contains("://", StringComparison.Ordinal))
            throw new CommandFailed($"cmd.script: '{source}' is no source: expected salt://path or an absolute path");
        var files = CallServices.Need(context.Services.Files, $"'{source}' is on a file server, and this call has none");
        var saltenv = options.Saltenv ?? context.Options.TextOf("saltenv") ?? "base";
        return await files.CacheAsync(source, saltenv, context.Stopped).ConfigureAwait(false);
    }

    private static void CheckTemplate(string? template, string path)
    {
        if (template is null) return;
        if (template != "jinja") throw new CommandFailed(ShellCommand.UnknownEngine(template));
        if (ShellCommand.HasJinja(File.ReadAllText(path)))
            throw new CommandFailed($"template: jinja cannot be rendered in scripts here; '{path}' holds '{{{{', '{{%' or '{{#'");
    }

    private static string FolderFor(CommandOptions options)
    {
        if (options.Cwd is not { } cwd) return Path.GetTempPath();
        return Path.IsPathRooted(cwd) && Directory.Exists(cwd) ? cwd : throw new CommandFailed($"Specified cwd '{cwd}' either not absolute or does not exist");
    }

    private static void GiveTo(string path, Account user)
    {
        if (ChangeOwner(path, user.Uid, user.Gid) != 0)
            throw new CommandFailed($"'{path}' could not be given to user '{user.Name}': {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint uid, uint gid);
}
