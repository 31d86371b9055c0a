using System.Collections.Immutable;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Compiler;

namespace SaltActors.States.Run;

/// <summary>What the requisites of a chunk say about it now.</summary>
internal enum RequisiteStatus { Met, Unmet, Failed, Changed, NoPrereq, NoFailure, NoChange }

/// <summary>Requisites of chunks: whom they mean, and what follows from what those came to.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, check_requisite().</remarks>
internal sealed class RequisiteReader(ImmutableArray<LowChunk> chunks, StateCalls calls, ImmutableHashSet<string> disabled)
{
    private static readonly string[] Order = ["require", "require_any", "watch", "watch_any", "prereq", "onfail", "onfail_any", "onfail_all", "onchanges", "onchanges_any", "prerequired"];

    internal sealed record Requisite(string Kind, List<LowChunk> Chunks, List<(string Module, Value Name)> Missing);

    private readonly Dictionary<string, List<Requisite>> _known = [];

    internal static bool Fits(LowChunk chunk, string module, Value name)
    {
        var pattern = name.ToString();
        if (module == "sls") return NamePattern.Matches(pattern, chunk.Sls);
        return (module == "id" || chunk.State == module) && (NamePattern.Matches(pattern, chunk.Name) || NamePattern.Matches(pattern, chunk.Id));
    }

    /// <summary>The requisites of a chunk and the chunks that they mean; those that are disabled are none.</summary>
    internal List<Requisite> Of(LowChunk chunk)
    {
        if (_known.TryGetValue(chunk.Tag, out var known)) return known;
        var found = new List<Requisite>();
        foreach (var written in Order)
        {
            if (!chunk.Data.TryGet(written, out var references) || references is NullValue || disabled.Contains(written)) continue;
            // Who cannot be told of changes can only come after.
            var kind = written is "watch" or "watch_any" && calls.Functions.Find(FunctionKind.State, $"{chunk.State}.mod_watch") is null ? written.Replace("watch", "require") : written;
            var (meant, missing) = (new List<LowChunk>(), new List<(string, Value)>());
            foreach (var (module, name) in Requisites.References(references))
            {
                if (name is NullValue) continue;
                if (name is MapValue or ListValue) throw new StateDataBroken($"Could not locate requisite of [{module}] present in state with name [{chunk.Name}]");
                var before = meant.Count;
                foreach (var other in chunks)
                    if (Fits(other, module, name)) meant.Add(other);
                if (meant.Count == before) missing.Add((module, name));
            }
            found.Add(new Requisite(kind, meant, missing));
        }
        return _known[chunk.Tag] = found;
    }

    /// <summary>The text for requisites that mean nobody; empty where there are none.</summary>
    internal string Lost(LowChunk chunk)
    {
        var lost = Of(chunk).Where(r => r.Missing.Count > 0 && r.Kind != "prerequired").ToList();
        if (lost.Count == 0) return "";
        var text = new StringBuilder("The following requisites were not found:\n");
        foreach (var requisite in lost)
        {
            text.Append(' ', 19).Append(requisite.Kind).Append(":\n");
            foreach (var (module, name) in requisite.Missing) text.Append(' ', 23).Append($"{module}: {name}\n");
        }
        return text.ToString();
    }

    /// <summary>Whom a chunk has to wait for, in the order of its requisites, and whether a trial of them is enough.</summary>
    internal IEnumerable<(LowChunk Chunk, bool IsTrial)> ToRun(LowChunk chunk, bool isTrial)
    {
        foreach (var requisite in Of(chunk))
            foreach (var other in requisite.Chunks)
            {
                if (requisite.Kind == "prerequired" && isTrial) continue;
                // An SLS does not wait for itself.
                if (other.Tag == chunk.Tag && requisite.Kind != "require" && requisite.Kind != "watch") continue;
                yield return (other, requisite.Kind == "prereq");
            }
    }

    internal RequisiteStatus Status(LowChunk chunk, bool isTrial, IReadOnlyDictionary<string, MapValue> results, IReadOnlyDictionary<string, MapValue> trials)
    {
        var all = new HashSet<string>();
        foreach (var requisite in Of(chunk))
        {
            if (requisite.Kind == "prerequired" && isTrial) continue;
            if (requisite.Missing.Count > 0 && requisite.Kind != "prerequired") return RequisiteStatus.Unmet;
            all.UnionWith(Judge(requisite, requisite.Kind == "prereq" ? trials : results));
        }
        if (all.Contains("unmet")) return RequisiteStatus.Unmet;
        if (all.Contains("fail")) return RequisiteStatus.Failed;
        if (all.Contains("pre")) return all.Contains("premet") ? RequisiteStatus.Met : RequisiteStatus.NoPrereq;
        if (all.Contains("onfail") && !all.Contains("onchangesmet")) return RequisiteStatus.NoFailure;
        if (all.Contains("onchanges") && !all.Contains("onchangesmet")) return RequisiteStatus.NoChange;
        return all.Contains("change") ? RequisiteStatus.Changed : RequisiteStatus.Met;
    }

    private static HashSet<string> Judge(Requisite requisite, IReadOnlyDictionary<string, MapValue> ran)
    {
        var stats = new HashSet<string>();
        var kind = requisite.Kind;
        foreach (var other in requisite.Chunks)
        {
            if (!ran.TryGetValue(other.Tag, out var result))
            {
                stats.Add("unmet");
                continue;
            }
            var (outcome, hasChanges) = (result.Get("result"), result.Get("changes") is { IsTruthy: true });
            if (kind.StartsWith("onfail", StringComparison.Ordinal))
            {
                if (outcome is BoolValue { IsTrue: true } or NullValue) { stats.Add("onfail"); continue; }
            }
            else if (outcome is BoolValue { IsTrue: false }) { stats.Add("fail"); continue; }
            if (kind.StartsWith("onchanges", StringComparison.Ordinal)) { stats.Add(hasChanges ? "onchangesmet" : "onchanges"); continue; }
            if (kind.StartsWith("watch", StringComparison.Ordinal) && hasChanges) { stats.Add("change"); continue; }
            if (kind == "prereq") stats.Add(outcome is NullValue ? "premet" : "pre");
            else if (result.Get("__state_ran__") is not { IsTruthy: false }) stats.Add("met");
            else stats.Add("met");
        }
        if (kind.EndsWith("_any", StringComparison.Ordinal) || kind == "onfail")
        {
            if (stats.Contains("met") || stats.Contains("change")) stats.Remove("fail");
            if (stats.Contains("onchangesmet")) stats.ExceptWith(["onchanges", "fail"]);
            if (stats.Contains("onfail") && stats.Contains("met")) stats.Remove("onfail");
        }
        return stats;
    }

    /// <summary>What <c>mod_watch</c> is told: the changed ones of a watch.</summary>
    internal MapValue Watched(LowChunk chunk, IReadOnlyDictionary<string, MapValue> results) => Told(
        Of(chunk).Where(r => r.Kind == "watch").SelectMany(r => r.Chunks).Where(c => results.TryGetValue(c.Tag, out var r) && r.Get("changes") is { IsTruthy: true }));

    internal MapValue Heard(IEnumerable<LowChunk> heard) => Told(heard);

    private static MapValue Told(IEnumerable<LowChunk> watched) => MapValue.Of(("watch", ListValue.From(watched.Select(c => c.Data))));
}
