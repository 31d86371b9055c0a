using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Compiler;

namespace SaltActors.States.Run;

/// <summary><c>onlyif</c>, <c>unless</c>, <c>creates</c> before a state, <c>check_cmd</c> after it.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, _run_check() and what it calls.</remarks>
internal sealed class Guards(CallContext call)
{
    private static readonly string[] CommandOptions = ["cwd", "root", "runas", "env", "prepend_path", "umask", "timeout", "success_retcodes", "shell", "python_shell"];

    /// <summary>The result of a state that is not to run; null where it is.</summary>
    public async Task<MapValue?> SkipAsync(LowChunk chunk, FunctionSpec function)
    {
        var comments = new List<string>();
        var skips = false;
        if (chunk.Data.TryGet("onlyif", out var onlyif))
        {
            var holds = await AllAsync(onlyif, chunk.Data, emptyIs: true).ConfigureAwait(false);
            comments.Add($"onlyif condition is {(holds ? "true" : "false")}");
            skips |= !holds;
        }
        if (chunk.Data.TryGet("unless", out var unless))
        {
            var holds = await AllAsync(unless, chunk.Data, emptyIs: false).ConfigureAwait(false);
            comments.Add($"unless condition is {(holds ? "true" : "false")}");
            skips |= holds;
        }
        if (chunk.Data.TryGet("creates", out var creates))
        {
            var paths = creates is ListValue list ? list.Select(p => p.ToString()).ToArray() : [creates.ToString()];
            var exist = paths.Length > 0 && paths.All(p => Path.Exists(p));
            if (exist) comments.Add(creates is ListValue ? "All files in creates exist" : $"{paths[0]} exists");
            skips |= exist;
        }
        _ = function;
        return !skips ? null : MapValue.Of(("result", true), ("name", chunk.Name), ("changes", MapValue.Empty), ("comment", string.Join('\n', comments)), ("skip_watch", true));
    }

    /// <summary>The result with the verdict of the commands in its place.</summary>
    public async Task<MapValue> CheckAsync(Value commands, MapValue data, MapValue result)
    {
        foreach (var command in commands is ListValue list ? list : ListValue.Create([commands]))
            if (!await HoldsAsync(command, data).ConfigureAwait(false)) return result.With("result", false).With("comment", "check_cmd determined the state failed");
        return result.With("result", true).With("comment", "check_cmd determined the state succeeded");
    }

    // What is neither a command nor a function says nothing: the state runs.
    private async Task<bool> AllAsync(Value conditions, MapValue data, bool emptyIs)
    {
        var list = conditions as ListValue ?? ListValue.Create([conditions]);
        if (list.Count == 0) return emptyIs;
        foreach (var condition in list)
        {
            if (condition is not (TextValue or MapValue))
            {
                call.Services.Log?.Write(LogSeverity.Warning, $"onlyif/unless: a command or a function is expected, found a {condition.KindName}; bad type passed");
                return emptyIs;
            }
            if (!await HoldsAsync(condition, data).ConfigureAwait(false)) return false;
        }
        return true;
    }

    private async Task<bool> HoldsAsync(Value condition, MapValue data) => condition is MapValue map
        ? (await FunctionAsync(map).ConfigureAwait(false)).IsTruthy
        : (await call.ForInnerCalls().Call("cmd.retcode", new CallArguments([condition], Options(data))).ConfigureAwait(false)).AsInteger() == 0;

    private async Task<Value> FunctionAsync(MapValue condition)
    {
        var name = condition.TextOf("fun") ?? throw new NamedError("SaltInvocationError", "onlyif/unless: a map must name a function as fun");
        var places = condition.Get("args") switch { null or NullValue => [], ListValue list => list.Items, var one => [one] };
        var keywords = condition.Without("fun").Without("args").Without("get_return");
        var inner = call.ForInnerCalls();
        var answer = await inner.Call(name, new CallArguments(places, keywords)).ConfigureAwait(false);
        if (condition.TextOf("get_return") is { } path) return KeyPath.Find(answer, path) ?? Value.Null;
        // A function that reports its failure by a code has failed.
        return inner.Retcode != 0 ? false : answer;
    }

    private static MapValue Options(MapValue data)
    {
        var excluded = data.ListOf("cmd_opts_exclude").Select(o => o.ToString()).ToHashSet();
        var options = new MapValue.Builder { ["ignore_retcode"] = true, ["python_shell"] = true };
        foreach (var name in CommandOptions)
            if (!excluded.Contains(name) && data.TryGet(name, out var value)) options[name] = value;
        return options.Build();
    }
}
