using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Minion;

/// <summary>What keeps a minion from running a function, or changes how it is run.</summary>
public sealed class CareSpecs : MinionSpecs
{
    private const string InBlackout = "Minion in blackout mode.";

    [Fact]
    public async Task Runs_only_the_whitelist_in_a_blackout()
    {
        Master.Pillar = MapValue.Of(("minion_blackout", true), ("minion_blackout_whitelist", List("test.echo")));
        await Bench.StartReady();
        Assert.StartsWith($"ERROR executing 'test.ping': {InBlackout}", (await Run("test.ping")).TextOf("return"));
        Assert.Equal("x", (await Run("test.echo", "x")).TextOf("return"));
        Assert.Equal(true, (await Run("saltutil.refresh_pillar")).Get("return"));
    }

    [Fact]
    public async Task Knows_a_blackout_of_the_grains_too()
    {
        Bench.Grains = Bench.Grains.With("minion_blackout", true);
        await Bench.StartReady();
        var load = await Run("test.ping");
        Assert.Contains(InBlackout, load.TextOf("return"));
        Assert.Equal(((Value)1, (Value)false), (load.Get("retcode"), load.Get("success")));
    }

    [Fact]
    public async Task Runs_nothing_of_the_schedule_in_a_blackout()
    {
        Master.Pillar = MapValue.Of(("minion_blackout", true), ("schedule", MapValue.Of(("job", MapValue.Of(("function", "spec.mark"), ("seconds", 3600), ("run_on_start", true))))));
        await Bench.StartReady();
        Assert.Contains(InBlackout, (await Master.Until("_return", r => r.TextOf("schedule") == "job")).TextOf("return"));
        Assert.False(Bench.Marked.Task.IsCompleted);
    }

    [Theory]
    [InlineData("disable_modules", "cmdmod", "cmd.run", "test.ping")]
    [InlineData("disable_modules", "cmd", "cmd.run", "test.ping")]
    [InlineData("whitelist_modules", "test", "cmd.run", "test.ping")]
    public async Task Has_only_the_modules_that_it_may_have(string option, string module, string gone, string there)
    {
        await Bench.StartReady((option, List(module)));
        Assert.StartsWith($"'{gone}' is not available.", (await Run(gone, "true")).TextOf("return"));
        Assert.Equal(true, (await Run(there)).Get("return"));
    }

    [Fact]
    public async Task Waits_its_place_in_the_splay_and_then_runs()
    {
        await Bench.StartReady();
        Master.Publish(Last, "test.ping", extras: MapValue.Of(("module_executors", List("splay", "direct_call")), ("executor_opts", MapValue.Of(("splaytime", 1)))));
        Assert.Equal(true, (await Master.UntilReturned(Last)).Get("return"));
    }

    [Fact]
    public async Task Says_that_sudo_needs_a_user()
    {
        await Bench.StartReady(("module_executors", List("sudo")));
        Assert.Contains("needs the option sudo_user", (await Run("test.ping")).TextOf("return"));
    }

    [Fact]
    public async Task Says_which_options_have_no_effect()
    {
        await Bench.StartReady(("multiprocessing", false), ("restart_on_error", false));
        await Bench.UntilLogged("the option 'multiprocessing' has no effect");
        Assert.DoesNotContain("'restart_on_error'", Bench.Log());
    }

    [Fact]
    public async Task Says_that_the_function_of_the_startup_states_is_missing()
    {
        await Bench.StartReady(("startup_states", "highstate"), ("whitelist_modules", List("test")));
        await Bench.UntilLogged("this minion has no function state.highstate");
    }

    [Fact]
    public async Task Pings_its_master_and_signs_in_anew_where_it_does_not_answer()
    {
        await Bench.StartReady(("ping_interval", 0.001), ("random_reauth_delay", 0), ("request_channel_timeout", 0.1), ("request_channel_tries", 1));
        await Master.Until("_minion_event", e => e.TextOf("tag") == "minion_ping");
        Master.SilentOn.Add("_minion_event");
        await Bench.UntilLogged("does not answer a ping");
        Master.SilentOn.Clear();
        await Master.UntilCount("_pillar", 2);
    }

    [Fact]
    public async Task Collects_grains_anew_from_time_to_time()
    {
        await Bench.StartReady(("grains_refresh_every", 0.001));
        await Master.UntilCount("_pillar", 3);
        Assert.True(Bench.GrainsCollected > 1);
    }

    private int _jobs;

    private Task<MapValue> Run(string function, params Value[] arguments)
    {
        var jid = $"202611230543{++_jobs:00000000}";
        Master.Publish(jid, function, ListValue.From(arguments));
        return Master.UntilReturned(jid);
    }
}
