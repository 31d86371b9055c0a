using System.Collections.Immutable;
using SaltActors.Actors.Tests.Master.Hostile;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Tests.Master.Wheels;

/// <summary>Runners at a whole master, by the runner command; its minions are played.</summary>
public sealed class RunnerSpecs
{
    private static async Task<Value> Answer(MasterBench master, string function, MapValue? keywords = null, params Value[] arguments)
    {
        var ended = await master.Run(function, keywords, arguments);
        Assert.True(ended.Get("success") is { IsTruthy: true }, $"{function} failed: {ended.Get("return")}");
        return ended.Get("return")!;
    }

    private static Task<MasterBench> Bench(PlayedMinions minions, params (string, Value)[] options) =>
        MasterBench.StartWith(null, start => start with { Minions = _ => minions }, options);

    private static void Describe(MasterBench master, string id, MapValue grains, MapValue pillar, MapValue? mine = null)
    {
        Directory.CreateDirectory(master.Under("cache", "minions", id));
        PrivateFiles.Write(master.Under("cache", "minions", id, "data.p"), Msgpack.Pack(MapValue.Of(("grains", grains), ("pillar", pillar)), MsgpackDialect.Local));
        if (mine is not null) PrivateFiles.Write(master.Under("cache", "minions", id, "mine.p"), Msgpack.Pack(mine, MsgpackDialect.Local));
    }

    [Fact]
    public async Task What_the_file_server_offers_and_what_pillars_come_to_is_shown()
    {
        var roots = Directory.CreateTempSubdirectory("salt-runner-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(roots, "states", "empty"));
            Directory.CreateDirectory(Path.Combine(roots, "pillar"));
            File.WriteAllText(Path.Combine(roots, "states", "a.sls"), "");
            File.WriteAllText(Path.Combine(roots, "pillar", "top.sls"), "base: {'*': [all], 'os:Debian': [{match: grain}, debian]}\n");
            File.WriteAllText(Path.Combine(roots, "pillar", "all.sls"), "v: {{ grains.id }}\n");
            File.WriteAllText(Path.Combine(roots, "pillar", "debian.sls"), "d: 1\n");
            await using var master = await MasterBench.Start(null, ("file_roots", MapValue.Of(("base", ListValue.OfTexts([Path.Combine(roots, "states")])))), ("pillar_roots", MapValue.Of(("base", ListValue.OfTexts([Path.Combine(roots, "pillar")])))));
            Assert.Equal("['base']", (await Answer(master, "fileserver.envs")).ToString());
            Assert.Equal("['a.sls']", (await Answer(master, "fileserver.file_list")).ToString());
            Assert.Equal("['empty']", (await Answer(master, "fileserver.empty_dir_list")).ToString());
            Assert.Equal("True", (await Answer(master, "fileserver.update")).ToString());
            Assert.Equal("{'v': 'web1', 'd': 1}", (await Answer(master, "pillar.show_pillar", MapValue.Of(("os", "Debian")), "web1")).ToString());
            Assert.Equal("{'v': 'nobody'}", (await Answer(master, "pillar.show_pillar")).ToString());
            var refused = await master.Run("fileserver.file_list", MapValue.Of(("backend", "git")));
            Assert.Contains("'git' is not there", refused.Get("return")!.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(roots, recursive: true);
        }
    }

    [Fact]
    public async Task Small_runners_answer_as_Salt_s()
    {
        await using var master = await MasterBench.Start();
        Assert.Equal("{'args': ['x', 1], 'kwargs': {'a': 'b'}}", (await Answer(master, "test.arg", MapValue.Of(("a", "b")), "x", 1)).ToString());
        Assert.Equal("['wibble', 'wobble', 'wubble', 'flob']", (await Answer(master, "test.metasyntactic", MapValue.Of(("locality", "uk")))).ToString());
        Assert.Equal("127.0.0.1", (await Answer(master, "config.get", null, "interface")).ToString());
        Assert.Equal("", (await Answer(master, "config.get", null, "nothing:like:it")).ToString());
        Assert.Equal("here", (await Answer(master, "config.get", MapValue.Of(("default", "here")), "nothing")).ToString());
        Assert.Equal("True", (await Answer(master, "salt.cmd", null, "test.ping")).ToString());
        Assert.Equal("{'args': [1, 2], 'kwargs': {'a': 3}}", (await Answer(master, "salt.cmd", MapValue.Of(("a", 3)), "test.arg_clean", 1, 2)).ToString());
        Assert.Equal("'no.such' is not available.", (await Answer(master, "salt.cmd", null, "no.such")).ToString());
        Assert.True(((MapValue)await Answer(master, "doc.wheel")).Has("key.accept"));
        Assert.True(((MapValue)await Answer(master, "doc.runner")).Has("doc.runner"));
    }

    [Fact]
    public async Task Failures_are_told_in_Salt_s_words()
    {
        await using var master = await MasterBench.Start();
        var broken = await master.Run("error.error", MapValue.Of(("name", "Exception"), ("message", "boom")));
        Assert.StartsWith("Exception occurred in runner error.error: Traceback (most recent call last):\n", broken.TextOf("return"), StringComparison.Ordinal);
        Assert.EndsWith("Exception: boom\n", broken.TextOf("return"), StringComparison.Ordinal);
        Assert.StartsWith("\nPassed invalid arguments: lookup_jid() missing 1 required positional argument: 'jid'\n\nUsage:\n\n", (await master.Run("jobs.lookup_jid")).TextOf("return"), StringComparison.Ordinal);
        Assert.Equal("'manage.nope' is not available.", (await master.Run("manage.nope")).TextOf("return"));
    }

    [Fact]
    public async Task An_event_goes_to_the_bus_as_it_is()
    {
        await using var master = await MasterBench.Start();
        var heard = await master.HeardWhile(() => Answer(master, "event.send", null, "my/own/tag", MapValue.Of(("foo", "bar"))));
        Assert.Equal("bar", Assert.Single(heard, e => e.Tag == "my/own/tag").Data.TextOf("foo"));
    }

    [Fact]
    public async Task The_cache_runner_shows_and_forgets_what_is_known_of_minions()
    {
        await using var master = await MasterBench.Start();
        foreach (var id in (string[])["web1", "db1"]) master.Accept(id);
        Describe(master, "web1", MapValue.Of(("os", "Debian")), MapValue.Of(("role", "web")), MapValue.Of(("net", "up"), ("disk", "full")));
        Assert.Equal("{'db1': {}, 'web1': {'os': 'Debian'}}", (await Answer(master, "cache.grains", null, "*")).ToString());
        Assert.Equal("{'db1': {}, 'web1': {'role': 'web'}}", (await Answer(master, "cache.pillar")).ToString());
        Assert.Equal("{'web1': {'net': 'up', 'disk': 'full'}}", (await Answer(master, "cache.mine", null, "web*")).ToString());
        Assert.Equal("{'web1': 'up'}", (await Answer(master, "mine.get", null, "*", "net")).ToString());
        Assert.Equal("{'net': {'web1': 'up'}, 'disk': {'web1': 'full'}}", (await Answer(master, "mine.get", null, "*", "net,disk,none")).ToString());

        Assert.Equal("False", (await Answer(master, "cache.clear_grains")).ToString());
        Assert.Equal("True", (await Answer(master, "cache.clear_mine_func", MapValue.Of(("clear_mine_func_flag", "net")), "*")).ToString());
        Assert.Equal("{'web1': {'disk': 'full'}}", (await Answer(master, "cache.mine", null, "web1")).ToString());
        await Answer(master, "cache.clear_grains", null, "*");
        Assert.Equal("{'db1': {}, 'web1': {}}", (await Answer(master, "cache.grains", null, "*")).ToString());
        Assert.Equal("{'web1': {'role': 'web'}}", (await Answer(master, "cache.pillar", null, "web1")).ToString());
        await Answer(master, "cache.clear_all", null, "*");
        Assert.Equal("{'web1': {}}", (await Answer(master, "cache.mine", null, "web1")).ToString());
        Assert.False(File.Exists(master.Under("cache", "minions", "web1", "data.p")));
    }

    [Fact]
    public async Task Banks_keep_values_and_stay_inside_of_the_cache()
    {
        await using var master = await MasterBench.Start();
        await Answer(master, "cache.store", null, "my/bank", "key", MapValue.Of(("a", ListValue.Create([1, "two"]))));
        Assert.Equal("{'a': [1, 'two']}", (await Answer(master, "cache.fetch", null, "my/bank", "key")).ToString());
        Assert.Equal("['key']", (await Answer(master, "cache.list", null, "my/bank")).ToString());
        Assert.Equal("['bank']", (await Answer(master, "cache.list", null, "my")).ToString());
        Assert.Equal("True", (await Answer(master, "cache.flush", null, "my/bank", "key")).ToString());
        Assert.Equal("False", (await Answer(master, "cache.flush", null, "my/bank", "key")).ToString());
        Assert.Equal("{}", (await Answer(master, "cache.fetch", null, "my/bank", "key")).ToString());
        foreach (var bank in (string[])["../pki", "a/../../pki", "tokens", "sessions", ".hidden", ""])
            Assert.Equal(false, (await master.Run("cache.fetch", null, bank, "key")).Get("success"));
        Assert.Equal(false, (await master.Run("cache.store", null, "bank", "../x", "y")).Get("success"));
    }

    [Fact]
    public async Task Surveys_group_minions_by_what_they_answer()
    {
        await using var master = await Bench(new PlayedMinions(("m1", "a\nb"), ("m2", "a\nc"), ("m3", "a\nb")));
        Assert.Equal("[{'pool': ['m1', 'm3'], 'result': 'a\\nb'}, {'pool': ['m2'], 'result': 'a\\nc'}]", (await Answer(master, "survey.hash", null, "*", "cmd.run", "x")).ToString());
        Assert.Equal("[{'pool': ['m2'], 'result': 'a\\nc'}, {'pool': ['m1', 'm3'], 'result': 'a\\nb'}]", (await Answer(master, "survey.hash", MapValue.Of(("survey_sort", "up")), "*", "cmd.run", "x")).ToString());
        var differences = (ListValue)await Answer(master, "survey.diff", null, "*", "cmd.run", "x");
        Assert.Contains("-b\n+c\n", ((MapValue)differences[1]).TextOf("diff"), StringComparison.Ordinal);
        Assert.Equal("{'m1': 'a\\nb', 'm2': 'a\\nc', 'm3': 'a\\nb'}", (await Answer(master, "salt.execute", null, "*", "cmd.run")).ToString());
    }

    [Fact]
    public async Task Manage_tells_who_is_up_and_deletes_the_keys_of_those_who_are_not_where_it_is_told_to()
    {
        await using var master = await Bench(new PlayedMinions(("m1", true)) { Silent = ["m2"] });
        foreach (var id in (string[])["m1", "m2"]) master.Accept(id);
        Assert.Equal("{'up': ['m1'], 'down': ['m2']}", (await Answer(master, "manage.status")).ToString());
        Assert.Equal("['m2']", (await Answer(master, "manage.down")).ToString());
        Assert.True(File.Exists(master.Under("pki", "minions", "m2")));
        Assert.Equal("['m2']", (await Answer(master, "manage.down", MapValue.Of(("removekeys", true)))).ToString());
        Assert.False(File.Exists(master.Under("pki", "minions", "m2")));
        Assert.True(File.Exists(master.Under("pki", "minions", "m1")));
    }

    [Fact]
    public async Task Presence_is_known_without_a_question()
    {
        await using var master = await MasterBench.StartWith(null, start => start with { Peers = _ => [System.Net.IPAddress.Parse("10.0.0.1")] });
        foreach (var id in (string[])["web1", "db1"]) master.Accept(id);
        Describe(master, "web1", MapValue.Of(("ipv4", ListValue.OfTexts(["127.0.0.1", "10.0.0.1"]))), MapValue.Empty);
        foreach (var name in (string[])["present", "list_state", "joined", "allowed", "alived", "reaped"])
            Assert.Equal("['web1']", (await Answer(master, "manage." + name)).ToString());
        foreach (var name in (string[])["not_present", "list_not_state", "not_joined", "not_allowed", "not_alived", "not_reaped"])
            Assert.Equal("['db1']", (await Answer(master, "manage." + name)).ToString());
        Assert.Equal("{'web1': '10.0.0.1'}", (await Answer(master, "manage.present", MapValue.Of(("show_ip", true)))).ToString());
        Assert.Equal("[]", (await Answer(master, "manage.present", MapValue.Of(("subset", ListValue.OfTexts(["db1"]))))).ToString());
        Assert.Equal("['web1']", (await master.Wheel("minions.connected")).Get("return")!.ToString());
        var health = (MapValue)await Answer(master, "manage.health");
        Assert.Equal("{'minions': 2, 'minions_denied': 0, 'minions_pre': 0, 'minions_rejected': 0}", health.Get("keys")!.ToString());
        Assert.Equal(1, health.Get("minions_connected")!.AsInteger());
    }

    [Fact]
    public async Task Jobs_are_found_by_every_filter()
    {
        await using var master = await MasterBench.Start();
        foreach (var id in (string[])["web1", "web2"]) master.Accept(id);
        var (first, second) = ("20261123054300000001", "20261123064300000002");
        foreach (var (jid, fun, tgt) in ((string, string, string)[])[(first, "test.ping", "*"), (second, "cmd.run", "web1")])
            await master.AskClear(MapValue.Of(("cmd", "publish"), ("fun", fun), ("tgt", tgt), ("arg", ListValue.Empty), ("jid", jid), ("user", "root"), ("key", master.MasterKey),
                ("kwargs", MapValue.Of(("metadata", MapValue.Of(("of", fun), ("all", "yes")))))));
        var session = await master.SignIn("web1");
        await master.AskSealed(session, MapValue.Of(("cmd", "_return"), ("id", "web1"), ("jid", first), ("fun", "test.ping"), ("fun_args", ListValue.Empty), ("return", MapValue.Of(("x", true))), ("retcode", 0), ("success", true), ("out", "highstate")));

        async Task<string[]> Listed(string key, Value value) => [.. ((MapValue)await Answer(master, "jobs.list_jobs", MapValue.Of((key, value)))).Keys.Select(k => k.ToString())];
        Assert.Equal([first, second], await Listed("search_metadata", MapValue.Of(("all", "yes"), ("of", "neither"))));
        Assert.Equal([second], await Listed("search_metadata", MapValue.Of(("of", "cmd.run"))));
        Assert.Equal([first], await Listed("search_function", "test.*,pkg.*"));
        Assert.Equal([second], await Listed("search_target", ListValue.OfTexts(["web*"])));
        Assert.Equal([second], await Listed("start_time", "2026, Nov 23 06:00"));
        Assert.Equal([first], await Listed("end_time", "2026-11-23 06:00"));
        var shown = (MapValue)await Answer(master, "jobs.list_jobs", MapValue.Of(("outputter", "pprint")));
        Assert.Equal(("pprint", 2), (shown.TextOf("outputter"), shown.MapOf("data").Count));
        Assert.Equal([second], ((MapValue)await Answer(master, "jobs.list_jobs_filter", null, 1)).Keys.Select(k => k.ToString()));

        Assert.Equal("{'outputter': 'highstate', 'data': {'web1': {'x': True}}}", (await Answer(master, "jobs.lookup_jid", null, first)).ToString());
        Assert.Equal("{'web2': 'Minion did not return'}", ((MapValue)await Answer(master, "jobs.lookup_jid", MapValue.Of(("missing", true), ("returned", false)), first)).Get("data")!.ToString());
        Assert.Equal("{'web1': True, 'web2': False}", (await Answer(master, "jobs.exit_success", null, first)).ToString());
        Assert.Equal(first, ((MapValue)await Answer(master, "jobs.last_run", MapValue.Of(("function", "test.ping"))))[0].Key.ToString());
        Assert.Equal("False", (await Answer(master, "jobs.last_run", MapValue.Of(("function", "no.such")))).ToString());
        Assert.Equal("[]", (await Answer(master, "jobs.master")).ToString());
    }

    /// <summary>Minions that answer everything alike.</summary>
    private sealed class PlayedMinions(params (string Id, Value Answer)[] answers) : IMinionCalls
    {
        public string[] Silent { get; init; } = [];

        public Task<MinionAnswers> CallAsync(JobRequest request, TimeSpan timeout, TimeSpan gatherTimeout, CancellationToken stop) => Task.FromResult(new MinionAnswers(
            Fixtures.Ping, [.. answers.Select(a => Fixtures.Answer(Fixtures.Ping, MinionId.Parse(a.Id), a.Answer))], Silent.ToImmutableDictionary(MinionId.Parse, _ => "no answer")));

        public Task<ImmutableArray<MinionId>> ConnectedAsync(CancellationToken stop) => Task.FromResult(ImmutableArray<MinionId>.Empty);
    }
}
