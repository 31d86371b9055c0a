using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Mine;

public sealed class MasterDoorSpecs
{
    private sealed class AnsweringMaster(Value? answer) : IMasterCommands
    {
        public List<MapValue> Asked { get; } = [];

        public Task<Value?> AskAsync(MapValue load, TimeSpan timeout, CancellationToken stop)
        {
            Asked.Add(load);
            return Task.FromResult(answer);
        }
    }

    private sealed class ListeningLog : IMessageLog
    {
        public List<string> Lines { get; } = [];
        public void Write(LogSeverity severity, string message) => Lines.Add($"{severity}: {message}");
    }

    private static (Calls Calls, AnsweringMaster Master, ListeningLog Log) With(Value? answer, params ReadOnlySpan<(string, Value)> options)
    {
        var (master, log) = (new AnsweringMaster(answer), new ListeningLog());
        return (new Calls { Options = MapValue.Of(("id", "web1")).Over(MapValue.Of(options)), Services = new() { Master = master, Log = log } }, master, log);
    }

    [Fact]
    public async Task Sends_one_value_to_the_mine()
    {
        var (calls, master, _) = With(true);
        Assert.Equal((Value)true, await calls.Answer("mine.send", "test.ping"));
        Assert.Equal(MapValue.Of(("cmd", "_mine"), ("data", MapValue.Of(("test.ping", true))), ("clear", false), ("id", "web1")), Assert.Single(master.Asked));
    }

    [Fact]
    public async Task Sends_a_value_under_another_name_to_some()
    {
        var (calls, master, _) = With(true);
        await calls.Answer("mine.send", Calls.With(("mine_function", "test.echo"), ("allow_tgt", "db*")), "hello", "world");
        Assert.Equal(MapValue.Of(("hello", MapValue.Of(("__saltmine_acl__", 1), ("__data__", "world"), ("allow_tgt", "db*")))), master.Asked[0].Get("data"));
    }

    [Fact]
    public async Task Leaves_out_functions_that_are_missing_or_fail()
    {
        var (calls, master, log) = With(true, ("mine_functions", MapValue.Of(
            ("test.ping", ListValue.Empty), ("nope.x", ListValue.Empty), ("test.exception", ListValue.Empty), ("hi", ListValue.From([MapValue.Of(("mine_function", "test.echo")), "text"])))));
        Assert.Equal((Value)true, await calls.Answer("mine.update"));
        Assert.Equal(MapValue.Of(("test.ping", true), ("hi", "text")), master.Asked[0].Get("data"));
        Assert.Equal(["Error: mine: the function nope.x is not available", "Error: mine: the function test.exception failed: Test Exception"], log.Lines);
        Assert.Equal(MapValue.Of(("test.ping", ListValue.Empty), ("test.exception", ListValue.Empty), ("hi", MapValue.Of(("test.echo", ListValue.From(["text"]))))), await calls.Answer("mine.valid"));
        Assert.Equal((Value)false, await calls.Answer("mine.send", "nope.x"));
    }

    [Fact]
    public async Task Has_nothing_to_update_without_functions()
    {
        var (calls, master, _) = With(true);
        Assert.Equal(Value.Null, await calls.Answer("mine.update"));
        Assert.Equal(Value.Null, await calls.Answer("mine.valid"));
        Assert.Empty(master.Asked);
    }

    [Fact]
    public async Task Reads_the_mine_of_others()
    {
        var (calls, master, _) = With(MapValue.Of(("web1", 1), ("db1", 2)));
        Assert.Equal(MapValue.Of(("db1", 2)), await calls.Answer("mine.get", Calls.With(("tgt_type", "compound"), ("exclude_minion", true)), "*", "test.ping"));
        Assert.Equal(MapValue.Of(("cmd", "_mine_get"), ("id", "web1"), ("tgt", "*"), ("fun", "test.ping"), ("tgt_type", "compound_pillar_exact")), master.Asked[0]);
        var (several, _, _) = With(MapValue.Of(("a.b", MapValue.Of(("web1", 1), ("db1", 2)))));
        Assert.Equal(MapValue.Of(("a.b", MapValue.Of(("db1", 2)))), await several.Answer("mine.get", Calls.With(("exclude_minion", true)), "*", "a.b,c.d"));
        var (silent, _, _) = With(null);
        Assert.Equal(MapValue.Empty, await silent.Answer("mine.get", "*", "test.ping"));
    }

    [Fact]
    public async Task Takes_values_back()
    {
        var (calls, master, _) = With(true);
        await calls.Answer("mine.delete", "test.ping");
        await calls.Answer("mine.flush");
        Assert.Equal([MapValue.Of(("cmd", "_mine_delete"), ("fun", "test.ping"), ("id", "web1")), MapValue.Of(("cmd", "_mine_flush"), ("id", "web1"))], master.Asked);
    }

    [Fact]
    public async Task Publishes_through_the_master()
    {
        var (calls, master, _) = With(MapValue.Of(("db1", true)));
        Assert.Equal(MapValue.Of(("db1", true)), await calls.Answer("publish.publish", "*", "cmd.run", ListValue.From(["ls -la", "runas=moe"])));
        Assert.Equal(MapValue.Of(("cmd", "minion_publish"), ("fun", "cmd.run"), ("arg", ListValue.From(["ls -la", MapValue.Of(("__kwarg__", true), ("runas", "moe"))])), ("tgt", "*"), ("tgt_type", "glob"),
            ("ret", ""), ("tmo", 5.0), ("form", "clean"), ("id", "web1"), ("no_parse", ListValue.Empty)), master.Asked[0]);
        await calls.Answer("publish.full_data", "*", "test.ping");
        Assert.Equal("full", master.Asked[1].TextOf("form"));
        Assert.Equal(MapValue.Empty, await calls.Answer("publish.publish", "*", "publish.publish"));
        Assert.Equal(2, master.Asked.Count);
    }

    [Fact]
    public async Task Runs_runners_on_the_master()
    {
        var (calls, master, _) = With(ListValue.Empty);
        Assert.Equal(ListValue.Empty, await calls.Answer("publish.runner", "manage.down"));
        Assert.Equal(("minion_runner", "manage.down"), (master.Asked[0].TextOf("cmd"), master.Asked[0].TextOf("fun")));
        Assert.Equal("'manage.down' publish timed out", (await With(null).Calls.Answer("publish.runner", "manage.down")).ToString());
    }

    [Fact]
    public async Task Says_where_there_is_no_master()
    {
        var alone = new Calls();
        Assert.Equal("No access to master. If using salt-call with --local, please remove.", (await alone.Answer("publish.runner", "manage.down")).ToString());
        Assert.Equal(MapValue.Empty, await alone.Answer("publish.publish", "*", "test.ping"));
    }

    [Fact]
    public async Task A_minion_without_a_master_keeps_its_own_mine()
    {
        using var folder = new TestFolder();
        var alone = new Calls { Options = MapValue.Of(("id", "web1"), ("cachedir", folder.Path), ("file_client", "local")) };
        Assert.Equal(true, await alone.Answer("mine.send", "test.echo", "hello"));
        Assert.Equal(MapValue.Of(("web1", "hello")), await alone.Answer("mine.get", "web*", "test.echo"));
        Assert.Equal(MapValue.Empty, await alone.Answer("mine.get", "db*", "test.echo"));
        Assert.Equal(true, await alone.Answer("mine.delete", "test.echo"));
        Assert.Equal(MapValue.Empty, await alone.Answer("mine.get", "web1", "test.echo"));
    }

    [Theory]
    [InlineData("log.debug", "Debug: {x}")]
    [InlineData("log.info", "Info: {x}")]
    [InlineData("log.warning", "Warning: {x}")]
    [InlineData("log.error", "Error: {x}")]
    [InlineData("log.exception", "Error: {x}")]
    [InlineData("log.critical", "Critical: {x}")]
    public async Task Writes_to_the_log(string function, string expected)
    {
        var (calls, _, log) = With(null);
        Assert.Equal((Value)true, await calls.Answer(function, "{x}"));
        Assert.Equal(expected, Assert.Single(log.Lines));
    }
}
