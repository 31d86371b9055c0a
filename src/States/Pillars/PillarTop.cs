using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.States.Templates;

namespace SaltActors.States.Pillars;

/// <summary>The pillar's top files: which SLS of which environment are meant for this minion.</summary>
/// <remarks>Follows Salt 3006, salt/pillar/__init__.py, get_tops() to top_matches().</remarks>
internal sealed class PillarTop(PillarScene scene, PillarTree tree, List<string> errors)
{
    private sealed record Entry(string Target, string Kind, int Order, List<string> Names);

    /// <summary>Names by environment, in the order in which they are to be rendered.</summary>
    public Dictionary<string, List<string>> Matches()
    {
        var matches = new Dictionary<string, List<string>>();
        foreach (var (environment, entries) in Merged())
        {
            if (scene.PillarEnv is { } only && environment != only) continue;
            foreach (var entry in entries.OrderBy(e => e.Order))
                if (IsMeant(entry))
                {
                    if (!matches.TryGetValue(environment, out var names)) matches[environment] = names = [];
                    foreach (var name in entry.Names)
                        if (!names.Contains(name)) names.Add(name);
                }
        }
        return matches;
    }

    // A target that stands in several top files of an environment means what the last says.
    private Dictionary<string, List<Entry>> Merged()
    {
        var merged = new Dictionary<string, List<Entry>>();
        foreach (var top in Tops())
            foreach (var (environment, targets) in top)
            {
                if (environment.AsText() is not { } name || name == "include" || targets is not MapValue map) continue;
                if (!merged.TryGetValue(name, out var entries)) merged[name] = entries = [];
                foreach (var (target, items) in map)
                {
                    var entry = Read(name, target.ToString(), items);
                    var place = entries.FindIndex(e => e.Target == entry.Target);
                    if (place >= 0) entries[place] = entry;
                    else entries.Add(entry);
                }
            }
        return merged;
    }

    private Entry Read(string environment, string target, Value items)
    {
        var (kind, order, isMissingIgnored) = ("compound", 0, false);
        var names = new List<string>();
        foreach (var item in items is ListValue list ? list : ListValue.Create([items]))
            switch (item)
            {
                case TextValue { Text: var name }: if (!names.Contains(name)) names.Add(name); break;
                case MapValue map:
                    if (map.TextOf("match") is { } given) kind = given;
                    if (map.TryGet("order", out var wanted)) order = (int)(wanted.AsInteger() ?? (int.TryParse(wanted.AsText(), out var n) ? n : 0));
                    if (map.Get("ignore_missing") is { IsTruthy: true }) isMissingIgnored = true;
                    break;
            }
        if (isMissingIgnored)
            foreach (var name in names) tree.MayBeMissing(environment, name);
        return new Entry(target, kind, order, names);
    }

    private bool IsMeant(Entry entry)
    {
        var parsed = TargetParser.Parse(entry.Target, entry.Kind, ":", scene.Options.MapOf("nodegroups"));
        if (parsed is Target.Never never) scene.Log?.Write(LogSeverity.Error, $"pillar top file: the target '{entry.Target}' ({entry.Kind}) means nobody: {never.Reason}");
        return MinionMatcher.Matches(parsed, scene.Minion);
    }

    private List<MapValue> Tops()
    {
        var tops = new List<(string Environment, MapValue Top)>();
        var name = scene.Options.TextOf("state_top") ?? "top.sls";
        foreach (var environment in Environments())
            if (scene.Roots.Find(environment, name) is { } file && Render(environment, file, "", "Primary Top file") is { } top) tops.Add((environment, top));
        var done = new HashSet<(string, string)>();
        for (var i = 0; i < tops.Count; i++)
            foreach (var sls in tops[i].Top.ListOf("include"))
                if (done.Add((tops[i].Environment, sls.ToString())) && tree.FindSls(tops[i].Environment, sls.ToString()) is { } file
                    && Render(tops[i].Environment, file, sls.ToString(), $"Top file {sls}") is { } more) tops.Add((tops[i].Environment, more));
        return [.. tops.Select(t => t.Top)];
    }

    private IEnumerable<string> Environments()
    {
        if (scene.PillarEnv is { } only) return [only];
        if (scene.Options.TextOf("pillar_source_merging_strategy") == "none") return [scene.SaltEnv ?? "base"];
        return scene.Roots.Environments().Where(e => e != "__env__").DefaultIfEmpty("base");
    }

    private MapValue? Render(string environment, Files.FoundFile file, string sls, string what)
    {
        try
        {
            return tree.Render(environment, file, sls, MapValue.Empty) as MapValue;
        }
        catch (RenderFailed failed)
        {
            errors.Add($"Rendering {what} failed, render error:\n{failed.Message}");
            return null;
        }
    }
}
