using System.Diagnostics;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Returners.Servers;

/// <summary>A PostgreSQL with two databases: <c>json</c> with the tables of <c>pgjsonb</c>, <c>text</c> with those of <c>postgres</c>. All sign in by SCRAM but <c>old</c> (MD5).</summary>
public sealed class PostgresServer : ServerProcess
{
    private static string Bin => Path.GetDirectoryName(Program("/usr/lib/postgresql/*/bin/postgres"))!;
    private string Data => Path.Combine(Folder, "data");

    public MapValue Options(string returner, string database) => MapValue.Of(("id", "spec_master"),
        ($"returner.{returner}.host", Folder), ($"returner.{returner}.port", Port), ($"returner.{returner}.user", "salt"), ($"returner.{returner}.pass", "salty"),
        ($"returner.{returner}.passwd", "salty"), ($"returner.{returner}.db", database));

    /// <summary>What the server's own client prints of a query.</summary>
    public Task<string> AskAsync(string database, string query) => As(Path.Combine(Bin, "psql"), "-h", Folder, "-p", $"{Port}", "-U", "postgres", "-d", database, "-At", "-c", query);

    protected override async Task PrepareAsync()
    {
        MakeCertificate();
        if (IsRoot) await RunAsync("chown", "-R", "postgres", Folder);
        await As(Path.Combine(Bin, "initdb"), "-D", Data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync");
        File.WriteAllText(Path.Combine(Data, "pg_hba.conf"), """
            local all postgres trust
            local all old md5
            local all salt scram-sha-256
            host all salt 127.0.0.1/32 scram-sha-256
            """ + "\n");
    }

    protected override Process Begin()
    {
        string[] arguments =
        [
            "-D", Data, "-k", Folder, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "ssl=on",
            "-c", $"ssl_cert_file={Certificate}", "-c", $"ssl_key_file={CertificateKey}",
        ];
        return IsRoot ? Start("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(Bin, "postgres"), .. arguments]) : Start(Path.Combine(Bin, "postgres"), arguments);
    }

    protected override async Task<bool> AnswersAsync()
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Bin, "pg_isready"), ["-q", "-h", Folder, "-p", $"{Port}"]))!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    protected override async Task FillAsync()
    {
        await AskAsync("postgres", "CREATE ROLE salt LOGIN PASSWORD 'salty'");
        await AskAsync("postgres", "SET password_encryption = 'md5'; CREATE ROLE old LOGIN PASSWORD 'ancient'");
        await AskAsync("postgres", "CREATE DATABASE json OWNER salt");
        await AskAsync("postgres", "CREATE DATABASE text OWNER salt");
        // Column for column what Salt's documentation tells users to make.
        foreach (var (database, type) in ((string, string)[])[("json", "jsonb"), ("text", "text")])
            await AskAsync(database, $"""
                SET ROLE salt;
                CREATE TABLE jids (jid varchar(255) NOT NULL PRIMARY KEY, load {type} NOT NULL);
                CREATE TABLE salt_returns (fun varchar(50) NOT NULL, jid varchar(255) NOT NULL, return {type} NOT NULL, id varchar(255) NOT NULL,
                    success varchar(10) NOT NULL, full_ret {type} NOT NULL, alter_time TIMESTAMP WITH TIME ZONE DEFAULT NOW());
                CREATE SEQUENCE seq_salt_events_id;
                CREATE TABLE salt_events (id BIGINT NOT NULL UNIQUE DEFAULT nextval('seq_salt_events_id'), tag varchar(255) NOT NULL, data {type} NOT NULL,
                    alter_time TIMESTAMP WITH TIME ZONE DEFAULT NOW(), master_id varchar(255) NOT NULL);
                """);
    }

    private static Task<string> As(string program, params string[] arguments) =>
        IsRoot ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]) : RunAsync(program, arguments);
}
