using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CsCheck;
using SaltActors.Core.Identity;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;

namespace SaltActors.Core.Tests.Targets;

public sealed class CompoundSpecs
{
    private static readonly MapValue Groups = MapValue.Of(
        ("webs", "web* or db1"), ("two", ListValue.OfTexts(["web1", "db1"])), ("odd", ListValue.From([1, "db1"])), ("mixed", ListValue.From([1, "or", "db1"])),
        ("nested", "N@webs and not N@two"), ("loop", "N@loop or db1"), ("inner", "N@odd or db1"), ("maps", ListValue.From([MapValue.Of(("a", 1)), "or", "db1"])));

    // Minions web1, web2, db1; of web2 the master knows nothing. Each row: whom the minions' own verdicts give, and whom the master expects.
    [Theory]
    [InlineData("web* not web1", "web2", "web2")]
    [InlineData("web1 web2", "", "")]
    [InlineData("db1 or web1 and web2", "db1", "db1")]
    [InlineData("not web1 and not db1", "web2", "web2")]
    [InlineData("( )", "", "")]
    [InlineData("( ) or db1", "db1", "")]
    [InlineData("not ( )", "web1 web2 db1", "")]
    [InlineData("web* ( db1 )", "", "")]
    [InlineData("db1 or web* ( db1 )", "db1", "")]
    [InlineData("web* and ( db1", "", "")]
    [InlineData("web* and ( web1", "", "web1")]
    [InlineData("web1 or not ( web* or ( db1", "", "web1")]
    [InlineData("web1 or not ( web*", "", "web1 db1")]
    [InlineData("E@[ or db1", "", "")]
    [InlineData("db1 or R@%cluster", "", "")]
    [InlineData("N@webs", "web1 web2 db1", "web1 web2 db1")]
    [InlineData("not N@webs", "db1", "db1")]
    [InlineData("web2 and N@webs", "web2 db1", "web2 db1")]
    [InlineData("N@nested", "web2", "web2")]
    [InlineData("not N@nested", "web1 db1", "web1 db1")]
    [InlineData("N@loop", "", "")]
    [InlineData("db1 or N@odd", "", "")]
    [InlineData("N@inner", "", "")]
    [InlineData("N@maps", "", "")]
    [InlineData("N@mixed", "db1", "db1")]
    [InlineData("N@webs db1", "", "")]
    [InlineData("\u001cweb1\u001for\u2003db1", "web1 db1", "web1 db1")]
    [InlineData("S@10.0.0.1 or not S@10.0.0.0/8", "web1 web2 db1", "web1 web2 db1")]
    [InlineData("not G@os:Debian", "web2 db1", "db1")]
    public void Minions_and_master_each_read_it_their_way(string text, string minions, string master)
    {
        var target = TargetParser.Parse(text, "compound", ":", Groups);
        Assert.Equal(minions, string.Join(' ', Fleet.All.Where(m => MinionMatcher.Matches(target, m)).Select(m => m.Id)));
        Assert.Equal(master, string.Join(' ', MasterMatcher.Expect(target, new Fleet(), greedy: true).Matched));
    }

    [Theory]
    [InlineData("L@web1,nope", "nope")]
    [InlineData("web1 or L@gone,web1,nope", "gone nope")]
    [InlineData("web1 and not L@nope", "")]
    [InlineData("web1 and not ( L@nope )", "")]
    [InlineData("web1 and not ( L@nope or db1 )", "nope")]
    [InlineData("L@nope and", "")]
    public void Reports_listed_ids_that_nobody_has_unless_they_are_taken_away(string text, string missing) =>
        Assert.Equal(missing, string.Join(' ', MasterMatcher.Expect(TargetParser.Parse(text, "compound", ":", Groups), new Fleet(), greedy: true).Missing));

    [Theory]
    [InlineData("not not web*", "two 'not' in a row")]
    [InlineData("web* )", "a ')' closes nothing")]
    [InlineData("web* and", "it ends where an operand was expected")]
    [InlineData("web* or or db1", "'or' stands where an operand was expected")]
    [InlineData("web1 db1", "'db1' stands where 'and', 'or' or the end was expected")]
    [InlineData("( web1 db1 )", "'db1' stands where 'and', 'or' or ')' was expected")]
    [InlineData("E@(", "'(' is no regular expression")]
    [InlineData("R@x", "R@x needs a range server, and there is none")]
    [InlineData("N@odd", "nodegroup 'odd': a member of nodegroup 'odd' must be text, found a int: 1")]
    [InlineData("N@nobody", "nodegroup 'nobody' stands for nothing: there is no nodegroup 'nobody'")]
    public void Says_why_a_target_means_nobody(string text, string reason) =>
        Assert.Equal($"the compound target '{text}' means nothing: {reason}", Assert.IsType<Target.Never>(TargetParser.Parse(text, "compound", ":", Groups)).Reason);

    [Fact]
    public void A_kind_that_is_unknown_or_that_wants_text_is_nobody()
    {
        Assert.Equal("there is no kind of target called 'shape'", Assert.IsType<Target.Never>(TargetParser.Parse("x", "shape", ":", Groups)).Reason);
        Assert.Equal("a target of the kind 'glob' must be text, found a list", Assert.IsType<Target.Never>(TargetParser.Parse(ListValue.OfTexts(["db1"]), "glob", ":", Groups)).Reason);
    }

    [Fact]
    public void Hostile_nesting_length_and_keys_are_answered()
    {
        string[] hostile =
        [
            string.Concat(Enumerable.Repeat("( ", 100_000)) + "web1",
            string.Join(" or ", Enumerable.Repeat("web9", 50_000)),
            string.Concat(Enumerable.Repeat("not ( ", 100_000)),
            "web1" + string.Concat(Enumerable.Repeat(" ( a )", 20_000)),
            "G@" + string.Concat(Enumerable.Repeat("*:", 100_000)) + "x",
            "G@" + string.Concat(Enumerable.Repeat("*:", 60)) + "x",
            "P@" + string.Concat(Enumerable.Repeat("*:", 60)) + "(x",
            "E@" + new string('(', 100_000) + new string(')', 100_000),
        ];
        Assert.All(hostile, text => Assert.False(MinionMatcher.Matches(TargetParser.Parse(text, "compound", ":", Groups), Fleet.All[0])));
    }

    [Fact]
    public void Grains_are_asked_of_the_fleet_once_a_minion_and_only_where_needed()
    {
        var fleet = new Fleet();
        MasterMatcher.Expect(TargetParser.Parse("web* or db1", "compound", ":", Groups), fleet, greedy: true);
        Assert.Equal(0, fleet.Asked);
        MasterMatcher.Expect(TargetParser.Parse("G@os:Suse or G@os:Debian or I@a:b", "compound", ":", Groups), fleet, greedy: true);
        Assert.Equal(3, fleet.Asked);
    }

    [Fact]
    public void Ten_thousand_minions_are_asked_without_reading_the_target_again()
    {
        var fleet = new ManyMinions(10_000);
        var target = TargetParser.Parse("( web* or E@db[0-9]+ ) and not P@roles:(front|back)-.*", "compound", ":", Groups);
        MasterMatcher.Expect(target, fleet, greedy: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(5_000, MasterMatcher.Expect(target, fleet, greedy: true).Matched.Length);
        // Compiling one regular expression takes several KiB; asking a minion takes a few hundred bytes.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 10_000, 0, 1500);
    }

    private static readonly Gen<Target> Leaf = Any(
        TargetParser.Parse("web*", "glob", ":", Groups), TargetParser.Parse("db1", "glob", ":", Groups), TargetParser.Parse("web1,db1", "list", ":", Groups), TargetParser.Parse("", "list", ":", Groups),
        TargetParser.Parse("web[12]", "pcre", ":", Groups), TargetParser.Parse("os:Deb*", "grain", ":", Groups), TargetParser.Parse("os|Deb.*", "grain_pcre", "|", Groups),
        TargetParser.Parse("a@b", "pillar", "@", Groups), TargetParser.Parse("a:b", "pillar_pcre", ":", Groups), TargetParser.Parse("10.0.0.0/8", "ipcidr", ":", Groups),
        TargetParser.Parse("bogus", "ipcidr", ":", Groups), new Target.Hollow(), new Target.Applied("web1 ( db1 )"));

    private static readonly Gen<Target> Tree = Gen.Recursive<Target>((depth, tree) => depth >= 4 ? Leaf : Gen.Frequency(
        (2, Leaf),
        (1, tree.Select(Target (t) => new Target.Not(t))),
        (1, tree.Array[2, 4].Select(Target (t) => new Target.And([.. t]))),
        (1, tree.Array[2, 4].Select(Target (t) => new Target.Or([.. t])))));

    [Fact]
    public void Every_tree_reads_back_from_its_own_text() => Tree.Where(t => t is not Target.Hollow).Sample(tree =>
        Assert.Equal(tree, TargetParser.Parse(tree.ToString(), "compound", ":", MapValue.Empty)));

    [Fact]
    public void A_tree_that_only_the_master_reads_stays_one() => Tree.Where(t => t is not (Target.Hollow or Target.Applied)).Sample(tree =>
        Assert.Equal(new Target.MasterOnly(tree), TargetParser.Parse(new Target.MasterOnly(tree).ToString(), "compound", ":", MapValue.Empty)));

    [Fact]
    public void Any_words_at_all_are_read_without_an_exception() =>
        Any("and", "or", "not", "(", ")", "web*", "L@db1", "N@webs", "E@[", "G@", "@", "S@x", "\n", "G\ud83d\ude00@os", "E@(?P<").Array[0, 12].Sample(words =>
        {
            var target = TargetParser.Parse(string.Join(' ', words), "compound", ":", Groups);
            foreach (var minion in Fleet.All) MinionMatcher.Matches(target, minion);
            MasterMatcher.Expect(target, new Fleet(), greedy: false);
            Assert.NotEmpty(target.ToString());
        });

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private sealed class Fleet : IFleet
    {
        public static readonly ImmutableArray<MinionFacts> All =
        [
            Facts("web1", MapValue.Of(("os", "Debian"), ("ipv4", ListValue.OfTexts(["10.0.0.1"])))),
            Facts("web2", MapValue.Of(("os", "Ubuntu"))),
            Facts("db1", MapValue.Of(("os", "Suse"), ("ipv4", "192.168.0.9"))),
        ];

        public int Asked { get; private set; }
        public IEnumerable<MinionId> Ids => All.Select(m => m.Id);

        public bool TryGetFacts(MinionId id, [NotNullWhen(true)] out MinionFacts? facts)
        {
            Asked++;
            facts = id.Text == "web2" ? null : All.First(m => m.Id == id);
            return facts is not null;
        }

        private static MinionFacts Facts(string id, MapValue grains) => new(MinionId.Parse(id), grains, MapValue.Empty);
    }

    private sealed class ManyMinions(int count) : IFleet
    {
        private readonly ImmutableArray<MinionFacts> _all =
        [
            .. Enumerable.Range(0, count).Select(i => new MinionFacts(
                MinionId.Parse($"{(i % 2 == 0 ? "web" : "db")}{i:00000}"), MapValue.Of(("roles", ListValue.OfTexts([i % 4 < 2 ? "front-x" : "cache"]))), MapValue.Empty)),
        ];

        public IEnumerable<MinionId> Ids => _all.Select(m => m.Id);

        public bool TryGetFacts(MinionId id, [NotNullWhen(true)] out MinionFacts? facts)
        {
            facts = _all[int.Parse(id.Text.AsSpan(id.Text.Length - 5), System.Globalization.CultureInfo.InvariantCulture)];
            return true;
        }
    }
}
