using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Commands;

/// <summary>The states of <c>module</c>: execution functions that run as states.</summary>
/// <remarks>Follows Salt 3006, salt/states/module.py, both ways of writing arguments.</remarks>
public static class ModuleState
{
    private static readonly string[] Own = ["__env__", "__sls__", "__id__", "__reqs__", "sfun", "name", "func", "returner"];

    /// <summary>Runs execution functions.</summary>
    /// <param name="name">The function, where it is written in the older way: its arguments stand beside it.</param>
    /// <param name="kwargs">Functions with their arguments, or the arguments of the one that is named.</param>
    [SaltState("module.run")]
    public static Task<MapValue> Run(CallContext context, Value? name = null, [Keywords] MapValue? kwargs = null)
    {
        var functions = MapValue.From((kwargs ?? MapValue.Empty).Where(k => !Own.Contains(k.Key.ToString()) && k.Key.ToString().Contains('.')));
        return functions.Count > 0 ? Several(context, functions) : Legacy(context, name?.ToString() ?? "", kwargs ?? MapValue.Empty);
    }

    /// <summary>Runs an execution function only where something that it watches changed.</summary>
    /// <param name="name">The function.</param>
    /// <param name="kwargs">Its arguments.</param>
    [SaltState("module.wait")]
    [SaltState("module.watch")]
    public static MapValue Wait(string name, [Keywords] MapValue kwargs) => StateResult.Of(name, true, "");

    /// <summary>Called where something that is watched changed.</summary>
    /// <param name="name">The function.</param>
    /// <param name="kwargs">Its arguments.</param>
    [SaltState("module.mod_watch")]
    public static Task<MapValue> ModWatch(CallContext context, string name, [Keywords] MapValue kwargs) => Run(context, name, kwargs);

    private static async Task<MapValue> Several(CallContext context, MapValue functions)
    {
        var names = ListValue.From(functions.Keys);
        var missing = functions.Keys.Select(k => k.ToString()).Where(n => context.Functions.Find(FunctionKind.Execution, n) is null).ToList();
        if (missing.Count > 0) return Named(names, false, $"Unavailable function{(missing.Count > 1 ? "s" : "")}: {string.Join(", ", missing)}.", MapValue.Empty);
        if (context.IsTest) return Named(names, null, $"Function{(functions.Count > 1 ? "True" : "False")} {string.Join(", ", names)} to be executed.", MapValue.Empty);
        var (changes, good, bad) = (new MapValue.Builder(), new List<string>(), new List<string>());
        foreach (var (function, written) in functions)
        {
            var name = function.ToString();
            var inner = context.ForInnerCalls();
            try
            {
                var answer = await inner.Call(name, Arguments(written)).ConfigureAwait(false);
                var isGood = IsGood(answer, inner.Retcode);
                (isGood ? good : bad).Add(isGood ? $"{name}: {(answer is TextValue { Text.Length: > 0 } text ? text.Text : "Success")}" : $"{name}: {answer}");
                if (isGood || answer is { IsTruthy: true }) changes[name] = answer;
            }
            catch (Exception failed) when (failed is CommandFailed or NamedError or ArgumentRefused or InvalidKeywords or FunctionUnavailable)
            {
                bad.Add($"'{name}' failed: {failed.Message}");
            }
        }
        return Named(names, bad.Count == 0, string.Join(", ", good.Concat(bad)), changes.Build());
    }

    private static async Task<MapValue> Legacy(CallContext context, string name, MapValue kwargs)
    {
        var functionName = kwargs.TextOf("m_name") is { } && kwargs.TextOf("func") is { } given ? given : name;
        if (context.Functions.Find(FunctionKind.Execution, functionName) is not { } function) return StateResult.Failed(name, $"Module function {functionName} is not available");
        if (context.IsTest) return StateResult.Of(name, null, $"Module function {functionName} is set to execute");
        var keywords = new MapValue.Builder();
        foreach (var (key, value) in kwargs)
        {
            var argument = key.ToString();
            if (Own.Contains(argument) || argument is "kwargs" or "args") continue;
            keywords[argument is "m_name" ? "name" : argument is "m_fun" ? "fun" : argument is "m_state" ? "state" : argument is "m_saltenv" ? "saltenv" : argument] = value;
        }
        foreach (var (key, value) in kwargs.MapOf("kwargs")) keywords[key] = value;
        var all = keywords.Build();
        var known = function.TakesKeywords ? all : MapValue.From(all.Where(k => function.Parameters.Any(p => p.Name == k.Key.ToString())));
        var missing = function.Parameters.Where(p => p.Kind == ParameterKind.Named && p.Default is null && !known.Has(p.Name)).Select(p => p.Name).Skip(kwargs.ListOf("args").Count).ToList();
        if (missing.Count > 0) return StateResult.Failed(name, $"The following arguments are missing: {string.Join(" ", missing)}");
        var inner = context.ForInnerCalls();
        try
        {
            var answer = await inner.Call(functionName, new CallArguments(kwargs.ListOf("args").Items, known)).ConfigureAwait(false);
            return StateResult.Of(name, IsGood(answer, inner.Retcode), $"Module function {functionName} executed", MapValue.Of(("ret", answer)));
        }
        catch (Exception failed) when (failed is CommandFailed or NamedError or ArgumentRefused or InvalidKeywords or FunctionUnavailable)
        {
            return StateResult.Failed(name, $"Module function {functionName} threw an exception. Exception: {failed.Message}");
        }
    }

    private static bool IsGood(Value answer, int retcode) => retcode == 0 && answer switch
    {
        BoolValue flag => flag.IsTrue,
        MapValue map when map.Get("retcode")?.AsInteger() is { } code => code == 0,
        MapValue map when map.Get("result") is BoolValue flag => flag.IsTrue,
        _ => true,
    };

    // A list of places and maps of names, or a map.
    private static CallArguments Arguments(Value written)
    {
        var places = new List<Value>();
        var names = MapValue.Empty;
        foreach (var item in written switch { ListValue list => list, NullValue => ListValue.Empty, _ => ListValue.Create([written]) })
            if (item is MapValue map) names = names.Over(map);
            else places.Add(item);
        return new([.. places], names);
    }

    private static MapValue Named(Value name, bool? result, string comment, MapValue changes) =>
        MapValue.Of(("name", name), ("changes", changes), ("comment", comment), ("result", result is { } known ? known : Value.Null));
}
