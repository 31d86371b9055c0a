using Akka.Actor;
using Akka.TestKit.Xunit2;
using SaltActors.Actors.Minion;
using SaltActors.Actors.Minion.Jobs;
using SaltActors.Actors.Minion.Returns;
using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Transport.InMemory;
using SaltActors.Transport.Ipc;

namespace SaltActors.Actors.Tests.Minion;

public sealed class JobsSpecs() : TestKit("akka.test.single-expect-default = 20s")
{
    private const string First = "20261123054300000001", Second = "20261123054300000002";
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource _hold = new();
    private UnixEventPort? _events;

    [Fact]
    public async Task Returns_an_error_for_a_job_whose_actor_breaks()
    {
        var jobs = Sys.ActorOf(Jobs.Props(Parts(), TestActor));
        jobs.Tell(Run(First, "spec.hold"));
        jobs.Tell(new JobsProtocol.ListRunning());
        await ExpectMsgAsync<JobsProtocol.RunningJobs>();
        Sys.ActorSelection(jobs.Path / First).Tell(Kill.Instance);
        var sent = (await ExpectMsgAsync<ReturnsProtocol.SendReturn>()).Load;
        Assert.Equal(((Value)First, (Value)1), (sent.Get("jid"), sent.Get("retcode")));
        Assert.Contains("could not run the job to its end", sent.TextOf("return"));
    }

    [Fact]
    public async Task Returns_an_error_where_the_arguments_cannot_be_read()
    {
        var jobs = Sys.ActorOf(Jobs.Props(Parts(_ => throw new FormatException("no arguments these")), TestActor));
        jobs.Tell(Run(First, "spec.hold"));
        Assert.Contains("no arguments these", (await ExpectMsgAsync<ReturnsProtocol.SendReturn>()).Load.TextOf("return"));
    }

    [Fact]
    public async Task Reports_its_jobs_as_interrupted_where_it_is_started_again()
    {
        var jobs = Sys.ActorOf(Jobs.Props(Parts(), TestActor));
        jobs.Tell(Run(First, "spec.hold"));
        Watch(jobs);
        jobs.Tell(Kill.Instance);
        await ExpectTerminatedAsync(jobs);
        var again = Sys.ActorOf(Jobs.Props(Parts(), TestActor));
        Assert.StartsWith("The job was interrupted", (await ExpectMsgAsync<ReturnsProtocol.SendReturn>()).Load.TextOf("return"));
        again.Tell(new JobsProtocol.ListRunning());
        Assert.Empty((await ExpectMsgAsync<JobsProtocol.RunningJobs>()).Jobs);
    }

    [Fact]
    public async Task Answers_a_job_that_comes_while_it_stops()
    {
        var jobs = Sys.ActorOf(Jobs.Props(Parts(), TestActor));
        jobs.Tell(Run(First, "spec.hold"));
        jobs.Tell(new JobsProtocol.StopAll());
        jobs.Tell(Run(Second, "spec.hold"));
        Assert.Equal(Second, (await ExpectMsgAsync<ReturnsProtocol.SendReturn>()).Load.TextOf("jid"));
        _hold.SetResult();
        Assert.Equal(First, (await ExpectMsgAsync<ReturnsProtocol.SendReturn>()).Load.TextOf("jid"));
        await ExpectMsgAsync<JobsProtocol.AllStopped>();
    }

    [Fact]
    public async Task Ends_a_job_before_it_began()
    {
        var jobs = Sys.ActorOf(Jobs.Props(Parts(), TestActor));
        jobs.Tell(Run(First, "spec.hold"));
        jobs.Tell(Run(Second, "spec.hold"));
        jobs.Tell(new JobsProtocol.SignalJob(Second, 15));
        Assert.Contains("ended before it began", (await ExpectMsgAsync<ReturnsProtocol.SendReturn>()).Load.TextOf("return"));
        Assert.True((await ExpectMsgAsync<JobsProtocol.Signalled>()).WasThere);
    }

    [Fact]
    public async Task Runs_a_job_also_where_it_cannot_be_recorded()
    {
        var jobs = Sys.ActorOf(Jobs.Props(Parts(), TestActor));
        jobs.Tell(new JobsProtocol.ListRunning());
        await ExpectMsgAsync<JobsProtocol.RunningJobs>();
        Directory.Delete(_folder.Under("proc"));
        File.WriteAllText(_folder.Under("proc"), "in the way");
        _hold.SetResult();
        jobs.Tell(Run(First, "spec.hold"));
        Assert.Equal("held", (await ExpectMsgAsync<ReturnsProtocol.SendReturn>()).Load.TextOf("return"));
    }

    private static JobsProtocol.RunJob Run(string jid, string function) => new(
        MapValue.Of(("fun", function), ("arg", ListValue.Empty), ("tgt", "*"), ("jid", jid), ("ret", "")), MapValue.Empty, MapValue.Empty);

    private MinionParts Parts(Func<ListValue, CallArguments>? parse = null)
    {
        var options = MinionOptions.From(MapValue.Of(("id", "web1"), ("cachedir", _folder.Path), ("pki_dir", _folder.Under("pki")), ("process_count_max", 1)));
        var keys = new MinionKeys(options);
        var transport = new InMemoryTransport();
        return new MinionParts
        {
            Options = options,
            Transport = transport,
            EventPort = _events ??= UnixEventPort.Open(new EventPortSettings { PublishPath = _folder.Under("pub"), PullPath = _folder.Under("pull") }),
            Keys = keys,
            Conversation = new MasterConversation(transport, options, keys.LoadOrMake(), keys, TimeProvider.System),
            Functions = new FunctionTable([new(FunctionKind.Execution, "spec.hold", "", [], null, async (_, _) =>
            {
                await _hold.Task;
                return "held";
            })]),
            Grains = (_, _) => Task.FromResult(MapValue.Empty),
            ParseArguments = parse ?? CallArguments.FromLoad,
            Services = CallServices.None,
            Proc = new ProcFolder(_folder.Path),
            Spool = new ReturnSpool(_folder.Path),
        };
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _hold.TrySetResult();
        _events?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Dispose();
    }
}
