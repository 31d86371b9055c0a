using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Modules.Returners.Wire;

namespace SaltActors.Modules.Returners.Databases;

/// <summary><c>mysql</c>: tables in a MySQL or MariaDB database.</summary>
/// <remarks>
/// Options <c>mysql.host user pass db port unix_socket ssl_ca ssl_cert ssl_key</c>; <c>unix_socket</c> is ours. Any of the three files asks for TLS, and the server's
/// certificate must come from <c>ssl_ca</c>, or else from an authority of this machine. Follows Salt 3006, salt/returners/mysql.py.
/// </remarks>
internal sealed class MySqlReturner : SqlReturner
{
    public override string Name => "mysql";

    protected override string Quoted(string name) => $"`{name}`";
    protected override string Place(int number) => "?";
    protected override string SaveLoadStatement => "INSERT IGNORE INTO jids (`jid`, `load`) VALUES (?, ?)";

    protected override (string Column, string? Value)[] ReturnRow(ReturnerContext context, MapValue @return) =>
    [
        ("fun", StoredText.Function(@return)),
        ("jid", StoredText.Text(@return, "jid")),
        ("return", Json(@return.Get("return") ?? Value.Null)),
        ("id", StoredText.Text(@return, "id")),
        ("success", StoredText.Success(@return) ? "1" : "0"),
        ("full_ret", Json(@return)),
    ];

    protected override IEnumerable<(string Statement, string?[] Values)> Cleaning(ReturnerContext context, DateTimeOffset before)
    {
        string?[] moment = [StoredText.Seconds(before)];
        // FROM_UNIXTIME gives the session's zone, as alter_time has it.
        const string old = "alter_time < FROM_UNIXTIME(?)";
        const string oldJobs = $"`jid` IN (SELECT DISTINCT `jid` FROM salt_returns WHERE {old})";
        if (Archives(context))
        {
            foreach (var table in (string[])["jids", "salt_returns", "salt_events"]) yield return ($"CREATE TABLE IF NOT EXISTS {table}_archive LIKE {table}", []);
            yield return ($"INSERT INTO jids_archive SELECT * FROM jids WHERE {oldJobs}", moment);
            yield return ($"INSERT INTO salt_returns_archive SELECT * FROM salt_returns WHERE {old}", moment);
            yield return ($"INSERT INTO salt_events_archive SELECT * FROM salt_events WHERE {old}", moment);
        }
        yield return ($"DELETE FROM jids WHERE {oldJobs}", moment);
        yield return ($"DELETE FROM salt_returns WHERE {old}", moment);
        yield return ($"DELETE FROM salt_events WHERE {old}", moment);
    }

    protected override async Task<ISqlConnection> OpenAsync(ReturnerContext context, CancellationToken stop)
    {
        var options = new ReturnerOptions(context, "mysql", "returner.mysql");
        var (authority, certificate, key) = (options.Text("ssl_ca"), options.Text("ssl_cert"), options.Text("ssl_key"));
        var tls = authority is null && certificate is null && key is null ? null : new TlsSettings(TlsTrust.Authority, authority, certificate, key);
        var server = new ServerAddress(options.Text("host", "salt"), options.Port("port", 3306), options.Text("unix_socket"));
        if (server.IsLocalSocket) tls = null;
        return await MySqlConnection.OpenAsync(new MySqlLogin(Name, server, options.Text("user", "salt"), options.Text("pass", "salt"), options.Text("db", "salt"), tls), stop).ConfigureAwait(false);
    }
}
