using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Transport.Payload;
using static SaltActors.Actors.Master.Jobs.Archive.ArchiveProtocol;

namespace SaltActors.Actors.Master.Jobs.Archive;

/// <summary>Jobs in one SQLite file with a write-ahead log: a committed batch survives the death of the process.</summary>
/// <remarks>
/// WAL with <c>synchronous = NORMAL</c>: safe against <c>kill -9</c>; a power cut may take the last moments. Loads are msgpack.
/// One connection writes (one caller at a time), readers open their own.
/// </remarks>
public sealed class SqliteJobArchive : IJobArchive, IOutgoing
{
    private const int SchemaVersion = 1;
    /// <summary>Stands for the id of a minion where the load of the job itself is meant.</summary>
    private const string JobItself = "";
    private const string Old = "written < $moment AND jid NOT IN (SELECT jid FROM outgoing)";
    private readonly string _path, _connect;
    private readonly TimeProvider _clock;
    private readonly Lock _writing = new();
    private readonly SqliteConnection _writer;
    private readonly SqliteCommand _addJob, _addReturn, _addOutgoing;
    private readonly ImmutableArray<OutgoingTarget> _targets;

    /// <param name="targets">Returners that must hear of everything that is written from now on. What waits for others is given up: it stays in this archive alone.</param>
    /// <exception cref="ArchiveFailed">The file cannot be opened, or a newer program wrote it.</exception>
    public SqliteJobArchive(string path, TimeProvider clock, params ImmutableArray<OutgoingTarget> targets)
    {
        (_path, _clock, _targets) = (path, clock, targets);
        _connect = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true }.ToString();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _writer = new SqliteConnection(_connect);
            _writer.Open();
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;");
            Prepare();
        }
        catch (Exception cause) when (cause is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new ArchiveFailed($"the job store {path} cannot be opened: {cause.Message}", cause);
        }
        _addJob = _writer.CreateCommand();
        _addJob.CommandText = "INSERT INTO jobs (jid, load, expected, written) VALUES ($jid, $load, $expected, $written) ON CONFLICT (jid) DO UPDATE SET load = $load, expected = $expected";
        AddParameters(_addJob, "$jid", "$load", "$expected", "$written");
        _addReturn = _writer.CreateCommand();
        _addReturn.CommandText = "INSERT INTO returns (jid, id, load, written) VALUES ($jid, $id, $load, $written) ON CONFLICT DO NOTHING";
        AddParameters(_addReturn, "$jid", "$id", "$load", "$written");
        _addOutgoing = _writer.CreateCommand();
        _addOutgoing.CommandText = "INSERT INTO outgoing (returner, jid, id) VALUES ($returner, $jid, $id) ON CONFLICT DO NOTHING";
        AddParameters(_addOutgoing, "$returner", "$jid", "$id");
    }

    public ImmutableArray<bool> Write(IReadOnlyList<WriteJob> jobs, IReadOnlyList<WriteReturn> returns)
    {
        lock (_writing)
        {
            try
            {
                using var transaction = _writer.BeginTransaction();
                (_addJob.Transaction, _addReturn.Transaction, _addOutgoing.Transaction) = (transaction, transaction, transaction);
                var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
                foreach (var job in jobs)
                {
                    Set(_addJob, job.Jid.Text, Msgpack.Pack(job.Load, MsgpackDialect.Local), PackIds(job.Expected), now);
                    _addJob.ExecuteNonQuery();
                    foreach (var target in _targets) AddOutgoing(target, job.Jid, JobItself);
                }
                var news = ImmutableArray.CreateBuilder<bool>(returns.Count);
                foreach (var @return in returns.Select(r => r.Return))
                {
                    Set(_addReturn, @return.Jid.Text, @return.Id.Text, Msgpack.Pack(@return.Load, MsgpackDialect.Local), now);
                    news.Add(_addReturn.ExecuteNonQuery() > 0);
                    if (news[^1])
                        foreach (var target in _targets)
                            if (target.WithReturns) AddOutgoing(target, @return.Jid, @return.Id.Text);
                }
                transaction.Commit();
                return news.MoveToImmutable();
            }
            catch (SqliteException cause)
            {
                throw new ArchiveFailed($"the job store {_path} did not take a batch: {cause.Message}{Advice(cause)}", cause);
            }
        }
    }

    public JobRecord? Find(Jid jid) => Read(connection =>
    {
        if (ReadJobs(connection, "WHERE jid = $jid", jid).FirstOrDefault() is not { } job) return null;
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, load FROM returns WHERE jid = $jid ORDER BY written, id";
        command.Parameters.AddWithValue("$jid", jid.Text);
        using var rows = command.ExecuteReader();
        var returns = ImmutableArray.CreateBuilder<MinionReturn>();
        while (rows.Read())
            if (MinionId.TryParse(rows.GetString(0), out var id) && Unpack(rows, 1) is MapValue load) returns.Add(new MinionReturn(jid, id, load));
        return job with { Returns = returns.ToImmutable() };
    });

    public Head? FindHead(Jid jid) => Read(connection =>
    {
        if (ReadJobs(connection, "WHERE jid = $jid", jid).FirstOrDefault() is not { } job) return null;
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM returns WHERE jid = $jid";
        command.Parameters.AddWithValue("$jid", jid.Text);
        using var rows = command.ExecuteReader();
        var answered = ImmutableArray.CreateBuilder<MinionId>();
        while (rows.Read())
            if (MinionId.TryParse(rows.GetString(0), out var id)) answered.Add(id);
        return new Head(jid, job.Load, job.Expected, answered.ToImmutable());
    });

    public ImmutableArray<JobRecord> List() => Read(connection => ReadJobs(connection, "ORDER BY jid", null).ToImmutableArray());

    public int DeleteBefore(DateTimeOffset moment)
    {
        lock (_writing)
        {
            try
            {
                using var transaction = _writer.BeginTransaction();
                using var command = _writer.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = $"DELETE FROM returns WHERE jid IN (SELECT jid FROM jobs WHERE {Old}); DELETE FROM jobs WHERE {Old}; SELECT changes();";
                command.Parameters.AddWithValue("$moment", moment.ToUnixTimeMilliseconds());
                var gone = Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
                transaction.Commit();
                return gone;
            }
            catch (SqliteException cause)
            {
                throw new ArchiveFailed($"old jobs could not be deleted from {_path}: {cause.Message}", cause);
            }
        }
    }

    public ImmutableArray<Outgoing> Waiting(string returner, long after, int most) => Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT o.number, o.jid, o.id, j.load, j.expected, r.load FROM outgoing o JOIN jobs j ON j.jid = o.jid LEFT JOIN returns r ON r.jid = o.jid AND r.id = o.id
            WHERE o.returner = $returner AND o.number > $after ORDER BY o.number LIMIT $most
            """;
        command.Parameters.AddWithValue("$returner", returner);
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$most", most);
        using var rows = command.ExecuteReader();
        var waiting = ImmutableArray.CreateBuilder<Outgoing>();
        while (rows.Read())
            if (Jid.TryParse(rows.GetString(1), out var jid) && Unpack(rows, 3) is MapValue load)
            {
                var @return = !rows.IsDBNull(5) && MinionId.TryParse(rows.GetString(2), out var id) && Unpack(rows, 5) is MapValue answer ? new MinionReturn(jid, id, answer) : null;
                waiting.Add(new Outgoing(rows.GetInt64(0), jid, load, UnpackIds(rows, 4), @return));
            }
        return waiting.ToImmutable();
    });

    public long CountWaiting(string returner) => Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM outgoing WHERE returner = $returner";
        command.Parameters.AddWithValue("$returner", returner);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    });

    public void Delivered(IReadOnlyCollection<long> numbers)
    {
        lock (_writing)
        {
            try
            {
                using var transaction = _writer.BeginTransaction();
                using var command = _writer.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "DELETE FROM outgoing WHERE number = $number";
                AddParameters(command, "$number");
                foreach (var number in numbers)
                {
                    Set(command, number);
                    command.ExecuteNonQuery();
                }
                transaction.Commit();
            }
            catch (SqliteException cause)
            {
                throw new ArchiveFailed($"the job store {_path} did not note what was delivered: {cause.Message}{Advice(cause)}", cause);
            }
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            _addOutgoing.Dispose();
            _addJob.Dispose();
            _addReturn.Dispose();
            _writer.Dispose();
            using var pooled = new SqliteConnection(_connect);
            SqliteConnection.ClearPool(pooled);
        }
    }

    private T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var connection = new SqliteConnection(_connect);
            connection.Open();
            return read(connection);
        }
        catch (SqliteException cause)
        {
            throw new ArchiveFailed($"the job store {_path} cannot be read: {cause.Message}", cause);
        }
    }

    private static IEnumerable<JobRecord> ReadJobs(SqliteConnection connection, string which, Jid? jid)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT jid, load, expected FROM jobs " + which;
        if (jid is { } one) command.Parameters.AddWithValue("$jid", one.Text);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            if (Jid.TryParse(rows.GetString(0), out var found) && Unpack(rows, 1) is MapValue load)
                yield return new JobRecord(found, load, UnpackIds(rows, 2), [], null);
    }

    private void Prepare()
    {
        using var ask = _writer.CreateCommand();
        ask.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt32(ask.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        if (version > SchemaVersion)
            throw new ArchiveFailed($"the job store {_path} was written by a newer program (schema {version}, this one knows {SchemaVersion}); upgrade the master, or move the file away to begin anew");
        Execute($"""
            CREATE TABLE IF NOT EXISTS jobs (jid TEXT PRIMARY KEY, load BLOB NOT NULL, expected BLOB NOT NULL, written INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS returns (jid TEXT NOT NULL, id TEXT NOT NULL, load BLOB NOT NULL, written INTEGER NOT NULL, PRIMARY KEY (jid, id)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS jobs_by_age ON jobs (written);
            CREATE TABLE IF NOT EXISTS outgoing (number INTEGER PRIMARY KEY AUTOINCREMENT, returner TEXT NOT NULL, jid TEXT NOT NULL, id TEXT NOT NULL, UNIQUE (returner, jid, id));
            CREATE INDEX IF NOT EXISTS outgoing_by_job ON outgoing (jid);
            PRAGMA user_version = {SchemaVersion};
            """);
        using var forget = _writer.CreateCommand();
        var names = _targets.Select((_, i) => $"$name{i}").ToList();
        forget.CommandText = $"DELETE FROM outgoing WHERE returner NOT IN ({string.Join(", ", names)})";
        foreach (var (name, target) in names.Zip(_targets)) forget.Parameters.AddWithValue(name, target.Returner);
        forget.ExecuteNonQuery();
    }

    private void AddOutgoing(OutgoingTarget target, Jid jid, string id)
    {
        Set(_addOutgoing, target.Returner, jid.Text, id);
        _addOutgoing.ExecuteNonQuery();
    }

    private void Execute(string sql)
    {
        using var command = _writer.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void AddParameters(SqliteCommand command, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) command.Parameters.Add(new SqliteParameter { ParameterName = name });
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
    }

    private static byte[] PackIds(ImmutableArray<MinionId> ids) => Msgpack.Pack(ListValue.OfTexts(ids.Select(i => i.Text)), MsgpackDialect.Local);

    private static ImmutableArray<MinionId> UnpackIds(SqliteDataReader row, int column) =>
        Unpack(row, column) is ListValue list
            ? [.. list.Items.Select(i => MinionId.TryParse(i.AsText(), out var id) ? id : (MinionId?)null).OfType<MinionId>()]
            : [];

    private static Value Unpack(SqliteDataReader row, int column) => Msgpack.Unpack((byte[])row.GetValue(column), MsgpackDialect.Local);

    private static string Advice(SqliteException cause) => cause.SqliteErrorCode switch
    {
        13 => "; the disk is full: free space, nothing else is needed",
        8 => "; the file or its folder cannot be written: see its owner and mode",
        _ => "",
    };
}
