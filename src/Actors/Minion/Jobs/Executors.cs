using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;

namespace SaltActors.Actors.Minion.Jobs;

/// <summary>How a job's function is run: the executors of <c>module_executors</c>, one after the other, until one answers.</summary>
/// <remarks>
/// Follows Salt 3006, salt/executors/direct_call.py, splay.py and sudo.py. With <c>sudo_user</c> the last one is always <c>sudo</c>.
/// </remarks>
public static class Executors
{
    private const int SplayBuckets = 8192, StandardSplay = 300;
    private static readonly HashSet<string> StateRuns = ["state.sls", "state.highstate", "state.apply"];

    /// <param name="executors">The job's own, or the minion's: a name, or a list of names.</param>
    /// <param name="options">The job's <c>executor_opts</c>.</param>
    public static async Task<CallOutcome> RunAsync(Value executors, MapValue options, CallContext context, string function, CallArguments arguments)
    {
        string[] names = executors switch { TextValue text => [text.Text], ListValue list => [.. list.Items.Select(e => e.ToString())], _ => [] };
        if (names.Length == 0) return Wrong(function, $"Wrong executors specification: {PythonText.Repr(executors)}. String or non-empty list expected");
        if (context.Options.TextOf("sudo_user") is { Length: > 0 }) names[^1] = "sudo";
        foreach (var name in names)
            switch (name)
            {
                case "direct_call": return await Invocation.RunAsync(context, FunctionKind.Execution, function, arguments).ConfigureAwait(false);
                case "sudo": return await SudoAsync(context, function, arguments).ConfigureAwait(false);
                case "splay":
                    if (await SplayAsync(options, context, function).ConfigureAwait(false) is { } refused) return refused;
                    break;
                default: return Wrong(function, $"Executor '{name}' is not available");
            }
        return new(Value.Null, 0, null);
    }

    private static async Task<CallOutcome?> SplayAsync(MapValue options, CallContext context, string function)
    {
        var seconds = (options.Get("splaytime") ?? context.Options.Get("splaytime"))?.AsNumber() ?? StandardSplay;
        if (seconds is not (> 0 and <= int.MaxValue)) return Wrong(function, "splaytime must be a positive integer");
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Floor(seconds * BucketOf(context.MinionId) / SplayBuckets)), context.Clock, context.Stopped).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (context.Stopped.IsCancellationRequested)
        {
            return new($"'{function}' was stopped before it began", 1, "nested", CallFailure.Stopped);
        }
    }

    /// <summary>The place of a minion in the splay, always the same: Jenkins' one-at-a-time hash of its id, as Salt has it.</summary>
    internal static int BucketOf(string id)
    {
        var hash = 0u;
        foreach (var one in Encoding.UTF8.GetBytes(id))
        {
            hash += one;
            hash += hash << 10;
            hash ^= hash >> 6;
        }
        hash += hash << 3;
        hash ^= hash >> 11;
        hash += hash << 15;
        return (int)(hash & (SplayBuckets - 1));
    }

    private static async Task<CallOutcome> SudoAsync(CallContext context, string function, CallArguments arguments)
    {
        if (context.Options.TextOf("sudo_user") is not { Length: > 0 } user) return Wrong(function, "the executor 'sudo' needs the option sudo_user");
        if (StateRuns.Contains(function)) arguments = arguments with { Keywords = arguments.Keywords.With("concurrent", true) };
        var folder = context.Options.TextOf("config_dir") ?? Path.GetDirectoryName(context.Options.TextOf("conf_file")) ?? "/etc/salt";
        string[] words =
        [
            "sudo", "-u", user, "salt-call", "--out", "json", "--metadata", "-c", folder, "--", function,
            .. arguments.Positional.Select(a => a.ToString()), .. arguments.Keywords.Select(k => $"{k.Key}={k.Value}"),
        ];
        var run = await Invocation.RunAsync(context, FunctionKind.Execution, "cmd.run_all",
            new([string.Join(' ', words.Select(Quoted))], MapValue.Of(("python_shell", true)))).ConfigureAwait(false);
        if (run.Return is not MapValue output) return run;
        var code = (int)(output.Get("retcode")?.AsInteger() ?? 1);
        context.Retcode = 0;
        if (code != 0) return new(output.Get("stderr") ?? Value.Null, code, "nested", CallFailure.Failed);
        try
        {
            var answer = (JsonText.Read(output.TextOf("stdout") ?? "") as MapValue)?.MapOf("local") ?? MapValue.Empty;
            return new(answer.Get("return") ?? Value.Null, (int)(answer.Get("retcode")?.AsInteger() ?? 0), answer.TextOf("out"));
        }
        catch (JsonRefused wrong)
        {
            return Wrong(function, $"salt-call as {user} did not answer in JSON: {wrong.Message}");
        }
    }

    private static string Quoted(string word) => $"'{word.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";

    private static CallOutcome Wrong(string function, string text) => new($"ERROR executing '{function}': {text}", 1, "nested", CallFailure.BadArguments);
}
