using System.ComponentModel;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;

namespace SaltActors.Modules.Commands;

/// <summary>The states of <c>cmd</c>: commands and scripts that run as states.</summary>
/// <remarks>Follows Salt 3006, salt/states/cmd.py. A command cannot be predicted: in test mode it is said that it would run.</remarks>
public static class CommandState
{
    private static readonly string[] Never = ["name", "__env__", "__sls__", "__id__", "__reqs__", "sfun"];

    /// <summary>Runs a command, unless a guard forbids it.</summary>
    /// <param name="name">The command.</param>
    /// <param name="cwd">The folder that it runs in.</param>
    /// <param name="root">A folder to change the root to: not there in this version.</param>
    /// <param name="runas">The user that it runs as.</param>
    /// <param name="shell">The shell.</param>
    /// <param name="env">Variables of its environment: a map, or a list of maps.</param>
    /// <param name="prependPath">Folders that are looked through for programs first.</param>
    /// <param name="stateful">The last line of its output says what changed: JSON, or words with <c>=</c>.</param>
    /// <param name="outputLoglevel">How loud its output is in the log.</param>
    /// <param name="hideOutput">Do not answer with its output.</param>
    /// <param name="timeout">Seconds after which it is ended.</param>
    /// <param name="ignoreTimeout">Do not fail for that.</param>
    /// <param name="useVt">Taken for compatibility: output is not shown while it comes.</param>
    /// <param name="successRetcodes">Codes beside 0 that are no failure.</param>
    /// <param name="successStdout">Output that is no failure, whatever the code.</param>
    /// <param name="successStderr">The same of the errors.</param>
    /// <param name="kwargs">Further options of <c>cmd.run_all</c>.</param>
    [SaltState("cmd.run")]
    public static async Task<MapValue> Run(
        CallContext context, string name, string? cwd = null, string? root = null, string? runas = null, string? shell = null, Value? env = null, string? prependPath = null,
        [DefaultValue(false)] Value? stateful = null, string? outputLoglevel = "debug", bool hideOutput = false, double? timeout = null, bool ignoreTimeout = false, bool useVt = false,
        Value? successRetcodes = null, Value? successStdout = null, Value? successStderr = null, [Keywords] MapValue? kwargs = null)
    {
        if (root is not null) return StateResult.Failed(name, $"root={root}: commands cannot be run below another root in this version");
        if (Broken(env) is { } problem) return StateResult.Failed(name, problem);
        var isStateful = stateful is { IsTruthy: true };
        if (context.IsTest && TestCommand(stateful) is null)
            return StateResult.Of(name, null, isStateful ? "" : $"Command \"{name}\" would have been executed");
        if (cwd is not null && !Directory.Exists(cwd)) return StateResult.Failed(name, $"Desired working directory \"{cwd}\" is not available");
        var options = Options(kwargs, ("cwd", cwd), ("runas", runas), ("shell", shell), ("env", env), ("prepend_path", prependPath), ("output_loglevel", outputLoglevel), ("hide_output", hideOutput),
            ("timeout", timeout is { } seconds ? seconds : Value.Null), ("success_retcodes", successRetcodes), ("success_stdout", successStdout), ("success_stderr", successStderr), ("use_vt", useVt));
        return await Ran(context, name, context.IsTest ? TestCommand(stateful)! : name, "cmd.run_all", options, isStateful, ignoreTimeout).ConfigureAwait(false);
    }

    /// <summary>Runs a command only where something that it watches changed.</summary>
    /// <param name="name">The command.</param>
    /// <param name="kwargs">As for <c>cmd.run</c>.</param>
    [SaltState("cmd.wait")]
    [SaltState("cmd.watch")]
    public static MapValue Wait(string name, [Keywords] MapValue kwargs) => StateResult.Of(name, true, "");

    /// <summary>Runs a script only where something that it watches changed.</summary>
    /// <param name="name">The script.</param>
    /// <param name="kwargs">As for <c>cmd.script</c>.</param>
    [SaltState("cmd.wait_script")]
    public static MapValue WaitScript(string name, [Keywords] MapValue kwargs) => StateResult.Of(name, true, "");

    /// <summary>Fetches a script and runs it, unless a guard forbids it.</summary>
    /// <param name="name">The script where <c>source</c> is not given, and what stands behind it as its arguments.</param>
    /// <param name="source">Where the script is: <c>salt://</c>, an address, or a path.</param>
    /// <param name="template">Render it through this engine first.</param>
    /// <param name="cwd">The folder that it runs in.</param>
    /// <param name="runas">The user that it runs as.</param>
    /// <param name="shell">The shell.</param>
    /// <param name="env">Variables of its environment.</param>
    /// <param name="stateful">The last line of its output says what changed.</param>
    /// <param name="timeout">Seconds after which it is ended.</param>
    /// <param name="context">More names for its template.</param>
    /// <param name="defaults">Names for its template that <c>context</c> may override.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="successRetcodes">Codes beside 0 that are no failure.</param>
    /// <param name="hideOutput">Do not answer with its output.</param>
    /// <param name="kwargs">Further options of <c>cmd.script</c>.</param>
    [SaltState("cmd.script")]
    public static async Task<MapValue> Script(
        CallContext call, string name, string? source = null, string? template = null, string? cwd = null, string? runas = null, string? shell = null, Value? env = null,
        [DefaultValue(false)] Value? stateful = null, double? timeout = null, Value? context = null, Value? defaults = null, string? args = null, Value? successRetcodes = null, bool hideOutput = false,
        [Keywords] MapValue? kwargs = null)
    {
        if (Broken(env) is { } problem) return StateResult.Failed(name, problem);
        if (call.IsTest) return StateResult.Of(name, null, $"Command '{name}' would have been executed");
        var options = Options(kwargs, ("template", template), ("cwd", cwd), ("runas", runas), ("shell", shell), ("env", env), ("timeout", timeout is { } seconds ? seconds : Value.Null),
            ("context", context), ("defaults", defaults), ("success_retcodes", successRetcodes), ("hide_output", hideOutput),
            ("args", args ?? (source is not null && name.IndexOf(' ') is > 0 and var blank ? name[(blank + 1)..] : null)), ("saltenv", kwargs?.TextOf("__env__")));
        return await Ran(call, name, source ?? name, "cmd.script", options, stateful is { IsTruthy: true }, ignoresTimeout: false).ConfigureAwait(false);
    }

    /// <summary>Called where something that a command watches changed.</summary>
    /// <param name="name">The command.</param>
    /// <param name="kwargs">As for the function that watches, which <c>sfun</c> names.</param>
    [SaltState("cmd.mod_watch")]
    public static async Task<MapValue> ModWatch(CallContext context, string name, [Keywords] MapValue kwargs)
    {
        var function = kwargs.TextOf("sfun") switch { "wait" or "run" or "watch" => "cmd.run", "wait_script" or "script" => "cmd.script", var other => other };
        if (function is not ("cmd.run" or "cmd.script"))
            return StateResult.Failed(name, $"cmd.{function ?? "None"} does not work with the watch requisite, please use cmd.wait or cmd.wait_script");
        var spec = context.Functions.Find(FunctionKind.State, function)!;
        var arguments = MapValue.From(kwargs.Where(k => !Never.Contains(k.Key.ToString()) || k.Key.ToString() == "__env__")).With("name", name);
        return (MapValue)await spec.Body(context, BoundArguments.Bind(spec, new CallArguments([], arguments))).ConfigureAwait(false);
    }

    private static async Task<MapValue> Ran(CallContext context, string name, string command, string function, MapValue options, bool isStateful, bool ignoresTimeout)
    {
        MapValue all;
        try
        {
            all = (MapValue)await context.ForInnerCalls().Call(function, new CallArguments([command], options)).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is CommandFailed or NamedError { Kind: "CommandExecutionError" or "SaltInvocationError" } or FunctionUnavailable)
        {
            return StateResult.Failed(name, failed.Message);
        }
        var code = all.Get("retcode")?.AsInteger();
        var isTimedOut = all.Get("stdout")?.ToString().Contains("Timed out after", StringComparison.Ordinal) == true;
        var result = StateResult.Of(name, code == 0 || isTimedOut && ignoresTimeout, $"Command \"{name}\" run", all.Without("cache_error"));
        if (all.Get("cache_error") is { IsTruthy: true }) return StateResult.Failed(name, $"Unable to cache script {command} from saltenv '{options.TextOf("saltenv") ?? "base"}'");
        if (isStateful) result = Stateful(result, all);
        return context.IsTest && isStateful && result.MapOf("changes").Count > 0 ? result.With("result", Value.Null) : result;
    }

    // What a script says of itself: an empty line, then a line of JSON or of words name=value.
    private static MapValue Stateful(MapValue result, MapValue all)
    {
        const string Unreadable = "Failed parsing script output! Stdout must be JSON or a line of name=value pairs.";
        var last = (all.TextOf("stdout") ?? "").TrimEnd().Split('\n')[^1].Trim();
        var isGood = result.Get("result") is BoolValue { IsTrue: true };
        MapValue? said;
        try
        {
            said = JsonText.Read(last) as MapValue;
        }
        catch (JsonRefused)
        {
            said = Words(last);
        }
        if (said is null) return result.With("result", false).With("comment", Unreadable);
        var isChanged = said.Get("changed") is { } changed && (changed.AsText() is { } text ? text.ToLowerInvariant() is "yes" or "true" or "y" or "1" : changed.IsTruthy);
        var told = said.Without("changed").Without("comment").Without("result");
        result = result.With("changes", isChanged ? result.MapOf("changes").Over(told) : MapValue.Empty);
        if (said.Get("comment") is { } comment) result = result.With("comment", comment.ToString());
        if (isGood && said.Get("result") is { } verdict) result = result.With("result", verdict.AsText() is { } word ? word.ToLowerInvariant() is "yes" or "true" : verdict.IsTruthy);
        return result;
    }

    private static MapValue? Words(string line)
    {
        var map = new MapValue.Builder();
        foreach (var word in ShellWords.Split(line))
            if (word.Split('=', 2) is [var name, var value] && name.Length > 0) map[name] = value;
            else return null;
        return map.Count == 0 ? null : map.Build();
    }

    private static string? TestCommand(Value? stateful) => stateful switch
    {
        MapValue map => map.TextOf("test_name"),
        ListValue list => list.OfType<MapValue>().Select(m => m.TextOf("test_name")).FirstOrDefault(t => t is not null),
        _ => null,
    };

    private static string? Broken(Value? env) => env is null or NullValue or MapValue or ListValue or TextValue ? null : "Invalidly-formatted 'env' parameter. See documentation.";

    private static MapValue Options(MapValue? more, params ReadOnlySpan<(string, Value?)> own)
    {
        var options = new MapValue.Builder { ["python_shell"] = true };
        foreach (var (name, value) in own)
            if (value is not (null or NullValue)) options[name] = value;
        foreach (var (name, value) in more ?? MapValue.Empty)
            if (!Never.Contains(name.ToString())) options[name] = value;
        return options.Build();
    }
}
