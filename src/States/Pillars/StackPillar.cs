using System.IO.Enumeration;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;
using SaltActors.Rendering.Yaml;
using SaltActors.States.Templates;

namespace SaltActors.States.Pillars;

/// <summary><c>stack</c>: a template that names YAML files, each a template too, laid over one another as <c>__</c> in them says.</summary>
/// <remarks>Follows Salt 3006, salt/pillar/stack.py. <c>__stack__['traverse']</c> is not there; the filter <c>traverse</c> does the same.</remarks>
internal sealed class StackPillar : IExternalPillar
{
    private const string Strategy = "__";
    private static readonly string[] Strategies = ["merge-first", "merge-last", "remove", "overwrite"];

    public string Name => "stack";

    public MapValue Compile(PillarScene scene, MapValue pillar, Value settings)
    {
        var stack = MapValue.Empty;
        foreach (var config in Configs(scene, pillar, settings))
        {
            if (!File.Exists(config)) throw new CommandFailed($"{config} does not exist");
            var folder = Path.GetDirectoryName(config)!;
            foreach (var line in Render(scene, pillar, stack, config, folder).Split('\n'))
            {
                if (line.Trim() is not { Length: > 0 } pattern) continue;
                foreach (var file in Files(folder, pattern))
                {
                    Value data;
                    try
                    {
                        data = YamlLoader.Load(Render(scene, pillar, stack, file, folder), file);
                    }
                    catch (YamlBroken broken)
                    {
                        throw new CommandFailed($"{file}: {broken.Message}");
                    }
                    if (data is NullValue) continue;
                    stack = data is MapValue map ? Merge(stack, map, file) : throw new CommandFailed($"{file} holds a {data.KindName}, where a map was expected");
                }
            }
        }
        return stack;
    }

    // A path, a list of them, or a map of "pillar|grains|opts:path" to a map of a value to paths.
    private static IEnumerable<string> Configs(PillarScene scene, MapValue pillar, Value settings)
    {
        switch (settings)
        {
            case TextValue text: return [text.Text];
            case ListValue list: return list.SelectMany(s => Configs(scene, pillar, s));
            case MapValue map:
                return map.SelectMany(choice =>
                {
                    var (key, rest) = choice.Key.ToString().Split(':', 2) is [var first, var path] ? (first, path) : (choice.Key.ToString(), "");
                    var source = key switch { "pillar" => pillar, "grains" => scene.Minion.Grains, "opts" => scene.Options, _ => throw new CommandFailed($"'{choice.Key}': expected was pillar:…, grains:… or opts:…") };
                    var now = KeyPath.Find(source, rest);
                    return choice.Value is MapValue values && now is not null && values.Get(now) is { } chosen ? Configs(scene, pillar, chosen) : [];
                });
            default: throw new CommandFailed($"a path, a list or a map is expected, found a {settings.KindName}");
        }
    }

    private static string Render(PillarScene scene, MapValue pillar, MapValue stack, string file, string folder) => TemplateEngine.RenderText(new RenderTask
    {
        Call = scene.Call,
        Source = new TemplateSource(file, File.ReadAllText(file), file),
        Files = NoTemplates.Instance,
        Calling = scene.Calling,
        Variables = MapValue.Of(("minion_id", scene.Minion.Id.Text), ("pillar", pillar), ("stack", stack), ("__grains__", scene.Minion.Grains), ("__opts__", scene.Options), ("__stack__", MapValue.Of(("cfg_path", folder)))),
    }, "jinja");

    private static IEnumerable<string> Files(string folder, string pattern)
    {
        var full = Path.GetFullPath(Path.Combine(folder, pattern));
        if (!full.Contains('*') && !full.Contains('?') && !full.Contains('[')) return File.Exists(full) ? [full] : [];
        var root = full[..full.IndexOfAny(['*', '?', '['])];
        root = root[..(root.LastIndexOf('/') + 1)];
        return Directory.Exists(root)
            ? new FileSystemEnumerable<string>(root, (ref FileSystemEntry e) => e.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true }) { ShouldIncludePredicate = (ref FileSystemEntry e) => !e.IsDirectory }
                .Where(f => f.Count(c => c == '/') == full.Count(c => c == '/') && NamePattern.Matches(full, f)).Order(StringComparer.Ordinal) : [];
    }

    private static MapValue Merge(MapValue lower, MapValue upper, string file)
    {
        var strategy = upper.TextOf(Strategy) ?? "merge-last";
        if (!Strategies.Contains(strategy)) throw new CommandFailed($"{file}: unknown strategy \"{strategy}\", should be one of {string.Join(", ", Strategies)}");
        upper = upper.Without(Strategy);
        if (strategy == "overwrite") return Clean(upper);
        var merged = lower.ToBuilder();
        foreach (var (key, value) in upper)
        {
            if (strategy == "remove")
            {
                merged.Remove(key);
                continue;
            }
            var there = lower.Get(key);
            merged[key] = (there, value) switch
            {
                (null, _) => Clean(value),
                (MapValue a, MapValue b) => strategy == "merge-first" ? Merge(Clean(b.Without(Strategy)), a, file) : Merge(a, b, file),
                (ListValue a, ListValue b) => Merge(a, b, file),
                _ => strategy == "merge-first" ? there : Clean(value),
            };
        }
        return merged.Build();
    }

    private static ListValue Merge(ListValue lower, ListValue upper, string file)
    {
        var strategy = "merge-last";
        if (upper.Count > 0 && upper[0] is MapValue { Count: 1 } first && first.TextOf(Strategy) is { } given) (strategy, upper) = (given, ListValue.From(upper.Skip(1)));
        return strategy switch
        {
            "overwrite" => upper,
            "remove" => ListValue.From(lower.Where(i => !upper.Contains(i))),
            "merge-first" => ListValue.From(upper.Concat(lower)),
            "merge-last" => ListValue.From(lower.Concat(upper)),
            _ => throw new CommandFailed($"{file}: unknown strategy \"{strategy}\", should be one of {string.Join(", ", Strategies)}"),
        };
    }

    // What only says how to merge is no data.
    private static MapValue Clean(MapValue map) => MapValue.From(map.Without(Strategy).Select(e => KeyValuePair.Create(e.Key, Clean(e.Value))));

    private static Value Clean(Value value) => value switch
    {
        MapValue map => Clean(map),
        ListValue list when list.Count > 0 && list[0] is MapValue { Count: 1 } first && first.Has(Strategy) => ListValue.From(list.Skip(1).Select(Clean)),
        ListValue list => ListValue.From(list.Select(Clean)),
        _ => value,
    };
}
