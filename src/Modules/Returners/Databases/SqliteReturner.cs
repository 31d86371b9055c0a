using SaltActors.Core.Events;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Returners.Databases;

/// <summary><c>sqlite3</c>: tables in one file, which must exist with <c>jids</c> and <c>salt_returns</c> in it.</summary>
/// <remarks>
/// Options <c>sqlite3.database</c> and <c>sqlite3.timeout</c> (seconds that a locked file is waited for, 5). <c>full_ret</c> holds the function's result alone.
/// Follows Salt 3006, salt/returners/sqlite3_return.py.
/// </remarks>
internal sealed class SqliteReturner : SqlReturner
{
    public override string Name => "sqlite3";
    public override ReturnerAbilities Abilities => ReturnerAbilities.JobCache | ReturnerAbilities.SaveMinions | ReturnerAbilities.GetFun | ReturnerAbilities.CleanOldJobs;

    protected override string Quoted(string name) => $"\"{name}\"";
    protected override string Place(int number) => $"?{number}";
    // To write from the beginning: a reader that becomes a writer would not wait for another one.
    protected override string Begin => "BEGIN IMMEDIATE";
    protected override string SaveLoadStatement => "INSERT OR IGNORE INTO jids (\"jid\", \"load\") VALUES (?1, ?2)";

    protected override (string Column, string? Value)[] ReturnRow(ReturnerContext context, MapValue @return) =>
    [
        ("fun", StoredText.Function(@return)),
        ("jid", StoredText.Text(@return, "jid")),
        ("id", StoredText.Text(@return, "id")),
        ("fun_args", @return.Get("fun_args") is { IsTruthy: true } arguments ? arguments.ToString() : null),
        ("date", StoredText.LocalTime(context)),
        ("full_ret", Json(@return.Get("return") ?? Value.Null)),
        ("success", StoredText.Success(@return) ? "1" : "0"),
    ];

    protected override string[] ReturnColumns => ["full_ret", "success", "fun", "jid"];

    protected override Value ReadReturn(ReadOnlySpan<string?> columns)
    {
        var isSuccess = columns[1] is "1" or "True" or "true";
        return MapValue.Of(("return", StoredText.Read(columns[0])), ("success", isSuccess), ("retcode", isSuccess ? 0 : 1), ("fun", columns[2]), ("jid", columns[3]));
    }

    // The date is local, as Python wrote it, and sorts as text.
    protected override IEnumerable<(string Statement, string?[] Values)> Cleaning(ReturnerContext context, DateTimeOffset before)
    {
        var local = TimeZoneInfo.ConvertTime(before, context.Clock.LocalTimeZone).DateTime;
        string?[] moment = [PythonText.IsoTime(local, ' ')];
        yield return ("DELETE FROM jids WHERE \"jid\" IN (SELECT DISTINCT \"jid\" FROM salt_returns WHERE \"date\" < ?1)", moment);
        yield return ("DELETE FROM salt_returns WHERE \"date\" < ?1", moment);
    }

    public override Task EventReturnAsync(ReturnerContext context, IReadOnlyList<SaltEvent> events, CancellationToken stop) =>
        throw new ReturnerFailed("the returner 'sqlite3' cannot keep events", isRefusal: true);

    protected override Task<ISqlConnection> OpenAsync(ReturnerContext context, CancellationToken stop)
    {
        var options = new ReturnerOptions(context, "sqlite3", "returner.sqlite3");
        var path = options.Text("database") ?? throw new ReturnerFailed("the returner 'sqlite3' does not know its file: the option 'sqlite3.database' is not set");
        var patience = TimeSpan.FromSeconds(options.Number("timeout", 5, 0, 3600));
        return Task.Run(ISqlConnection () => SqliteConnection.Open(path, patience), stop);
    }
}
