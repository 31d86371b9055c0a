using Akka.Actor;
using Akka.TestKit.Xunit2;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master.Jobs.Returners;
using SaltActors.Core.Events;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master.Returners;

public sealed class EventReturnerSpecs : TestKit
{
    private static readonly ReturnerSettings Soon = new(Batch: 100, RetryFirst: TimeSpan.FromMilliseconds(50), RetryAtMost: TimeSpan.FromMilliseconds(200), WaitingEvents: 5);
    private readonly ReturnerDouble _returner = new();

    private async Task<IActorRef> Start(EventReturnRules rules)
    {
        var actor = Sys.ActorOf(EventReturner.Props(TestActor, _returner, new ReturnerContext { Options = MapValue.Of(("id", "spec_master")) }, rules, Soon));
        Assert.Equal(actor, (await ExpectMsgAsync<EventBusProtocol.Listen>()).Listener);
        return actor;
    }

    private static void Fire(IActorRef actor, params string[] tags)
    {
        foreach (var tag in tags) actor.Tell(new EventBusProtocol.Heard(new SaltEvent(tag, MapValue.Empty)));
    }

    private IEnumerable<string> Tags => _returner.Events.Select(e => e.Tag);

    [Fact]
    public async Task Gives_each_event_on_where_nothing_is_gathered()
    {
        var actor = await Start(new EventReturnRules());
        Fire(actor, "a", "b");
        await AwaitAssertAsync(() => Assert.Equal(["a", "b"], Tags));
    }

    [Fact]
    public async Task Gathers_as_many_as_the_user_says()
    {
        var actor = await Start(new EventReturnRules { Gather = 3 });
        Fire(actor, "a", "b");
        await actor.Ask<ActorIdentity>(new Identify(1), TimeSpan.FromSeconds(10));
        Assert.Equal(0, _returner.Calls);
        Fire(actor, "c");
        await AwaitAssertAsync(() => Assert.Equal(["a", "b", "c"], Tags));
        Assert.Equal(1, _returner.Calls);
    }

    [Fact]
    public async Task Gathers_no_longer_than_the_user_says()
    {
        var actor = await Start(new EventReturnRules { Gather = 1000, AtMost = TimeSpan.FromMilliseconds(100) });
        Fire(actor, "a");
        await AwaitAssertAsync(() => Assert.Equal(["a"], Tags));
    }

    [Fact]
    public async Task Takes_only_what_the_lists_allow()
    {
        var actor = await Start(new EventReturnRules { Whitelist = ["salt/*"], Blacklist = ["salt/job/*/new"] });
        Fire(actor, "other", "salt/job/1/new", "salt/auth", "salt/job/1/ret/web1");
        await AwaitAssertAsync(() => Assert.Equal(["salt/auth", "salt/job/1/ret/web1"], Tags));
    }

    [Fact]
    public async Task Keeps_events_while_the_returner_fails_and_drops_the_oldest_of_too_many()
    {
        _returner.Broken = new ReturnerFailed("the database is down");
        var actor = await Start(new EventReturnRules());
        Fire(actor, "1");
        await AwaitAssertAsync(() => Assert.True(_returner.Calls > 0));
        Fire(actor, "2", "3", "4", "5", "6", "7");
        await actor.Ask<ActorIdentity>(new Identify(1), TimeSpan.FromSeconds(10));
        _returner.Broken = null;
        await AwaitAssertAsync(() => Assert.Equal("7", Tags.LastOrDefault()));
        Assert.Contains("4", Tags);
        Assert.DoesNotContain("2", Tags);
    }

    [Fact]
    public async Task Sends_what_was_gathered_before_the_master_goes_down()
    {
        var actor = await Start(new EventReturnRules { Gather = 1000 });
        Fire(actor, "a");
        await actor.Ask<EventReturner.Flushed>(new EventReturner.Flush(), TimeSpan.FromSeconds(10));
        Assert.Equal(["a"], Tags);
    }

    [Fact]
    public async Task Answers_the_wish_to_go_down_also_where_the_returner_fails()
    {
        _returner.Broken = new ReturnerFailed("the database is down");
        var actor = await Start(new EventReturnRules { Gather = 1000 });
        Fire(actor, "a");
        await actor.Ask<EventReturner.Flushed>(new EventReturner.Flush(), TimeSpan.FromSeconds(10));
    }
}

public sealed class JobCacheOptionsSpecs
{
    private static readonly ReturnerTable Table = new([new ReturnerDouble("pg"), new ReturnerDouble("my"), new ReturnerDouble("log") { Abilities = ReturnerAbilities.Return }]);

    private static JobCacheOptions Read(params (string, Value)[] options) => JobCacheOptions.From(MapValue.Of(options), Table);

    [Fact]
    public void The_masters_own_cache_needs_no_returner()
    {
        var options = Read(("master_job_cache", "local_cache"), ("ext_job_cache", ""), ("event_return", ""), ("job_cache", true));
        Assert.True(options.IsKept);
        Assert.Empty(options.Targets);
        Assert.Null(options.Reader);
        Assert.Empty(options.EventReturners);
    }

    [Fact]
    public void A_master_job_cache_gets_loads_and_returns_and_is_read()
    {
        var options = Read(("master_job_cache", "pg"));
        Assert.Equal([new("pg", WithReturns: true)], options.Targets.AsEnumerable());
        Assert.Equal("pg", options.Reader);
    }

    [Fact]
    public void An_external_job_cache_gets_the_loads_alone_and_is_read()
    {
        var options = Read(("master_job_cache", "local_cache"), ("ext_job_cache", "pg"));
        Assert.Equal([new("pg", WithReturns: false)], options.Targets.AsEnumerable());
        Assert.Equal("pg", options.Reader);
    }

    [Fact]
    public void Each_of_several_returners_is_supplied_by_itself() =>
        Assert.Equal([new("pg", true), new("my", true)], Read(("master_job_cache", "multi_returner"), ("multi_returner", ListValue.Create(["local_cache", "pg", "my"]))).Targets.AsEnumerable());

    [Fact]
    public void Without_a_job_cache_nobody_is_supplied()
    {
        var options = Read(("master_job_cache", "pg"), ("job_cache", false));
        Assert.False(options.IsKept);
        Assert.Empty(options.Targets);
    }

    [Fact]
    public void Events_may_go_to_several()
    {
        Assert.Equal(["pg"], Read(("event_return", "pg")).EventReturners.AsEnumerable());
        Assert.Equal(["pg", "my"], Read(("event_return", ListValue.Create(["pg", "my"]))).EventReturners.AsEnumerable());
    }

    [Theory]
    [InlineData("master_job_cache", "nothing")]
    [InlineData("ext_job_cache", "nothing")]
    [InlineData("event_return", "nothing")]
    [InlineData("master_job_cache", "log")]
    [InlineData("event_return", "log")]
    public void A_returner_that_does_not_exist_or_cannot_do_it_is_named_at_the_start(string option, string name)
    {
        var refused = Assert.Throws<FormatException>(() => Read((option, name)));
        Assert.Contains($"'{option}'", refused.Message);
        Assert.Contains($"'{name}'", refused.Message);
    }
}
