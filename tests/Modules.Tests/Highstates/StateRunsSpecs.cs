using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Files;

namespace SaltActors.Modules.Tests.Highstates;

/// <summary>Runs of states that wait, end early, may not begin, or are kept for later.</summary>
public sealed class StateRunsSpecs : IDisposable
{
    private const string Jid = "20261122232844198899";
    private readonly TestFolder _folder = new();
    private readonly MemoryGrains _grains = new();
    private readonly OtherJobs _jobs = new();

    public StateRunsSpecs()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "srv"));
        _folder.File("srv/a.sls", "one:\n  test.succeed_with_changes: []\ntwo:\n  test.nop: []\n");
    }

    [Fact]
    public async Task A_run_waits_while_it_is_paused_and_goes_on_when_it_is_resumed()
    {
        await Answer("state.pause", Jid, "two");
        Assert.Equal($"{{'{Jid}': {{'two': {{}}}}}}", PythonText.Repr(await Answer("state.get_pauses")));
        var run = Task.Run(() => Answer("state.apply", "a"));
        await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(50)));
        Assert.False(run.IsCompleted);
        await Answer("state.resume", Jid, "two");
        Assert.Equal(2, ((MapValue)await run).Count);
        Assert.Equal(MapValue.Empty, await Answer("state.get_pauses"));
    }

    [Fact]
    public async Task A_run_that_is_softly_killed_ends_before_its_next_state()
    {
        await Answer("state.soft_kill", Jid, "two");
        Assert.Equal("test_|-one_|-one_|-succeed_with_changes", Assert.Single((MapValue)await Answer("state.apply", "a")).Key.ToString());
    }

    [Fact]
    public async Task What_is_disabled_does_not_run_until_it_is_enabled()
    {
        Assert.Equal("Info: a state disabled.\nInfo: test.nop state disabled.", ((MapValue)await Answer("state.disable", "a,test.nop")).TextOf("msg"));
        Assert.Equal("['The state file \"a\" is currently disabled by \"a\", to re-enable, run state.enable a.']", PythonText.Repr(await Answer("state.apply", "a")));
        Assert.Equal("Info: a state enabled.", ((MapValue)await Answer("state.enable", "a")).TextOf("msg"));
        var result = (MapValue)((MapValue)await Answer("state.apply", "a")).Get("test_|-two_|-two_|-nop")!;
        Assert.Equal("The state function \"test.nop\" is currently disabled by \"test.nop\", to re-enable, run state.enable test.nop.", result.TextOf("comment"));
        await Answer("state.disable", "highstate");
        Assert.Equal("Disabled", ((MapValue)await Answer("state.highstate")).TextOf("comment"));
    }

    [Fact]
    public async Task One_run_at_a_time_unless_it_is_asked_for_otherwise()
    {
        _jobs.Running = [MapValue.Of(("fun", "state.apply"), ("jid", "20261122232844000001"), ("pid", 42)), MapValue.Of(("fun", "test.ping"), ("jid", "20261122232844000002"), ("pid", 43))];
        const string InTheWay = "['The function \"state.apply\" is running as PID 42 and was started at 2026, Nov 22 23:28:44.000001 with jid 20261122232844000001']";
        Assert.Equal(InTheWay, PythonText.Repr(await Answer("state.running")));
        Assert.Equal(InTheWay, PythonText.Repr(await Answer("state.apply", "a")));
        Assert.Equal(2, ((MapValue)await Answer("state.apply", MapValue.Of(("concurrent", true)), "a")).Count);
        var queued = Task.Run(() => Answer("state.apply", MapValue.Of(("queue", true)), "a"));
        _jobs.Running = [];
        Assert.Equal(2, ((MapValue)await queued).Count);
    }

    [Fact]
    public async Task A_request_is_tried_kept_and_done_once()
    {
        await Answer("state.request", "a");
        var kept = (MapValue)((MapValue)await Answer("state.check_request")).Get("default")!;
        Assert.Equal(2, kept.MapOf("test_run").Count);
        Assert.Equal(2, ((MapValue)await Answer("state.run_request")).Count);
        Assert.Equal(MapValue.Empty, await Answer("state.run_request"));
        Assert.False(((BoolValue)await Answer("state.clear_request", "default")).IsTrue);
    }

    [Fact]
    public async Task Another_top_file_may_say_what_is_run_and_test_mode_has_a_name_of_its_own()
    {
        _folder.File("srv/other.sls", "base:\n  '*':\n    - a\n");
        Assert.Equal(2, ((MapValue)await Answer("state.top", "salt://other.sls")).Count);
        Assert.Contains("No Top file", PythonText.Repr(await Answer("state.highstate")), StringComparison.Ordinal);
        Assert.IsType<NullValue>(((MapValue)((MapValue)await Answer("state.test", "a")).Get("test_|-one_|-one_|-succeed_with_changes")!).Get("result"));
    }

    public void Dispose() => _folder.Dispose();

    private Task<Value> Answer(string function, params Value[] places) => Answer(function, MapValue.Empty, places);

    private async Task<Value> Answer(string function, MapValue names, params Value[] places)
    {
        var options = MapValue.Of(("id", "web1"), ("file_client", "local"), ("renderer", "jinja|yaml"), ("cachedir", Path.Combine(_folder.Path, "cache")), ("hash_type", "sha256"),
            ("file_roots", MapValue.Of(("base", ListValue.OfTexts([Path.Combine(_folder.Path, "srv")])))));
        var call = new CallContext
        {
            Functions = Calls.Table,
            Options = options,
            Publish = MapValue.Of(("jid", Jid), ("fun", function)),
            Services = new CallServices { Files = new LocalFiles(FileServer.From(options, _ => { }), options), GrainsFile = _grains, RunningJobs = _jobs },
        };
        return await call.Call(function, new CallArguments([.. places], names));
    }

    private sealed class MemoryGrains : IGrainsFile
    {
        private MapValue _grains = MapValue.Empty;
        public MapValue Read() => _grains;
        public void Write(MapValue grains) => _grains = grains;
    }

    private sealed class OtherJobs : IRunningJobs
    {
        public ImmutableArray<MapValue> Running { get; set; } = [];
        public Task<ImmutableArray<MapValue>> ListAsync(CancellationToken stop) => Task.FromResult(Running);
        public Task<bool> SignalAsync(string jid, int signal, CancellationToken stop) => Task.FromResult(false);
    }
}
