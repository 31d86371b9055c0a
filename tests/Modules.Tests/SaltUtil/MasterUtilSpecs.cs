using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.SaltUtil;

public sealed class MasterUtilSpecs
{
    private sealed class Master(Func<MapValue, Value?> answer) : IMasterCommands
    {
        public List<MapValue> Asked { get; } = [];
        public Task<Value?> AskAsync(MapValue load, TimeSpan timeout, CancellationToken stop)
        {
            Asked.Add(load);
            return Task.FromResult(answer(load));
        }
    }

    private sealed class Files(params string[] names) : IFileSource
    {
        public Task<string?> CacheAsync(string url, string saltenv, CancellationToken stop) => Task.FromResult<string?>(null);
        public Task<ImmutableArray<string>> EnvironmentsAsync(CancellationToken stop) => Task.FromResult<ImmutableArray<string>>(["base"]);
        public Task<ImmutableArray<string>> ListAsync(FileListing what, string saltenv, string prefix, CancellationToken stop) =>
            Task.FromResult<ImmutableArray<string>>([.. names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))]);
        public Task<MapValue> LinksAsync(string saltenv, string prefix, CancellationToken stop) => Task.FromResult(MapValue.Empty);
        public Task<MapValue?> HashAsync(string path, string saltenv, CancellationToken stop) => Task.FromResult<MapValue?>(null);
        public Task<ListValue?> StatusAsync(string path, string saltenv, CancellationToken stop) => Task.FromResult<ListValue?>(null);
        public Task<MapValue> OptionsAsync(CancellationToken stop) => Task.FromResult(MapValue.Empty);
    }

    [Fact]
    public async Task Asks_the_master_to_run_a_runner()
    {
        var master = new Master(_ => "answered");
        Assert.Equal("answered", (await With(master).Answer("saltutil.runner", MapValue.Of(("kwarg", MapValue.Of(("b", 2)))), "jobs.active", ListValue.Create(["a"]))).AsText());
        Assert.Equal(("minion_runner", "jobs.active"), (master.Asked[0].TextOf("cmd"), master.Asked[0].TextOf("fun")));
    }

    [Fact]
    public async Task Runs_a_function_on_other_minions_and_gives_all_that_came_back()
    {
        var answer = MapValue.Of(("web2", MapValue.Of(("ret", true))), ("web3", MapValue.Of(("ret", false))));
        Assert.Equal(answer, await With(new Master(_ => answer)).Answer("saltutil.cmd", "*", "test.ping"));
        Assert.Equal(ListValue.Create([MapValue.Of(("web2", MapValue.Of(("ret", true)))), MapValue.Of(("web3", MapValue.Of(("ret", false))))]),
            await With(new Master(_ => answer)).Answer("saltutil.cmd_iter", "*", "test.ping"));
    }

    [Fact]
    public async Task Has_its_key_revoked()
    {
        var master = new Master(_ => true);
        Assert.Equal(true, await With(master).Answer("saltutil.revoke_auth"));
        Assert.Equal(MapValue.Of(("cmd", "revoke_auth"), ("preserve_minion_cache", false)), master.Asked[0]);
        Assert.Equal(false, await With(new Master(_ => null)).Answer("saltutil.revoke_auth"));
    }

    [Fact]
    public async Task Calls_its_own_functions_by_another_way() => Assert.Equal("x", await new Calls().Answer("saltutil.mmodule", "base", "test.echo", "x"));

    [Fact]
    public async Task Refuses_wheel_functions() => Assert.Contains("lets no minion call it", (await new Calls().Failure("saltutil.wheel", MapValue.Empty, "key.list_all")).Text);

    [Fact]
    public async Task Finds_nothing_new_where_there_are_no_extension_modules()
    {
        var calls = new Calls { Services = new CallServices { Files = new Files("top.sls", "_modules/README") } };
        Assert.Equal(ListValue.Empty, await calls.Answer("saltutil.sync_modules"));
        var all = Assert.IsType<MapValue>(await calls.Answer("saltutil.sync_all"));
        Assert.Equal(17, all.Count);
        Assert.All(all.Values, found => Assert.Equal(ListValue.Empty, found));
        Assert.Equal(MapValue.Empty, await calls.Answer("saltutil.list_extmods"));
    }

    [Fact]
    public async Task Says_which_extension_modules_it_cannot_use()
    {
        var calls = new Calls { Services = new CallServices { Files = new Files("_states/mine.py", "_modules/mine.py", "_modules/other.py") } };
        var (text, retcode) = await calls.Failure("saltutil.sync_all", MapValue.Empty);
        Assert.Equal(("ERROR: extension modules are Python and are not available in this version: salt://_modules/mine.py and 1 more (saltenv base) cannot be used by this minion", 1), (text, retcode));
        Assert.Equal(ListValue.Empty, await calls.Answer("saltutil.sync_modules", MapValue.Of(("extmod_whitelist", MapValue.Of(("modules", ListValue.Create(["third"])))))));
    }

    [Fact]
    public async Task Clears_caches_and_keeps_what_is_on_its_way()
    {
        var folder = Directory.CreateTempSubdirectory("salt-clear-").FullName;
        try
        {
            foreach (var path in (string[])["files/base/a", "proc/1", "returns/1", "returns-other_4506/1", "returner_queue/1", "minion_jobs/1/return.p", "grains.cache.p"])
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
                File.WriteAllText(Path.Combine(folder, path), "x");
            }
            var calls = new Calls { Options = MapValue.Of(("id", "web1"), ("cachedir", folder)) };
            Assert.Equal(true, await calls.Answer("saltutil.clear_job_cache"));
            Assert.True(File.Exists(Path.Combine(folder, "minion_jobs/1/return.p")));
            Assert.Equal(true, await calls.Answer("saltutil.clear_job_cache", -1));
            Assert.False(Directory.Exists(Path.Combine(folder, "minion_jobs/1")));
            Assert.Equal(true, await calls.Answer("saltutil.clear_cache"));
            Assert.Equal(["proc/1", "returner_queue/1", "returns-other_4506/1", "returns/1"],
                Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Calls With(Master master) => new() { Services = new CallServices { Master = master } };
}
