using SaltActors.Actors.Tests.Master.Returners;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Minion;

public sealed class ReturnerSpecs : MinionSpecs
{
    private static readonly (string, Value) Soon = ("return_retry_timer", 0.1), SoonAtMost = ("return_retry_timer_max", 0.2);
    private string QueueFolder => Path.Combine(Bench.CacheDir, "returner_queue");
    private readonly ReturnerDouble _one = new("one"), _two = new("two");

    public ReturnerSpecs() => Bench.Returners = new ReturnerTable([_one, _two]);

    [Fact]
    public async Task Gives_a_return_to_the_returners_that_the_job_asks_for_and_to_the_master()
    {
        await Bench.StartReady(Soon, SoonAtMost);
        Master.Publish(First, "test.echo", ["x"], extras: MapValue.Of(("ret", "one,two")));
        await Master.UntilReturned(First);
        await Until(() => _one.Returns.Length == 1 && _two.Returns.Length == 1);
        var load = _one.Returns[0];
        Assert.Equal("x", load.TextOf("return"));
        Assert.Equal("web1", load.TextOf("id"));
        Assert.Equal(First, load.TextOf("jid"));
        Assert.False(load.Has("cmd"));
        await UntilQueueIsEmpty();
    }

    [Fact]
    public async Task Gives_every_return_to_the_returners_of_the_configuration()
    {
        await Bench.StartReady(Soon, SoonAtMost, ("return", ListValue.Create(["one"])));
        Master.Publish(First, "test.ping");
        await Until(() => _one.Returns.Length == 1);
        Assert.Empty(_two.Returns);
    }

    [Fact]
    public async Task A_failing_returner_never_loses_the_return_and_holds_up_neither_master_nor_others()
    {
        _one.Broken = new ReturnerFailed("the database is down");
        await Bench.StartReady(Soon, SoonAtMost);
        Master.Publish(First, "test.ping", extras: MapValue.Of(("ret", "one,two")));
        await Master.UntilReturned(First);
        await Until(() => _two.Returns.Length == 1);
        await Bench.UntilLogged("the database is down");
        var kept = Assert.Single(Directory.EnumerateFiles(QueueFolder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, MinionBench.ModeOf(kept));
        await Until(() => _one.Calls > 2);
        _one.Broken = null;
        await Until(() => _one.Returns.Length == 1);
        await UntilQueueIsEmpty();
        Assert.Single(Bench.Log().Split('\n'), l => l.Contains("ERROR", StringComparison.OrdinalIgnoreCase) && l.Contains("the database is down", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_earlier_run_could_not_deliver_is_delivered_by_the_next()
    {
        _one.Broken = new ReturnerFailed("the database is down");
        var minion = await Bench.StartReady(Soon, SoonAtMost);
        Master.Publish(First, "test.echo", ["kept"], extras: MapValue.Of(("ret", "one")));
        await Master.UntilReturned(First);
        await Until(() => _one.Calls > 0);
        await minion.DisposeAsync();
        Assert.Single(Directory.EnumerateFiles(QueueFolder));
        _one.Broken = null;
        await Bench.Start(Soon, SoonAtMost);
        await Until(() => _one.Returns.Length == 1);
        Assert.Equal("kept", _one.Returns[0].TextOf("return"));
        await UntilQueueIsEmpty();
    }

    [Fact]
    public async Task One_that_is_refused_does_not_hold_up_the_next()
    {
        _one.RefusedId = "web1";
        await Bench.StartReady(Soon, SoonAtMost);
        Master.Publish(First, "test.ping", extras: MapValue.Of(("ret", "one")));
        await Bench.UntilLogged("does not fit");
        _one.RefusedId = null;
        Master.Publish(Second, "test.ping", extras: MapValue.Of(("ret", "one")));
        await Until(() => _one.Returns.Length == 1);
        Assert.Equal(Second, _one.Returns[0].TextOf("jid"));
        Assert.Single(Directory.EnumerateFiles(QueueFolder));
    }

    [Fact]
    public async Task Lets_the_job_choose_other_options()
    {
        await Bench.StartReady(Soon, SoonAtMost);
        Master.Publish(First, "test.ping", extras: MapValue.Of(("ret", "one"), ("ret_config", "other"), ("ret_kwargs", MapValue.Of(("db", "x")))));
        await Until(() => _one.Returns.Length == 1);
        Assert.Equal("other", _one.Contexts[0].Alternative);
        Assert.Equal("x", _one.Contexts[0].Overrides.TextOf("db"));
        Assert.Equal("Debian", _one.Contexts[0].Grains.TextOf("os"));
    }

    [Fact]
    public async Task Says_that_a_returner_does_not_exist_and_returns_to_the_master_all_the_same()
    {
        await Bench.StartReady(Soon, SoonAtMost);
        Master.Publish(First, "test.ping", extras: MapValue.Of(("ret", "../nothing")));
        await Master.UntilReturned(First);
        await Bench.UntilLogged("there is no returner '../nothing' here; there are one, two");
        await UntilQueueIsEmpty();
    }

    private Task UntilQueueIsEmpty() => Until(() => !Directory.Exists(QueueFolder) || !Directory.EnumerateFiles(QueueFolder).Any());

    private static async Task Until(Func<bool> isSo)
    {
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var left = 1000; left > 0; left--)
        {
            if (isSo()) return;
            await every.WaitForNextTickAsync();
        }
        Assert.Fail("that did not come about within 20 s");
    }
}
