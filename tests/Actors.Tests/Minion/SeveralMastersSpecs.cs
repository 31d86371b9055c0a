using SaltActors.Actors.Minion;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Minion;

public sealed class SeveralMastersSpecs : MinionSpecs
{
    private static readonly (string, Value) Failover = ("master_type", "failover"), Soon = ("master_alive_interval", 0.05);

    [Fact]
    public async Task Returns_each_job_to_the_master_that_asked()
    {
        await using var other = new MasterDouble(Bench.Transport, host: "other");
        await Bench.Start(("master", List("salt", "other")));
        await Master.UntilReady();
        await other.UntilReady();
        other.Publish(First, "test.echo", ["for other"]);
        Master.Publish(Second, "test.echo", ["for salt"]);
        Assert.Equal("for other", (await other.UntilReturned(First)).TextOf("return"));
        Assert.Equal("for salt", (await Master.UntilReturned(Second)).TextOf("return"));
        Assert.DoesNotContain(Master.Heard("_return"), r => r.TextOf("jid") == First);
        Assert.DoesNotContain(other.Heard("_return"), r => r.TextOf("jid") == Second);
    }

    [Fact]
    public async Task Gives_an_event_to_all_masters()
    {
        await using var other = new MasterDouble(Bench.Transport, host: "other");
        await Bench.Start(("master", List("salt", "other")));
        await Master.UntilReady();
        await other.UntilReady();
        Master.Publish(First, "spec.fire");
        await Master.Until("_minion_event", e => e.TextOf("tag") == "my/tag");
        await other.Until("_minion_event", e => e.TextOf("tag") == "my/tag");
    }

    [Fact]
    public async Task Works_with_one_master_while_the_other_is_away()
    {
        await Bench.Start(("master", List("gone", "salt")));
        await Master.UntilReady();
        Master.Publish(First, "test.ping");
        await Master.UntilReturned(First);
    }

    [Fact]
    public async Task Fails_over_to_the_next_master_where_the_first_does_not_answer()
    {
        await Bench.Start(Failover, ("master", List("gone", "salt")), ("auth_timeout", 0.1), ("auth_tries", 1));
        await Master.UntilReady();
        await Bench.UntilLogged("the minion turns to salt");
        Master.Publish(First, "test.ping");
        await Master.UntilReturned(First);
    }

    [Fact]
    public async Task Fails_over_when_the_connection_is_lost_and_tells_it_on_the_bus()
    {
        await using var other = new MasterDouble(Bench.Transport, host: "other");
        await Bench.StartReady(Failover, Soon, ("master", List("salt", "other")), ("auth_timeout", 0.2), ("auth_tries", 1));
        Assert.Empty(other.Commands);
        await Master.DisposeAsync();
        await other.UntilReady();
        other.Publish(First, "test.ping");
        await other.UntilReturned(First);
        await Bench.UntilLogged("the connection to the master salt is lost");
    }

    [Fact]
    public async Task Goes_back_to_the_first_master_as_soon_as_it_answers()
    {
        await using var other = new MasterDouble(Bench.Transport, host: "other");
        await Bench.Start(Failover, Soon, ("master", List("first", "other")), ("master_failback", true), ("auth_timeout", 0.2), ("auth_tries", 1));
        await other.UntilReady();
        await using var first = new MasterDouble(Bench.Transport, host: "first");
        await first.UntilReady();
        first.Publish(Second, "test.ping");
        await first.UntilReturned(Second);
    }

    [Fact]
    public async Task Goes_on_with_the_next_where_the_name_service_does_not_know_one()
    {
        Bench.Resolves = (host, _) => Task.FromResult(host != "nowhere");
        await Bench.Start(Failover, ("master", List("nowhere", "salt")));
        await Bench.UntilLogged("'nowhere' means nothing to the name service");
        await Master.UntilReady();
    }

    [Fact]
    public async Task Gives_up_on_a_name_that_nobody_knows_when_it_is_told_to()
    {
        Bench.Resolves = (_, _) => Task.FromResult(false);
        var minion = await Bench.Start(("retry_dns", 0.01), ("retry_dns_count", 2));
        Assert.Equal(68, await minion.Stopped.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Runs_its_schedule_without_any_master()
    {
        await Bench.Start(("master_type", "disable"), ("schedule", MapValue.Of(("job", MapValue.Of(("function", "spec.mark"), ("seconds", 3600), ("run_on_start", true))))));
        await Bench.Marked.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Empty(Master.Commands);
    }

    [Theory]
    [InlineData("func", "a function of a Python module cannot tell")]
    [InlineData("nothing", "where str, failover, distributed or disable was expected")]
    public void Refuses_a_kind_of_master_that_it_does_not_have(string type, string text) =>
        Assert.Contains(text, Assert.Throws<FormatException>(() => Options(("master_type", type))).Message);

    [Theory]
    [InlineData("salt", "tcp://salt:4506")]
    [InlineData("salt:24506", "tcp://salt:24506")]
    [InlineData("[::1]:24506", "tcp://[::1]:24506")]
    [InlineData("fe80::1", "tcp://[fe80::1]:4506")]
    [InlineData("[fe80::1]", "tcp://[fe80::1]:4506")]
    public void Reads_the_forms_of_a_master(string master, string address) => Assert.Equal(address, Options(("master", master)).RequestAddress);

    [Fact]
    public void Prefers_a_master_by_the_minions_id_where_they_are_distributed()
    {
        // zlib.crc32(b'web1') % 3, by Python
        var options = Options(("master_type", "distributed"), ("master", List("a", "b", "c")));
        Assert.Equal(MasterMode.Failover, options.Mode);
        Assert.Equal(DistributedMasters, options.Masters.Select(m => m.Host));
    }

    [Fact]
    public void Shuffles_all_but_the_one_that_it_returns_to()
    {
        var options = Options(Failover, ("master", List("a", "b", "c", "d")), ("master_shuffle", true), ("master_failback", true));
        var order = MasterOrder.Of(options, () => 0);
        Assert.Equal("a", order.Current.Host);
        Assert.Equal(["a", "c", "d", "b"], order.Masters.Select(m => m.Host));
        Assert.NotEqual("a", MasterOrder.Of(options with { Failback = false }, () => 0).Current.Host);
    }

    private static MinionOptions Options(params (string, Value)[] options) => MinionOptions.From(MapValue.Of(("id", "web1")).Over(MapValue.Of(options)));

    private static readonly string[] DistributedMasters = ["c", "a", "b"];
}
