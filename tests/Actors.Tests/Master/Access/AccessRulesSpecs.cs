using System.Collections.Immutable;
using SaltActors.Actors.Master.Access;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master.Access;

/// <summary>What rules allow. The rows were answered the same by a Salt 3006.0 master, where none says otherwise.</summary>
public sealed class AccessRulesSpecs
{
    private static readonly string[] One = ["one"], Two = ["two"], Both = ["one", "two"];

    // The fleet is one and two; of a rule's target only these forms occur.
    private static IReadOnlySet<string> Meant(string target) => (target switch
    {
        "*" or "one or two" => Both,
        "one" => One,
        "two" => Two,
        _ => [],
    }).ToHashSet();

    private static bool May(Value rules, string function, ListValue arguments, string[] minions) => May(rules, (Value)function, arguments, minions);
    private static bool May(Value rules, Value function, ListValue arguments, string[] minions, bool mayBeElsewhere = false) =>
        AccessRules.Of(rules).MayPublish(CalledFunction.Of(function, arguments), minions, Meant, mayBeElsewhere);

    private static ListValue List(params ReadOnlySpan<Value> items) => ListValue.Create(items);
    private static MapValue Kwargs(params ReadOnlySpan<(string, Value)> entries) => MapValue.Of([.. entries, (CallArguments.KeywordMarker, true)]);

    [Theory]
    [InlineData("test.pin", "test.pin", true)]
    [InlineData("test.pin", "test.ping", true)]      // an expression is bound to the beginning only
    [InlineData("test.*", "test.ping", true)]
    [InlineData("test.*", "cmd.run", false)]
    [InlineData("test.ping", "TEST.ping", false)]
    [InlineData(".*", "cmd.run", true)]
    [InlineData("*", "test.ping", false)]            // that is no regular expression
    [InlineData("@runner", "test.ping", false)]
    [InlineData("@jobs", "jobs.list_jobs", false)]
    [InlineData("@jobs", "saltutil.find_job", true)] // whoever may run anything may ask whether it still runs
    public void Text_allows_functions_on_every_minion(string rule, string function, bool isAllowed) =>
        Assert.Equal(isAllowed, May(List(rule), function, ListValue.Empty, Both));

    [Fact]
    public void A_target_allows_only_what_lies_within_it()
    {
        var onOne = List(MapValue.Of(("one", List("test.ping"))));
        Assert.True(May(onOne, "test.ping", ListValue.Empty, One));
        Assert.False(May(onOne, "test.ping", ListValue.Empty, Two));
        Assert.False(May(onOne, "test.ping", ListValue.Empty, Both));
        Assert.False(May(onOne, "test.version", ListValue.Empty, One));
        Assert.True(May(List(MapValue.Of(("one or two", List("test.ping")))), "test.ping", ListValue.Empty, Both));
        Assert.True(May(List(MapValue.Of(("one", "test.ping"))), "test.ping", ListValue.Empty, One));
    }

    [Fact]
    public void Two_targets_in_one_map_allow_nothing_and_are_named_at_the_start()
    {
        var rules = List(MapValue.Of(("one", List("test.ping")), ("two", List("test.ping"))));
        Assert.False(May(rules, "test.ping", ListValue.Empty, Two));
        Assert.Contains("2 entries", Assert.Single(AccessRules.Of(rules).Problems()));
    }

    [Fact]
    public void Every_function_of_a_compound_call_must_be_allowed()
    {
        var rules = List("test.ping", MapValue.Of(("one", List("test.echo"))));
        var call = List("test.ping", "test.echo");
        Assert.True(May(rules, call, List(List(), List("x")), One));
        Assert.False(May(rules, call, List(List(), List("x")), Two));
        Assert.False(May(rules, List("test.ping", "cmd.run"), List(List(), List("x")), One));
    }

    [Fact]
    public void Arguments_are_held_against_their_expressions()
    {
        var rules = List(MapValue.Of(("*", List(MapValue.Of(("test.arg", MapValue.Of(("args", List("a.*", ".*")), ("kwargs", MapValue.Of(("k", "v.*"))))))))));
        Assert.True(May(rules, "test.arg", List("a", "b", Kwargs(("k", "v1"))), One));
        Assert.True(May(rules, "test.arg", List("a", 5, Kwargs(("k", "v1"))), One));
        Assert.True(May(rules, "test.arg", List("a", "b", Kwargs(("k", "v1"), ("other", 1))), One));
        Assert.False(May(rules, "test.arg", List("a", "b"), One));
        Assert.False(May(rules, "test.arg", List("a", Kwargs(("k", "v1"))), One));
        Assert.False(May(rules, "test.arg", List("a", "b", Kwargs(("k", "z"))), One));
        Assert.False(May(rules, "test.arg", List("a", "b", "k=v1"), One));
    }

    [Fact]
    public void That_nobody_matched_allows_nothing_where_lower_masters_may_have_minions()
    {
        var rules = List(MapValue.Of(("one", List("test.ping"))));
        Assert.True(May(rules, (Value)"test.ping", ListValue.Empty, [], mayBeElsewhere: false));
        Assert.False(May(rules, (Value)"test.ping", ListValue.Empty, [], mayBeElsewhere: true));
    }

    [Theory]
    [InlineData("@runner", "runner", "manage.up", true)]
    [InlineData("@runners", "runner", "manage.up", true)]
    [InlineData("@runner", "wheel", "key.list_all", false)]
    [InlineData("@wheel", "wheel", "key.list_all", true)]
    [InlineData("@jobs", "runner", "jobs.list_jobs", true)]
    [InlineData("@jobs", "runner", "manage.up", false)]
    [InlineData(".*", "runner", "manage.up", false)]
    public void Functions_of_the_master_need_a_rule_of_their_own(string rule, string form, string function, bool isAllowed) =>
        Assert.Equal(isAllowed, AccessRules.Of(List(rule)).MayRun(form, new CalledFunction(function, [], MapValue.Empty)));

    [Fact]
    public void Functions_of_the_master_may_be_named_one_by_one_with_their_arguments()
    {
        var rules = AccessRules.Of(List(MapValue.Of(("@runner", List("manage.u.*", MapValue.Of(("jobs.list_jobs", MapValue.Of(("kwargs", MapValue.Of(("search_function", "t.*"))))))))), MapValue.Of(("@key", List("list.*")))));
        Assert.True(rules.MayRun("runner", new CalledFunction("manage.up", [], MapValue.Empty)));
        Assert.False(rules.MayRun("runner", new CalledFunction("manage.down", [], MapValue.Empty)));
        Assert.True(rules.MayRun("runner", new CalledFunction("jobs.list_jobs", [], MapValue.Of(("search_function", "test.ping")))));
        Assert.False(rules.MayRun("runner", new CalledFunction("jobs.list_jobs", [], MapValue.Empty)));
        Assert.True(rules.MayRun("wheel", new CalledFunction("key.list_all", [], MapValue.Empty)));
        Assert.False(rules.MayRun("wheel", new CalledFunction("key.accept", [], MapValue.Empty)));
    }

    [Fact]
    public void The_rules_of_everyone_count_for_whoever_has_none_of_his_own()
    {
        var option = new ExternalAuth(MapValue.Of(("pam", MapValue.Of(
            ("ann", List("test.ping")), ("*", List("test.version")), ("ops%", List("state.*")), ("^secret", "x")))));
        Assert.Equal(List("test.ping"), option.RulesFor("pam", "ann", [], false).ToValue());
        Assert.Equal(List("test.version"), option.RulesFor("pam", "bob", [], false).ToValue());
        Assert.Equal(List("test.ping", "test.version"), option.RulesFor("pam", "ann", [], true).ToValue());
        Assert.Equal(List("test.ping", "state.*"), option.RulesFor("pam", "ann", ["ops", "other"], false).ToValue());
        Assert.Equal(List("test.version"), option.RulesFor("pam", "^secret", [], false).ToValue());
        Assert.True(option.RulesFor("ldap", "ann", [], false).IsEmpty);
        Assert.Equal(MapValue.Of(("secret", "x")), option.OptionsOf("pam"));
    }

    [Fact]
    public void A_blacklist_forbids_whatever_else_is_allowed()
    {
        var acl = new PublisherAcl(MapValue.Of(("b.*", List("test.ping")), ("c*", List("test.version"))), MapValue.Of(("users", List("evil.*")), ("modules", List("cmd.*"))));
        ImmutableArray<CalledFunction> ping = CalledFunction.Of("test.ping", ListValue.Empty), run = CalledFunction.Of("cmd.run", ListValue.Empty);
        Assert.True(acl.Forbids("evil1", ping));
        Assert.False(acl.Forbids("sudo_evil", ping));
        Assert.True(acl.Forbids("ann", run));
        Assert.False(acl.Forbids("ann", ping));
        Assert.Equal(List("test.ping"), acl.RulesFor("backup").ToValue());
        Assert.Equal(List("test.version"), acl.RulesFor("carl").ToValue());
        Assert.True(acl.RulesFor("ann").IsEmpty);
    }
}
