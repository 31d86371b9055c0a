using System.Collections.Immutable;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Commands;

/// <summary>A command with all its options checked, ready to start.</summary>
/// <param name="Arguments">The program and its words.</param>
/// <param name="User">The account to change to; null to stay.</param>
/// <param name="Shown">The command as messages show it.</param>
internal sealed record ShellCommand(
    ImmutableArray<string> Arguments, string Folder, ImmutableDictionary<string, string> Environment, Account? User,
    CommandOptions Options, Encoding Encoding, string Shown)
{
    private const string PathWithoutOne = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", Redacted = "REDACTED";

    // What Salt sets so that programs answer in words it knows.
    private static readonly string[] LocaleVariables =
    [
        "LC_CTYPE", "LC_NUMERIC", "LC_TIME", "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES", "LC_PAPER", "LC_NAME", "LC_ADDRESS",
        "LC_TELEPHONE", "LC_MEASUREMENT", "LC_IDENTIFICATION", "LANGUAGE",
    ];

    /// <exception cref="CommandFailed">An option cannot be met: the folder, the user, the group, the shell or the program is not there.</exception>
    public static async Task<ShellCommand> Prepare(CallContext context, Value command, CommandOptions options)
    {
        if (options.UseVt) throw new CommandFailed("use_vt is not supported: commands run without a terminal");
        var text = command is ListValue words ? string.Join(' ', words.Items.Select(w => ShellWords.Quote(w.ToString()))) : command.ToString();
        CheckTemplate(options.Template, text, options.Cwd);
        var user = options.Runas is null ? null : await Account.FindAsync(options.Runas, context.Stopped).ConfigureAwait(false);
        if (user is not null && user.Name == System.Environment.UserName) user = null;
        var folder = FolderOf(options, options.Runas is null ? null : user?.Home);
        var environment = EnvironmentOf(options, user);
        var arguments = ArgumentsOf(context, command, text, options, folder, environment.GetValueOrDefault("PATH") ?? PathWithoutOne);
        var changed = await WithIdsAsync(arguments, options, user, context.Stopped).ConfigureAwait(false);
        return new(WithRedirection(changed.Arguments, options), folder, environment, changed.User, options, EncodingOf(options), options.IsSecret ? Redacted : text);
    }

    private static void CheckTemplate(string? template, params ReadOnlySpan<string?> texts)
    {
        if (template is null) return;
        if (template != "jinja") throw new CommandFailed(UnknownEngine(template));
        foreach (var text in texts)
            if (text is not null && HasJinja(text)) throw new CommandFailed("template: jinja cannot be rendered in commands here; the command holds '{{', '{%' or '{#'");
    }

    internal static string UnknownEngine(string template) => $"Attempted to render file paths with unavailable engine {template}";

    internal static bool HasJinja(string text) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal) || text.Contains("{#", StringComparison.Ordinal);

    private static string FolderOf(CommandOptions options, string? home)
    {
        if (options.Cwd is { } cwd)
            return System.IO.Path.IsPathRooted(cwd) && Directory.Exists(cwd)
                ? cwd
                : throw new CommandFailed($"Specified cwd '{cwd}' either not absolute or does not exist");
        home ??= System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        return home.Length > 0 && Directory.Exists(home) ? home : "/";
    }

    private static ImmutableDictionary<string, string> EnvironmentOf(CommandOptions options, Account? user)
    {
        var given = CommandEnvironment.Parse(options.Env);
        var all = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (!options.CleanEnv)
        {
            foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
                all[(string)variable.Key] = (string?)variable.Value ?? "";
            // Meant for the minion: a command that talked to it would speak for the service.
            all.Remove("NOTIFY_SOCKET");
            if (user is not null)
            {
                all["HOME"] = user.Home;
                all["USER"] = all["LOGNAME"] = user.Name;
                all["SHELL"] = user.Shell;
            }
        }
        if (options.ResetSystemLocale)
            foreach (var variable in LocaleVariables) all[variable] = "C";
        foreach (var (name, value) in given) all[name] = value;
        if (options.PrependPath is { Length: > 0 } path)
            all["PATH"] = all.TryGetValue("PATH", out var rest) ? path + ":" + rest : path;
        return all.ToImmutable();
    }

    private static ImmutableArray<string> ArgumentsOf(
        CallContext context, Value command, string text, CommandOptions options, string folder, string path)
    {
        if (options.PythonShell == true)
        {
            var shell = ShellOf(context, options.Shell, path);
            var isPowerShell = System.IO.Path.GetFileName(shell) is "pwsh" or "powershell";
            return isPowerShell ? [shell, "-NonInteractive", "-NoProfile", options.EncodedCmd ? "-EncodedCommand" : "-Command", text] : [shell, "-c", text];
        }
        var words = command is ListValue list ? [.. list.Items.Select(w => w.ToString())] : ShellWords.Split(text);
        if (words.IsEmpty) throw new CommandFailed("The command is empty: there is no program to start");
        var program = Programs.Find(words[0], path, folder);
        var shown = options.IsSecret ? Redacted : PythonText.Repr(ListValue.OfTexts(words));
        return program is not null
            ? words.SetItem(0, program)
            : throw new CommandFailed($"Unable to run command '{shown}', reason: [Errno 2] No such file or directory: '{(options.IsSecret ? Redacted : words[0])}'");
    }

    private static string ShellOf(CallContext context, string? asked, string path)
    {
        var shell = asked ?? context.Grains.TextOf("shell") ?? System.Environment.GetEnvironmentVariable("SHELL");
        if (string.IsNullOrEmpty(shell)) shell = "/bin/sh";
        if (shell is "pwsh" or "powershell") shell = Programs.Find("pwsh", path, "/") ?? shell;
        return Programs.IsExecutable(shell) ? shell : throw new CommandFailed($"The shell {shell} is not available");
    }

    // The runtime changes to another user itself; another main group needs setpriv, which then changes both.
    private static async Task<(ImmutableArray<string> Arguments, Account? User)> WithIdsAsync(
        ImmutableArray<string> arguments, CommandOptions options, Account? user, CancellationToken stop)
    {
        if (user is null && options.Group is null) return (arguments, null);
        if (!System.Environment.IsPrivilegedProcess)
            throw new CommandFailed($"Cannot run as {(user is null ? $"group '{options.Group}'" : $"user '{user.Name}'")}: the minion runs as '{System.Environment.UserName}', and only root may change users");
        if (options.Group is not { } group) return (arguments, user);
        var gid = await Account.FindGroupAsync(group, stop).ConfigureAwait(false);
        var setpriv = Programs.Find("setpriv", PathWithoutOne, "/")
            ?? throw new CommandFailed($"Cannot run as group '{group}': the program setpriv (of util-linux) is not installed");
        user ??= await Account.FindAsync(System.Environment.UserName, stop).ConfigureAwait(false);
        return ([setpriv, $"--reuid={user.Uid}", $"--regid={gid}", "--init-groups", "--", .. arguments], null);
    }

    // A shell in between sets what the runtime cannot: the mask, one pipe for both outputs in their order, no pipes at all.
    private static ImmutableArray<string> WithRedirection(ImmutableArray<string> arguments, CommandOptions options)
    {
        var mask = options.Umask is { Length: > 0 } umask ? $"umask {MaskOf(umask)}; " : "";
        var redirection = options.Bg ? " </dev/null >/dev/null 2>&1" : options.RedirectStderr ? " 2>&1" : "";
        if (mask.Length > 0 || redirection.Length > 0) arguments = ["/bin/sh", "-c", $"{mask}exec \"$@\"{redirection}", "sh", .. arguments];
        // Its own session: a signal to the group then reaches all that the command starts, and nothing else.
        return Programs.Find("setsid", PathWithoutOne, "/") is { } setsid ? [setsid, .. arguments] : arguments;
    }

    private static string MaskOf(string umask)
    {
        var digits = umask.TrimStart('0');
        if (digits.Length == 0) digits = "0";
        return digits.Length <= 4 && digits.All(c => c is >= '0' and <= '7')
            ? digits
            : throw new CommandFailed($"Invalid umask: '{umask}'");
    }

    private static Encoding EncodingOf(CommandOptions options)
    {
        if (options.OutputEncoding is not { Length: > 0 } name) return Encoding.UTF8;
        try
        {
            return Encoding.GetEncoding(name is "latin1" or "latin-1" ? "iso-8859-1" : name);
        }
        catch (ArgumentException)
        {
            throw new CommandFailed($"output_encoding '{name}' is not known: expected utf-8, ascii, latin1, utf-16 or utf-32");
        }
    }
}
