using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Functions;
using SaltActors.States.Pillars;

namespace SaltActors.Modules.Pillar;

/// <summary>The module <c>pillar</c>: what the master, or the pillar roots of this machine, tell this minion.</summary>
/// <remarks>Follows Salt 3006, salt/modules/pillar.py.</remarks>
public static class PillarModule
{
    private const string NoDoor = "there is nobody here who compiles pillars";

    /// <summary>Answers with a value of the pillar that is in memory.</summary>
    /// <param name="key">The path, with the delimiter between its steps; a number steps into a list.</param>
    /// <param name="default">What to answer where there is no such value; empty text where none is given, an error with <c>pillar_raise_on_missing</c>.</param>
    /// <param name="merge">Lay the value over the default: both maps, or both lists.</param>
    /// <param name="mergeNestedLists">Whether lists inside merged maps are joined or replaced; as <c>pillar_merge_lists</c> says where it is not given.</param>
    /// <param name="delimiter">What parts the path.</param>
    /// <param name="pillarenv">Compile the pillar anew, from this environment alone.</param>
    /// <param name="saltenv">Taken where <c>pillarenv_from_saltenv</c> makes it the environment of the pillar.</param>
    /// <example><code>salt '*' pillar.get pkg:apache</code></example>
    [SaltFunction("pillar.get")]
    public static async Task<Value> Get(
        CallContext context, string key, Value? @default = null, bool merge = false, bool? mergeNestedLists = null, string delimiter = ":", string? pillarenv = null, string? saltenv = null)
    {
        var pillar = pillarenv is null && saltenv is null ? context.Pillar : await CompileAsync(context, saltenv, pillarenv, MapValue.Empty).ConfigureAwait(false);
        var found = KeyPath.Find(pillar, key, delimiter);
        var otherwise = @default ?? (found is null && context.Options.Get("pillar_raise_on_missing") is { IsTruthy: true }
            ? throw new NamedError("KeyError", $"Pillar key not found: {key}") : TextValue.Empty);
        if (merge && @default is not null)
            switch (@default, found)
            {
                case (MapValue under, null): return under;
                case (MapValue under, MapValue over): return PillarMerge.Deep(under, over, mergeLists: mergeNestedLists ?? context.Options.Get("pillar_merge_lists") is { IsTruthy: true });
                case (ListValue under, ListValue over): return PillarMerge.Joined(under, over);
                default:
                    context.Services.Log?.Write(LogSeverity.Error, $"pillar.get: '{key}' is a {found?.KindName ?? "missing value"} and the default a {@default.KindName}; only two maps or two lists are merged");
                    break;
            }
        return found ?? otherwise;
    }

    /// <summary>The same as <c>pillar.get</c>.</summary>
    /// <param name="key">The path.</param>
    /// <param name="default">What to answer where there is no such value.</param>
    /// <param name="merge">Lay the value over the default.</param>
    /// <param name="mergeNestedLists">Whether lists inside merged maps are joined.</param>
    /// <param name="delimiter">What parts the path.</param>
    /// <param name="pillarenv">Compile the pillar anew, from this environment alone.</param>
    /// <param name="saltenv">Taken where <c>pillarenv_from_saltenv</c> is set.</param>
    /// <example><code>salt '*' pillar.fetch pkg:apache</code></example>
    [SaltFunction("pillar.fetch")]
    public static Task<Value> Fetch(
        CallContext context, string key, Value? @default = null, bool merge = false, bool? mergeNestedLists = null, string delimiter = ":", string? pillarenv = null, string? saltenv = null) =>
        Get(context, key, @default, merge, mergeNestedLists, delimiter, pillarenv, saltenv);

    /// <summary>Compiles the pillar anew and answers with all of it. The pillar in memory stays as it is.</summary>
    /// <param name="args">Top-level keys that are wanted; none for all.</param>
    /// <param name="kwargs"><c>pillar</c>: a map that is laid over it. <c>pillarenv</c>, <c>saltenv</c>: the environment.</param>
    /// <example><code>
    /// salt '*' pillar.items
    /// salt '*' pillar.items pillarenv=dev pillar='{"foo": "bar"}'
    /// </code></example>
    [SaltFunction("pillar.items")]
    public static async Task<MapValue> Items(CallContext context, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        var over = kwargs.Get("pillar") switch
        {
            null or NullValue => MapValue.Empty,
            MapValue map => map,
            TextValue { Text: "" } => MapValue.Empty,
            var other => throw new NamedError("CommandExecutionError", $"pillar data must be formatted as a dictionary, found {other.KindName}"),
        };
        if (kwargs.Get("pillar_enc") is { IsTruthy: true } encrypted)
            throw new NamedError("CommandExecutionError", $"pillar_enc={encrypted}: encrypted pillar data on the command line cannot be read in this version");
        var pillar = await CompileAsync(context, Environment(kwargs, "saltenv"), Environment(kwargs, "pillarenv") ?? context.Options.TextOf("pillarenv"), over).ConfigureAwait(false);
        return args.Count == 0 ? pillar : MapValue.From(args.Where(pillar.Has).Select(k => KeyValuePair.Create(k, pillar.Get(k)!)));
    }

    /// <summary>Answers with the pillar in memory, or with one key of it.</summary>
    /// <param name="key">A top-level key; all of the pillar without one.</param>
    /// <returns>The value; an empty map where there is no such key.</returns>
    /// <example><code>salt '*' pillar.raw key='roles'</code></example>
    [SaltFunction("pillar.raw")]
    public static Value Raw(CallContext context, string? key = null) => string.IsNullOrEmpty(key) ? context.Pillar : context.Pillar.Get(key) ?? MapValue.Empty;

    /// <summary>Answers with several values of the pillar in memory.</summary>
    /// <param name="args">Their paths.</param>
    /// <param name="kwargs"><c>default</c>: what stands for a missing one. <c>delimiter</c>: what parts the paths. <c>pillarenv</c>: compile anew from this environment.</param>
    /// <returns>Path to value.</returns>
    /// <example><code>salt '*' pillar.item pkg:apache roles</code></example>
    [SaltFunction("pillar.item")]
    public static async Task<MapValue> Item(CallContext context, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        var otherwise = kwargs.Get("default") ?? TextValue.Empty;
        var pillarenv = Environment(kwargs, "pillarenv");
        var pillar = pillarenv is null ? context.Pillar : await CompileAsync(context, Environment(kwargs, "saltenv"), pillarenv, MapValue.Empty).ConfigureAwait(false);
        return MapValue.From(args.Select(path => KeyValuePair.Create(path, KeyPath.Find(pillar, path.ToString(), kwargs.TextOf("delimiter") ?? ":") ?? otherwise)));
    }

    /// <summary>Compiles the pillar anew and answers with the names of its top-level keys.</summary>
    /// <param name="args">Only these of them.</param>
    /// <example><code>salt '*' pillar.ls</code></example>
    [SaltFunction("pillar.ls")]
    public static async Task<ListValue> Ls(CallContext context, [Rest] ListValue args) => ListValue.From((await Items(context, args, MapValue.Empty).ConfigureAwait(false)).Keys);

    /// <summary>Answers with the keys of a map in the pillar.</summary>
    /// <param name="key">The path of the map.</param>
    /// <param name="delimiter">What parts the path.</param>
    /// <example><code>salt '*' pillar.keys web:sites</code></example>
    [SaltFunction("pillar.keys")]
    public static ListValue Keys(CallContext context, string key, string delimiter = ":") => KeyPath.Find(context.Pillar, key, delimiter) switch
    {
        null => throw new NamedError("KeyError", $"Pillar key not found: {key}"),
        MapValue map => ListValue.From(map.Keys),
        _ => throw new NamedError("ValueError", $"Pillar value in key {key} is not a dict"),
    };

    /// <summary>Compiles the pillar anew and answers with its shape: every value is replaced by the name of its kind.</summary>
    /// <param name="args">Top-level keys that are wanted; none for all.</param>
    /// <param name="kwargs">As for <c>pillar.items</c>.</param>
    /// <example><code>salt '*' pillar.obfuscate</code></example>
    [SaltFunction("pillar.obfuscate")]
    public static async Task<Value> Obfuscate(CallContext context, [Rest] ListValue args, [Keywords] MapValue kwargs) => Shape(await Items(context, args, kwargs).ConfigureAwait(false));

    /// <summary>Whether there is a file below the pillar roots of this machine; a minion of a master has none.</summary>
    /// <param name="path">From the root.</param>
    /// <param name="saltenv">Only in this environment.</param>
    /// <example><code>salt '*' pillar.file_exists foo/bar.sls</code></example>
    [SaltFunction("pillar.file_exists")]
    public static bool FileExists(CallContext context, string path, string? saltenv = null)
    {
        if (!States.Files.TreePath.TryParse(path, out var plain)) return false;
        return context.Options.MapOf("pillar_roots").Where(e => saltenv is null || e.Key.ToString() == saltenv)
            .SelectMany(e => e.Value is ListValue folders ? folders : ListValue.Empty)
            .Any(folder => File.Exists(Path.Combine(folder.ToString(), plain)));
    }

    /// <summary>Picks an entry of a table by a value of the pillar.</summary>
    /// <param name="lookupDict">Pattern → entry; the first that fits wins.</param>
    /// <param name="pillar">The path of the value; a list offers each of its items.</param>
    /// <param name="merge">A map that is laid over the entry.</param>
    /// <param name="default">The key whose entry is taken where none fits.</param>
    /// <param name="base">The key of an entry that lies under the result.</param>
    /// <example><code>salt '*' pillar.filter_by '{web: Serve it up, db: I query, default: x_x}' role</code></example>
    [SaltFunction("pillar.filter_by")]
    public static Value FilterBy(CallContext context, MapValue lookupDict, string pillar, Value? merge = null, [System.ComponentModel.DefaultValue("default")] Value? @default = null, Value? @base = null) =>
        GrainFilter.Pick(lookupDict, context.Pillar, pillar, merge, @default ?? "default", @base);

    /// <summary>Compiles what the master's pillar would be with a source from outside alone. Masters of other owners are not asked to run code: this is refused.</summary>
    /// <param name="external">Name → settings, as under <c>ext_pillar</c>.</param>
    /// <param name="pillar">What is laid over it.</param>
    /// <example><code>salt '*' pillar.ext '{libvirt: _}'</code></example>
    [SaltFunction("pillar.ext")]
    public static Value Ext(CallContext context, MapValue external, MapValue? pillar = null) => throw new CommandFailed(
        $"pillar.ext {string.Join(", ", external.Keys)}: sources are set on the master (ext_pillar); one that a minion names is not run in this version{(pillar is null ? "" : ", with or without pillar=")}; see salt-run pillar.show_pillar {context.MinionId}");

    /// <exception cref="CommandFailed">Nobody compiles it here.</exception>
    internal static Task<MapValue> CompileAsync(CallContext context, string? saltenv, string? pillarenv, MapValue over) =>
        CallServices.Need(context.Services.Pillars, NoDoor).CompileAsync(
            new PillarQuestion(MinionId.Parse(context.MinionId), context.Grains, saltenv ?? context.Options.TextOf("saltenv"), pillarenv ?? context.Options.TextOf("pillarenv"), over), context.Stopped);

    private static string? Environment(MapValue kwargs, string name) => kwargs.Get(name) is { IsNull: false } given ? given.ToString() : null;

    private static Value Shape(Value value) => value switch
    {
        MapValue map => MapValue.From(map.Select(e => KeyValuePair.Create(e.Key, Shape(e.Value)))),
        ListValue list => ListValue.From(list.Select(Shape)),
        NullValue => "<NoneType>",
        _ => $"<{value.KindName}>",
    };
}
