using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;
using SaltActors.Rendering.Json;

namespace SaltActors.Modules.Pip;

/// <summary>The module <c>pip</c>: Python packages, by <c>pip</c> of the system's Python or of a virtual environment.</summary>
/// <remarks>Follows Salt 3006, salt/modules/pip.py.</remarks>
public static class PipModule
{
    /// <summary>Packages that are installed: name → version.</summary>
    /// <param name="prefix">Only those whose name begins so.</param>
    /// <param name="binEnv">A virtual environment, or the path of a <c>pip</c>.</param>
    /// <param name="user">Who runs the program.</param>
    /// <param name="cwd">Where.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' pip.list salt</code></example>
    [SaltFunction("pip.list")]
    public static async Task<MapValue> List(CallContext context, string? prefix = null, string? binEnv = null, string? user = null, string? cwd = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        var answer = await RunAsync(context, binEnv, user, cwd, "list", "--format=json", "--disable-pip-version-check").ConfigureAwait(false);
        if (!answer.IsSuccess) throw new CommandFailed($"pip list failed: {answer.Complaint.Trim()}");
        try
        {
            return MapValue.From(((ListValue)JsonText.Read(answer.Stdout)).OfType<MapValue>().Where(p => prefix is null || p.TextOf("name")?.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) == true)
                .Select(p => KeyValuePair.Create(p.TextOf("name") ?? "", p.Get("version") ?? Value.Null)));
        }
        catch (Exception broken) when (broken is JsonRefused or InvalidCastException)
        {
            throw new CommandFailed($"pip list does not answer with JSON: {broken.Message}");
        }
    }

    /// <summary>Packages that are installed, as lines <c>name==version</c>.</summary>
    /// <param name="binEnv">A virtual environment, or the path of a <c>pip</c>.</param>
    /// <param name="user">Who runs the program.</param>
    /// <param name="cwd">Where.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' pip.freeze bin_env=/home/code/path/to/virtualenv</code></example>
    [SaltFunction("pip.freeze")]
    public static async Task<ListValue> Freeze(CallContext context, string? binEnv = null, string? user = null, string? cwd = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        var answer = await RunAsync(context, binEnv, user, cwd, "freeze").ConfigureAwait(false);
        return answer.IsSuccess ? ListValue.OfTexts(answer.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries)) : throw new CommandFailed(answer.Complaint.Trim());
    }

    /// <summary>The version of pip.</summary>
    /// <param name="binEnv">A virtual environment, or the path of a <c>pip</c>.</param>
    /// <param name="user">Who runs the program.</param>
    /// <param name="cwd">Where.</param>
    /// <example><code>salt '*' pip.version</code></example>
    [SaltFunction("pip.version")]
    public static async Task<string> Version(CallContext context, string? binEnv = null, string? user = null, string? cwd = null)
    {
        var answer = await RunAsync(context, binEnv, user, cwd, "--version").ConfigureAwait(false);
        return answer.IsSuccess && answer.Stdout.Split(' ') is [_, var version, ..] ? version : throw new CommandFailed($"pip is not there: {answer.Complaint.Trim()}");
    }

    /// <summary>Installs packages.</summary>
    /// <param name="pkgs">Requirements: a list, or texts with commas between them.</param>
    /// <param name="requirements">A file of requirements on this machine.</param>
    /// <param name="binEnv">A virtual environment, or the path of a <c>pip</c>.</param>
    /// <param name="upgrade">To the newest version that fits.</param>
    /// <param name="indexUrl">The index.</param>
    /// <param name="extraIndexUrl">One more index.</param>
    /// <param name="noDeps">Without what they need.</param>
    /// <param name="forceReinstall">Install again what is there.</param>
    /// <param name="extraArgs">More arguments, a list.</param>
    /// <param name="user">Who runs the program.</param>
    /// <param name="cwd">Where.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>What <c>cmd.run_all</c> answers.</returns>
    /// <example><code>salt '*' pip.install pkgs='["requests>=2", "six"]'</code></example>
    [SaltFunction("pip.install")]
    public static async Task<MapValue> Install(
        CallContext context, Value? pkgs = null, string? requirements = null, string? binEnv = null, bool upgrade = false, string? indexUrl = null, string? extraIndexUrl = null, bool noDeps = false, bool forceReinstall = false,
        ListValue? extraArgs = null, string? user = null, string? cwd = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        List<string> words = ["install", "--disable-pip-version-check"];
        if (upgrade) words.Add("--upgrade");
        if (noDeps) words.Add("--no-deps");
        if (forceReinstall) words.Add("--force-reinstall");
        if (indexUrl is not null) words.AddRange(["--index-url", indexUrl]);
        if (extraIndexUrl is not null) words.AddRange(["--extra-index-url", extraIndexUrl]);
        words.AddRange((extraArgs ?? ListValue.Empty).Select(a => a.ToString()));
        if (requirements is not null) words.AddRange(["-r", requirements]);
        var names = Names(pkgs);
        if (names.Find(n => n.StartsWith('-')) is { } option) throw new CommandFailed($"'{option}' is no name of a package");
        return Told(await RunAsync(context, binEnv, user, cwd, [.. words, .. names]).ConfigureAwait(false));
    }

    /// <summary>Removes packages.</summary>
    /// <param name="pkgs">Names: a list, or texts with commas between them.</param>
    /// <param name="binEnv">A virtual environment, or the path of a <c>pip</c>.</param>
    /// <param name="user">Who runs the program.</param>
    /// <param name="cwd">Where.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <returns>What <c>cmd.run_all</c> answers.</returns>
    /// <example><code>salt '*' pip.uninstall six</code></example>
    [SaltFunction("pip.uninstall")]
    public static async Task<MapValue> Uninstall(CallContext context, Value pkgs, string? binEnv = null, string? user = null, string? cwd = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return Told(await RunAsync(context, binEnv, user, cwd, ["uninstall", "-y", .. Names(pkgs).Where(n => !n.StartsWith('-'))]).ConfigureAwait(false));
    }

    private static List<string> Names(Value? pkgs) => pkgs switch
    {
        null or NullValue => [],
        ListValue list => [.. list.Select(p => p.ToString())],
        _ => [.. pkgs.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
    };

    private static MapValue Told(ProgramAnswer answer) => MapValue.Of(("retcode", answer.Retcode), ("stdout", answer.Stdout), ("stderr", answer.Stderr));

    private static Task<ProgramAnswer> RunAsync(CallContext context, string? binEnv, string? user, string? cwd, params string[] words)
    {
        string[] program = binEnv is not { Length: > 0 } ? ["python3", "-m", "pip"] : Directory.Exists(binEnv) ? [Path.Combine(binEnv, "bin", "python"), "-m", "pip"] : [binEnv];
        var options = MapValue.Empty;
        if (user is not null) options = options.With("runas", user);
        if (cwd is not null) options = options.With("cwd", cwd);
        return ProgramCalls.RunAsync(context, [.. program, .. words], options);
    }
}
