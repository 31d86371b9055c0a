using SaltActors.Actors.Minion.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Minion;

public sealed class JobSpecs : MinionSpecs
{
    [Fact]
    public async Task Returns_what_salt_returns()
    {
        await Bench.StartReady();
        Master.Publish(First, "test.echo", [MapValue.Of(("__kwarg__", true), ("text", "hello"))], extras: MapValue.Of(("metadata", MapValue.Of(("n", 1)))));
        var load = await Master.UntilReturned(First);
        Assert.Equal(MapValue.Of(("cmd", "_return"), ("id", "web1"), ("success", true), ("return", "hello"), ("retcode", 0), ("jid", First), ("fun", "test.echo"),
            ("fun_args", List(MapValue.Of(("text", "hello")))), ("user", "root"), ("metadata", MapValue.Of(("n", 1)))), load.Without("nonce").Without("ts"));
    }

    [Fact]
    public async Task Reads_keywords_out_of_texts()
    {
        await Bench.StartReady();
        Master.Publish(First, "test.arg", ["plain", "a=1", "b=[2, 3]"]);
        var load = await Master.UntilReturned(First);
        Assert.Equal(List("plain"), ((MapValue)load.Get("return")!).Get("args"));
        Assert.Equal((Value)1, ((MapValue)load.Get("return")!).MapOf("kwargs").Get("a"));
        Assert.Equal(List("plain", "a=1", "b=[2, 3]"), load.Get("fun_args"));
    }

    [Theory]
    [InlineData("no.such", 1, "'no.such' is not available.")]
    [InlineData("test.exception", 1, "The minion function caused an exception: Traceback")]
    [InlineData("test.echo", 1, "Passed invalid arguments to test.echo: echo() missing 1 required positional argument: 'text'")]
    public async Task Returns_failures_with_a_text_and_a_code(string function, int retcode, string text)
    {
        await Bench.StartReady();
        Master.Publish(First, function);
        var load = await Master.UntilReturned(First);
        Assert.StartsWith(text, load.TextOf("return"));
        Assert.Equal(((Value)retcode, (Value)false, (Value)"nested"), (load.Get("retcode"), load.Get("success"), load.Get("out")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Runs_several_functions_and_returns_each(bool isOrdered)
    {
        await Bench.StartReady(("multifunc_ordered", isOrdered));
        Master.Publish(First, List("test.echo", "no.such"), [List("hello"), ListValue.Empty]);
        var load = await Master.UntilReturned(First);
        Value Each(Value echo, Value unknown) => isOrdered ? List(echo, unknown) : MapValue.Of(("test.echo", echo), ("no.such", unknown));
        Assert.Equal(Each("hello", "'no.such' is not available."), load.Get("return"));
        Assert.Equal(Each(0, 1), load.Get("retcode"));
        Assert.Equal(Each(true, false), load.Get("success"));
        Assert.Equal(List(List("hello"), ListValue.Empty), load.Get("fun_args"));
    }

    [Fact]
    public async Task Says_that_an_executor_is_not_known()
    {
        await Bench.StartReady();
        Master.Publish(First, "test.ping", extras: MapValue.Of(("module_executors", List("nothing", "direct_call"))));
        Assert.Equal("ERROR executing 'test.ping': Executor 'nothing' is not available", (await Master.UntilReturned(First)).TextOf("return"));
    }

    [Fact]
    public async Task Finds_a_job_while_it_runs()
    {
        await Bench.StartReady();
        Master.Publish(First, "spec.hold");
        Master.Publish(Second, "saltutil.find_job", [First]);
        var found = Assert.IsType<MapValue>((await Master.UntilReturned(Second)).Get("return"));
        Assert.Equal(((Value)First, (Value)"spec.hold", (Value)Environment.ProcessId), (found.Get("jid"), found.Get("fun"), found.Get("pid")));
        Assert.True(File.Exists(Path.Combine(Bench.CacheDir, "proc", First)));
        Bench.Hold.SetResult();
        await Master.UntilReturned(First);
        Master.Publish(Third, "saltutil.find_job", [First]);
        Assert.Equal(MapValue.Empty, (await Master.UntilReturned(Third)).Get("return"));
        Assert.False(File.Exists(Path.Combine(Bench.CacheDir, "proc", First)));
    }

    [Fact]
    public async Task Kills_a_job_together_with_its_processes()
    {
        await Bench.StartReady();
        var mark = Path.Combine(Bench.CacheDir, "pid");
        Master.Publish(First, "cmd.run", [$"echo $$ > {mark}.new && mv {mark}.new {mark} && exec sleep 600"]);
        await UntilExists(mark);
        Master.Publish(Second, "saltutil.kill_job", [First]);
        Assert.Contains($"Signal 9 sent to job {First}", (await Master.UntilReturned(Second)).TextOf("return"));
        var load = await Master.UntilReturned(First);
        Assert.Equal((Value)1, load.Get("retcode"));
        Assert.Contains("signal 9", load.TextOf("return"));
        await UntilGone(int.Parse(File.ReadAllText(mark), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Ends_a_job_that_listens_by_asking_it()
    {
        await Bench.StartReady();
        Master.Publish(First, "test.sleep", [600]);
        Master.Publish(Second, "saltutil.term_job", [First]);
        await Master.UntilReturned(Second);
        Assert.Contains("was stopped before it ended", (await Master.UntilReturned(First)).TextOf("return"));
    }

    [Fact]
    public async Task Lets_a_job_wait_where_as_many_run_as_may_and_still_answers_for_it()
    {
        await Bench.StartReady(("process_count_max", 1));
        Master.Publish(First, "spec.hold");
        Master.Publish(Second, "test.ping");
        Master.Publish(Third, "saltutil.find_job", [Second]);
        Assert.Equal(Second, Assert.IsType<MapValue>((await Master.UntilReturned(Third)).Get("return")).TextOf("jid"));
        Assert.DoesNotContain(Master.Heard("_return"), r => r.TextOf("jid") == Second);
        Bench.Hold.SetResult();
        await Master.UntilReturned(First);
        Assert.Equal(true, (await Master.UntilReturned(Second)).Get("return"));
    }

    [Fact]
    public async Task Keeps_returns_for_itself_where_it_is_told_to()
    {
        await Bench.StartReady(("cache_jobs", true));
        Master.Publish(First, "test.echo", ["kept"]);
        await Master.UntilReturned(First);
        Master.Publish(Second, "saltutil.find_cached_job", [First]);
        Assert.Equal("kept", Assert.IsType<MapValue>((await Master.UntilReturned(Second)).Get("return")).TextOf("return"));
    }

    [Theory]
    [InlineData("spec.fire")]
    [InlineData("spec.fire_by_bus")]
    public async Task Brings_events_of_functions_and_local_programs_to_the_master(string function)
    {
        await Bench.StartReady();
        Master.Publish(First, function);
        var fired = await Master.Until("_minion_event", e => e.TextOf("tag") == "my/tag");
        Assert.Equal(MapValue.Of(("n", 1)), fired.Get("data"));
    }

    [Fact]
    public async Task Reports_a_running_job_when_the_minion_stops()
    {
        var minion = await Bench.StartReady();
        Master.Publish(First, "test.sleep", [600]);
        await Bench.UntilLogged($"job [{First}]: test.sleep begins");
        await minion.DisposeAsync();
        var load = Assert.Single(Master.Heard("_return"));
        Assert.Equal(((Value)First, (Value)1), (load.Get("jid"), load.Get("retcode")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Bench.CacheDir, "proc")));
        Assert.Equal(0, await minion.Stopped);
    }

    [Fact]
    public async Task Reports_a_job_that_a_dead_minion_left_behind()
    {
        var load = MapValue.Of(("fun", "state.apply"), ("arg", List("web")), ("tgt", "*"), ("jid", First), ("ret", ""), ("tgt_type", "glob"), ("user", "root"));
        Directory.CreateDirectory(Path.Combine(Bench.CacheDir, "proc"));
        new ProcFolder(Bench.CacheDir).Add(First, load.With("pid", Environment.ProcessId));
        await Bench.StartReady();
        var returned = await Master.UntilReturned(First);
        Assert.StartsWith("The job was interrupted", returned.TextOf("return"));
        Assert.Equal(((Value)1, (Value)"state.apply", List("web")), (returned.Get("retcode"), returned.Get("fun"), returned.Get("fun_args")));
    }

    private static async Task UntilExists(string path)
    {
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var left = 1000; left > 0 && !File.Exists(path); left--) await every.WaitForNextTickAsync();
        Assert.True(File.Exists(path), $"{path} never came");
    }

    private static async Task UntilGone(int pid)
    {
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var left = 500; left > 0 && IsRunning(pid); left--) await every.WaitForNextTickAsync();
        Assert.False(IsRunning(pid), $"the process {pid} still runs");
    }

    // A child that is dead but not yet waited for no longer runs.
    private static bool IsRunning(int pid)
    {
        var path = $"/proc/{pid}/stat";
        return File.Exists(path) && File.ReadAllText(path) is var stat && stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
    }
}
