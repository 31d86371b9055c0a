using System.Diagnostics;
using SaltActors.Actors.Minion;
using SaltActors.Actors.Minion.Jobs;
using SaltActors.Actors.Minion.Returns;
using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Events;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Minion;

public sealed class MinionValueSpecs
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Waits_twice_as_long_each_time_up_to_the_limit()
    {
        var backoff = new Backoff(Second, Second * 10);
        Assert.Equal([1, 2, 4, 8, 10, 10], Enumerable.Range(1, 6).Select(n => backoff.After(n, 0.5).TotalSeconds));
        Assert.Equal(1, new Backoff(Second, TimeSpan.Zero).After(1000, 0.5).TotalSeconds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.999)]
    public void Never_waits_much_more_or_less_than_it_should(double chance) =>
        Assert.InRange(new Backoff(Second, Second).After(1, chance).TotalSeconds, 0.75, 1.25);

    [Fact]
    public void Forgets_the_oldest_jid_first()
    {
        var seen = new SeenJids(2);
        Assert.True(seen.Add("a") && seen.Add("b") && !seen.Add("a") && seen.Add("c"));
        Assert.True(seen.Add("a"));
        Assert.False(seen.Add("c"));
    }

    [Theory]
    [InlineData("salt", "tcp://salt:4506", "tcp://salt:4505")]
    [InlineData("10.0.0.1:14506", "tcp://10.0.0.1:14506", "tcp://10.0.0.1:4505")]
    [InlineData("[::1]:14506", "tcp://[::1]:14506", "tcp://[::1]:4505")]
    [InlineData("::1", "tcp://[::1]:4506", "tcp://[::1]:4505")]
    public void Finds_the_masters_addresses(string master, string requests, string publishes)
    {
        var options = MinionOptions.From(MapValue.Of(("id", "web1"), ("master", master)));
        Assert.Equal((requests, publishes), (options.RequestAddress, options.PublishAddress(4505)));
    }

    [Theory]
    [InlineData("publish_port", 4506, 14505)]
    [InlineData("publish_port", 24505, 24505)]
    public void Takes_the_announced_publish_port_unless_it_has_its_own(string key, int own, int expected) =>
        Assert.EndsWith($":{expected}", MinionOptions.From(MapValue.Of(("id", "web1"), (key, own))).PublishAddress(14505), StringComparison.Ordinal);

    [Fact]
    public void Says_which_option_is_wrong()
    {
        string Wrong(string key, Value value) => Assert.Throws<FormatException>(() => MinionOptions.From(MapValue.Of(("id", "web1"), (key, value)))).Message;
        Assert.Contains("'auth_tries'", Wrong("auth_tries", "many"));
        Assert.Contains("'auth_tries'", Wrong("auth_tries", 1e12));
        Assert.Contains("'auth_timeout'", Wrong("auth_timeout", -1));
        Assert.Contains("'master' is an empty list", Wrong("master", ListValue.Empty));
        Assert.Contains("'master' is 'a:b'", Wrong("master", "a:b"));
        Assert.Contains("minion id", Wrong("id", "../x"));
    }

    [Fact]
    public void Reads_what_is_asked_on_the_bus()
    {
        Assert.Equal(new BusRequest.Refresh(false), BusRequests.Read(new SaltEvent("pillar_refresh", MapValue.Empty)));
        Assert.Equal(new BusRequest.Refresh(true), BusRequests.Read(new SaltEvent("grains_refresh", MapValue.Empty)));
        Assert.Equal(new BusRequest.FireMaster("my/tag", "x"), BusRequests.Read(new SaltEvent("fire_master", MapValue.Of(("tag", "my/tag"), ("data", "x")))));
        Assert.Null(BusRequests.Read(new SaltEvent("fire_master", MapValue.Empty)));
        Assert.Null(BusRequests.Read(new SaltEvent("pillar_refreshed", MapValue.Empty)));
    }

    [Fact]
    public void Leaves_the_jobs_of_a_program_that_still_runs()
    {
        using var folder = new TemporaryFolder();
        var proc = new ProcFolder(folder.Path);
        Assert.Empty(proc.Interrupted());
        using var other = Process.Start("sleep", "60");
        void Add(string jid, int pid) => proc.Add(jid, MapValue.Of(("jid", jid), ("fun", "test.ping"), ("pid", pid)));
        Add("20261123054300000001", other.Id);
        Add("20261123054300000002", Environment.ProcessId);
        Assert.Equal(["20261123054300000002"], proc.Interrupted().Select(l => l.TextOf("jid")));
        // Written before that process began: the number was another's then.
        File.SetLastWriteTimeUtc(folder.Under("proc", "20261123054300000001"), DateTime.UtcNow.AddHours(-1));
        Assert.Equal(2, proc.Interrupted().Count);
        other.Kill();
    }

    [Fact]
    public void Replaces_a_return_that_is_too_large()
    {
        using var folder = new TemporaryFolder();
        var spool = new ReturnSpool(folder.Path);
        Assert.Empty(spool.Left());
        var (name, load) = spool.Keep(MapValue.Of(("jid", "20261123054300000001"), ("return", new string('x', ReturnSpool.LargestBytes)), ("retcode", 0), ("success", true)));
        Assert.Contains("more than the", load.TextOf("return"));
        Assert.Equal(load, spool.Read(name));
        Assert.Equal([name], spool.Left());
    }
}
