using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Yaml;
using SaltActors.States.Pillars;

namespace SaltActors.Modules.Templates;

/// <summary>The module <c>defaults</c>: what a formula takes where the pillar says nothing.</summary>
/// <remarks>Follows Salt 3006, salt/modules/defaults.py. Called from a template, <c>in_place</c> changes the template's own map.</remarks>
public static class DefaultsModule
{
    /// <summary>Answers with a value of the pillar, or else of a formula's <c>defaults.yaml</c> or <c>defaults.json</c>.</summary>
    /// <param name="key">Formula and path, as <c>core:users:root</c>.</param>
    /// <param name="default">What to answer where neither has it.</param>
    /// <example><code>salt '*' defaults.get core:users:root</code></example>
    [SaltFunction("defaults.get")]
    public static async Task<Value> Get(CallContext context, string key, Value? @default = null)
    {
        var (formula, path) = key.Split(':', 2) is [var name, var rest] ? (name, rest) : (key, "");
        if (await FileOf(context, formula).ConfigureAwait(false) is not MapValue defaults) return KeyPath.Find(context.Pillar, key) ?? @default ?? TextValue.Empty;
        return KeyPath.Find(context.Pillar, key) ?? (path.Length == 0 ? defaults : KeyPath.Find(defaults, path)) ?? @default ?? TextValue.Empty;
    }

    /// <summary>Lays one map over another, on every level.</summary>
    /// <param name="dest">The lower map.</param>
    /// <param name="src">The upper one.</param>
    /// <param name="mergeLists">Join lists of the same key.</param>
    /// <param name="inPlace">Change the lower map itself, where a template calls.</param>
    /// <param name="convertNone">Take a null for an empty map.</param>
    /// <example><code>salt '*' defaults.merge '{a: b}' '{d: e}'</code></example>
    [SaltFunction("defaults.merge")]
    public static Value Merge(CallContext context, Value dest, Value src, bool mergeLists = false, bool inPlace = true, bool convertNone = true)
    {
        _ = (context, inPlace);   // values have no place: the template engine puts the result where the map was
        return PillarMerge.Deep(Map(dest, "dest", convertNone), Map(src, "src", convertNone), mergeLists);
    }

    /// <summary>Answers with a copy of a map.</summary>
    /// <param name="source">Anything.</param>
    /// <example><code>salt '*' defaults.deepcopy '{a: [1]}'</code></example>
    [SaltFunction("defaults.deepcopy")]
    public static Value Deepcopy(Value source) => source;

    /// <summary>Lays each group of settings over a copy of the defaults.</summary>
    /// <param name="dest">Group → its settings.</param>
    /// <param name="defaults">What each of them has.</param>
    /// <param name="mergeLists">Join lists of the same key.</param>
    /// <param name="inPlace">Change the groups themselves, where a template calls.</param>
    /// <param name="convertNone">Take a null for an empty map.</param>
    /// <example><code>salt '*' defaults.update '{one: {k: 1}, two: {}}' '{k: 0, j: [1]}'</code></example>
    [SaltFunction("defaults.update")]
    public static Value Update(Value dest, Value defaults, bool mergeLists = true, bool inPlace = true, bool convertNone = true)
    {
        _ = inPlace;
        var below = Map(defaults, "defaults", convertNone);
        return MapValue.From(Map(dest, "dest", convertNone).Select(e => KeyValuePair.Create(e.Key, (Value)PillarMerge.Deep(below, Map(e.Value, e.Key.ToString(), convertNone), mergeLists))));
    }

    private static MapValue Map(Value value, string name, bool convertNone) => value switch
    {
        MapValue map => map,
        NullValue when convertNone => MapValue.Empty,
        _ => throw new NamedError("TypeError", $"{name} must be a map, found {value.KindName}"),
    };

    private static readonly string[] Endings = ["yaml", "json"];

    private static async Task<Value?> FileOf(CallContext context, string formula)
    {
        var files = CallServices.Need(context.Services.Files, "defaults.get reads files of the file server, and there is none here");
        foreach (var ending in Endings)
        {
            if (await files.CacheAsync($"salt://{formula}/defaults.{ending}", context.Options.TextOf("saltenv") ?? "base", context.Stopped).ConfigureAwait(false) is not { } path) continue;
            var text = await File.ReadAllTextAsync(path, context.Stopped).ConfigureAwait(false);
            try
            {
                return ending == "json" ? JsonText.Read(text) : YamlLoader.Load(text, path);
            }
            catch (Exception broken) when (broken is YamlBroken or JsonRefused)
            {
                throw new CommandFailed($"{path} cannot be read: {broken.Message}");
            }
        }
        return null;
    }
}
