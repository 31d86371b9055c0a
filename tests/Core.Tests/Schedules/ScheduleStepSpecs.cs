using SaltActors.Core.Schedules;
using SaltActors.Core.Values;

namespace SaltActors.Core.Tests.Schedules;

public sealed class ScheduleStepSpecs
{
    private static readonly DateTime Start = new(2026, 11, 22, 10, 0, 0);
    private ScheduledJobState _state = ScheduledJobState.Fresh;
    private ScheduleStep _last = new(ScheduledJobState.Fresh, null, null);

    [Fact]
    public void Runs_after_each_interval()
    {
        var job = Job(("seconds", 10), ("minutes", 1));
        Assert.Null(Look(job, 0));
        Assert.Equal(Start.AddSeconds(70), _last.WakeAt);
        Assert.Null(Look(job, 69));
        Assert.Equal("test.ping", Look(job, 70));
        Assert.Equal(Start.AddSeconds(140), _state.NextFire);
        Assert.Equal(Start.AddSeconds(70), _state.LastRun);
    }

    [Fact]
    public void Runs_at_the_start_and_then_by_its_interval()
    {
        var job = Job(("seconds", 60), ("run_on_start", true));
        Assert.Equal("test.ping", Look(job, 0));
        Assert.Null(Look(job, 59));
        Assert.Equal("test.ping", Look(job, 60));
    }

    [Fact]
    public void Runs_once_and_never_again()
    {
        var job = Job(("once", "2026-11-22T10:05:00"));
        Assert.Null(Look(job, 0));
        Assert.Equal("test.ping", Look(job, 301));
        Assert.Null(Look(job, 302));
        Assert.Null(Look(job, 100_000));
    }

    [Fact]
    public void Does_not_run_what_lies_in_the_past()
    {
        Assert.Null(Look(Job(("once", "2026-11-22T09:00:00")), 0));
        Assert.Null(Look(Job(("when", "9:00am")), 1));
    }

    [Fact]
    public void Runs_every_day_at_a_time_of_day()
    {
        var job = Job(("when", List("10:30am", "5:00pm")));
        Assert.Null(Look(job, 0));
        Assert.Equal("test.ping", Look(job, 1800));
        Assert.Equal(Start.AddHours(7), _state.NextFire);
        Assert.Equal("test.ping", Look(job, 7 * 3600));
        Assert.Null(Look(job, 8 * 3600));
        Assert.Null(Look(job, 24 * 3600));
        Assert.Equal("test.ping", Look(job, 24 * 3600 + 1800));
    }

    [Fact]
    public void Finds_the_names_of_moments_in_the_pillar()
    {
        var job = Job(("when", "tea time"));
        Assert.Null(Look(job, 0, view => view with { Whens = MapValue.Of(("tea time", "5:00pm")) }));
        Assert.Equal(Start.AddHours(7), _state.NextFire);
    }

    [Fact]
    public void Runs_by_cron()
    {
        var job = Job(("cron", "30 * * * *"));
        Assert.Null(Look(job, 0));
        Assert.Equal("test.ping", Look(job, 1800));
        Assert.Equal(Start.AddMinutes(90), _state.NextFire);
    }

    [Fact]
    public void Waits_a_random_time_longer()
    {
        var job = Job(("seconds", 60), ("splay", MapValue.Of(("start", 10), ("end", 20))));
        Assert.Null(Look(job, 0));
        Assert.Null(Look(job, 60));
        Assert.Equal(Start.AddSeconds(75), _state.Splayed);
        Assert.Equal("test.ping", Look(job, 75));
    }

    [Fact]
    public void Keeps_its_turn_until_the_range_begins()
    {
        var job = Job(("seconds", 60), ("range", MapValue.Of(("start", "10:05am"), ("end", "11:00am"))));
        Look(job, 0);
        Assert.Null(Look(job, 60));
        Assert.Equal("not_in_range", _state.SkipReason);
        Assert.Equal("test.ping", Look(job, 300));
        Assert.Null(_state.SkipReason);
    }

    [Fact]
    public void Runs_outside_of_an_inverted_range()
    {
        var job = Job(("seconds", 60), ("range", MapValue.Of(("start", "10:05am"), ("end", "11:00am"), ("invert", true))));
        Look(job, 0);
        Assert.Equal("test.ping", Look(job, 60));
        Assert.Null(Look(job, 360));
        Assert.Equal("in_skip_range", _state.SkipReason);
    }

    [Fact]
    public void Skips_its_turn_in_a_range_and_runs_after_it_where_it_is_to()
    {
        var job = Job(("seconds", 60), ("skip_during_range", MapValue.Of(("start", "9:00am"), ("end", "10:01:30am"))), ("run_after_skip_range", true));
        Look(job, 0);
        Assert.Null(Look(job, 60));
        Assert.Equal("in_skip_range", _state.SkipReason);
        Assert.Equal(Start.AddSeconds(91), _last.WakeAt);
        Assert.Equal("test.ping", Look(job, 91));
    }

    [Fact]
    public void Runs_another_function_where_it_is_skipped()
    {
        var job = Job(("seconds", 60), ("skip_during_range", MapValue.Of(("start", "9:00am"), ("end", "11:00am"))));
        Look(job, 0);
        Assert.Equal("log.skipped", Look(job, 60, view => view with { SkipFunction = "log.skipped" }));
    }

    [Fact]
    public void Leaves_one_turn_out_and_takes_another_instead()
    {
        var job = Job(("seconds", 60), ("skip_explicit", List(At("10:01:00"))), ("run_explicit", List(At("10:01:20"))));
        Look(job, 0);
        Assert.Null(Look(job, 60));
        Assert.Equal("skip_explicit", _state.SkipReason);
        Assert.Equal("test.ping", Look(job, 80));
    }

    [Theory]
    [InlineData("after", "10:30am", "after_not_passed")]
    [InlineData("until", "9:30am", "until_passed")]
    public void Runs_only_between_after_and_until(string option, string time, string reason)
    {
        var job = Job(("seconds", 60), (option, time));
        Look(job, 0);
        Assert.Null(Look(job, 60));
        Assert.Equal(reason, _state.SkipReason);
    }

    [Fact]
    public void Does_not_run_while_it_is_disabled()
    {
        var job = Job(("seconds", 60));
        Look(job, 0);
        Assert.Null(Look(job with { IsEnabled = false }, 60));
        Assert.Equal("disabled", _state.SkipReason);
        Assert.Null(Look(job, 60, view => view with { IsEnabled = false }));
        Assert.Equal("test.ping", Look(job, 120));
    }

    [Fact]
    public void Does_not_run_more_often_at_once_than_it_may()
    {
        var job = Job(("seconds", 60), ("maxrunning", 2));
        Look(job, 0);
        Assert.Equal("test.ping", Look(job, 60, view => view with { Running = 1 }));
        Assert.Null(Look(job, 120, view => view with { Running = 2 }));
        Assert.Equal("maxrunning", _state.SkipReason);
        Assert.Equal("test.ping", Look(job with { IncludesJid = false }, 180, view => view with { Running = 2 }));
    }

    [Theory]
    [InlineData("cron", "nothing", "has 1 fields")]
    [InlineData("once", "nothing", "Date string could not be parsed: nothing, %Y-%m-%dT%H:%M:%S. Ignoring job job.")]
    [InlineData("seconds", "often", "'seconds' is no whole number")]
    public void Says_what_is_wrong_with_an_entry(string option, string value, string text) => Assert.Contains(text, Job((option, value)).Error);

    [Fact]
    public void Says_that_two_kinds_of_time_do_not_go_together() =>
        Assert.Equal("Unable to use \"cron\", \"seconds\" options together. Ignoring job job.", Job(("cron", "* * * * *"), ("seconds", 1)).Error);

    [Fact]
    public void Says_at_its_turn_that_a_moment_cannot_be_read()
    {
        Assert.Null(Look(Job(("when", "soonish")), 0));
        Assert.Equal("Invalid date string soonish. Ignoring job job.", _state.Error);
    }

    private string? Look(ScheduledJob job, double seconds, Func<ScheduleView, ScheduleView>? with = null)
    {
        var view = new ScheduleView(Start.AddSeconds(seconds), 0, 0.5);
        _last = ScheduleSteps.Look(job, _state, with is null ? view : with(view));
        _state = _last.State;
        return _last.Run;
    }

    private static ListValue List(params ReadOnlySpan<Value> items) => ListValue.Create(items);
    private static MapValue At(string time) => MapValue.Of(("time", $"2026-11-22T{time}"), ("time_fmt", TimeTexts.StandardFormat));
    private static ScheduledJob Job(params (string, Value)[] fields) => ScheduledJob.Read("job", MapValue.Of(("function", "test.ping")).Over(MapValue.Of(fields)));
}
