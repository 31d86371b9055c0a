using SaltActors.Core.Events;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Modules.Tests.Returners.Servers;

namespace SaltActors.Modules.Tests.Returners;

/// <summary>Both returners for PostgreSQL, on a real one.</summary>
public abstract class PostgresContract(PostgresServer server) : ReturnerContract, IAsyncLifetime
{
    protected override bool IsHere => ServerProcess.IsWanted;
    protected abstract string Database { get; }
    protected override MapValue Options => server.Options(Name, Database);
    protected Task<string> Ask(string query) => server.AskAsync(Database, query);

    public async Task InitializeAsync()
    {
        if (IsHere) await Ask("TRUNCATE jids, salt_returns, salt_events; DROP TABLE IF EXISTS jids_archive, salt_returns_archive, salt_events_archive");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Writes_the_rows_that_other_programs_read()
    {
        if (!IsHere) return;
        await Returner.SaveLoadAsync(Context, First, Load, [], default);
        await Return(Answer(First, "web1", MapValue.Of(("a", 1)), success: false));
        Assert.Equal("test.ping|20261123054200000001|{\"a\": 1}|web1|false", await Ask("SELECT fun, jid, return, id, success FROM salt_returns"));
        Assert.Equal("1|web1|t", await Ask("SELECT full_ret::jsonb->'return'->>'a', full_ret::jsonb->>'id', alter_time > now() - interval '1 hour' FROM salt_returns"));
        Assert.Equal("test.ping", await Ask("SELECT load::jsonb->>'fun' FROM jids"));
    }

    [Fact]
    public async Task Writes_events()
    {
        if (!IsHere) return;
        await Returner.EventReturnAsync(Context, [new SaltEvent("salt/a", MapValue.Of(("n", 1))), new SaltEvent("salt/b", MapValue.Of(("n", 2)))], default);
        Assert.Equal("salt/a|1|spec_master\nsalt/b|2|spec_master", await Ask("SELECT tag, data::jsonb->>'n', master_id FROM salt_events ORDER BY id"));
    }

    [Fact]
    public async Task Keeps_none_of_several_where_one_does_not_fit_and_says_that_others_may()
    {
        if (!IsHere) return;
        var refused = await Assert.ThrowsAsync<ReturnerFailed>(() => Return(Answer(First, "web1", 1), Answer(First, "web2", 1, new string('x', 51))));
        Assert.True(refused.IsRefusal);
        Assert.Contains("too long", refused.Message);
        Assert.Empty(await Returner.GetJidAsync(Context, First, default));
    }

    [Fact]
    public async Task Says_where_it_went_when_the_table_is_missing()
    {
        if (!IsHere) return;
        var context = Context with { Overrides = MapValue.Of(("db", "postgres")) };
        var refused = await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.ReturnAsync(context, [Answer(First, "web1", 1)], default));
        Assert.False(refused.IsRefusal);
        Assert.Contains("database 'postgres'", refused.Message);
        Assert.Contains("salt_returns", refused.Message);
    }

    [Fact]
    public async Task Says_who_was_not_let_in()
    {
        if (!IsHere) return;
        var refused = await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.GetMinionsAsync(Context with { Overrides = MapValue.Of(("pass", "wrong"), ("passwd", "wrong")) }, default));
        Assert.Contains("authentication failed", refused.Message);
    }

    [Fact]
    public async Task Signs_in_with_an_old_md5_password()
    {
        if (!IsHere) return;
        var context = Context with { Overrides = MapValue.Of(("user", "old"), ("pass", "ancient"), ("passwd", "ancient")) };
        Assert.Contains("permission denied", (await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.GetMinionsAsync(context, default))).Message);
    }

    [Fact]
    public async Task Deletes_what_is_old_with_its_loads_and_leaves_the_young()
    {
        if (!IsHere) return;
        await Returner.SaveLoadAsync(Context, First, Load, [], default);
        await Return(Answer(First, "web1", 1));
        await Returner.EventReturnAsync(Context, [new SaltEvent("a", MapValue.Empty)], default);
        await Returner.CleanOldJobsAsync(Context, DateTimeOffset.UtcNow.AddHours(-1), default);
        Assert.Equal("1|1|1", await Ask("SELECT (SELECT count(*) FROM jids), (SELECT count(*) FROM salt_returns), (SELECT count(*) FROM salt_events)"));
        await Returner.CleanOldJobsAsync(Context, DateTimeOffset.UtcNow.AddHours(1), default);
        Assert.Equal("0|0|0", await Ask("SELECT (SELECT count(*) FROM jids), (SELECT count(*) FROM salt_returns), (SELECT count(*) FROM salt_events)"));
    }

    [Fact]
    public async Task Moves_what_is_old_into_archive_tables_where_the_user_wants_that()
    {
        if (!IsHere) return;
        await Returner.SaveLoadAsync(Context, First, Load, [], default);
        await Return(Answer(First, "web1", 1));
        var context = Context with { Options = Options.With("archive_jobs", true) };
        await Returner.CleanOldJobsAsync(context, DateTimeOffset.UtcNow.AddHours(1), default);
        Assert.Equal("1|1|0", await Ask("SELECT (SELECT count(*) FROM jids_archive), (SELECT count(*) FROM salt_returns_archive), (SELECT count(*) FROM salt_returns)"));
    }
}

public sealed class PgJsonbReturnerSpecs(PostgresServer server) : PostgresContract(server), IClassFixture<PostgresServer>
{
    private readonly PostgresServer _server = server;
    protected override string Name => "pgjsonb";
    protected override string Database => "json";

    // jsonb has no zero character and no half of a surrogate pair.
    protected override Value Kept(Value value) => ((MapValue)value).With("zero", "a\uFFFDb").With("half", "a\uFFFDb");

    [Theory]
    [InlineData("require", null, true)]
    [InlineData("prefer", null, true)]
    [InlineData("disable", null, false)]
    [InlineData("verify-ca", "own", true)]
    [InlineData("verify-full", "own", true)]
    public async Task Speaks_over_the_network_with_and_without_tls(string mode, string? authority, bool isEncrypted)
    {
        if (!IsHere) return;
        var context = Context with { Overrides = Tcp(mode, authority) };
        await Returner.ReturnAsync(context, [Answer(First, "web1", isEncrypted)], default);
        Assert.Single(await Returner.GetJidAsync(context, First, default));
    }

    [Fact]
    public async Task Refuses_a_server_whose_certificate_nobody_vouches_for()
    {
        if (!IsHere) return;
        var context = Context with { Overrides = Tcp("verify-full", null) };
        Assert.Contains("no encrypted connection", (await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.GetMinionsAsync(context, default))).Message);
    }

    [Fact]
    public async Task Refuses_a_certificate_of_another_host()
    {
        if (!IsHere) return;
        var context = Context with { Overrides = Tcp("verify-full", "own").With("host", "127.0.0.1") };
        await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.GetMinionsAsync(context, default));
    }

    [Fact]
    public async Task Refuses_a_word_that_is_no_sslmode()
    {
        var refused = await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.GetMinionsAsync(Context with { Overrides = MapValue.Of(("sslmode", "maybe")) }, default));
        Assert.Contains("returner.pgjsonb.sslmode", refused.Message);
        Assert.Contains("verify-full", refused.Message);
    }

    private MapValue Tcp(string mode, string? authority)
    {
        var options = MapValue.Of(("host", "localhost"), ("sslmode", mode), ("port", _server.Port));
        return authority is null ? options : options.With("sslrootcert", _server.Certificate);
    }
}

public sealed class PostgresReturnerSpecs(PostgresServer server) : PostgresContract(server), IClassFixture<PostgresServer>
{
    protected override string Name => "postgres";
    protected override string Database => "text";
}

public sealed class MySqlReturnerSpecs(MariaDbServer server) : ReturnerContract, IClassFixture<MariaDbServer>, IAsyncLifetime
{
    protected override bool IsHere => ServerProcess.IsWanted;
    protected override string Name => "mysql";
    protected override MapValue Options => server.Options;

    public async Task InitializeAsync()
    {
        if (IsHere) await server.AskAsync("USE salt; TRUNCATE jids; TRUNCATE salt_returns; TRUNCATE salt_events; DROP TABLE IF EXISTS jids_archive, salt_returns_archive, salt_events_archive");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Writes_the_rows_that_other_programs_read()
    {
        if (!IsHere) return;
        await Returner.SaveLoadAsync(Context, First, Load, [], default);
        await Return(Answer(First, "web1", MapValue.Of(("a", 1))));
        Assert.Equal("test.ping\t20261123054200000001\t{\"a\": 1}\tweb1\t1\t1", await server.AskAsync("SELECT fun, jid, `return`, id, success, JSON_VALUE(full_ret, '$.return.a') FROM salt.salt_returns"));
        Assert.Equal("test.ping", await server.AskAsync("SELECT JSON_VALUE(`load`, '$.fun') FROM salt.jids"));
    }

    [Fact]
    public async Task Writes_events()
    {
        if (!IsHere) return;
        await Returner.EventReturnAsync(Context, [new SaltEvent("salt/a", MapValue.Of(("n", 1))), new SaltEvent("salt/b", MapValue.Of(("n", 2)))], default);
        Assert.Equal("salt/a\t{\"n\": 1}\tspec_master\nsalt/b\t{\"n\": 2}\tspec_master", await server.AskAsync("SELECT tag, data, master_id FROM salt.salt_events ORDER BY id"));
    }

    [Fact]
    public async Task Keeps_none_of_several_where_one_does_not_fit_and_says_that_others_may()
    {
        if (!IsHere) return;
        var refused = await Assert.ThrowsAsync<ReturnerFailed>(() => Return(Answer(First, "web1", 1), Answer(First, "web2", 1, new string('x', 51))));
        Assert.True(refused.IsRefusal);
        Assert.Empty(await Returner.GetJidAsync(Context, First, default));
    }

    [Fact]
    public async Task Takes_a_return_that_is_longer_than_one_packet()
    {
        if (!IsHere) return;
        await server.AskAsync("ALTER TABLE salt.salt_returns MODIFY `return` longtext NOT NULL, MODIFY full_ret longtext NOT NULL");
        var large = new string('x', 17 * 1024 * 1024);
        await Return(Answer(First, "web1", large));
        Assert.Equal(large, (await Returner.GetJidAsync(Context, First, default)).MapOf("web1").Get("return"));
    }

    [Fact]
    public async Task Says_who_was_not_let_in()
    {
        if (!IsHere) return;
        Assert.Contains("Access denied", (await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.GetMinionsAsync(Context with { Overrides = MapValue.Of(("pass", "wrong")) }, default))).Message);
    }

    [Fact]
    public async Task Speaks_over_the_network_with_and_without_tls()
    {
        if (!IsHere) return;
        var plain = Context with { Options = server.TcpOptions };
        await Returner.ReturnAsync(plain, [Answer(First, "web1", 1)], default);
        Assert.Single(await Returner.GetJidAsync(plain with { Overrides = MapValue.Of(("ssl_ca", server.Certificate)) }, First, default));
    }

    [Fact]
    public async Task Refuses_a_server_whose_certificate_comes_from_another_authority()
    {
        if (!IsHere) return;
        using var other = new TemporaryAuthority();
        var context = Context with { Options = server.TcpOptions, Overrides = MapValue.Of(("ssl_ca", other.Path)) };
        Assert.Contains("no encrypted connection", (await Assert.ThrowsAsync<ReturnerFailed>(() => Returner.GetMinionsAsync(context, default))).Message);
    }

    [Fact]
    public async Task Deletes_what_is_old_or_moves_it_into_archive_tables()
    {
        if (!IsHere) return;
        await Returner.SaveLoadAsync(Context, First, Load, [], default);
        await Return(Answer(First, "web1", 1));
        await Returner.CleanOldJobsAsync(Context, DateTimeOffset.UtcNow.AddHours(-1), default);
        Assert.Equal("1\t1", await server.AskAsync("SELECT (SELECT count(*) FROM salt.jids), (SELECT count(*) FROM salt.salt_returns)"));
        await Returner.CleanOldJobsAsync(Context with { Options = Options.With("archive_jobs", true) }, DateTimeOffset.UtcNow.AddHours(1), default);
        Assert.Equal("0\t0\t1\t1", await server.AskAsync("SELECT (SELECT count(*) FROM salt.jids), (SELECT count(*) FROM salt.salt_returns), (SELECT count(*) FROM salt.jids_archive), (SELECT count(*) FROM salt.salt_returns_archive)"));
    }
}
