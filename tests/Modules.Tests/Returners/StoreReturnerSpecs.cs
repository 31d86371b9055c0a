using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SaltActors.Core.Events;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Modules.Returners.Databases;
using SaltActors.Modules.Returners.Stores;
using SaltActors.Modules.Tests.Returners.Servers;
using SaltActors.Rendering.Json;

namespace SaltActors.Modules.Tests.Returners;

/// <summary>A certificate that vouches for nobody we know.</summary>
internal sealed class TemporaryAuthority : IDisposable
{
    internal TemporaryAuthority()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=stranger", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path, certificate.ExportCertificatePem());
    }

    internal string Path { get; } = System.IO.Path.GetTempFileName();
    public void Dispose() => File.Delete(Path);
}

public sealed class SqliteReturnerSpecs : ReturnerContract, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("salt-sqlite-").FullName;
    private string FilePath => Path.Combine(_folder, "salt.db");

    protected override bool IsHere => true;
    protected override string Name => "sqlite3";
    protected override bool KeepsWhole => false;
    protected override MapValue Options => MapValue.Of(("id", "web1"), ("sqlite3.database", FilePath), ("sqlite3.timeout", 5.0));

    public async Task InitializeAsync()
    {
        // An empty file is an empty database.
        await File.WriteAllBytesAsync(FilePath, []);
        await Ask("CREATE TABLE jids (jid TEXT PRIMARY KEY, load TEXT NOT NULL)");
        await Ask("CREATE TABLE salt_returns (fun TEXT KEY, jid TEXT KEY, id TEXT KEY, fun_args TEXT, date TEXT NOT NULL, full_ret TEXT NOT NULL, success TEXT NOT NULL)");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Writes_the_rows_that_other_programs_read()
    {
        await Return(Answer(First, "web1", MapValue.Of(("a", 1)), success: false));
        var row = Assert.Single(await Ask("SELECT fun, jid, id, fun_args, date, full_ret, success FROM salt_returns"));
        Assert.Equal($"test.ping {First} web1 ['a']", string.Join(' ', row[..4]));
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?$", row[4]);
        Assert.Equal("{\"a\": 1} 0", string.Join(' ', row[5..]));
    }

    [Fact]
    public async Task Deletes_what_is_old_with_its_loads()
    {
        await Returner.SaveLoadAsync(Context, First, Load, [], default);
        await Return(Answer(First, "web1", 1));
        await Returner.CleanOldJobsAsync(Context, DateTimeOffset.UtcNow.AddHours(-1), default);
        Assert.Single(await Returner.GetJidsAsync(Context, default));
        await Returner.CleanOldJobsAsync(Context, DateTimeOffset.UtcNow.AddHours(1), default);
        Assert.Empty(await Returner.GetJidsAsync(Context, default));
        Assert.Empty(await Returner.GetMinionsAsync(Context, default));
    }

    [Fact]
    public async Task Says_which_file_is_missing()
    {
        var failed = await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.GetMinionsAsync(Context with { Options = MapValue.Of(("sqlite3.database", "/nowhere/salt.db")) }, default));
        Assert.Contains("/nowhere/salt.db", failed.Message);
        Assert.False(failed.IsRefusal);
        Assert.Contains("sqlite3.database", (await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.GetMinionsAsync(Context with { Options = MapValue.Empty }, default))).Message);
    }

    [Fact]
    public async Task Serves_several_writers_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Return(Answer(First, $"web{i}", i))));
        Assert.Equal(20, (await Returner.GetJidAsync(Context, First, default)).Count);
    }

    private async Task<IReadOnlyList<string?[]>> Ask(string statement)
    {
        await using var database = SqliteConnection.Open(FilePath, TimeSpan.FromSeconds(5));
        return await database.RunAsync(statement, [], default);
    }
}

public sealed class RedisReturnerSpecs(RedisServer server) : ReturnerContract, IClassFixture<RedisServer>, IAsyncLifetime
{
    protected override bool IsHere => ServerProcess.IsWanted;
    protected override string Name => "redis";
    protected override MapValue Options => server.Options;

    public async Task InitializeAsync()
    {
        if (IsHere) await server.AskAsync("FLUSHALL");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Writes_the_keys_that_other_programs_read()
    {
        if (!IsHere) return;
        var context = Context with { Options = Options.With("keep_jobs_seconds", 3600) };
        await Returner.SaveLoadAsync(context, First, Load, [], default);
        await Returner.ReturnAsync(context, [Answer(First, "web1", 1)], default);
        Assert.Equal(Answer(First, "web1", 1), JsonText.Read(await server.AskAsync("HGET", $"ret:{First}", "web1")));
        Assert.Equal(Load, JsonText.Read(await server.AskAsync("GET", $"load:{First}")));
        Assert.Equal(First.Text, await server.AskAsync("GET", "web1:test.ping"));
        Assert.Equal("web1", await server.AskAsync("SMEMBERS", "minions"));
        Assert.InRange(int.Parse(await server.AskAsync("TTL", $"ret:{First}"), System.Globalization.CultureInfo.InvariantCulture), 3000, 3600);
        Assert.InRange(int.Parse(await server.AskAsync("TTL", $"load:{First}"), System.Globalization.CultureInfo.InvariantCulture), 3000, 3600);
    }

    [Fact]
    public async Task Deletes_old_returns_whose_load_is_gone()
    {
        if (!IsHere) return;
        await Return(Answer(First, "web1", 1), Answer(Second, "web1", 1));
        await Returner.SaveLoadAsync(Context, Second, Load, [], default);
        await Returner.CleanOldJobsAsync(Context, DateTimeOffset.UtcNow.AddDays(3650), default);
        Assert.Empty(await Returner.GetJidAsync(Context, First, default));
        Assert.Single(await Returner.GetJidAsync(Context, Second, default));
    }

    [Fact]
    public async Task Says_who_was_not_let_in()
    {
        if (!IsHere) return;
        Assert.Contains("WRONGPASS", (await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.GetMinionsAsync(Context with { Overrides = MapValue.Of(("password", "wrong")) }, default))).Message);
    }

    [Fact]
    public async Task Finds_all_of_many_keys()
    {
        if (!IsHere) return;
        for (var i = 0; i < 30; i++) await Returner.SaveLoadAsync(Context, Core.Identity.Jid.Parse($"202611230542000000{i:00}"), Load, [], default);
        Assert.Equal(30, (await Returner.GetJidsAsync(Context, default)).Count);
    }
}

public sealed class PlainReturnerSpecs : IDisposable
{
    private static readonly ReturnerTable Table = SaltActors.Modules.Returners.BuiltInReturners.Table();
    private static readonly MapValue Ping = MapValue.Of(("id", "web1"), ("jid", "20261123054200000001"), ("fun", "test.ping"), ("return", "é"), ("success", true));
    private readonly string _folder = Directory.CreateTempSubdirectory("salt-plain-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Under(string name) => Path.Combine(_folder, name);

    [Fact]
    public async Task The_raw_file_gets_one_line_of_json_for_each_return_and_event()
    {
        var context = new ReturnerContext { Options = MapValue.Of(("rawfile_json.filename", Under("events"))) };
        await Table.Find("rawfile_json")!.ReturnAsync(context, [Ping], default);
        await Table.Find("rawfile_json")!.EventReturnAsync(context, [new SaltEvent("a/b", MapValue.Of(("n", 1)))], default);
        Assert.Equal(
            "{\"id\": \"web1\", \"jid\": \"20261123054200000001\", \"fun\": \"test.ping\", \"return\": \"\\u00e9\", \"success\": true}\n{\"tag\": \"a/b\", \"data\": {\"n\": 1}}\n",
            await File.ReadAllTextAsync(Under("events")));
    }

    [Fact]
    public async Task The_raw_file_says_where_it_cannot_write()
    {
        var context = new ReturnerContext { Options = MapValue.Of(("rawfile_json.filename", "/nowhere/events")) };
        Assert.Contains("/nowhere/events", (await Assert.ThrowsAsync<ReturnerFailed>(() => Table.Find("rawfile_json")!.ReturnAsync(context, [Ping], default))).Message);
    }

    [Fact]
    public async Task The_system_log_gets_a_line_with_facility_level_and_tag()
    {
        using var daemon = LogDaemon();
        var context = new ReturnerContext { Options = MapValue.Of(("syslog", MapValue.Of(("level", "LOG_ERR"), ("facility", "LOG_DAEMON"), ("tag", "mysalt"), ("options", ListValue.Create(["LOG_PID"]))))) };
        await new SyslogReturner(Under("log")).ReturnAsync(context, [Ping], default);
        Assert.Matches($@"^<27>[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d mysalt\[{Environment.ProcessId}\]: {{""id"": ""web1"".*}}$", Received(daemon));
    }

    [Fact]
    public async Task The_system_log_takes_the_usual_place_where_nothing_is_said()
    {
        using var daemon = LogDaemon();
        await new SyslogReturner(Under("log")).ReturnAsync(new ReturnerContext { Options = MapValue.Empty }, [Ping], default);
        Assert.Matches(@"^<14>.* salt-minion: {", Received(daemon));
    }

    [Fact]
    public async Task A_line_that_is_longer_than_the_system_log_takes_is_cut_and_says_so()
    {
        using var daemon = LogDaemon();
        await new SyslogReturner(Under("log")).ReturnAsync(new ReturnerContext { Options = MapValue.Empty }, [Ping.With("return", new string('x', 4_000_000))], default);
        Assert.EndsWith("[cut: longer than the log takes]", Received(daemon));
    }

    [Theory]
    [InlineData("level", "LOG_LOUD")]
    [InlineData("facility", "LOG_NOWHERE")]
    [InlineData("tag", "a-tag-that-has-more-than-32-letters-in-it")]
    public async Task The_system_logs_options_are_checked(string option, string value)
    {
        var context = new ReturnerContext { Options = MapValue.Of(($"syslog.{option}", value)) };
        Assert.Contains($"syslog.{option}", (await Assert.ThrowsAsync<ReturnerFailed>(() => Table.Find("syslog")!.ReturnAsync(context, [Ping], default))).Message);
    }

    [Fact]
    public async Task The_multi_returner_writes_to_all_also_where_one_fails()
    {
        var context = new ReturnerContext { Options = MapValue.Of(("multi_returner", ListValue.Create(["nothing", "rawfile_json"])), ("rawfile_json.filename", Under("events"))) };
        var failed = await Assert.ThrowsAsync<ReturnerFailed>(() => Table.Find("multi_returner")!.ReturnAsync(context, [Ping], default));
        Assert.Contains("'nothing'", failed.Message);
        Assert.Single(await File.ReadAllLinesAsync(Under("events")));
    }

    [Theory]
    [InlineData("pgjsonb", "returner.pgjsonb.host")]
    [InlineData("postgres", "returner.postgres.host")]
    [InlineData("mysql", "mysql.host")]
    [InlineData("redis", "redis.host")]
    public async Task A_server_that_is_not_there_is_named_and_is_no_refusal(string name, string option)
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var context = new ReturnerContext { Options = MapValue.Of((option, "127.0.0.1"), (option.Replace(".host", ".port"), port)) };
        var failed = await Assert.ThrowsAsync<ReturnerFailed>(() => Table.Find(name)!.ReturnAsync(context, [Ping], default));
        Assert.False(failed.IsRefusal);
        Assert.Contains($"127.0.0.1:{port}", failed.Message);
        Assert.Contains($"'{name}'", failed.Message);
    }

    [Theory]
    [InlineData("pgjsonb", "returner.pgjsonb.host")]
    [InlineData("mysql", "mysql.host")]
    [InlineData("redis", "redis.host")]
    public async Task A_server_that_speaks_something_else_or_hangs_up_is_a_failure(string name, string option)
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await stranger.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        });
        var context = new ReturnerContext { Options = MapValue.Of((option, "127.0.0.1"), (option.Replace(".host", ".port"), ((IPEndPoint)stranger.LocalEndpoint).Port)) };
        Assert.False((await Assert.ThrowsAsync<ReturnerFailed>(() => Table.Find(name)!.ReturnAsync(context, [Ping], default))).IsRefusal);
        await answering;
    }

    private Socket LogDaemon()
    {
        var daemon = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        daemon.Bind(new UnixDomainSocketEndPoint(Under("log")));
        return daemon;
    }

    private static string Received(Socket daemon)
    {
        var buffer = new byte[1 << 20];
        return Encoding.UTF8.GetString(buffer, 0, daemon.Receive(buffer));
    }
}
