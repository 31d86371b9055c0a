using System.Collections.Immutable;
using System.Globalization;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Returners.Databases;

/// <summary>What all returners that write tables have in common. The tables are those of Salt's documentation; users have them already.</summary>
/// <remarks>
/// A return of one minion to one job is written once: a second try after a connection that broke in the wrong moment finds the first.
/// One call is one connection and one transaction.
/// </remarks>
internal abstract class SqlReturner : IReturner
{
    /// <summary>The longest that one call may take; then it counts as failed, and is tried again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public abstract string Name { get; }
    public virtual ReturnerAbilities Abilities => ReturnerAbilities.JobCache | ReturnerAbilities.SaveMinions | ReturnerAbilities.GetFun
        | ReturnerAbilities.EventReturn | ReturnerAbilities.CleanOldJobs;

    /// <summary>How a name is written that is also a word of SQL.</summary>
    protected abstract string Quoted(string name);
    /// <summary>The place of the value with a number, from 1.</summary>
    protected abstract string Place(int number);
    protected abstract Task<ISqlConnection> OpenAsync(ReturnerContext context, CancellationToken stop);

    /// <summary>The columns of a row of <c>salt_returns</c>.</summary>
    protected abstract (string Column, string? Value)[] ReturnRow(ReturnerContext context, MapValue @return);
    protected abstract string SaveLoadStatement { get; }
    protected virtual string Begin => "BEGIN";
    protected virtual string Json(Value value) => StoredText.Of(value);
    /// <summary>Columns of <c>salt_returns</c> besides <c>id</c> from which <see cref="ReadReturn"/> makes the return.</summary>
    protected virtual string[] ReturnColumns => ["full_ret"];
    protected virtual Value ReadReturn(ReadOnlySpan<string?> columns) => StoredText.Read(columns[0]);
    /// <summary>Statements that delete what is older than a moment, each with its values.</summary>
    protected virtual IEnumerable<(string Statement, string?[] Values)> Cleaning(ReturnerContext context, DateTimeOffset before) => [];
    protected virtual IEnumerable<(string Column, string? Value)> EventRow(ReturnerContext context, SaltEvent @event) =>
        [("tag", @event.Tag), ("data", Json(@event.Data)), ("master_id", context.Id)];

    public Task ReturnAsync(ReturnerContext context, IReadOnlyList<MapValue> returns, CancellationToken stop) => ChangeAsync(context, async (database, within) =>
    {
        var find = $"SELECT {Quoted("id")} FROM salt_returns WHERE {Quoted("jid")} = {Place(1)} AND {Quoted("id")} = {Place(2)} LIMIT 1";
        foreach (var @return in returns)
        {
            string?[] key = [StoredText.Text(@return, "jid"), StoredText.Text(@return, "id")];
            if ((await database.RunAsync(find, key, within).ConfigureAwait(false)).Count == 0)
                await InsertAsync(database, "salt_returns", ReturnRow(context, @return), within).ConfigureAwait(false);
        }
    }, stop);

    public Task SaveLoadAsync(ReturnerContext context, Jid jid, MapValue load, ImmutableArray<string> minions, CancellationToken stop) =>
        ChangeAsync(context, (database, within) => database.RunAsync(SaveLoadStatement, [jid.Text, Json(load)], within), stop);

    /// <summary>The tables have no place for them; as with Salt, nothing is kept, and that is no error.</summary>
    public Task SaveMinionsAsync(ReturnerContext context, Jid jid, ImmutableArray<string> minions, string? syndic, CancellationToken stop) => Task.CompletedTask;

    public Task<MapValue?> GetLoadAsync(ReturnerContext context, Jid jid, CancellationToken stop) => AskAsync(context, async (database, within) =>
    {
        var rows = await database.RunAsync($"SELECT {Quoted("load")} FROM jids WHERE {Quoted("jid")} = {Place(1)}", [jid.Text], within).ConfigureAwait(false);
        return rows.Count > 0 ? StoredText.Read(rows[0][0]) as MapValue : null;
    }, stop);

    public Task<MapValue> GetJidAsync(ReturnerContext context, Jid jid, CancellationToken stop) => AskAsync(context, async (database, within) =>
        Returns(await database.RunAsync($"SELECT {Columns("s")} FROM salt_returns s WHERE s.{Quoted("jid")} = {Place(1)} ORDER BY s.{Quoted("id")}", [jid.Text], within).ConfigureAwait(false)), stop);

    public Task<MapValue> GetFunAsync(ReturnerContext context, string function, CancellationToken stop) => AskAsync(context, async (database, within) =>
    {
        var (id, jid, fun) = (Quoted("id"), Quoted("jid"), Quoted("fun"));
        var statement = $"SELECT {Columns("s")} FROM salt_returns s JOIN (SELECT {id}, MAX({jid}) AS {jid} FROM salt_returns WHERE {fun} = {Place(1)} GROUP BY {id}) latest "
            + $"ON s.{id} = latest.{id} AND s.{jid} = latest.{jid} WHERE s.{fun} = {Place(2)} ORDER BY s.{id}";
        return Returns(await database.RunAsync(statement, [function, function], within).ConfigureAwait(false));
    }, stop);

    public Task<MapValue> GetJidsAsync(ReturnerContext context, CancellationToken stop) => AskAsync(context, async (database, within) =>
    {
        var jobs = new MapValue.Builder();
        foreach (var row in await database.RunAsync($"SELECT {Quoted("jid")}, {Quoted("load")} FROM jids ORDER BY {Quoted("jid")}", [], within).ConfigureAwait(false))
            if (row[0] is { } jid) jobs[jid] = StoredText.Read(row[1]);
        return jobs.Build();
    }, stop);

    public Task<ImmutableArray<string>> GetMinionsAsync(ReturnerContext context, CancellationToken stop) => AskAsync(context, async (database, within) =>
        (await database.RunAsync($"SELECT DISTINCT {Quoted("id")} FROM salt_returns", [], within).ConfigureAwait(false))
            .Select(r => r[0]).OfType<string>().Order(StringComparer.Ordinal).ToImmutableArray(), stop);

    public virtual Task EventReturnAsync(ReturnerContext context, IReadOnlyList<SaltEvent> events, CancellationToken stop) => ChangeAsync(context, async (database, within) =>
    {
        foreach (var @event in events) await InsertAsync(database, "salt_events", [.. EventRow(context, @event)], within).ConfigureAwait(false);
    }, stop);

    public virtual Task CleanOldJobsAsync(ReturnerContext context, DateTimeOffset before, CancellationToken stop) => ChangeAsync(context, async (database, within) =>
    {
        foreach (var (statement, values) in Cleaning(context, before)) await database.RunAsync(statement, values, within).ConfigureAwait(false);
    }, stop);

    /// <summary>True where old rows are moved to <c>jids_archive</c>, <c>salt_returns_archive</c> and <c>salt_events_archive</c> instead of being deleted.</summary>
    protected static bool Archives(ReturnerContext context) => context.Options.Get("archive_jobs") is { IsTruthy: true };

    private string Columns(string table) => string.Join(", ", ReturnColumns.Prepend("id").Select(c => $"{table}.{Quoted(c)}"));

    private MapValue Returns(IReadOnlyList<string?[]> rows)
    {
        var returns = new MapValue.Builder();
        foreach (var row in rows)
            if (row[0] is { } id) returns[id] = ReadReturn(row.AsSpan(1));
        return returns.Build();
    }

    private Task InsertAsync(ISqlConnection database, string table, (string Column, string? Value)[] row, CancellationToken stop)
    {
        var columns = string.Join(", ", row.Select(c => Quoted(c.Column)));
        var places = string.Join(", ", row.Select((c, i) => Expression(c.Column, Place(i + 1))));
        return database.RunAsync($"INSERT INTO {table} ({columns}) VALUES ({places})", [.. row.Select(c => c.Value)], stop);
    }

    /// <summary>What is written into a column, from the place of its value.</summary>
    protected virtual string Expression(string column, string place) => place;

    private Task ChangeAsync(ReturnerContext context, Func<ISqlConnection, CancellationToken, Task> change, CancellationToken stop) => AskAsync(context, async (database, within) =>
    {
        await database.RunAsync(Begin, [], within).ConfigureAwait(false);
        await change(database, within).ConfigureAwait(false);
        // Where it throws, the connection is closed without this, and the database takes everything back.
        await database.RunAsync("COMMIT", [], within).ConfigureAwait(false);
        return true;
    }, stop);

    private async Task<T> AskAsync<T>(ReturnerContext context, Func<ISqlConnection, CancellationToken, Task<T>> ask, CancellationToken stop)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(stop);
        within.CancelAfter(Patience);
        try
        {
            var database = await OpenAsync(context, within.Token).ConfigureAwait(false);
            await using (database.ConfigureAwait(false)) return await ask(database, within.Token).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is IOException || cause is OperationCanceledException && !stop.IsCancellationRequested)
        {
            var why = cause is OperationCanceledException ? string.Create(CultureInfo.InvariantCulture, $"no answer within {Patience.TotalSeconds:0} s") : cause.Message;
            throw new ReturnerFailed($"the returner '{Name}' lost its database: {why}", cause: cause);
        }
        catch (Exception cause) when (cause is IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            throw new ReturnerFailed($"the returner '{Name}' does not understand its database, which answers in pieces that do not fit: {cause.Message}", cause: cause);
        }
    }
}
