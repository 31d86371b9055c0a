using System.Text;
using SaltActors.Core.Returners;
using SaltActors.Modules.Returners.Wire;

namespace SaltActors.Modules.Returners.Databases;

/// <summary>How to sign in to MySQL or MariaDB; <paramref name="Tls"/> null leaves the connection as it is.</summary>
internal sealed record MySqlLogin(string Returner, ServerAddress Server, string User, string Password, string Database, TlsSettings? Tls);

/// <summary>A client of the protocol that MySQL and MariaDB share: prepared statements for values, plain ones without.</summary>
/// <remarks>Small on purpose: every minion carries it. The packets are those of MySQL's documentation, "Client/Server Protocol".</remarks>
internal sealed class MySqlConnection : ISqlConnection
{
    private const byte Query = 3, Quit = 1, Prepare = 22, Execute = 23, VarString = 0xfd;
    private readonly MySqlLogin _login;
    private readonly MySqlPackets _packets;
    private readonly Dictionary<string, uint> _prepared = [];

    private MySqlConnection(MySqlLogin login, MySqlPackets packets) => (_login, _packets) = (login, packets);

    /// <exception cref="ReturnerFailed">The server cannot be reached, or does not let us in.</exception>
    internal static async Task<MySqlConnection> OpenAsync(MySqlLogin login, CancellationToken stop)
    {
        var packets = await MySqlSignIn.OpenAsync(login, stop).ConfigureAwait(false);
        return new MySqlConnection(login, packets);
    }

    public async Task<IReadOnlyList<string?[]>> RunAsync(string statement, string?[] values, CancellationToken stop)
    {
        if (values.Length == 0)
        {
            await _packets.BeginAsync(new WireBuffer().Byte(Query).Text(statement), stop).ConfigureAwait(false);
            return await RowsAsync(PlainRow, stop).ConfigureAwait(false);
        }
        if (!_prepared.TryGetValue(statement, out var number)) _prepared[statement] = number = await PrepareAsync(statement, values.Length, stop).ConfigureAwait(false);
        await _packets.BeginAsync(Execution(number, values), stop).ConfigureAwait(false);
        return await RowsAsync(PreparedRow, stop).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _packets.BeginAsync(new WireBuffer().Byte(Quit), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException)
        {
            // The server is gone already; it needs no goodbye.
        }
        await _packets.DisposeAsync().ConfigureAwait(false);
    }

    // COM_STMT_PREPARE: status 0, statement 4, columns 2, parameters 2; then their definitions, each list with an EOF behind it.
    private async Task<uint> PrepareAsync(string statement, int values, CancellationToken stop)
    {
        await _packets.BeginAsync(new WireBuffer().Byte(Prepare).Text(statement), stop).ConfigureAwait(false);
        var answer = new MySqlFields(await NextAsync(stop).ConfigureAwait(false));
        answer.Skip(1);
        var number = answer.Little(4);
        var (columns, parameters) = (answer.Little(2), answer.Little(2));
        if (parameters > 0) await SkipListAsync(stop).ConfigureAwait(false);
        if (columns > 0) await SkipListAsync(stop).ConfigureAwait(false);
        return parameters == (ulong)values ? (uint)number
            : throw new ReturnerFailed($"the returner '{_login.Returner}': the server at {_login.Server} sees {parameters} places in a statement for {values} values");
    }

    private static WireBuffer Execution(uint number, string?[] values)
    {
        var nulls = new byte[(values.Length + 7) / 8];
        for (var i = 0; i < values.Length; i++)
            if (values[i] is null) nulls[i / 8] |= (byte)(1 << (i % 8));
        var message = new WireBuffer().Byte(Execute).Little32(number).Byte(0).Little32(1).Bytes(nulls).Byte(1);
        foreach (var _ in values) message.Byte(VarString).Byte(0);
        foreach (var value in values)
            if (value is not null) MySqlFields.WriteCounted(message, Encoding.UTF8.GetBytes(value));
        return message;
    }

    private async Task<IReadOnlyList<string?[]>> RowsAsync(Func<byte[], byte[], string?[]> read, CancellationToken stop)
    {
        var head = await NextAsync(stop).ConfigureAwait(false);
        if (head[0] == MySqlPackets.Ok) return [];
        var columns = new byte[(int)new MySqlFields(head).Counted()];
        for (var i = 0; i < columns.Length; i++) columns[i] = TypeOf(await NextAsync(stop).ConfigureAwait(false));
        await NextAsync(stop).ConfigureAwait(false);   // the EOF behind the columns
        var rows = new List<string?[]>();
        while (true)
        {
            var packet = await NextAsync(stop).ConfigureAwait(false);
            if (MySqlPackets.IsEnd(packet)) return rows;
            rows.Add(read(packet, columns));
        }
    }

    // Catalog, schema, table, its real name, column, its real name; 1 for a length; character set 2, width 4, type 1.
    private static byte TypeOf(byte[] definition)
    {
        var fields = new MySqlFields(definition);
        for (var i = 0; i < 6; i++) fields.SkipCounted();
        fields.Skip(7);
        return (byte)fields.Little(1);
    }

    private static string?[] PlainRow(byte[] packet, byte[] columns)
    {
        var fields = new MySqlFields(packet);
        var row = new string?[columns.Length];
        for (var i = 0; i < row.Length; i++) row[i] = fields.TextOrNull();
        return row;
    }

    // 0, a bit for each null (the first two unused), then the values that are there.
    private string?[] PreparedRow(byte[] packet, byte[] columns)
    {
        var fields = new MySqlFields(packet);
        var row = new string?[columns.Length];
        fields.Skip(1 + (row.Length + 9) / 8);
        for (var i = 0; i < row.Length; i++)
        {
            if ((packet[1 + (i + 2) / 8] & (1 << ((i + 2) % 8))) != 0) continue;
            // DECIMAL and the texts and blobs are counted texts; the others have forms of their own, and no statement here asks for them.
            row[i] = columns[i] is 0x00 or 0x0f or 0x10 or >= 0xf5 ? fields.TextOrNull()
                : columns[i] is 0x08 ? ((long)fields.Little(8)).ToString(System.Globalization.CultureInfo.InvariantCulture)
                : throw new ReturnerFailed($"the returner '{_login.Returner}': column {i + 1} at {_login.Server} has the type {columns[i]}, where a text was expected");
        }
        return row;
    }

    private async Task SkipListAsync(CancellationToken stop)
    {
        while (!MySqlPackets.IsEnd(await NextAsync(stop).ConfigureAwait(false)))
        {
            // Definitions of what we know.
        }
    }

    private async Task<byte[]> NextAsync(CancellationToken stop)
    {
        var packet = await _packets.NextAsync(stop).ConfigureAwait(false);
        return packet[0] == MySqlPackets.Error ? throw Failure(packet) : packet;
    }

    private ReturnerFailed Failure(byte[] packet)
    {
        var (code, state, message) = MySqlPackets.ReadError(packet);
        // Data that does not fit, broken rules of the table, a row larger than the server takes: this row alone.
        var isRefusal = state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) || code is 1153 or 1366;
        return new ReturnerFailed($"the returner '{_login.Returner}': the server at {_login.Server}, database '{_login.Database}', refused: {message} [{code}]", isRefusal);
    }
}
