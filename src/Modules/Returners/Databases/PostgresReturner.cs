using SaltActors.Core.Events;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Modules.Returners.Wire;

namespace SaltActors.Modules.Returners.Databases;

/// <summary><c>pgjsonb</c> (columns of the type <c>jsonb</c>) and <c>postgres</c> (columns of text): tables in a PostgreSQL database.</summary>
/// <remarks>
/// Options <c>returner.pgjsonb.host user pass db port sslmode sslcert sslkey sslrootcert</c>; <c>returner.postgres.host user passwd db port</c>. A host that begins with <c>/</c>
/// is the folder of a local socket. <c>sslmode</c> is <c>prefer</c> where nothing is said. Follows Salt 3006, salt/returners/pgjsonb.py and postgres.py.
/// </remarks>
/// <param name="isJsonb">True for <c>pgjsonb</c>.</param>
internal sealed class PostgresReturner(bool isJsonb) : SqlReturner
{
    private static readonly string[] SslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

    public override string Name => isJsonb ? "pgjsonb" : "postgres";

    protected override string Quoted(string name) => name;
    protected override string Place(int number) => $"${number}";
    protected override string Json(Value value) => isJsonb ? StoredText.OfStrict(value) : StoredText.Of(value);

    protected override string SaveLoadStatement => isJsonb
        ? "INSERT INTO jids (jid, load) VALUES ($1, $2) ON CONFLICT (jid) DO UPDATE SET load = EXCLUDED.load"
        : "INSERT INTO jids (jid, load) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    protected override (string Column, string? Value)[] ReturnRow(ReturnerContext context, MapValue @return)
    {
        (string, string?)[] row =
        [
            ("fun", StoredText.Function(@return)),
            ("jid", StoredText.Text(@return, "jid")),
            ("return", Json(@return.Get("return") ?? Value.Null)),
            ("id", StoredText.Text(@return, "id")),
            ("success", StoredText.Success(@return) ? "true" : "false"),
            ("full_ret", Json(@return)),
        ];
        return isJsonb ? [.. row, ("alter_time", StoredText.Seconds(context.Clock.GetUtcNow()))] : row;
    }

    protected override IEnumerable<(string Column, string? Value)> EventRow(ReturnerContext context, SaltEvent @event) => isJsonb
        ? base.EventRow(context, @event).Append(("alter_time", StoredText.Seconds(context.Clock.GetUtcNow())))
        : base.EventRow(context, @event);

    protected override string Expression(string column, string place) => column == "alter_time" ? $"to_timestamp({place}::double precision)" : place;

    protected override IEnumerable<(string Statement, string?[] Values)> Cleaning(ReturnerContext context, DateTimeOffset before)
    {
        string?[] moment = [StoredText.Seconds(before)];
        const string old = "alter_time < to_timestamp($1::double precision)";
        const string oldJobs = $"jid IN (SELECT DISTINCT jid FROM salt_returns WHERE {old})";
        if (Archives(context))
        {
            foreach (var table in (string[])["jids", "salt_returns", "salt_events"]) yield return ($"CREATE TABLE IF NOT EXISTS {table}_archive (LIKE {table})", []);
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
        var options = new ReturnerOptions(context, $"returner.{Name}", Name);
        var (host, port) = (options.Text("host", "localhost"), options.Port("port", 5432));
        var server = host.StartsWith('/') ? new ServerAddress("localhost", port, Path.Combine(host, $".s.PGSQL.{port}")) : new ServerAddress(host, port);
        var mode = options.Text("sslmode", "prefer");
        if (!SslModes.Contains(mode)) throw new ReturnerFailed($"the option '{options.Name}.sslmode' is '{mode}', where one of {string.Join(", ", SslModes)} was expected");
        var tls = new TlsSettings(
            mode switch { "verify-ca" => TlsTrust.Authority, "verify-full" => TlsTrust.AuthorityAndName, _ => TlsTrust.Anybody },
            options.Text("sslrootcert"), options.Text("sslcert"), options.Text("sslkey"));
        var password = options.Text("pass") ?? options.Text("passwd") ?? "salt";
        return await PostgresConnection.OpenAsync(new PostgresLogin(Name, server, options.Text("user", "salt"), password, options.Text("db", "salt"), mode, tls), stop).ConfigureAwait(false);
    }
}
