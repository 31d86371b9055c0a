using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;
using SaltActors.States.Files;

namespace SaltActors.Modules.Tests.Orchestration;

/// <summary>States that a master runs to tell minions what to do, against minions that exist in memory alone.</summary>
public sealed class OrchestrationSpecs : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeMinions _minions = new();

    [Fact]
    public async Task Minions_run_functions_and_states_in_their_order_and_what_failed_stops_what_needs_it()
    {
        Write("""
            ping:
              salt.function:
                - name: test.ping
                - tgt: 'm*'
            apply:
              salt.state:
                - tgt: m1
                - sls: [a, b]
                - pillar: {v: 1}
                - require:
                  - salt: ping
            broken:
              salt.state:
                - tgt: m2
                - highstate: True
                - require:
                  - salt: apply
            never:
              salt.function:
                - name: test.ping
                - tgt: 'm*'
                - require:
                  - salt: broken
            """);
        var answer = await Orchestrate("state.orchestrate", "orch");
        Assert.Equal(1, answer.Get("retcode")!.AsInteger());
        var results = (MapValue)((MapValue)answer.Get("data")!).Values.Single();
        MapValue Of(string tag) => (MapValue)results.Get(tag)!;
        Assert.Equal("Function ran successfully. Function test.ping ran on m1, m2.", Of("salt_|-ping_|-test.ping_|-function").TextOf("comment"));
        Assert.Equal("{'ret': {'m1': True, 'm2': True}}", PythonText.Repr(Of("salt_|-ping_|-test.ping_|-function").Get("changes")!));
        Assert.Equal("States ran successfully. Updating m1.", Of("salt_|-apply_|-apply_|-state").TextOf("comment"));
        Assert.Equal("Run failed on minions: m2", Of("salt_|-broken_|-broken_|-state").TextOf("comment"));
        Assert.StartsWith("One or more requisite failed", Of("salt_|-never_|-test.ping_|-function").TextOf("comment"), StringComparison.Ordinal);
        Assert.Equal(["test.ping m*", """state.sls m1 ["a,b", {"__kwarg__": true, "pillar": {"v": 1}}]""", "state.highstate m2"], _minions.Asked);
    }

    [Fact]
    public async Task A_minion_that_does_not_answer_fails_where_it_is_expected()
    {
        _minions.Silent = ["m3"];
        Write("apply:\n  salt.state:\n    - tgt: m3\n    - sls: a\nping:\n  salt.function:\n    - name: test.ping\n    - tgt: m3\n    - expect_minions: True\n");
        var results = (MapValue)((MapValue)(await Orchestrate("state.orch", "orch")).Get("data")!).Values.Single();
        Assert.Equal("Run failed on minions: m3", ((MapValue)results.Get("salt_|-apply_|-apply_|-state")!).TextOf("comment"));
        Assert.Equal("No minions responded", ((MapValue)results.Get("salt_|-ping_|-test.ping_|-function")!).TextOf("comment"));
    }

    [Fact]
    public async Task Test_mode_reaches_the_minions_and_changes_nothing_else()
    {
        Write("apply:\n  salt.state:\n    - tgt: m1\n    - sls: a\nping:\n  salt.function:\n    - name: test.ping\n    - tgt: m1\n");
        var results = (MapValue)((MapValue)(await Orchestrate("state.orchestrate", "orch", MapValue.Of(("test", true)))).Get("data")!).Values.Single();
        Assert.IsType<NullValue>(((MapValue)results.Get("salt_|-apply_|-apply_|-state")!).Get("result"));
        Assert.Equal("Function test.ping would be executed on target m1", ((MapValue)results.Get("salt_|-ping_|-test.ping_|-function")!).TextOf("comment"));
        Assert.Equal(["""state.sls m1 ["a", {"__kwarg__": true, "test": true}]"""], _minions.Asked);
    }

    [Fact]
    public async Task Sls_files_that_are_not_there_are_named()
    {
        var answer = await Orchestrate("state.orch", "nosuch");
        Assert.Equal("[\"No matching sls found for 'nosuch' in env 'base'\"]", PythonText.Repr(((MapValue)answer.Get("data")!).Values.Single()));
        Assert.Equal(1, answer.Get("retcode")!.AsInteger());
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string sls)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "srv"));
        _folder.File("srv/orch.sls", sls);
    }

    private async Task<MapValue> Orchestrate(string runner, string mods, MapValue? more = null)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "srv"));
        var options = MapValue.Of(("renderer", "jinja|yaml"), ("cachedir", Path.Combine(_folder.Path, "cache")), ("hash_type", "sha256"), ("file_roots", MapValue.Of(("base", ListValue.OfTexts([Path.Combine(_folder.Path, "srv")])))));
        var call = new CallContext
        {
            Functions = Calls.Table,
            Options = options,
            Publish = MapValue.Of(("jid", "20261122232844198899"), ("user", "root")),
            Services = new CallServices { Files = new LocalFiles(FileServer.From(options, _ => { }), options), Minions = _minions },
        };
        var function = Calls.Table.Find(FunctionKind.Runner, runner)!;
        return (MapValue)await function.Body(call, BoundArguments.Bind(function, new CallArguments([mods], more ?? MapValue.Empty)));
    }

    private sealed class FakeMinions : IMinionCalls
    {
        public List<string> Asked { get; } = [];
        public string[] Silent { get; set; } = [];

        public Task<MinionAnswers> CallAsync(JobRequest request, TimeSpan timeout, TimeSpan gatherTimeout, CancellationToken stop)
        {
            Asked.Add($"{request.Function} {request.Target}{(request.Arguments.Count == 0 ? "" : " " + JsonText.Write(request.Arguments))}");
            var jid = Jid.Parse("20261122232844000001");
            if (Silent.Contains(request.Target.ToString())) return Task.FromResult(new MinionAnswers(jid, [], Silent.ToImmutableDictionary(MinionId.Parse, _ => "no response")));
            string[] minions = request.Target.ToString() == "m*" ? ["m1", "m2"] : [request.Target.ToString()];
            return Task.FromResult(new MinionAnswers(jid, [.. minions.Select(m => new MinionReturn(jid, MinionId.Parse(m), Load(request, m)))], ImmutableDictionary<MinionId, string>.Empty));
        }

        public Task<ImmutableArray<MinionId>> ConnectedAsync(CancellationToken stop) => Task.FromResult<ImmutableArray<MinionId>>([]);

        private static MapValue Load(JobRequest request, string minion)
        {
            if (request.Function.ToString() == "test.ping") return MapValue.Of(("return", true), ("retcode", 0), ("success", true));
            var isGood = minion != "m2";
            var state = MapValue.Of(("result", isGood), ("changes", MapValue.Of(("a", 1))), ("comment", ""), ("name", "x"));
            return MapValue.Of(("return", MapValue.Of(("test_|-x_|-x_|-nop", state))), ("retcode", isGood ? 0 : 2), ("success", true));
        }
    }
}
