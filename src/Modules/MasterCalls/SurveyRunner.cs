using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Files.Editing;
using SaltActors.Modules.Testing;

namespace SaltActors.Modules.MasterCalls;

/// <summary>The runner <c>survey</c>: which minions answer alike, and who is different.</summary>
/// <remarks>Follows Salt 3006, salt/runners/survey.py.</remarks>
public static class SurveyRunner
{
    /// <summary>Groups minions by what they answer.</summary>
    /// <param name="args">The target, the function, and the function's arguments.</param>
    /// <param name="kwargs">The function's arguments by name; <c>survey_sort=up</c> puts the smallest group first, <c>tgt_type</c> is <c>compound</c> or <c>pcre</c>.</param>
    /// <returns>A list of maps, <c>pool</c> (ids) and <c>result</c> (text), the largest group first.</returns>
    /// <example><code>salt-run survey.hash '*' file.get_hash /etc/salt/minion survey_sort=up</code></example>
    [SaltRunner("survey.hash")]
    public static async Task<ListValue> Hash(CallContext context, [Rest] ListValue args, [Keywords] MapValue kwargs) =>
        ListValue.Create([.. (await PoolsAsync(context, args, kwargs).ConfigureAwait(false)).Select(Value (p) => Shown(p))]);

    /// <summary>Groups minions by what they answer, and shows how each group differs from the first.</summary>
    /// <param name="args">The target, the function, and the function's arguments.</param>
    /// <param name="kwargs">As of <c>survey.hash</c>.</param>
    /// <returns>The groups; every one but the first also has <c>diff</c>, a unified difference. Salt prints the differences beside its answer instead.</returns>
    /// <example><code>salt-run survey.diff survey_sort=up '*' cp.get_file_str file:///etc/hosts</code></example>
    [SaltRunner("survey.diff")]
    public static async Task<ListValue> Diff(CallContext context, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        var pools = await PoolsAsync(context, args, kwargs).ConfigureAwait(false);
        return ListValue.Create([.. pools.Select((p, i) => (Value)(i == 0 ? Shown(p) : Shown(p).With("diff",
            UnifiedDiff.Of(Lines(pools[0].Result), Lines(p.Result), pools[0].Ids[0], p.Ids[0]))))]);
    }

    private sealed record Pool(List<string> Ids, string Result);

    private static async Task<List<Pool>> PoolsAsync(CallContext context, ListValue args, MapValue kwargs)
    {
        if (args.Count < 2) throw new ArgumentRefused("a target and a function were expected");
        var keywords = TestArguments.WithoutPublishFields(kwargs);
        var type = keywords.TextOf("tgt_type") == "pcre" ? "pcre" : "compound";
        var passed = keywords.Without("survey_sort").Without("tgt_type");
        var answers = await SaltRunner.CallAsync(context, args[0], type, args[1].ToString(), new CallArguments([.. args.Items.Skip(2)], passed)).ConfigureAwait(false);
        var pools = new List<Pool>();
        foreach (var (id, answer) in answers)
        {
            var text = PythonText.Str(answer);
            if (pools.Find(p => p.Result == text) is { } known) known.Ids.Add(id.ToString());
            else pools.Add(new Pool([id.ToString()], text));
        }
        var isUp = keywords.TextOf("survey_sort") == "up";
        return isUp ? [.. pools.OrderBy(p => p.Ids.Count)] : [.. pools.OrderByDescending(p => p.Ids.Count)];
    }

    private static MapValue Shown(Pool pool) => MapValue.Of(("pool", ListValue.OfTexts(pool.Ids)), ("result", pool.Result));

    private static List<string> Lines(string text) => [.. text.Split('\n').Select(line => line + "\n")];
}
