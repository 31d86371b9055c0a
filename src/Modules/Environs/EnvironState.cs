using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Environs;

/// <summary>The state <c>environ.setenv</c>.</summary>
/// <remarks>Follows Salt 3006, salt/states/environ.py.</remarks>
public static class EnvironState
{
    /// <summary>Keeps variables of the minion's environment.</summary>
    /// <param name="name">The variable, where <c>value</c> is a text.</param>
    /// <param name="value">Its text, or a map of variables; false empties one, or removes it.</param>
    /// <param name="falseUnsets">False removes a variable.</param>
    /// <param name="clearAll">Do the same to all variables that are not given.</param>
    /// <param name="updateMinion">Taken for compatibility: it is always the minion's own environment.</param>
    /// <param name="permanent">For Windows.</param>
    [SaltState("environ.setenv")]
    public static MapValue Setenv(CallContext context, string name, Value value, bool falseUnsets = false, bool clearAll = false, bool updateMinion = false, bool permanent = false)
    {
        var wanted = value switch
        {
            MapValue map => map,
            TextValue or BoolValue { IsTrue: false } => MapValue.Of((name, value)),
            _ => null,
        };
        if (wanted is null) return StateResult.Failed(name, "Environ value must be string, dict or False");
        if (wanted.Find(e => e.Value is not (TextValue or BoolValue { IsTrue: false })) is { } broken) return StateResult.Failed(name, $"Environ value of {broken} must be string or False");
        var changes = new MapValue.Builder();
        Value Meant(Value given) => given is TextValue ? given : falseUnsets ? Value.Null : "";
        foreach (var (key, given) in wanted)
            if (!(Environment.GetEnvironmentVariable(key.ToString()) is { } now ? now : (Value)Value.Null).Equals(Meant(given))) changes[key] = Meant(given);
        if (clearAll)
            foreach (var key in EnvironModule.Items().Keys.Where(k => !wanted.Has(k) && (falseUnsets || Environment.GetEnvironmentVariable(k.ToString()) is { Length: > 0 }))) changes[key] = falseUnsets ? Value.Null : "";
        var made = changes.Build();
        if (made.Count == 0) return StateResult.Of(name, true, "Environ values were already set with the correct values");
        if (context.IsTest) return StateResult.Of(name, null, "Environ values will be changed", made);
        EnvironModule.Setenv(wanted, falseUnsets, clearAll, updateMinion, permanent);
        return StateResult.Of(name, true, "Environ values were set", made);
    }

    private static Value? Find(this MapValue map, Func<KeyValuePair<Value, Value>, bool> isMeant) => map.Where(isMeant).Select(e => e.Key).FirstOrDefault();
}
