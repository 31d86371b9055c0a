using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Compiler;

namespace SaltActors.Modules.Highstates;

/// <summary>The module <c>state</c>, what shows: what would run is told, and nothing is run.</summary>
/// <remarks>Follows Salt 3006, salt/modules/state.py.</remarks>
public static class StateShowModule
{
    private const int Nothing = 2;

    /// <summary>Shows which SLS files the top files mean for this minion.</summary>
    /// <param name="kwargs"><c>saltenv</c>, <c>pillar</c> …</param>
    /// <returns>Environment to names.</returns>
    /// <example><code>salt '*' state.show_top</code></example>
    [SaltFunction("state.show_top")]
    public static Task<Value> ShowTop(CallContext context, [Keywords] MapValue? kwargs = null) => StateModule.Answer(context, kwargs, compiling =>
        Task.FromResult<Value>(MapValue.From(compiling.TopMatches().Select(m => KeyValuePair.Create(m.Key, (Value)ListValue.OfTexts(m.Value))))));

    /// <summary>Shows the SLS files of the highstate, with what they include.</summary>
    /// <param name="kwargs"><c>saltenv</c>, <c>pillar</c>; <c>sorted=False</c> for the order in which they are met.</param>
    /// <example><code>salt '*' state.show_states</code></example>
    [SaltFunction("state.show_states")]
    public static Task<Value> ShowStates(CallContext context, [Keywords] MapValue? kwargs = null) => StateModule.Answer(context, kwargs, compiling =>
    {
        var names = Highstate.Compile(compiling.Render(compiling.TopMatches())).Select(c => c.Sls).Distinct();
        return Task.FromResult<Value>(ListValue.OfTexts(names));
    });

    /// <summary>Shows the high data of the highstate.</summary>
    /// <param name="kwargs"><c>saltenv</c>, <c>pillar</c> …</param>
    /// <example><code>salt '*' state.show_highstate</code></example>
    [SaltFunction("state.show_highstate")]
    public static Task<Value> ShowHighstate(CallContext context, [Keywords] MapValue? kwargs = null) => StateModule.Answer(context, kwargs, compiling =>
    {
        var shown = WithExtensions(compiling.Render(compiling.TopMatches()));
        if (shown.Count == 0) context.Retcode = Nothing;
        return Task.FromResult<Value>(shown);
    });

    /// <summary>Shows the low chunks of the highstate, in the order in which they would run.</summary>
    /// <param name="kwargs"><c>saltenv</c>, <c>pillar</c> …</param>
    /// <example><code>salt '*' state.show_lowstate</code></example>
    [SaltFunction("state.show_lowstate")]
    public static async Task<Value> ShowLowstate(CallContext context, [Keywords] MapValue? kwargs = null)
    {
        var shown = await StateModule.Answer(context, kwargs, compiling =>
            Task.FromResult<Value>(ListValue.From(Highstate.Compile(compiling.Render(compiling.TopMatches())).Select(c => c.Data)))).ConfigureAwait(false);
        // Errors are shown as they are, and the code stays 0.
        if (shown is ListValue { Count: > 0 } list && list[0] is TextValue) context.Retcode = 0;
        return shown;
    }

    /// <summary>Shows the high data of SLS files.</summary>
    /// <param name="mods">Names with commas between them, or a list.</param>
    /// <param name="kwargs"><c>saltenv</c>, <c>pillar</c> …</param>
    /// <example><code>salt '*' state.show_sls core,edit.vim</code></example>
    [SaltFunction("state.show_sls")]
    public static Task<Value> ShowSls(CallContext context, Value mods, [Keywords] MapValue? kwargs = null) => StateModule.Answer(context, kwargs, compiling =>
        Task.FromResult<Value>(WithExtensions(compiling.Render(compiling.Matches(mods)))));

    /// <summary>Shows the low chunks of SLS files, without extensions and requisites of others.</summary>
    /// <param name="mods">Names with commas between them, or a list.</param>
    /// <param name="kwargs"><c>saltenv</c>, <c>pillar</c> …</param>
    /// <example><code>salt '*' state.show_low_sls foo</code></example>
    [SaltFunction("state.show_low_sls")]
    public static Task<Value> ShowLowSls(CallContext context, Value mods, [Keywords] MapValue? kwargs = null) => StateModule.Answer(context, kwargs, compiling =>
        Task.FromResult<Value>(ListValue.From(Highstate.Show(compiling.Render(compiling.Matches(mods))).Select(c => c.Data))));

    /// <summary>Whether SLS files are there and can be rendered.</summary>
    /// <param name="mods">Names with commas between them, or a list.</param>
    /// <param name="kwargs"><c>saltenv</c>, <c>pillar</c> …</param>
    /// <example><code>salt '*' state.sls_exists core,edit.vim</code></example>
    [SaltFunction("state.sls_exists")]
    public static async Task<bool> SlsExists(CallContext context, Value mods, [Keywords] MapValue? kwargs = null)
    {
        var shown = await ShowSls(context, mods, kwargs).ConfigureAwait(false);
        context.Retcode = 0;
        return shown is MapValue;
    }

    /// <summary>Whether ids stand in the highstate.</summary>
    /// <param name="ids">Ids with commas between them, or a list.</param>
    /// <param name="kwargs"><c>saltenv</c>, <c>pillar</c> …</param>
    /// <example><code>salt '*' state.id_exists create_myfile,update_template</code></example>
    [SaltFunction("state.id_exists")]
    public static async Task<bool> IdExists(CallContext context, Value ids, [Keywords] MapValue? kwargs = null)
    {
        var shown = await ShowHighstate(context, kwargs).ConfigureAwait(false);
        context.Retcode = 0;
        return shown is MapValue high && StateCompiling.Names(ids).All(high.Has);
    }

    private static MapValue WithExtensions(HighData high)
    {
        var shown = high.ToValue();
        if (high.Extends.Count > 0) shown = shown.With("__extend__", ListValue.From(high.Extends.Select(e => MapValue.From([KeyValuePair.Create(e.Id, (Value)e.ToValue())]))));
        return high.Excludes.Count > 0 ? shown.With("__exclude__", ListValue.From(high.Excludes)) : shown;
    }
}
