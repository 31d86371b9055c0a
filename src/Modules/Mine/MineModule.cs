using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Mine;

/// <summary>The module <c>mine</c>: values that a minion lets others read, and those of others. The master keeps them.</summary>
/// <remarks>Follows Salt 3006, salt/modules/mine.py.</remarks>
public static class MineModule
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The functions of <c>mine_functions</c> that this minion has.</summary>
    /// <returns>Alias to what was configured; null where nothing is.</returns>
    /// <example><code>salt '*' mine.valid</code></example>
    [SaltFunction("mine.valid")]
    public static async Task<Value> Valid(CallContext context)
    {
        var option = await OptionAsync(context).ConfigureAwait(false);
        var valid = MineDefinition.ReadAll(option).Where(d => IsThere(context, d)).ToList();
        if (valid.Count == 0) return Value.Null;
        return MapValue.From(valid.Select(d => KeyValuePair.Create(d.Alias, d.Function is null
            ? option is MapValue map ? map.Get(d.Alias) ?? ListValue.Empty : ListValue.Empty
            : MapValue.Of((d.Function, ListValue.From([.. d.Arguments.Positional, .. d.Arguments.Keywords.Select(k => MapValue.Of((k.Key.ToString(), k.Value)))]))))));
    }

    /// <summary>Calls the functions of <c>mine_functions</c> and sends what they answer to the master.</summary>
    /// <param name="clear">Take back what was sent before.</param>
    /// <param name="mineFunctions">Functions to call instead of the configured ones, in the same form.</param>
    /// <returns>Whether the master took it; null where nothing is configured.</returns>
    /// <example><code>salt '*' mine.update mine_functions='{"network.ip_addrs": [], "grains.get": []}'</code></example>
    [SaltFunction("mine.update")]
    public static async Task<bool?> Update(CallContext context, bool clear = false, Value? mineFunctions = null)
    {
        var definitions = MineDefinition.ReadAll(mineFunctions is { IsTruthy: true } ? mineFunctions : await OptionAsync(context).ConfigureAwait(false));
        if (definitions.Count == 0 && !clear) return null;
        var values = new MapValue.Builder();
        foreach (var definition in definitions)
            if (await ValueOfAsync(context, definition).ConfigureAwait(false) is { } value) values[definition.Alias] = definition.Wrap(value);
        return await TellAsync(context, MapValue.Of(("cmd", "_mine"), ("data", values.Build()), ("clear", clear))).ConfigureAwait(false);
    }

    /// <summary>Calls one function and sends what it answers to the master.</summary>
    /// <param name="name">The function, or another name for it.</param>
    /// <param name="args">Its arguments in their places.</param>
    /// <param name="kwargs">
    /// Its keywords; <c>mine_function</c> says what to call where <paramref name="name"/> is another name,
    /// <c>allow_tgt</c> and <c>allow_tgt_type</c> say who may read it.
    /// </param>
    /// <returns>Whether the master took it; <c>False</c> where there is no such function, or it failed.</returns>
    /// <example><code>salt '*' mine.send eth0_ip_addrs eth0 mine_function=network.ip_addrs</code></example>
    [SaltFunction("mine.send")]
    public static async Task<bool> Send(CallContext context, string name, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        var own = MapValue.From(kwargs.Where(k => !k.Key.ToString().StartsWith("__", StringComparison.Ordinal)));
        var definition = MineDefinition.Read(name, own);
        definition = definition with { Arguments = definition.Arguments with { Positional = args.Items } };
        return await ValueOfAsync(context, definition).ConfigureAwait(false) is { } value
            && await TellAsync(context, MapValue.Of(("cmd", "_mine"), ("data", MapValue.Of((name, definition.Wrap(value)))), ("clear", false))).ConfigureAwait(false);
    }

    /// <summary>What other minions sent.</summary>
    /// <param name="tgt">Which minions.</param>
    /// <param name="fun">The function: text, several with commas between them, or a list.</param>
    /// <param name="tgtType">The kind of target; pillar is compared exactly.</param>
    /// <param name="excludeMinion">Leave this minion out.</param>
    /// <returns>Id to value; for several functions function to such a map.</returns>
    /// <example><code>salt '*' mine.get 'os:Fedora' network.interfaces grain</code></example>
    [SaltFunction("mine.get")]
    public static async Task<MapValue> Get(CallContext context, Value tgt, Value fun, string tgtType = "glob", bool excludeMinion = false)
    {
        var exact = tgtType switch { "pillar" or "pillar_pcre" => "pillar_exact", "compound" => "compound_pillar_exact", var other => other };
        var answer = await AskAsync(context, MapValue.Of(("cmd", "_mine_get"), ("id", context.MinionId), ("tgt", tgt), ("fun", fun), ("tgt_type", exact))).ConfigureAwait(false) as MapValue ?? MapValue.Empty;
        if (!excludeMinion) return answer;
        return fun is TextValue { Text: var one } && !one.Contains(',', StringComparison.Ordinal)
            ? answer.Without(context.MinionId)
            : MapValue.From(answer.Select(f => KeyValuePair.Create(f.Key, f.Value is MapValue minions ? minions.Without(context.MinionId) : f.Value)));
    }

    /// <summary>Takes one value back.</summary>
    /// <param name="fun">The function, or the name it was sent by.</param>
    /// <returns>Whether the master took it back.</returns>
    /// <example><code>salt '*' mine.delete 'network.interfaces'</code></example>
    [SaltFunction("mine.delete")]
    public static Task<bool> Delete(CallContext context, string fun) => TellAsync(context, MapValue.Of(("cmd", "_mine_delete"), ("fun", fun)));

    /// <summary>Takes all values back.</summary>
    /// <returns>Whether the master took them back.</returns>
    /// <example><code>salt '*' mine.flush</code></example>
    [SaltFunction("mine.flush")]
    public static Task<bool> Flush(CallContext context) => TellAsync(context, MapValue.Of(("cmd", "_mine_flush")));

    // Configuration, grains and pillar, as all options of modules.
    private static async Task<Value?> OptionAsync(CallContext context) => context.Functions.Find(FunctionKind.Execution, "config.merge") is null
        ? context.Options.Get("mine_functions")
        : await context.Call("config.merge", "mine_functions", MapValue.Empty).ConfigureAwait(false);

    private static bool IsThere(CallContext context, MineDefinition definition) => context.Functions.Find(FunctionKind.Execution, definition.Called) is not null;

    // One that is missing or fails is left out and told to the log; the others go on.
    private static async Task<Value?> ValueOfAsync(CallContext context, MineDefinition definition)
    {
        if (!IsThere(context, definition))
        {
            context.Services.Log?.Write(LogSeverity.Error, $"mine: the function {definition.Called} is not available");
            return null;
        }
        try
        {
            return await context.Call(definition.Called, definition.Arguments).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            context.Services.Log?.Write(LogSeverity.Error, $"mine: the function {definition.Called} failed: {failed.Message}");
            return null;
        }
    }

    private static async Task<bool> TellAsync(CallContext context, MapValue load) =>
        await AskAsync(context, load.With("id", context.MinionId)).ConfigureAwait(false) is { IsTruthy: true };

    private static Task<Value?> AskAsync(CallContext context, MapValue load) =>
        context.Services.Master is { } master ? master.AskAsync(load, Patience, context.Stopped) : LocalMine.AnswerAsync(context, load);
}
