using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master.Jobs;
using SaltActors.Actors.Master.Jobs.Archive;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using static SaltActors.Actors.Master.Jobs.Archive.ArchiveProtocol;
using static SaltActors.Actors.Master.Jobs.JobStoreProtocol;
using static SaltActors.Actors.Tests.Master.Fixtures;

namespace SaltActors.Actors.Tests.Master;

public sealed class JobStoreSpecs : TestKit
{
    private static readonly JobStoreSettings KeepAnHour = new(TimeSpan.FromHours(1));
    private static readonly ArchiveSettings Small = new(Batch: 10, Waiting: 100, LocalCacheFiles: false);

    private IActorRef Store(IJobArchive archive) => Sys.ActorOf(JobStore.Props(TestActor, JobArchive.Props(archive, Small), KeepAnHour));

    [Fact]
    public async Task Tells_the_bus_of_a_return_before_it_acknowledges_it()
    {
        var store = Store(new MemoryArchive());
        store.Tell(new FileJob(Ping, PingLoad, [Web1]), TestActor);
        await ExpectMsgAsync<JobFiled>();
        store.Tell(new MinionReturned(Answer(Ping, Web1, true)), TestActor);
        Assert.Equal("salt/job/20261123054200000001/ret/web1", (await ExpectMsgAsync<EventBusProtocol.Fire>()).Event.Tag);
        Assert.True((await ExpectMsgAsync<ReturnFiled>()).IsNews);
    }

    [Fact]
    public async Task Keeps_the_first_return_where_a_minion_answers_twice()
    {
        var store = Store(new MemoryArchive());
        store.Tell(new FileJob(Ping, PingLoad, [Web1, Web2]), TestActor);
        await ExpectMsgAsync<JobFiled>();
        store.Tell(new MinionReturned(Answer(Ping, Web1, true)), TestActor);
        await ExpectMsgAsync<EventBusProtocol.Fire>();
        await ExpectMsgAsync<ReturnFiled>();
        store.Tell(new MinionReturned(Answer(Ping, Web1, false, 1)), TestActor);
        Assert.False((await ExpectMsgAsync<ReturnFiled>()).IsNews);
        store.Tell(new LookUp(Ping), TestActor);
        Assert.Equal(true, Assert.Single((await ExpectMsgAsync<JobFound>()).Job.Returns).Return);
    }

    [Fact]
    public async Task Takes_a_return_to_a_job_that_it_knows_only_from_disk()
    {
        var archive = new MemoryArchive();
        archive.Write([new WriteJob(Ping, PingLoad, [Web1, Web2])], [new WriteReturn(Answer(Ping, Web1, true))]);
        var store = Store(archive);
        store.Tell(new MinionReturned(Answer(Ping, Web1, true)), TestActor);
        Assert.False((await ExpectMsgAsync<ReturnFiled>()).IsNews);
        store.Tell(new MinionReturned(Answer(Ping, Web2, true)), TestActor);
        await ExpectMsgAsync<EventBusProtocol.Fire>();
        Assert.True((await ExpectMsgAsync<ReturnFiled>()).IsNews);
    }

    [Fact]
    public async Task Drops_a_return_to_a_job_that_was_never_published()
    {
        var archive = new MemoryArchive();
        var store = Store(archive);
        store.Tell(new MinionReturned(Answer(Ping, Web1, true)), TestActor);
        Assert.False((await ExpectMsgAsync<ReturnFiled>()).IsNews);
        Assert.Null(archive.Find(Ping));
    }

    [Fact]
    public async Task Does_not_acknowledge_what_the_disk_did_not_take_and_takes_it_the_next_time()
    {
        var archive = new MemoryArchive();
        var store = Store(archive);
        store.Tell(new FileJob(Ping, PingLoad, [Web1]), TestActor);
        await ExpectMsgAsync<JobFiled>();
        archive.IsFull = true;
        store.Tell(new MinionReturned(Answer(Ping, Web1, true)), TestActor);
        Assert.Contains("disk is full", (await ExpectMsgAsync<NotFiled>()).Reason);
        archive.IsFull = false;
        store.Tell(new MinionReturned(Answer(Ping, Web1, true)), TestActor);
        await ExpectMsgAsync<EventBusProtocol.Fire>();
        Assert.True((await ExpectMsgAsync<ReturnFiled>()).IsNews);
    }

    [Fact]
    public async Task Does_not_let_a_job_go_that_could_not_be_kept()
    {
        var store = Store(new MemoryArchive { IsFull = true });
        store.Tell(new FileJob(Ping, PingLoad, [Web1]), TestActor);
        Assert.Equal(Ping, (await ExpectMsgAsync<NotFiled>()).Jid);
    }

    [Fact]
    public async Task Answers_that_a_job_is_unknown()
    {
        Store(new MemoryArchive()).Tell(new LookUp(Other), TestActor);
        Assert.Equal(Other, (await ExpectMsgAsync<JobUnknown>()).Jid);
    }

    /// <summary>An archive without a disk, which can be full.</summary>
    private sealed class MemoryArchive : IJobArchive
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<Jid, JobRecord> _jobs = [];
        public bool IsFull { get; set; }

        public ImmutableArray<bool> Write(IReadOnlyList<WriteJob> jobs, IReadOnlyList<WriteReturn> returns)
        {
            lock (_gate)
            {
                if (IsFull) throw new ArchiveFailed("the disk is full");
                foreach (var job in jobs) _jobs[job.Jid] = new JobRecord(job.Jid, job.Load, job.Expected, [], null);
                return [.. returns.Select(r => Take(r.Return))];
            }
        }

        private bool Take(Core.Jobs.MinionReturn answer)
        {
            var job = _jobs[answer.Jid];
            if (job.Returns.Any(r => r.Id == answer.Id)) return false;
            _jobs[answer.Jid] = job with { Returns = job.Returns.Add(answer) };
            return true;
        }

        public JobRecord? Find(Jid jid)
        {
            lock (_gate) return _jobs.GetValueOrDefault(jid);
        }

        public Head? FindHead(Jid jid) => Find(jid) is { } job ? new Head(jid, job.Load, job.Expected, [.. job.Returns.Select(r => r.Id)]) : null;
        public ImmutableArray<JobRecord> List() => [.. _jobs.Values];
        public int DeleteBefore(DateTimeOffset moment) => 0;
        public void Dispose() { }
    }
}
