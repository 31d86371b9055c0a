using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Minion;

public sealed class ScheduleSpecs : MinionSpecs
{
    private static (string, Value) Schedule(params (string, Value)[] jobs) => ("schedule", MapValue.Of(jobs));
    private static MapValue Job(string function, params (string, Value)[] more) =>
        MapValue.Of(("function", function), ("seconds", 3600), ("run_on_start", true)).Over(MapValue.Of(more));

    [Fact]
    public async Task Runs_a_job_and_asks_the_master_for_a_jid_of_its_return()
    {
        await Bench.StartReady(Schedule(("greet", Job("test.arg", ("args", List("a")), ("kwargs", MapValue.Of(("b", 2))), ("metadata", MapValue.Of(("team", "web")))))));
        var load = await Master.Until("_return", r => r.TextOf("schedule") == "greet");
        Assert.Equal(((Value)"req", (Value)"test.arg", (Value)true, (Value)0, List("a", MapValue.Of(("b", 2)))),
            (load.Get("jid"), load.Get("fun"), load.Get("success"), load.Get("retcode"), load.Get("fun_args")));
        Assert.Equal("web", load.MapOf("metadata").TextOf("team"));
        Assert.True(load.MapOf("metadata").Has("_TS"));
    }

    [Theory]
    [InlineData("nocache")]
    [InlineData(false)]
    public async Task Returns_as_the_entry_says(object how)
    {
        Value value = how is string text ? text : (Value)(bool)how;
        await Bench.StartReady(Schedule(("quiet", Job("spec.mark", ("return_job", value))), ("loud", Job("test.ping"))));
        await Bench.Marked.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Master.Until("_return", r => r.TextOf("schedule") == "loud");
        if (how is string) await Master.Until("_return", r => r.TextOf("schedule") == "quiet" && r.TextOf("jid") == "nocache");
        else Assert.DoesNotContain(Master.Heard("_return"), r => r.TextOf("schedule") == "quiet");
    }

    [Fact]
    public async Task Takes_jobs_from_the_pillar_too()
    {
        Master.Pillar = MapValue.Of(("schedule", MapValue.Of(("from_pillar", Job("spec.mark")))));
        await Bench.StartReady();
        await Bench.Marked.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Adds_runs_changes_and_removes_a_job_and_keeps_it_on_disk()
    {
        var folder = Path.Combine(Bench.CacheDir, "etc");
        await Bench.StartReady(("conf_file", Path.Combine(folder, "minion")));
        var file = Path.Combine(folder, "minion.d", "_schedule.conf");
        var added = await Run("schedule.add", "job1", "function=spec.mark", "seconds=3600");
        Assert.Equal(MapValue.Of(("comment", "Added job: job1 to schedule."), ("result", true), ("changes", MapValue.Of(("job1", "added")))), added);
        Assert.Contains("function: spec.mark", File.ReadAllText(file));
        Assert.DoesNotContain("__mine_interval", File.ReadAllText(file));
        Assert.Equal("schedule:\n  job1:\n    enabled: true\n    function: spec.mark\n    jid_include: true\n    maxrunning: 1\n    name: job1\n    saved: true\n    seconds: 3600\n",
            await Run("schedule.list"));
        Assert.Equal("Job job1 already exists in schedule.", ((MapValue)await Run("schedule.add", "job1", "function=test.ping", "seconds=1")).TextOf("comment"));
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T", ((MapValue)await Run("schedule.show_next_fire_time", "job1")).TextOf("next_fire_time"));
        Assert.Equal("Scheduling Job job1 on minion.", ((MapValue)await Run("schedule.run_job", "job1")).TextOf("comment"));
        await Bench.Marked.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("Disabled Job job1 in schedule.", ((MapValue)await Run("schedule.disable_job", "job1")).TextOf("comment"));
        Assert.Equal("Job job1 is disabled.", ((MapValue)await Run("schedule.run_job", "job1")).TextOf("comment"));
        Assert.Equal("Modified job: job1 in schedule.", ((MapValue)await Run("schedule.modify", "job1", "minutes=5")).TextOf("comment"));
        Assert.Equal((Value)300, ((MapValue)await Run("schedule.job_status", "job1")).Get("_seconds"));
        Assert.Equal("Deleted Job job1 from schedule.", ((MapValue)await Run("schedule.delete", "job1")).TextOf("comment"));
        Assert.Equal("Job job1 does not exist.", ((MapValue)await Run("schedule.delete", "job1")).TextOf("comment"));
        Assert.Equal("schedule: {}\n", File.ReadAllText(file));
        Assert.Contains("__mine_interval", (await Run("schedule.list", "show_all=True")).ToString());
    }

    [Fact]
    public async Task Stops_the_whole_schedule_and_starts_it_again()
    {
        await Bench.StartReady();
        Assert.Equal("Disabled schedule on minion.", ((MapValue)await Run("schedule.disable")).TextOf("comment"));
        Assert.Equal(false, await Run("schedule.is_enabled"));
        Assert.Equal("Enabled schedule on minion.", ((MapValue)await Run("schedule.enable")).TextOf("comment"));
        Assert.Equal(true, await Run("schedule.is_enabled"));
    }

    [Fact]
    public async Task Does_what_an_event_of_a_local_program_says()
    {
        await Bench.StartReady(Schedule(("job1", MapValue.Of(("function", "spec.mark"), ("seconds", 3600)))));
        await Run("event.fire", MapValue.Of(("func", "run_job"), ("name", "job1")), "manage_schedule");
        await Bench.Marked.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Runs_no_more_of_a_job_than_may_run_at_once()
    {
        await Bench.StartReady(Schedule(("hold", MapValue.Of(("function", "spec.hold"), ("seconds", 1), ("run_on_start", true)))));
        MapValue status = MapValue.Empty;
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var left = 200; left > 0 && status.TextOf("_skip_reason") != "maxrunning" && await every.WaitForNextTickAsync(); left--)
            status = (MapValue)await Run("schedule.job_status", "hold");
        Assert.Equal("maxrunning", status.TextOf("_skip_reason"));
        var running = Assert.IsType<ListValue>(await Run("saltutil.running"));
        Assert.Equal("hold", Assert.IsType<MapValue>(Assert.Single(running)).TextOf("schedule"));
    }

    [Fact]
    public async Task Updates_the_mine_at_the_start_and_by_the_schedule()
    {
        await Bench.StartReady(("mine_functions", MapValue.Of(("test.ping", ListValue.Empty))));
        var load = await Master.Until("_mine");
        Assert.Equal(true, load.MapOf("data").Get("test.ping"));
        Assert.DoesNotContain(Master.Heard("_return"), r => r.TextOf("fun") == "mine.update");
    }

    private int _jobs;

    private async Task<Value> Run(string function, params Value[] arguments)
    {
        var jid = $"202611230543{++_jobs:00000000}";
        Master.Publish(jid, function, ListValue.From(arguments));
        return (await Master.UntilReturned(jid)).Get("return")!;
    }
}
