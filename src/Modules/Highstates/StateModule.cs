using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Compiler;

namespace SaltActors.Modules.Highstates;

/// <summary>The module <c>state</c>: states are run.</summary>
/// <remarks>Follows Salt 3006, salt/modules/state.py, in its answers and codes: 1 for data that does not compile, 2 for a failed state or nothing to do, 5 for a broken pillar.</remarks>
public static class StateModule
{
    private const int NotCompiled = 1, HasFailed = 2, PillarFailed = 5;

    /// <summary>Runs SLS files, or without a name the highstate.</summary>
    /// <param name="mods">Names with commas between them, or a list.</param>
    /// <param name="kwargs">As for <c>state.sls</c> or <c>state.highstate</c>.</param>
    /// <example><code>
    /// salt '*' state.apply
    /// salt '*' state.apply stuff pillar='{"foo": "bar"}' test=True
    /// </code></example>
    [SaltFunction("state.apply", Outputter = "highstate")]
    public static Task<Value> Apply(CallContext context, Value? mods = null, [Keywords] MapValue? kwargs = null) =>
        mods is { IsTruthy: true } ? Sls(context, mods, kwargs) : RunHighstate(context, kwargs);

    /// <summary>Runs SLS files.</summary>
    /// <param name="mods">Names with commas between them, or a list.</param>
    /// <param name="kwargs">
    /// <c>test</c>: change nothing. <c>pillar</c>: a map that is laid over the pillar. <c>saltenv</c>, <c>pillarenv</c>: the environments.
    /// <c>exclude</c>: what to leave out.
    /// </param>
    /// <returns>Tag to result; a list of texts where something is wrong with the SLS files.</returns>
    /// <example><code>salt '*' state.sls core,edit.vim dev</code></example>
    [SaltFunction("state.sls", Outputter = "highstate")]
    public static Task<Value> Sls(CallContext context, Value mods, [Keywords] MapValue? kwargs = null) => Run(context, kwargs, compiling =>
        StateCompiling.Names(mods).FirstOrDefault(m => StateRunsModule.DisabledIn(context).Contains(TextValue.Of(m))) is { } disabled
        ? throw new CompileFailed([$"The state file \"{disabled}\" is currently disabled by \"{disabled}\", to re-enable, run state.enable {disabled}."])
        : RunAsync(context, compiling, Highstate.Compile(compiling.Render(compiling.Matches(mods)))));

    /// <summary>Runs what the top files mean for this minion.</summary>
    /// <param name="kwargs">As for <c>state.sls</c>.</param>
    /// <example><code>salt '*' state.highstate test=True</code></example>
    [SaltFunction("state.highstate", Outputter = "highstate")]
    public static Task<Value> RunHighstate(CallContext context, [Keywords] MapValue? kwargs = null) => Run(context, kwargs, async compiling =>
    {
        if (StateRunsModule.DisabledIn(context).Contains(TextValue.Of("highstate")))
        {
            context.Retcode = NotCompiled;
            return MapValue.Of(("name", "Salt highstate run is disabled. To re-enable, run state.enable highstate"), ("result", "False"), ("comment", "Disabled"));
        }
        IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> matches;
        try
        {
            matches = compiling.TopMatches();
        }
        catch (StateDataBroken broken)
        {
            return NoStates(context, $"Unable to render top file: {broken.Message}");
        }
        if (matches.Count == 0) return NoStates(context, "No Top file or master_tops data matches found. Please see master log for details.");
        return await RunAsync(context, compiling, Highstate.Compile(compiling.Render(matches))).ConfigureAwait(false);
    });

    /// <summary>Runs what another top file means for this minion.</summary>
    /// <param name="topfn">The top file: <c>reverse_top.sls</c>.</param>
    /// <param name="kwargs">As for <c>state.sls</c>.</param>
    /// <example><code>salt '*' state.top reverse_top.sls</code></example>
    [SaltFunction("state.top", Outputter = "highstate")]
    public static Task<Value> Top(CallContext context, string topfn, [Keywords] MapValue? kwargs = null) =>
        RunHighstate(context, (kwargs ?? MapValue.Empty).With(StateCompiling.OtherTop, topfn.StartsWith("salt://", StringComparison.Ordinal) ? topfn["salt://".Length..] : topfn));

    /// <summary>Runs SLS files, or without a name the highstate, in test mode.</summary>
    /// <param name="mods">Names with commas between them, or a list.</param>
    /// <param name="kwargs">As for <c>state.apply</c>.</param>
    /// <example><code>salt '*' state.test stuff</code></example>
    [SaltFunction("state.test", Outputter = "highstate")]
    public static Task<Value> Test(CallContext context, Value? mods = null, [Keywords] MapValue? kwargs = null) => Apply(context, mods, (kwargs ?? MapValue.Empty).With("test", true));

    /// <summary>Runs the states of one id, and what they lean on.</summary>
    /// <param name="id">The id.</param>
    /// <param name="mods">The SLS files that it is in.</param>
    /// <param name="kwargs">As for <c>state.sls</c>.</param>
    /// <example><code>salt '*' state.sls_id my_state my_module</code></example>
    [SaltFunction("state.sls_id", Outputter = "highstate")]
    public static Task<Value> SlsId(CallContext context, string id, Value mods, [Keywords] MapValue? kwargs = null) => Run(context, kwargs, async compiling =>
    {
        var chunks = Highstate.Compile(compiling.Render(compiling.Matches(mods)));
        var wanted = chunks.Where(c => c.Id == id).Select(c => c.Tag).ToHashSet();
        if (wanted.Count == 0)
            throw new NamedError("SaltInvocationError", $"No matches for ID '{id}' found in SLS '{string.Join(", ", StateCompiling.Names(mods))}' within saltenv '{compiling.SaltEnv ?? "base"}'");
        return await RunAsync(context, compiling, [.. Leaning(chunks, wanted)]).ConfigureAwait(false);
    });

    /// <summary>Runs one state.</summary>
    /// <param name="fun">The function, as <c>pkg.installed</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kwargs">Its arguments, <c>test</c> among them.</param>
    /// <example><code>salt '*' state.single pkg.installed name=vim</code></example>
    [SaltFunction("state.single", Outputter = "highstate")]
    public static Task<Value> Single(CallContext context, string fun, string name, [Keywords] MapValue? kwargs = null)
    {
        if (fun.Split('.', 2) is not [var module, var function] || context.Functions.Find(FunctionKind.State, fun) is null)
        {
            context.Retcode = NotCompiled;
            return Task.FromResult<Value>(fun.Contains('.') ? ListValue.OfTexts([$"Specified state '{fun}' was not found"]) : "Invalid function passed");
        }
        return Answer(context, kwargs, compiling =>
        {
            var own = new[] { "test", "pillar", "pillarenv", "saltenv", "queue", "localconfig", "state_events" };
            var data = MapValue.Of(("state", module), ("fun", function), ("name", name), ("__id__", name), ("__sls__", ""), ("__env__", compiling.SaltEnv ?? "base"), ("order", 10000))
                .Over(MapValue.From(compiling.Arguments.Where(a => !own.Contains(a.Key.ToString()))));
            return RunAsync(context, compiling, [new LowChunk(data)]);
        });
    }

    /// <summary>Runs high data.</summary>
    /// <param name="data">Id to modules, as an SLS file is rendered.</param>
    /// <param name="kwargs">As for <c>state.sls</c>.</param>
    /// <example><code>salt '*' state.high '{"vim": {"pkg": ["installed"]}}'</code></example>
    [SaltFunction("state.high", Outputter = "highstate")]
    public static Task<Value> High(CallContext context, MapValue data, [Keywords] MapValue? kwargs = null) => Run(context, kwargs, compiling => RunAsync(context, compiling, Highstate.Compile(OfData(data))));

    /// <summary>Runs one low chunk.</summary>
    /// <param name="data">The chunk: <c>state</c>, <c>fun</c>, <c>name</c>, <c>__id__</c> and arguments.</param>
    /// <param name="kwargs">As for <c>state.sls</c>.</param>
    /// <example><code>salt '*' state.low '{"state": "pkg", "fun": "installed", "name": "vi", "__id__": "vi"}'</code></example>
    [SaltFunction("state.low")]
    public static Task<Value> Low(CallContext context, MapValue data, [Keywords] MapValue? kwargs = null) => Run(context, kwargs, async compiling =>
    {
        foreach (var needed in new[] { "state", "fun" })
            if (data.TextOf(needed) is null)
            {
                context.Retcode = NotCompiled;
                return ListValue.OfTexts([$"Missing \"{needed}\" data"]);
            }
        if (!data.Has("__id__")) data = data.With("__id__", data.Get("name") ?? "");
        var results = (MapValue)await RunAsync(context, compiling, [new LowChunk(data.Has("__sls__") ? data : data.With("__sls__", ""))]).ConfigureAwait(false);
        return results[0].Value;
    });

    /// <summary>Runs a text that is an SLS file.</summary>
    /// <param name="tem">The text.</param>
    /// <param name="kwargs">As for <c>state.sls</c>.</param>
    /// <example><code>salt '*' state.template_str '&lt;Template String&gt;'</code></example>
    [SaltFunction("state.template_str", Outputter = "highstate")]
    public static Task<Value> TemplateStr(CallContext context, string tem, [Keywords] MapValue? kwargs = null) => RunTemplate(context, new Rendering.Jinja.TemplateSource("the text", tem), kwargs);

    /// <summary>Runs a file of this machine that is an SLS file.</summary>
    /// <param name="tem">Its path.</param>
    /// <param name="kwargs">As for <c>state.sls</c>.</param>
    /// <example><code>salt '*' state.template '&lt;Path to template on the minion&gt;'</code></example>
    [SaltFunction("state.template", Outputter = "highstate")]
    public static Task<Value> Template(CallContext context, string tem, [Keywords] MapValue? kwargs = null)
    {
        var path = File.Exists(tem) ? tem : tem + ".sls";
        return File.Exists(path) ? RunTemplate(context, SaltActors.States.Templates.TemplateText.Read(path, path), kwargs) : throw new CommandFailed($"there is no file {tem}");
    }

    internal static async Task<Value> RunAsync(CallContext context, StateCompiling compiling, ImmutableArray<LowChunk> chunks)
    {
        var results = await compiling.RunAsync(chunks, context.Jid).ConfigureAwait(false);
        context.Retcode = results.Count == 0 || IsFailed(results, chunks) ? HasFailed : 0;
        return results;
    }

    /// <summary>A run: one at a time, unless it is asked for otherwise.</summary>
    private static async Task<Value> Run(CallContext context, MapValue? kwargs, Func<StateCompiling, Task<Value>> use)
    {
        if (await StateRunsModule.ConflictAsync(context, kwargs ?? MapValue.Empty).ConfigureAwait(false) is not { } conflict) return await Answer(context, kwargs, use).ConfigureAwait(false);
        context.Retcode = NotCompiled;
        return conflict;
    }

    /// <summary>Compiles and answers; what is wrong with the data becomes its answer and its code.</summary>
    internal static async Task<Value> Answer(CallContext context, MapValue? kwargs, Func<StateCompiling, Task<Value>> use)
    {
        try
        {
            var compiling = await StateCompiling.BeginAsync(context, kwargs ?? MapValue.Empty).ConfigureAwait(false);
            return await Task.Run(() => use(compiling), context.Stopped).ConfigureAwait(false);
        }
        catch (CompileFailed failed)
        {
            context.Retcode = NotCompiled;
            return ListValue.OfTexts(failed.Errors);
        }
        catch (PillarBroken broken)
        {
            context.Retcode = PillarFailed;
            return broken.Told;
        }
        catch (StateDataBroken broken)
        {
            throw new NamedError("SaltRenderError", broken.Message);
        }
    }

    private static Task<Value> RunTemplate(CallContext context, Rendering.Jinja.TemplateSource source, MapValue? kwargs) => Run(context, kwargs, compiling =>
    {
        Value? made;
        try
        {
            made = compiling.Tree.Render(compiling.SaltEnv ?? "base", "", source);
        }
        catch (SaltActors.States.Templates.RenderFailed failed)
        {
            throw new CompileFailed([$"Rendering template '{source.Name}' failed: {failed.Message}"]);
        }
        if (made is not MapValue data) throw new CompileFailed([$"Template {source.Name} does not render to a dictionary"]);
        foreach (var forbidden in new[] { "include", "exclude", "extends" })
            if (data.Has(forbidden)) throw new CompileFailed([$"The '{forbidden}' declaration found on '{source.Name}' is invalid when rendering single templates"]);
        return RunAsync(context, compiling, Highstate.Compile(OfData(data)));
    });

    private static HighData OfData(MapValue data)
    {
        var errors = new List<string>();
        var high = HighData.From(data, errors);
        return errors.Count == 0 ? high : throw new CompileFailed(errors);
    }

    // A failure that was waited for by a state which then succeeded is none.
    private static bool IsFailed(MapValue results, ImmutableArray<LowChunk> chunks)
    {
        var healed = chunks.Where(c => results.Get(c.Tag) is MapValue r && r.Get("result") is BoolValue { IsTrue: true } && r.Get("__state_ran__") is not { IsTruthy: false })
            .SelectMany(c => Requisites.References(c.Data.Get("onfail") ?? ListValue.Empty)).ToList();
        foreach (var (tag, value) in results)
            if (value is MapValue result && result.Get("result") is BoolValue { IsTrue: false })
            {
                var parts = tag.ToString().Split("_|-");
                if (!healed.Any(h => (h.Module == parts[0] || h.Module == "id") && parts.Length > 2 && (h.Name.ToString() == parts[1] || h.Name.ToString() == parts[2]))) return true;
            }
        return false;
    }

    private static MapValue NoStates(CallContext context, string comment)
    {
        context.Retcode = HasFailed;
        return MapValue.Of(("no_|-states_|-states_|-None", MapValue.Of(("result", false), ("comment", comment), ("name", "No States"), ("changes", MapValue.Empty), ("__run_num__", 0))));
    }

    private static IEnumerable<LowChunk> Leaning(ImmutableArray<LowChunk> chunks, HashSet<string> wanted)
    {
        for (var before = -1; before != wanted.Count;)
        {
            before = wanted.Count;
            foreach (var chunk in chunks.Where(c => wanted.Contains(c.Tag)))
                foreach (var kind in Requisites.All)
                    if (chunk.Data.TryGet(kind, out var references))
                        foreach (var (module, name) in Requisites.References(references))
                            foreach (var other in chunks)
                                if ((module is "id" || other.State == module) && (NamePattern.Matches(name.ToString(), other.Name) || NamePattern.Matches(name.ToString(), other.Id))
                                    || module == "sls" && NamePattern.Matches(name.ToString(), other.Sls)) wanted.Add(other.Tag);
        }
        return chunks.Where(c => wanted.Contains(c.Tag));
    }
}
