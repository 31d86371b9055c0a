using SaltActors.Actors.Daemon.Logging;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Daemon;

/// <summary>Log lines in the forms that Salt's options give them.</summary>
public sealed class LogFormatSpecs
{
    private static readonly LogLine Line = new(new DateTime(2026, 11, 23, 6, 5, 9, 42, DateTimeKind.Local), "jobs", "INFO", 20, "job [20261123054300000001]: minion [web1] is late");

    [Theory]
    [InlineData("[%(levelname)-8s] %(message)s", "[INFO    ] job [20261123054300000001]: minion [web1] is late")]
    [InlineData("%(asctime)s,%(msecs)03d [%(name)-17s][%(levelname)8s]", "06:05:09,042 [jobs             ][    INFO]")]
    [InlineData("%(asctime)s,%(msecs)03.0f", "06:05:09,042")]
    [InlineData("100%% %(levelno)d%%", "100% 20%")]
    [InlineData("%(jid)s <%(minion_id)s> %(no_such)s.", "[JID: 20261123054300000001] <web1> .")]
    [InlineData("%(colorlevel)s %(colormsg).3s", "[INFO    ] job")]
    [InlineData("plain", "plain")]
    public void Follows_the_format(string format, string expected) => Assert.Equal(expected, new LogFormat(format, "%H:%M:%S").Format(Line));

    [Fact]
    public void A_line_about_nothing_has_no_jid() =>
        Assert.Equal("[] up", new LogFormat("[%(jid)s] %(message)s", "").Format(Line with { Message = "up" }));

    [Fact]
    public void Dates_follow_their_letters() =>
        Assert.Equal("2026-11-23 06:05:09 Mon 327 %", new LogFormat("%(asctime)s", "%Y-%m-%d %H:%M:%S %a %j %%").Format(Line));

    [Fact]
    public void The_options_are_Salt_s()
    {
        var formats = LogFormats.From(MapValue.Of(("log_fmt_console", "%(message)s \"x\""), ("log_fmt_jid", "<%(jid)s>")));
        Assert.Equal(("%(message)s \"x\"", "<%(jid)s>", LogFormats.Standard.File), (formats.Console, formats.Jid, formats.File));
        Assert.Equal("%(message)s \"x\"", SaltLogger.Settings("info", "", "info", formats).GetString("salt.log.console-format", ""));
    }
}
