using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Modules.MasterCalls;

/// <summary>The runner <c>mine</c>: what minions publish of themselves.</summary>
/// <remarks>Follows Salt 3006, salt/runners/mine.py. The master reads all; what an owner allows to some minions only is shown to it, too.</remarks>
public static class MineRunner
{
    private const string Guarded = "__saltmine_acl__", Data = "__data__";

    /// <summary>What minions publish under a function.</summary>
    /// <param name="tgt">Whose values.</param>
    /// <param name="fun">The function or its alias; several with commas between them, or a list.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <returns>Minion id to value; for several functions, function to such a map.</returns>
    /// <example><code>salt-run mine.get '*' network.interfaces</code></example>
    [SaltRunner("mine.get")]
    public static MapValue Get(CallContext context, Value tgt, Value fun, string tgtType = "glob")
    {
        var cache = CallServices.Need(context.Services.MasterCache, "mine.get reads what a running master remembers");
        var minions = CallServices.Need(context.Services.Targets, "mine.get reads the minions of a running master").Match(tgt, tgtType, ":");
        var functions = fun is ListValue several ? several.Items.Select(f => f.ToString()).ToList() : [.. fun.ToString().Split(',').Select(f => f.Trim())];
        var found = functions.Distinct().Select(f => (Function: f, Values: ValuesOf(cache, minions, f))).ToList();
        return fun is TextValue && found.Count == 1 ? found[0].Values
            : MapValue.From(found.Where(f => f.Values.Count > 0).Select(f => KeyValuePair.Create(f.Function, (Value)f.Values)));
    }

    /// <summary>Has minions publish anew.</summary>
    /// <param name="tgt">Whom to ask.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <param name="clear">Forget what they published before.</param>
    /// <param name="mineFunctions">Only these functions.</param>
    /// <returns>Minion id to answer.</returns>
    /// <example><code>salt-run mine.update '*'</code></example>
    [SaltRunner("mine.update")]
    public static Task<MapValue> Update(CallContext context, Value tgt, string tgtType = "glob", bool clear = false, Value? mineFunctions = null) =>
        SaltRunner.CallAsync(context, tgt, tgtType, "mine.update", new CallArguments([], MapValue.Of(("clear", clear), ("mine_functions", mineFunctions ?? Value.Null))));

    private static MapValue ValuesOf(IMasterCache cache, IEnumerable<MinionId> minions, string function)
    {
        var values = new MapValue.Builder();
        foreach (var id in minions)
            if (cache.Mine(id).Get(function) is { } value) values[id.Text] = Bare(value);
        return values.Build();
    }

    internal static Value Bare(Value value) => value is MapValue map && map.Get(Guarded) is { IsTruthy: true } ? map.Get(Data) ?? Value.Null : value;
}
