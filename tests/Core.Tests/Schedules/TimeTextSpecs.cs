using System.Globalization;
using SaltActors.Core.Schedules;

namespace SaltActors.Core.Tests.Schedules;

public sealed class TimeTextSpecs
{
    // A Sunday. What is expected was told by python-dateutil, parse(text, default=datetime(2026, 11, 22)).
    private static readonly DateTime Today = new(2026, 11, 22, 15, 30, 0);

    [Theory]
    [InlineData("5:00pm", "2026-11-22T17:00:00")]
    [InlineData("5pm", "2026-11-22T17:00:00")]
    [InlineData("13pm", "2026-11-22T13:00:00")]
    [InlineData("12:30am", "2026-11-22T00:30:00")]
    [InlineData("17:45:10", "2026-11-22T17:45:10")]
    [InlineData("Monday 5:00am", "2026-11-23T05:00:00")]
    [InlineData("Sunday 5:00am", "2026-11-22T05:00:00")]
    [InlineData("tue 3:00 PM", "2026-11-24T15:00:00")]
    [InlineData("11/23/2026 10:00", "2026-11-23T10:00:00")]
    [InlineData("23/11/2026 10:00", "2026-11-23T10:00:00")]
    [InlineData("11-23-26 10:00", "2026-11-23T10:00:00")]
    [InlineData("2026-11-23T10:00:05", "2026-11-23T10:00:05")]
    [InlineData("2026-11-23 10:00", "2026-11-23T10:00:00")]
    [InlineData("2026/11/23", "2026-11-23T00:00:00")]
    [InlineData("20261123", "2026-11-23T00:00:00")]
    [InlineData("Nov 23 2026 10:00", "2026-11-23T10:00:00")]
    [InlineData("23 November 2026, 10:00 pm", "2026-11-23T22:00:00")]
    [InlineData("December 25th 2026", "2026-12-25T00:00:00")]
    [InlineData("12/25", "2026-12-25T00:00:00")]
    [InlineData("2026-11-23 10:00:00.5", "2026-11-23T10:00:00.5")]
    public void Reads_what_people_write(string text, string expected)
    {
        Assert.True(TimeTexts.TryRead(text, Today, out var moment), text);
        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture), moment);
    }

    // python-dateutil takes the last of two times; who writes two is told here.
    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("25:00")]
    [InlineData("tues 3:00 PM")]
    [InlineData("13am")]
    [InlineData("13/13/2026")]
    [InlineData("2026-02-30")]
    [InlineData("5:00pm 6:00pm")]
    public void Refuses_what_is_no_moment(string text) => Assert.False(TimeTexts.TryRead(text, Today, out _), text);

    [Theory]
    [InlineData("2026-11-22T10:00:00", "%Y-%m-%dT%H:%M:%S")]
    [InlineData("22.11.2026 10h00", "%d.%m.%Y %Hh%M")]
    [InlineData("Nov 22 26 10:00 AM", "%b %d %y %I:%M %p")]
    public void Reads_and_writes_by_a_format_of_c(string text, string format)
    {
        Assert.True(TimeTexts.TryReadExact(text, format, out var moment));
        Assert.Equal(new DateTime(2026, 11, 22, 10, 0, 0), moment);
        Assert.Equal(text, TimeTexts.Write(moment, format));
    }
}
