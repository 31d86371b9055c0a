using System.Runtime.InteropServices;
using System.Text;
using SaltActors.Core.Returners;

namespace SaltActors.Modules.Returners.Databases;

/// <summary>An open SQLite file, through the machine's own library. Statements run off the caller's thread.</summary>
internal sealed unsafe class SqliteConnection : ISqlConnection
{
    private const int OpenReadWrite = 2, Row = 100, Done = 101, Constraint = 19, TooBig = 18, Mismatch = 20;
    private readonly SqliteLibrary _library;
    private readonly string _path;
    private nint _database;

    private SqliteConnection(SqliteLibrary library, string path, nint database) => (_library, _path, _database) = (library, path, database);

    /// <exception cref="ReturnerFailed">There is no library on this machine, or the file cannot be opened.</exception>
    internal static SqliteConnection Open(string path, TimeSpan patience)
    {
        var library = SqliteLibrary.Loaded.Value ?? throw new ReturnerFailed($"the returner 'sqlite3' needs SQLite's library, and none of {SqliteLibrary.NamesText} is on this machine; install it (Debian: libsqlite3-0)");
        nint database;
        int result;
        fixed (byte* name = Zero(path)) result = library.Open(name, &database, OpenReadWrite, null);
        if (result != 0)
        {
            var why = library.TextOf(library.ErrorText(database));
            _ = library.Close(database);
            throw new ReturnerFailed($"the returner 'sqlite3' cannot open {path} (sqlite3.database): {why}; the file must exist, with the tables jids and salt_returns");
        }
        _ = library.BusyTimeout(database, (int)patience.TotalMilliseconds);
        return new SqliteConnection(library, path, database);
    }

    public Task<IReadOnlyList<string?[]>> RunAsync(string statement, string?[] values, CancellationToken stop) => Task.Run(() => Run(statement, values), stop);

    public ValueTask DisposeAsync()
    {
        if (_database != 0) _ = _library.Close(_database);
        _database = 0;
        return ValueTask.CompletedTask;
    }

    private IReadOnlyList<string?[]> Run(string statement, string?[] values)
    {
        nint prepared;
        fixed (byte* text = Zero(statement)) Check(_library.Prepare(_database, text, -1, &prepared, null));
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] is not { } value) continue;   // what is not bound is null
                var bytes = Encoding.UTF8.GetBytes(value);
                // -1: SQLite copies the text before the call comes back. An empty array has no address, so it lends one byte.
                fixed (byte* text = bytes.Length == 0 ? [0] : bytes) Check(_library.BindText(prepared, i + 1, text, bytes.Length, -1));
            }
            var rows = new List<string?[]>();
            while (true)
            {
                var result = _library.Step(prepared);
                if (result == Done) return rows;
                if (result != Row) throw Failure(result);
                var row = new string?[_library.ColumnCount(prepared)];
                for (var i = 0; i < row.Length; i++) row[i] = _library.TextOf(_library.ColumnText(prepared, i));
                rows.Add(row);
            }
        }
        finally
        {
            _ = _library.Complete(prepared);
        }
    }

    private void Check(int result)
    {
        if (result != 0) throw Failure(result);
    }

    private ReturnerFailed Failure(int result) => new($"the returner 'sqlite3': {_path} refused: {_library.TextOf(_library.ErrorText(_database))} [{result}]",
        isRefusal: (result & 0xff) is Constraint or TooBig or Mismatch);

    private static byte[] Zero(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}

/// <summary>The functions of SQLite's library, found at the first use: a minion that never needs them does not load it.</summary>
internal sealed unsafe class SqliteLibrary
{
    private static readonly string[] Names = ["libsqlite3.so.0", "libsqlite3.dylib", "winsqlite3.dll", "e_sqlite3"];
    internal static readonly string NamesText = string.Join(", ", Names);

    /// <summary>Null where the machine has none.</summary>
    internal static readonly Lazy<SqliteLibrary?> Loaded = new(() =>
    {
        foreach (var name in Names)
            if (NativeLibrary.TryLoad(name, typeof(SqliteLibrary).Assembly, null, out var handle)) return new SqliteLibrary(handle);
        return null;
    });

    internal readonly delegate* unmanaged[Cdecl]<byte*, nint*, int, byte*, int> Open;
    internal readonly delegate* unmanaged[Cdecl]<nint, int> Close;
    internal readonly delegate* unmanaged[Cdecl]<nint, int, int> BusyTimeout;
    internal readonly delegate* unmanaged[Cdecl]<nint, nint> ErrorText;
    internal readonly delegate* unmanaged[Cdecl]<nint, byte*, int, nint*, byte**, int> Prepare;
    internal readonly delegate* unmanaged[Cdecl]<nint, int, byte*, int, nint, int> BindText;
    internal readonly delegate* unmanaged[Cdecl]<nint, int> Step;
    internal readonly delegate* unmanaged[Cdecl]<nint, int> ColumnCount;
    internal readonly delegate* unmanaged[Cdecl]<nint, int, nint> ColumnText;
    internal readonly delegate* unmanaged[Cdecl]<nint, int> Complete;

    private SqliteLibrary(nint library)
    {
        Open = (delegate* unmanaged[Cdecl]<byte*, nint*, int, byte*, int>)NativeLibrary.GetExport(library, "sqlite3_open_v2");
        Close = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "sqlite3_close_v2");
        BusyTimeout = (delegate* unmanaged[Cdecl]<nint, int, int>)NativeLibrary.GetExport(library, "sqlite3_busy_timeout");
        ErrorText = (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(library, "sqlite3_errmsg");
        Prepare = (delegate* unmanaged[Cdecl]<nint, byte*, int, nint*, byte**, int>)NativeLibrary.GetExport(library, "sqlite3_prepare_v2");
        BindText = (delegate* unmanaged[Cdecl]<nint, int, byte*, int, nint, int>)NativeLibrary.GetExport(library, "sqlite3_bind_text");
        Step = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "sqlite3_step");
        ColumnCount = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "sqlite3_column_count");
        ColumnText = (delegate* unmanaged[Cdecl]<nint, int, nint>)NativeLibrary.GetExport(library, "sqlite3_column_text");
        Complete = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "sqlite3_finalize");
    }

    /// <summary>Text that ends with a zero byte; null where the address is 0.</summary>
    internal string? TextOf(nint text) => Marshal.PtrToStringUTF8(text);
}
