using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Clock;
using SaltActors.Modules.Tests.Grains;

namespace SaltActors.Modules.Tests.Clock;

public sealed class ClockSpecs
{
    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 23, 21, 29, 28, TimeSpan.Zero);
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }

    private readonly Calls _calls = new() { Clock = new Noon() };

    [Theory]
    [InlineData("system.get_system_time", null, "09:29:28 PM")]
    [InlineData("system.get_system_date", null, "Mon 11/23/2026")]
    [InlineData("system.get_system_date_time", null, "2026-11-23 21:29:28")]
    [InlineData("system.get_system_date_time", "+0530", "2026-11-24 02:59:28")]
    [InlineData("system.get_system_date_time", "'-0500'", "2026-11-23 16:29:28")]
    [InlineData("timezone.get_offset", null, "+0000")]
    public async Task Tells_the_time(string function, string? offset, string expected)
    {
        Value[] arguments = offset is null ? [] : [offset];
        Assert.Equal(expected, (await _calls.Answer(function, arguments)).ToString());
    }

    [Fact]
    public async Task Refuses_what_is_no_offset()
    {
        Assert.Equal("ERROR executing 'system.get_system_date_time': Invalid UTC offset.", (await _calls.Failure("system.get_system_date_time", MapValue.Empty, "bad")).Text);
        Assert.StartsWith("Passed invalid arguments to system.get_system_time: expected string or bytes-like object, got 'int'", (await _calls.Failure("system.get_system_time", MapValue.Empty, 200)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_zone_from_the_link_or_from_the_file()
    {
        Assert.Equal("Europe/Berlin", ZoneFiles.Name(new RecordedMachine { Links = { ["/etc/localtime"] = "../usr/share/zoneinfo/Europe/Berlin" } }));
        Assert.Equal("Etc/UTC", ZoneFiles.Name(new RecordedMachine { Files = { ["/etc/timezone"] = "Etc/UTC\n" } }));
        Assert.Null(ZoneFiles.Name(new RecordedMachine()));
    }

    [Fact]
    public void Compares_the_rules_of_zones()
    {
        var machine = new RecordedMachine { Files = { ["/etc/localtime"] = "rules", ["/usr/share/zoneinfo/UTC"] = "rules", ["/usr/share/zoneinfo/Europe/Berlin"] = "others" } };
        Assert.True(ZoneFiles.IsLocal(machine, "UTC"));
        Assert.False(ZoneFiles.IsLocal(machine, "Europe/Berlin"));
        Assert.Equal("Can't find a local timezone \"nope\"", Assert.Throws<NamedError>(() => ZoneFiles.IsLocal(machine, "nope")).Message);
        Assert.Throws<NamedError>(() => ZoneFiles.IsLocal(machine, "../../etc/localtime"));
        Assert.Equal("LOCAL", ZoneFiles.HardwareClock(new RecordedMachine { Files = { ["/etc/adjtime"] = "0.0 0 0.0\n0\nLOCAL\n" } }));
        Assert.Equal("UTC", ZoneFiles.HardwareClock(machine));
    }

    [Fact]
    public void Sets_the_link_and_the_file_of_a_zone()
    {
        using var folder = new TestFolder();
        ZoneFiles.Set("/usr/share/zoneinfo/UTC", "UTC", folder.Path);
        ZoneFiles.Set("/usr/share/zoneinfo/Etc/GMT", "Etc/GMT", folder.Path);
        Assert.Equal("/usr/share/zoneinfo/Etc/GMT", new FileInfo(Path.Join(folder.Path, "localtime")).LinkTarget);
        Assert.Equal("Etc/GMT\n", File.ReadAllText(Path.Join(folder.Path, "timezone")));
    }

    [Fact]
    public async Task Names_a_zone_that_is_not_there() => Assert.Equal((Value)"Zone does not exist: /usr/share/zoneinfo/Nope/X", await _calls.Answer("timezone.set_zone", "Nope/X"));

    [Fact]
    public void Puts_shutdown_into_words()
    {
        Assert.Equal(["-r", "now"], SystemClock.ShutdownArguments("-r", null));
        Assert.Equal(["-h", "+5"], SystemClock.ShutdownArguments("-h", 5));
        Assert.Equal(["-h", "23:30"], SystemClock.ShutdownArguments("-h", "23:30"));
        Assert.Throws<NamedError>(() => SystemClock.ShutdownArguments("-h", "-c"));
    }

    [Fact]
    public void Reads_times_and_dates_of_people()
    {
        Assert.Equal(new TimeOnly(23, 31), SystemClock.Time("11:31 PM"));
        Assert.Equal(new TimeOnly(11, 20), SystemClock.Time("11:20"));
        Assert.Equal(new DateOnly(2026, 3, 28), SystemClock.Date("03-28-26"));
        Assert.Equal(new DateOnly(2026, 3, 28), SystemClock.Date("2026-03-28"));
        Assert.Throws<NamedError>(() => SystemClock.Time("25:00"));
        Assert.Equal(["-u", "-s", "2026-02-23 21:05:28"], SystemClock.DateArguments(SystemClock.With(new Noon().GetUtcNow(), null, 2, null, null, 5, null)));
        Assert.Throws<NamedError>(() => SystemClock.With(new Noon().GetUtcNow(), null, 13, null, null, null, null));
    }

    [Fact]
    public void Reads_the_name_for_people() =>
        Assert.Equal("Tom's box", SystemModule.PrettyName(new RecordedMachine { Files = { ["/etc/machine-info"] = "CHASSIS=vm\nPRETTY_HOSTNAME=\"Tom's box\"\n" } }));
}
