using System.Collections.Immutable;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.SaltUtil;

public sealed class SaltUtilModuleSpecs
{
    private const string Own = "20261122232844198899", Long = "20261122232844100000", Gone = "20261122232844200000";

    private sealed class Jobs : IRunningJobs
    {
        public List<(string Jid, int Signal)> Signals { get; } = [];

        public Task<ImmutableArray<MapValue>> ListAsync(CancellationToken stop) => Task.FromResult<ImmutableArray<MapValue>>(
        [
            MapValue.Of(("jid", Own), ("fun", "saltutil.running"), ("pid", 1)),
            MapValue.Of(("jid", Long), ("fun", "test.sleep"), ("pid", 18827)),
            MapValue.Of(("jid", Gone), ("fun", ListValue.From(["state.apply", "test.ping"])), ("pid", 3)),
        ]);

        public Task<bool> SignalAsync(string jid, int signal, CancellationToken stop)
        {
            Signals.Add((jid, signal));
            return Task.FromResult(jid != Gone);
        }
    }

    private sealed class Bus : IEventSender
    {
        public List<SaltEvent> Fired { get; } = [];
        public Task<bool> FireAsync(SaltEvent @event, CancellationToken stop)
        {
            Fired.Add(@event);
            return Task.FromResult(true);
        }

        public Task<bool> FireMasterAsync(SaltEvent @event, CancellationToken stop) => FireAsync(@event, stop);
    }

    private sealed class Daemon : IDaemonControl
    {
        public int Refreshed { get; private set; }
        public Task RefreshGrainsAsync(CancellationToken stop)
        {
            Refreshed++;
            return Task.CompletedTask;
        }
    }

    private sealed class Cache : ICachedJobs
    {
        public Task<MapValue?> FindAsync(string jid, CancellationToken stop) => Task.FromResult(jid == Long ? MapValue.Of(("return", true)) : null);
    }

    private readonly Jobs _jobs = new();
    private readonly Bus _bus = new();
    private readonly Daemon _daemon = new();
    private readonly Calls _calls;
    private readonly Calls _local = new();

    public SaltUtilModuleSpecs() => _calls = new() { Services = new() { RunningJobs = _jobs, Events = _bus, Daemon = _daemon } };

    [Fact]
    public async Task Lists_running_jobs_but_its_own()
    {
        Assert.Equal([Long, Gone], ((ListValue)await _calls.Answer("saltutil.running")).Items.Select(j => ((MapValue)j).TextOf("jid")));
        Assert.Equal(ListValue.Empty, await _local.Answer("saltutil.running"));
    }

    [Fact]
    public async Task Finds_a_job_by_its_id_or_its_function()
    {
        Assert.Equal((Value)18827, ((MapValue)await _calls.Answer("saltutil.find_job", Long)).Get("pid"));
        Assert.Equal(MapValue.Empty, await _calls.Answer("saltutil.find_job", "2024"));
        Assert.Equal([Gone], ((ListValue)await _calls.Answer("saltutil.is_running", "state.*")).Items.Select(j => ((MapValue)j).TextOf("jid")));
    }

    [Fact]
    public async Task Signals_jobs_and_says_so()
    {
        Assert.Equal((Value)$"Signal 9 sent to job {Long} at pid 18827", await _calls.Answer("saltutil.kill_job", Long));
        Assert.Equal((Value)$"Signal 15 sent to job {Long} at pid 18827", await _calls.Answer("saltutil.term_job", Long));
        Assert.Equal((Value)$"Signal 10 sent to job {Long} at pid 18827", await _calls.Answer("saltutil.signal_job", Long, 10));
        Assert.Equal((Value)$"Job {Gone} was not running and job data has been cleaned up", await _calls.Answer("saltutil.kill_job", Gone));
        Assert.Equal((Value)"", await _calls.Answer("saltutil.kill_job", "123"));
        Assert.Equal([(Long, 9), (Long, 15), (Long, 10), (Gone, 9)], _jobs.Signals);
    }

    [Theory]
    [InlineData("saltutil.term_all_jobs", 15)]
    [InlineData("saltutil.kill_all_jobs", 9)]
    public async Task Signals_all_jobs_but_its_own(string function, int signal)
    {
        var done = (ListValue)await _calls.Answer(function);
        Assert.Equal(2, done.Count);
        Assert.Equal([(Long, signal), (Gone, signal)], _jobs.Signals);
    }

    [Fact]
    public async Task Finds_returns_that_the_minion_keeps()
    {
        const string none = "Local jobs cache directory not found; you may need to enable cache_jobs on this minion";
        Assert.Equal((Value)none, await _calls.Answer("saltutil.find_cached_job", Long));
        var keeping = new Calls { Services = new() { CachedJobs = new Cache() }, Options = MapValue.Of(("cache_jobs", true), ("cachedir", "/c")) };
        Assert.Equal(MapValue.Of(("return", true)), await keeping.Answer("saltutil.find_cached_job", Long));
        Assert.Equal((Value)$"Local jobs cache directory /c/minion_jobs/{Gone} not found", await keeping.Answer("saltutil.find_cached_job", Gone));
    }

    [Fact]
    public async Task Asks_the_daemon_to_refresh()
    {
        Assert.Equal((Value)true, await _calls.Answer("saltutil.refresh_grains"));
        Assert.Equal((Value)true, await _calls.Answer("saltutil.refresh_modules"));
        Assert.Equal((Value)true, await _calls.Answer("saltutil.refresh_pillar"));
        Assert.Equal(["pillar_refresh", "module_refresh", "pillar_refresh"], _bus.Fired.Select(e => e.Tag));
        Assert.Equal(1, _daemon.Refreshed);
    }

    [Fact]
    public async Task Answers_as_salt_does_where_no_daemon_runs()
    {
        Assert.Equal((Value)true, await _local.Answer("saltutil.refresh_grains"));
        Assert.Equal((Value)false, await _local.Answer("saltutil.refresh_modules"));
        Assert.Equal((Value)false, await _local.Answer("saltutil.refresh_pillar"));
        Assert.StartsWith("ERROR: saltutil.refresh_pillar: wait=True", (await _local.Failure("saltutil.refresh_pillar", Calls.With(("wait", true)))).Text, StringComparison.Ordinal);
    }
}
