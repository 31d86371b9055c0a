using System.Globalization;
using SaltActors.Core.Schedules;

namespace SaltActors.Core.Tests.Schedules;

public sealed class CronSpecs
{
    [Theory]
    [InlineData("*/15 * * * *", "2026-11-22T10:07:30", "2026-11-22T10:15:00")]
    [InlineData("*/15 * * * *", "2026-11-22T10:15:00", "2026-11-22T10:30:00")]
    [InlineData("0 0 * * *", "2026-11-22T10:07:30", "2026-11-23T00:00:00")]
    [InlineData("59 23 31 12 *", "2026-12-31T23:59:00", "2027-12-31T23:59:00")]
    [InlineData("0 9-17/2 * * mon-fri", "2026-11-20T17:00:01", "2026-11-23T09:00:00")]
    [InlineData("0 0 13 * fri", "2026-11-01T00:00:00", "2026-11-06T00:00:00")]
    [InlineData("0 0 29 2 *", "2026-11-01T00:00:00", "2028-02-29T00:00:00")]
    [InlineData("0 0 L * *", "2027-02-01T00:00:00", "2027-02-28T00:00:00")]
    [InlineData("0 8 * * 5#2", "2026-11-01T00:00:00", "2026-11-13T08:00:00")]
    [InlineData("0 0 * * 7", "2026-11-23T00:00:00", "2026-11-29T00:00:00")]
    [InlineData("0 0 1 jan,jul *", "2026-11-23T00:00:00", "2027-01-01T00:00:00")]
    [InlineData("5/20 * * * *", "2026-11-23T00:30:00", "2026-11-23T00:45:00")]
    [InlineData("* * * * * */20", "2026-11-23T00:00:05", "2026-11-23T00:00:20")]
    [InlineData("@hourly", "2026-11-23T00:00:05", "2026-11-23T01:00:00")]
    [InlineData("@weekly", "2026-11-23T00:00:05", "2026-11-29T00:00:00")]
    public void Finds_the_next_moment(string expression, string from, string expected) =>
        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture), CronExpression.Parse(expression).After(DateTime.Parse(from, CultureInfo.InvariantCulture)));

    [Fact]
    public void Knows_that_some_days_never_come() => Assert.Null(CronExpression.Parse("0 0 30 2 *").After(new DateTime(2026, 1, 1)));

    [Theory]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("x * * * *")]
    [InlineData("")]
    public void Refuses_what_is_no_expression(string text) => Assert.Throws<FormatException>(() => CronExpression.Parse(text));
}
