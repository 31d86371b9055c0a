using SaltActors.Core.Jobs;

namespace SaltActors.Core.Tests.Jobs;

public sealed class JobRequestSpecs
{
    [Theory]
    [InlineData("", "redis", "redis")]
    [InlineData("mysql", "redis", "mysql,redis")]
    [InlineData("mysql,redis", "redis", "mysql,redis")]
    [InlineData("rediss", "redis", "rediss,redis")]
    [InlineData("mysql", "", "mysql")]
    public void Goes_to_the_external_job_cache_too_once(string asked, string cache, string expected) =>
        Assert.Equal(expected, new JobRequest { Function = "test.ping", Target = "*", Returners = asked }.AlsoTo(cache).Returners);
}
