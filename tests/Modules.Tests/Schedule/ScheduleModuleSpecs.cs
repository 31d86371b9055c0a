using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Schedule;

public sealed class ScheduleModuleSpecs
{
    [Fact]
    public async Task Shows_an_empty_schedule_where_no_daemon_runs()
    {
        Assert.Equal("schedule: {}\n", await new Calls().Answer("schedule.list"));
        var added = (await new Calls().Run("schedule.add", MapValue.Of(("function", "x"), ("seconds", 1)), "a")).Return;
        Assert.Equal("Failed to add job a to schedule.", ((MapValue)added).TextOf("comment"));
    }

    [Fact]
    public async Task Works_on_the_saved_schedule_where_it_is_told_to()
    {
        var folder = Directory.CreateTempSubdirectory("salt-schedule-").FullName;
        try
        {
            var calls = new Calls { Options = MapValue.Of(("id", "web1"), ("conf_file", Path.Combine(folder, "minion"))) };
            var offline = MapValue.Of(("offline", true));
            await calls.Answer("schedule.add", offline.Over(MapValue.Of(("function", "test.ping"), ("cron", "*/5 * * * *"))), "a");
            Assert.Contains("cron: '*/5 * * * *'", (await calls.Answer("schedule.list", offline)).ToString());
            Assert.Equal("Modified job: a in schedule.", ((MapValue)await calls.Answer("schedule.modify", offline.With("minutes", 5), "a")).TextOf("comment"));
            Assert.Equal("Deleted Job a from schedule.", ((MapValue)await calls.Answer("schedule.delete", offline, "a")).TextOf("comment"));
            Assert.Equal("schedule: {}\n", File.ReadAllText(Path.Combine(folder, "minion.d", "_schedule.conf")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("seconds", "when", "Error: Unable to use \"seconds\", \"minutes\", \"hours\", or \"days\" with \"when\" or \"cron\" options.")]
    [InlineData("cron", "when", "Unable to use \"when\" and \"cron\" options together.  Ignoring.")]
    public async Task Refuses_times_that_do_not_go_together(string one, string other, string text) => Assert.Equal(text,
        ((MapValue)(await new Calls().Run("schedule.add", MapValue.Of(("function", "x"), (one, "1"), (other, "5pm")), "a")).Return).TextOf("comment"));
}
