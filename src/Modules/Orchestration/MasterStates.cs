using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Orchestration;

/// <summary>The states <c>salt.runner</c> and <c>salt.wheel</c>: what the master itself does in an orchestration.</summary>
/// <remarks>Follows Salt 3006, salt/states/saltmod.py.</remarks>
public static class MasterStates
{
    /// <summary>Runs a runner.</summary>
    /// <param name="name">The runner's function.</param>
    /// <param name="arg">Arguments in places.</param>
    /// <param name="kwarg">Arguments by name.</param>
    /// <param name="kwargs">Arguments by name, too.</param>
    [SaltState("salt.runner")]
    public static Task<MapValue> Runner(CallContext context, string name, Value? arg = null, MapValue? kwarg = null, [Keywords] MapValue? kwargs = null) => RunAsync(context, FunctionKind.Runner, "Runner", name, arg, kwarg, kwargs);

    /// <summary>Runs a wheel function.</summary>
    /// <param name="name">The wheel function.</param>
    /// <param name="arg">Arguments in places.</param>
    /// <param name="kwarg">Arguments by name.</param>
    /// <param name="kwargs">Arguments by name, too.</param>
    [SaltState("salt.wheel")]
    public static Task<MapValue> Wheel(CallContext context, string name, Value? arg = null, MapValue? kwarg = null, [Keywords] MapValue? kwargs = null) => RunAsync(context, FunctionKind.Wheel, "Wheel", name, arg, kwarg, kwargs);

    private static async Task<MapValue> RunAsync(CallContext context, FunctionKind kind, string word, string name, Value? arg, MapValue? kwarg, MapValue? kwargs)
    {
        if (context.Services.Keys is null) return StateResult.Failed(name, "this state works on a running master: salt-run state.orchestrate");
        if (context.IsTest) return StateResult.Of(name, null, $"{word} function '{name}' would be executed.");
        var named = (kwarg ?? MapValue.Empty).Over(MapValue.From((kwargs ?? MapValue.Empty).Where(k => !k.Key.ToString().StartsWith("__", StringComparison.Ordinal) && k.Key.AsText() is not ("saltenv" or "sfun"))));
        var places = arg switch { null or NullValue => [], ListValue list => list.Items, var one => [one] };
        var outcome = await Invocation.RunAsync(context.ForInnerCalls(), kind, name, new CallArguments(places, named)).ConfigureAwait(false);
        return StateResult.Of(name, outcome.Success, $"{word} function '{name}' {(outcome.Success ? "executed" : "failed")}.", MapValue.Of(("return", outcome.Return))).With("__orchestration__", true);
    }
}
