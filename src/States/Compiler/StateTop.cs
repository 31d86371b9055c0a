using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.States.Templates;

namespace SaltActors.States.Compiler;

/// <summary>The top files: which SLS of which environment are meant for this minion.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, get_tops() to top_matches(); the merging is that of <c>top_file_merging_strategy</c>.</remarks>
public sealed class StateTop(SlsTree tree, MapValue options, MinionFacts minion)
{
    private sealed record Top(string SaltEnv, MapValue Sections);

    /// <summary>Environment → names, as they stand; a name may stand twice.</summary>
    /// <param name="saltenv">Only this environment; null for all.</param>
    /// <exception cref="CompileFailed">A top file is not formed as it must be.</exception>
    /// <exception cref="StateDataBroken">A section has no targets.</exception>
    public List<KeyValuePair<string, IReadOnlyList<string>>> Matches(string? saltenv)
    {
        var sections = Merged(Tops(saltenv), saltenv);
        var errors = Verify(sections).ToList();
        if (errors.Count > 0) throw new CompileFailed(errors);
        var matches = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        foreach (var (environment, targets) in sections)
        {
            if (saltenv is not null && environment != saltenv) continue;
            var names = new Dictionary<string, List<string>>();
            foreach (var (target, items) in (MapValue)targets)
                if (IsMeant(target, (ListValue)items)) Collect(environment, (ListValue)items, names);
            matches.AddRange(names.Select(n => KeyValuePair.Create(n.Key, (IReadOnlyList<string>)n.Value)));
        }
        return [.. matches.GroupBy(m => m.Key).Select(g => KeyValuePair.Create(g.Key, (IReadOnlyList<string>)[.. g.SelectMany(m => m.Value)]))];
    }

    private void Collect(string environment, ListValue items, Dictionary<string, List<string>> names)
    {
        foreach (var item in items)
            switch (item)
            {
                case TextValue text: Add(environment, text.Text); break;
                case MapValue { Count: 1 } map when map.Has("match"): break;
                case MapValue { Count: 1 } map when map.Get("subfilter") is MapValue inner:
                    foreach (var (target, more) in inner)
                        if (more is ListValue list && IsMeant(target, list)) Collect(environment, list, names);
                    break;
                case MapValue { Count: 1 } map when map[0].Value is TextValue other && map[0].Key is TextValue env && tree.Environments.Contains(env.Text): Add(env.Text, other.Text); break;
            }

        void Add(string env, string name)
        {
            if (!names.TryGetValue(env, out var list)) names[env] = list = [];
            list.Add(name);
        }
    }

    private bool IsMeant(Value target, ListValue items)
    {
        var kind = items.OfType<MapValue>().Select(m => m.TextOf("match")).FirstOrDefault(k => k is not null) ?? "compound";
        var parsed = TargetParser.Parse(target.ToString(), kind, ":", options.MapOf("nodegroups"));
        if (parsed is Target.Never never) tree.Call.Services.Log?.Write(LogSeverity.Error, $"top file: the target '{target}' ({kind}) means nobody: {never.Reason}");
        return MinionMatcher.Matches(parsed, minion);
    }

    private static IEnumerable<string> Verify(List<KeyValuePair<string, Value>> sections)
    {
        foreach (var (environment, targets) in sections)
        {
            if (environment.Length == 0) yield return "Empty saltenv statement in top file";
            if (targets is not MapValue map)
            {
                yield return $"The top file matches for saltenv {environment} are not formatted as a dict";
                continue;
            }
            foreach (var (_, items) in map)
            {
                if (items is not ListValue list)
                {
                    yield return "Malformed topfile (state declarations not formed as a list)";
                    continue;
                }
                foreach (var item in list)
                    if (item is MapValue one && one.Values.Any(v => !v.IsTruthy)) yield return $"Improperly formatted top file matcher in saltenv {environment}: {one} file";
                    else if (item is TextValue { Text: "" }) yield return $"Environment {environment} contains an empty sls index";
            }
        }
    }

    private List<Top> Tops(string? saltenv)
    {
        var path = options.TextOf("state_top") ?? "top.sls";
        if (path.StartsWith("salt://", StringComparison.Ordinal)) path = path["salt://".Length..];
        var environments = saltenv is not null ? [saltenv] : options.TextOf("state_top_saltenv") is { Length: > 0 } one ? [one] : Ordered();
        var tops = new List<Top>();
        foreach (var environment in environments)
            if (Read(environment, path, "top") is { } top)
            {
                tops.Add(new Top(environment, top.Without("include")));
                foreach (var include in top.ListOf("include"))
                    if (tree.Find(environment, include.ToString()) is { } source && Render(environment, include.ToString(), source) is { } more) tops.Add(new Top(environment, more.Without("include")));
            }
        return tops;
    }

    // Those that env_order names come first, in its order.
    private IEnumerable<string> Ordered()
    {
        var order = options.ListOf("env_order").Select(e => e.ToString()).ToList();
        return order.Where(e => tree.Environments.Contains(e)).Concat(tree.Environments.Where(e => !order.Contains(e)));
    }

    private MapValue? Read(string environment, string path, string sls) => tree.File(environment, path) is { } source ? Render(environment, sls, source) : null;

    private MapValue? Render(string environment, string sls, Rendering.Jinja.TemplateSource source)
    {
        try
        {
            return tree.Render(environment, sls == "top" ? "" : sls, source) as MapValue;
        }
        catch (RenderFailed failed)
        {
            tree.Call.Services.Log?.Write(LogSeverity.Error, $"Unable to render top file: {failed.Detail}");
            return null;
        }
    }

    private List<KeyValuePair<string, Value>> Merged(List<Top> tops, string? saltenv)
    {
        foreach (var top in tops)
            foreach (var (_, targets) in top.Sections)
                if (targets is not MapValue) throw new StateDataBroken("Unable to render top file. No targets found.");
        return (options.TextOf("top_file_merging_strategy") ?? "merge") switch
        {
            "same" => Same(tops),
            "merge_all" => MergeAll(tops),
            _ => Merge(tops, saltenv),
        };
    }

    private List<KeyValuePair<string, Value>> Merge(List<Top> tops, string? saltenv)
    {
        var merged = new OrderedDictionary<string, Value>();
        // What base says of any environment is said; an environment speaks for itself alone.
        foreach (var top in tops.OrderBy(t => t.SaltEnv == "base" ? 0 : 1))
            foreach (var (environment, targets) in top.Sections)
                if (environment.AsText() is { } name && (top.SaltEnv == "base" && saltenv is null || name == top.SaltEnv)) merged.TryAdd(name, targets);
        return [.. merged.Select(m => KeyValuePair.Create(m.Key, m.Value))];
    }

    private List<KeyValuePair<string, Value>> Same(List<Top> tops)
    {
        var merged = new OrderedDictionary<string, Value>();
        var fallback = options.TextOf("default_top") ?? "base";
        foreach (var environment in tree.Environments)
        {
            var own = tops.FirstOrDefault(t => t.SaltEnv == environment && t.Sections.Has(environment)) ?? tops.FirstOrDefault(t => t.SaltEnv == fallback && t.Sections.Has(environment));
            if (own?.Sections.Get(environment) is { } targets) merged.TryAdd(environment, targets);
        }
        return [.. merged.Select(m => KeyValuePair.Create(m.Key, m.Value))];
    }

    private static List<KeyValuePair<string, Value>> MergeAll(List<Top> tops)
    {
        var merged = new OrderedDictionary<string, MapValue>();
        foreach (var top in tops)
            foreach (var (environment, targets) in top.Sections)
            {
                if (environment.AsText() is not { } name) continue;
                var all = merged.GetValueOrDefault(name, MapValue.Empty).ToBuilder();
                foreach (var (target, items) in (MapValue)targets)
                    all[target] = all.Get(target) is ListValue there && items is ListValue more ? Pillars.PillarMerge.Joined(there, more) : items;
                merged[name] = all.Build();
            }
        return [.. merged.Select(m => KeyValuePair.Create(m.Key, (Value)m.Value))];
    }
}
