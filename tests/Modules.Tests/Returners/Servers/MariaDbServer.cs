using System.Diagnostics;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Returners.Servers;

/// <summary>A MariaDB with the tables of the <c>mysql</c> returner in the database <c>salt</c>.</summary>
public sealed class MariaDbServer : ServerProcess
{
    private string Data => Path.Combine(Folder, "data");
    public string Socket => Path.Combine(Folder, "s");
    private static string Me => Environment.UserName;

    public MapValue Options => MapValue.Of(("id", "spec_master"),
        ("mysql.unix_socket", Socket), ("mysql.user", "salt"), ("mysql.pass", "salty"), ("mysql.db", "salt"));

    public MapValue TcpOptions => MapValue.Of(("id", "spec_master"),
        ("mysql.host", "127.0.0.1"), ("mysql.port", Port), ("mysql.user", "salt"), ("mysql.pass", "salty"), ("mysql.db", "salt"));

    /// <summary>What the server's own client prints of a query.</summary>
    public Task<string> AskAsync(string query) => RunAsync("mariadb", "--no-defaults", $"--socket={Socket}", "-u", "root", "-N", "-B", "-r", "-e", query);

    protected override async Task PrepareAsync()
    {
        MakeCertificate();
        await RunAsync(Program("/usr/bin/mariadb-install-db"), "--no-defaults", $"--datadir={Data}", $"--user={Me}", "--auth-root-authentication-method=normal", "--skip-test-db");
    }

    protected override Process Begin() => Start(Program("/usr/sbin/mariadbd"), "--no-defaults", $"--datadir={Data}", $"--user={Me}", $"--socket={Socket}",
        "--bind-address=127.0.0.1", $"--port={Port}", $"--pid-file={Path.Combine(Folder, "pid")}", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M",
        $"--ssl-cert={Certificate}", $"--ssl-key={CertificateKey}", $"--ssl-ca={Certificate}", "--max-allowed-packet=64M");

    protected override async Task<bool> AnswersAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("mariadb-admin", ["--no-defaults", $"--socket={Socket}", "-u", "root", "ping"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    // Column for column what Salt's documentation tells users to make.
    protected override Task FillAsync() => AskAsync("""
        CREATE DATABASE salt DEFAULT CHARACTER SET utf8mb4;
        CREATE USER salt@localhost IDENTIFIED BY 'salty';
        CREATE USER salt@'127.0.0.1' IDENTIFIED BY 'salty';
        GRANT ALL ON salt.* TO salt@localhost;
        GRANT ALL ON salt.* TO salt@'127.0.0.1';
        USE salt;
        CREATE TABLE `jids` (`jid` varchar(255) NOT NULL, `load` mediumtext NOT NULL, UNIQUE KEY `jid` (`jid`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        CREATE TABLE `salt_returns` (`fun` varchar(50) NOT NULL, `jid` varchar(255) NOT NULL, `return` mediumtext NOT NULL, `id` varchar(255) NOT NULL,
            `success` varchar(10) NOT NULL, `full_ret` mediumtext NOT NULL, `alter_time` TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
            KEY `id` (`id`), KEY `jid` (`jid`), KEY `fun` (`fun`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        CREATE TABLE `salt_events` (`id` BIGINT NOT NULL AUTO_INCREMENT, `tag` varchar(255) NOT NULL, `data` mediumtext NOT NULL,
            `alter_time` TIMESTAMP DEFAULT CURRENT_TIMESTAMP, `master_id` varchar(255) NOT NULL, PRIMARY KEY (`id`), KEY `tag` (`tag`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        """);
}
