using Akka.Actor;
using Akka.TestKit.Xunit2;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master.Jobs;
using SaltActors.Actors.Master.Jobs.Archive;
using SaltActors.Actors.Master.Jobs.Returners;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using static SaltActors.Actors.Master.Jobs.JobStoreProtocol;
using static SaltActors.Actors.Tests.Master.Fixtures;

namespace SaltActors.Actors.Tests.Master.Returners;

public sealed class ReturnerQueueSpecs : TestKit
{
    private static readonly ReturnerSettings Soon = new(Batch: 3, RetryFirst: TimeSpan.FromMilliseconds(50), RetryAtMost: TimeSpan.FromMilliseconds(200), WaitingEvents: 100);
    private static readonly ArchiveSettings Small = new(Batch: 10, Waiting: 100, LocalCacheFiles: false);
    private readonly TemporaryFolder _folder = new();
    private readonly ReturnerDouble _returner = new();
    private SqliteJobArchive? _archive;

    protected override void AfterAll()
    {
        base.AfterAll();
        _archive?.Dispose();
        _folder.Dispose();
    }

    private IActorRef Store(bool withReturns = true, bool reads = false, string name = "store")
    {
        _archive?.Dispose();
        _archive = new SqliteJobArchive(_folder.Under("jobs.sqlite"), TimeProvider.System, new OutgoingTarget("double", withReturns));
        var context = new ReturnerContext { Options = MapValue.Of(("id", "spec_master")) };
        var queue = ReturnerQueue.Props(new ReturnerDelivery(_returner, context, _archive, Soon.Batch), Soon);
        var returners = new ArchiveReturners([("double", queue)], reads ? new ExternalJobs(_returner, context, _ => { }) : null);
        // The bus is silent: what it hears is not the subject here.
        return Sys.ActorOf(JobStore.Props(ActorRefs.Nobody, JobArchive.Props(_archive, Small, returners), new JobStoreSettings(TimeSpan.FromHours(1))), name);
    }

    private async Task File(IActorRef store, Jid jid, params MinionId[] answering)
    {
        store.Tell(new FileJob(jid, PingLoad.With("jid", jid.Text), [.. answering]), TestActor);
        await ExpectMsgAsync<JobFiled>();
        foreach (var id in answering)
        {
            store.Tell(new MinionReturned(Answer(jid, id, id.Text)), TestActor);
            await ExpectMsgAsync<ReturnFiled>();
        }
    }

    [Fact]
    public async Task Brings_loads_and_returns_to_the_returner()
    {
        await File(Store(), Ping, Web1, Web2);
        await AwaitAssertAsync(() => Assert.Equal(2, _returner.Returns.Length));
        var load = Assert.Single(_returner.Loads);
        Assert.Equal(Ping, load.Jid);
        Assert.Equal(["web1", "web2"], load.Minions.AsEnumerable());
        Assert.Equal("web1", _returner.Returns[0].TextOf("return"));
        Assert.False(_returner.Returns[0].Has("cmd"));
        await AwaitAssertAsync(() => Assert.Equal(0, _archive!.CountWaiting("double")));
    }

    [Fact]
    public async Task Gives_the_loads_alone_where_minions_return_there_themselves()
    {
        await File(Store(withReturns: false), Ping, Web1);
        await AwaitAssertAsync(() => Assert.Single(_returner.Loads));
        Assert.Empty(_returner.Returns);
        Assert.Equal(0, _archive!.Waiting("double", 0, 10).Count(w => w.Return is not null));
    }

    [Fact]
    public async Task A_failing_returner_never_loses_a_return_and_holds_up_nobody()
    {
        _returner.Broken = new ReturnerFailed("the database is down");
        var store = Store();
        await File(store, Ping, Web1, Web2);   // acknowledged all the same
        await File(store, Other, Web1);
        store.Tell(new LookUp(Ping), TestActor);
        Assert.Equal(2, (await ExpectMsgAsync<JobFound>()).Job.Returns.Length);
        Assert.Equal(5, _archive!.CountWaiting("double"));
        _returner.Broken = null;
        await AwaitAssertAsync(() => Assert.Equal(3, _returner.Returns.Length));
        await AwaitAssertAsync(() => Assert.Equal(0, _archive.CountWaiting("double")));
        Assert.Equal(2, _returner.Loads.Length);
    }

    [Fact]
    public async Task A_failure_is_logged_once_with_its_reason_and_so_is_the_recovery()
    {
        _returner.Broken = new ReturnerFailed("the database is down");
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.Error));
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.Info));
        var store = Store();
        store.Tell(new FileJob(Ping, PingLoad, [Web1]), ActorRefs.NoSender);
        var error = await FishForMessageAsync<Akka.Event.Error>(_ => true);
        Assert.Contains("'double'", error.Message.ToString());
        Assert.Contains("the database is down", error.Message.ToString());
        await AwaitAssertAsync(() => Assert.True(_returner.Calls > 3));
        _returner.Broken = null;
        var after = new List<string>();
        while (!after.Exists(t => t.Contains("works again", StringComparison.Ordinal)))
            if (await ReceiveOneAsync(TimeSpan.FromSeconds(10)) is Akka.Event.LogEvent heard) after.Add($"{heard.LogLevel()} {heard.Message}");
        Assert.DoesNotContain(after, t => t.StartsWith("ErrorLevel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nobody_foresaw_loses_nothing_either()
    {
        _returner.Broken = new NotSupportedException("a bug");
        var store = Store();
        await File(store, Ping, Web1);
        await AwaitAssertAsync(() => Assert.True(_returner.Calls > 2));
        _returner.Broken = null;
        await AwaitAssertAsync(() => Assert.Single(_returner.Returns));
    }

    [Fact]
    public async Task What_an_earlier_master_could_not_deliver_is_delivered_by_the_next()
    {
        _returner.Broken = new ReturnerFailed("the database is down");
        var store = Store(name: "first");
        await File(store, Ping, Web1);
        Watch(store);
        Sys.Stop(store);
        await ExpectTerminatedAsync(store);
        _returner.Broken = null;
        Store(name: "second");
        await AwaitAssertAsync(() => Assert.Single(_returner.Returns));
    }

    [Fact]
    public async Task One_return_that_is_refused_holds_up_no_other_and_comes_in_its_time()
    {
        _returner.RefusedId = "web1";
        var store = Store();
        await File(store, Ping, Web1, Web2, Db1);
        await File(store, Other, Web2);
        await AwaitAssertAsync(() => Assert.Equal(["web2", "db1", "web2"], _returner.Returns.Select(r => r.TextOf("id"))));
        Assert.Equal(1, _archive!.CountWaiting("double"));
        _returner.RefusedId = null;
        await AwaitAssertAsync(() => Assert.Equal(0, _archive.CountWaiting("double")));
    }

    [Fact]
    public async Task Old_age_does_not_delete_what_still_waits()
    {
        _returner.Broken = new ReturnerFailed("the database is down");
        await File(Store(), Ping, Web1);
        Assert.Equal(0, _archive!.DeleteBefore(DateTimeOffset.UtcNow.AddHours(1)));
        _returner.Broken = null;
        await AwaitAssertAsync(() => Assert.Equal(0, _archive.CountWaiting("double")));
        Assert.Equal(1, _archive.DeleteBefore(DateTimeOffset.UtcNow.AddHours(1)));
    }

    [Fact]
    public void What_waits_for_a_returner_that_the_user_took_away_is_given_up()
    {
        using (var before = new SqliteJobArchive(_folder.Under("jobs.sqlite"), TimeProvider.System, new OutgoingTarget("gone", true)))
            before.Write([new ArchiveProtocol.WriteJob(Ping, PingLoad, [Web1])], []);
        using var archive = new SqliteJobArchive(_folder.Under("jobs.sqlite"), TimeProvider.System);
        Assert.Equal(0, archive.CountWaiting("gone"));
        Assert.NotNull(archive.Find(Ping));
    }

    [Fact]
    public async Task A_second_return_of_a_minion_is_not_delivered()
    {
        var store = Store();
        await File(store, Ping, Web1);
        store.Tell(new MinionReturned(Answer(Ping, Web1, "second")), TestActor);
        Assert.False((await ExpectMsgAsync<ReturnFiled>()).IsNews);
        await AwaitAssertAsync(() => Assert.Equal(0, _archive!.CountWaiting("double")));
        Assert.Single(_returner.Returns);
    }

    [Fact]
    public async Task A_minion_cannot_choose_where_the_master_writes()
    {
        var store = Store();
        store.Tell(new FileJob(Ping, PingLoad, [Web1]), TestActor);
        await ExpectMsgAsync<JobFiled>();
        var answer = Answer(Ping, Web1, 1);
        store.Tell(new MinionReturned(answer with { Load = answer.Load.With("ret_kwargs", MapValue.Of(("filename", "/etc/passwd"))).With("ret_config", "evil") }), TestActor);
        await ExpectMsgAsync<ReturnFiled>();
        await AwaitAssertAsync(() => Assert.Single(_returner.Returns));
        Assert.All(_returner.Contexts, c => Assert.True(c.Alternative is null && c.Overrides.Count == 0));
    }

    [Fact]
    public async Task Look_ups_show_what_only_the_returner_knows()
    {
        var store = Store(reads: true);
        await _returner.SaveLoadAsync(new ReturnerContext { Options = MapValue.Empty }, Other, PingLoad.With("jid", Other.Text), [], default);
        await _returner.ReturnAsync(new ReturnerContext { Options = MapValue.Empty }, [Answer(Other, Web2, "there").Load], default);
        store.Tell(new LookUp(Other), TestActor);
        Assert.Equal("there", Assert.Single((await ExpectMsgAsync<JobFound>()).Job.Returns).Return);
        await File(store, Ping, Web1);
        store.Tell(new ListJobs(), TestActor);
        Assert.Equal([Ping, Other], (await ExpectMsgAsync<JobsListed>()).Jobs.Select(j => j.Jid));
    }

    [Fact]
    public async Task Look_ups_show_what_the_master_knows_where_the_returner_does_not_answer()
    {
        var store = Store(reads: true);
        _returner.Broken = new ReturnerFailed("the database is down");
        await File(store, Ping, Web1);
        store.Tell(new LookUp(Ping), TestActor);
        Assert.Single((await ExpectMsgAsync<JobFound>()).Job.Returns);
        store.Tell(new ListJobs(), TestActor);
        Assert.Single((await ExpectMsgAsync<JobsListed>()).Jobs);
        store.Tell(new LookUp(Other), TestActor);
        Assert.Contains("the database is down", (await ExpectMsgAsync<NotFiled>()).Reason);
    }

    [Fact]
    public async Task Old_jobs_are_deleted_in_the_returner_too()
    {
        var store = Store(reads: true);
        var moment = DateTimeOffset.UtcNow.AddDays(-1);
        store.Tell(new ForgetBefore(moment));
        await AwaitAssertAsync(() => Assert.Equal(moment, _returner.CleanedBefore));
    }

    [Fact]
    public async Task Without_a_job_cache_returns_reach_the_bus_and_nothing_else()
    {
        var store = Sys.ActorOf(JobStore.Props(TestActor, JobArchive.Props(new NoJobArchive(), Small), new JobStoreSettings(TimeSpan.FromHours(1))));
        store.Tell(new MinionReturned(Answer(Ping, Web1, true)), TestActor);
        await ExpectMsgAsync<EventBusProtocol.Fire>();
        Assert.True((await ExpectMsgAsync<ReturnFiled>()).IsNews);
        store.Tell(new LookUp(Ping), TestActor);
        await ExpectMsgAsync<JobUnknown>();
    }
}
