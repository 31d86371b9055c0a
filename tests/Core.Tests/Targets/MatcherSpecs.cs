using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SaltActors.Core.Identity;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Golden;

namespace SaltActors.Core.Tests.Targets;

public sealed class MatcherSpecs
{
    private static readonly JsonElement Golden = GoldenData.Read("cli/matchers.json").RootElement;
    private static readonly MapValue Groups = (MapValue)GoldenValues.Read(Golden.GetProperty("nodegroups"));
    private static readonly RecordedFleet Fleet = new();

    public static TheoryData<string> Kinds => [.. Golden.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("type").GetString()!).Distinct()];

    [Theory, MemberData(nameof(Kinds))]
    public void Every_recorded_minion_decides_as_it_did(string kind) => AllRows(kind, (row, target) =>
    {
        if (row.TryGetProperty("match", out var match))
            return Same(match.GetBoolean(), MinionMatcher.Matches(target, new MinionFacts(MinionId.Parse("m"), MapValue.Empty, MapValue.Empty) { Data = (MapValue)GoldenValues.Read(row.GetProperty("store")) }));
        var wrong = row.GetProperty("minion").EnumerateObject()
            .Where(m => (m.Value.ValueKind == JsonValueKind.True) != MinionMatcher.Matches(target, Fleet.Facts(m.Name)))
            .Select(m => m.Name);
        return string.Join(",", wrong);
    });

    [Theory, MemberData(nameof(Kinds))]
    public void The_master_expects_whom_it_expected(string kind) => AllRows(kind, (row, target) =>
    {
        if (!row.TryGetProperty("master_greedy", out var greedy)) return "";
        var missing = row.TryGetProperty("missing", out var m) ? Texts(m) : [];
        var expected = MasterMatcher.Expect(target, Fleet, greedy: true);
        return Same(Joined(Texts(greedy)), Joined(expected.Matched.Select(i => i.Text)))
            + Same(Joined(Texts(row.GetProperty("master_nongreedy"))), Joined(MasterMatcher.Expect(target, Fleet, greedy: false).Matched.Select(i => i.Text)))
            + (missing.Length > 0 ? Same(Joined(missing), Joined(expected.Missing)) : "");
    });

    [Fact]
    public void Splits_a_term_into_engine_delimiter_and_pattern() => Assert.All(Golden.GetProperty("parse_target").EnumerateArray(), row =>
        Assert.Equal((row.GetProperty("engine").GetString(), row.GetProperty("delimiter").GetString(), row.GetProperty("pattern").GetString()!), TargetParser.SplitTerm(row.GetProperty("expr").GetString()!)));

    [Fact]
    public void Spells_nodegroups_out() => Assert.All(Golden.GetProperty("nodegroup_comp").EnumerateArray().Where(r => !r.TryGetProperty("error", out _)), row =>
        Assert.Equal(row.GetProperty("expanded").ValueKind == JsonValueKind.Array ? Texts(row.GetProperty("expanded")) : [], Nodegroups.Expand(row.GetProperty("nodegroup").GetString()!, Groups).AsEnumerable()));

    [Fact]
    public void Reads_its_own_text_back_as_the_same_target() => Assert.All(
        Golden.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("type").GetString() == "compound" && r.GetProperty("expr").ValueKind == JsonValueKind.String), row =>
        {
            var target = TargetParser.Parse(row.GetProperty("expr").GetString()!, "compound", ":", Groups);
            if (target is not Target.Never) Assert.Equal(target, TargetParser.Parse(target.ToString(), "compound", ":", Groups));
        });

    private static void AllRows(string kind, Func<JsonElement, Target, string> check)
    {
        var wrong = Golden.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("type").GetString() == kind)
            .Select(row => (Row: row, Problem: check(row, TargetParser.Parse(GoldenValues.Read(row.GetProperty("expr")), kind, row.TryGetProperty("delimiter", out var d) ? d.GetString()! : ":", Groups))))
            .Where(r => r.Problem.Length > 0)
            .Select(r => $"{r.Row.GetProperty("id")} {r.Row.GetProperty("expr").GetRawText()}: {r.Problem}");
        Assert.True(!wrong.Any(), string.Join("\n", wrong));
    }

    private static string Same<T>(T expected, T found) => Equals(expected, found) ? "" : $" expected {expected}, found {found};";
    private static string Joined(IEnumerable<string> texts) => string.Join(",", texts.Order(StringComparer.Ordinal));
    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(t => t.GetString()!)];

    private sealed class RecordedFleet : IFleet
    {
        private readonly HashSet<string> _unknown = [.. Texts(Golden.GetProperty("nocache"))];
        private readonly Dictionary<string, MinionFacts> _facts = Golden.GetProperty("minions").EnumerateObject().ToDictionary(m => m.Name, m => new MinionFacts(
            MinionId.Parse(m.Name), (MapValue)GoldenValues.Read(m.Value.GetProperty("grains")), (MapValue)GoldenValues.Read(m.Value.GetProperty("pillar"))));

        public IEnumerable<MinionId> Ids => _facts.Keys.Concat(_unknown).Distinct().Order(StringComparer.Ordinal).Select(MinionId.Parse);
        public MinionFacts Facts(string id) => _facts.TryGetValue(id, out var facts) ? facts : new MinionFacts(MinionId.Parse(id), MapValue.Empty, MapValue.Empty);

        public bool TryGetFacts(MinionId id, [NotNullWhen(true)] out MinionFacts? facts)
        {
            facts = _unknown.Contains(id.Text) ? null : _facts.GetValueOrDefault(id.Text);
            return facts is not null;
        }
    }
}
