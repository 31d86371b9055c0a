using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Returners;
using SaltActors.Modules.Returners.Wire;

namespace SaltActors.Modules.Returners.Databases;

/// <summary>How to sign in to PostgreSQL. <paramref name="SslMode"/> is one of libpq's words.</summary>
internal sealed record PostgresLogin(string Returner, ServerAddress Server, string User, string Password, string Database, string SslMode, TlsSettings Tls);

/// <summary>A client of PostgreSQL's own protocol, version 3.0: sign-in by password, MD5 or SCRAM-SHA-256, TLS, one statement at a time.</summary>
/// <remarks>Small on purpose: every minion carries it. The messages are those of PostgreSQL's documentation, "Frontend/Backend Protocol".</remarks>
internal sealed class PostgresConnection : ISqlConnection
{
    private const int ProtocolVersion = 196608, TlsRequest = 80877103, LargestMessage = 1024 * 1024 * 1024;
    private const int Ok = 0, ClearText = 3, Md5 = 5, Sasl = 10, SaslContinue = 11, SaslFinal = 12;

    private readonly PostgresLogin _login;
    private readonly Stream _stream;
    private readonly WireReader _reader;

    private PostgresConnection(PostgresLogin login, Stream stream) => (_login, _stream, _reader) = (login, stream, new WireReader(stream));

    /// <exception cref="ReturnerFailed">The server cannot be reached, or does not let us in.</exception>
    internal static async Task<PostgresConnection> OpenAsync(PostgresLogin login, CancellationToken stop)
    {
        var stream = await login.Server.ConnectAsync(login.Returner, stop).ConfigureAwait(false);
        try
        {
            if (!login.Server.IsLocalSocket) stream = await SecureAsync(login, stream, stop).ConfigureAwait(false);
            var connection = new PostgresConnection(login, stream);
            await connection.SignInAsync(stop).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<IReadOnlyList<string?[]>> RunAsync(string statement, string?[] values, CancellationToken stop)
    {
        var message = new WireBuffer();
        Add(message, 'P', body => body.ZeroEnded("").ZeroEnded(statement).Big16(0));
        Add(message, 'B', body =>
        {
            body.ZeroEnded("").ZeroEnded("").Big16(0).Big16(values.Length);
            foreach (var value in values)
                if (value is null) body.Big32(-1);
                else
                {
                    var bytes = Encoding.UTF8.GetBytes(value);
                    body.Big32(bytes.Length).Bytes(bytes);
                }
            body.Big16(0);
        });
        Add(message, 'E', body => body.ZeroEnded("").Big32(0));
        Add(message, 'S', _ => { });
        await SendAsync(message, stop).ConfigureAwait(false);

        var rows = new List<string?[]>();
        ReturnerFailed? failure = null;
        while (true)
        {
            var (kind, body) = await NextAsync(stop).ConfigureAwait(false);
            switch (kind)
            {
                case 'D': rows.Add(Row(body)); break;
                case 'E': failure ??= Failure(body); break;
                case 'Z': return failure is null ? rows : throw failure;
                default: break;   // confirmations, notices, changed settings
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            var goodbye = new WireBuffer();
            Add(goodbye, 'X', _ => { });
            await _stream.WriteAsync(goodbye.Written).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException)
        {
            // The server is gone already; it needs no goodbye.
        }
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<Stream> SecureAsync(PostgresLogin login, Stream stream, CancellationToken stop)
    {
        if (login.SslMode is "disable" or "allow") return stream;
        await stream.WriteAsync(new WireBuffer().Big32(8).Big32(TlsRequest).Written, stop).ConfigureAwait(false);
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer, stop).ConfigureAwait(false);
        if (answer[0] == 'S') return await TlsChannel.OverAsync(stream, login.Returner, login.Server, login.Tls, stop).ConfigureAwait(false);
        return login.SslMode == "prefer" ? stream
            : throw new ReturnerFailed($"the returner '{login.Returner}': the server at {login.Server} has no TLS, and sslmode is '{login.SslMode}'");
    }

    private async Task SignInAsync(CancellationToken stop)
    {
        var body = new WireBuffer().Big32(ProtocolVersion)
            .ZeroEnded("user").ZeroEnded(_login.User).ZeroEnded("database").ZeroEnded(_login.Database)
            .ZeroEnded("client_encoding").ZeroEnded("UTF8").ZeroEnded("application_name").ZeroEnded("salt").Byte(0);
        await SendAsync(new WireBuffer().Big32(body.Count + 4).Bytes(body.Written.Span), stop).ConfigureAwait(false);
        ScramClient? scram = null;
        while (true)
        {
            var (kind, message) = await NextAsync(stop).ConfigureAwait(false);
            if (kind == 'E') throw Failure(message);
            if (kind == 'Z') return;
            if (kind != 'R') continue;
            switch (BinaryPrimitives.ReadInt32BigEndian(message))
            {
                case Ok: break;
                case ClearText: await SayAsync(body => body.ZeroEnded(_login.Password), stop).ConfigureAwait(false); break;
                case Md5:
                    var inner = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(_login.Password + _login.User)));
                    var outer = MD5.HashData([.. Encoding.ASCII.GetBytes(inner), .. message.AsSpan(4, 4)]);
                    await SayAsync(body => body.ZeroEnded("md5" + Convert.ToHexStringLower(outer)), stop).ConfigureAwait(false);
                    break;
                case Sasl:
                    var offered = Encoding.ASCII.GetString(message, 4, message.Length - 4).Split('\0', StringSplitOptions.RemoveEmptyEntries);
                    if (!offered.Contains(ScramClient.Mechanism)) throw Refused($"it wants to sign in by {string.Join(" or ", offered)}, where {ScramClient.Mechanism} was expected");
                    scram = new ScramClient(_login.Password);
                    var first = Encoding.UTF8.GetBytes(scram.First());
                    await SayAsync(body => body.ZeroEnded(ScramClient.Mechanism).Big32(first.Length).Bytes(first), stop).ConfigureAwait(false);
                    break;
                case SaslContinue when scram is not null:
                    var proof = scram.Proof(Encoding.UTF8.GetString(message, 4, message.Length - 4)) ?? throw Refused("its SCRAM challenge is broken");
                    await SayAsync(body => body.Text(proof), stop).ConfigureAwait(false);
                    break;
                case SaslFinal when scram is not null:
                    if (!scram.IsServerProven(Encoding.UTF8.GetString(message, 4, message.Length - 4))) throw Refused("it does not know the password either: somebody else answers in its place");
                    break;
                case var other: throw Refused($"it wants to sign in in a way that is not known here ({other}); password, md5 and scram-sha-256 are");
            }
        }
    }

    private Task SayAsync(Action<WireBuffer> write, CancellationToken stop)
    {
        var message = new WireBuffer();
        Add(message, 'p', write);
        return SendAsync(message, stop);
    }

    private async Task SendAsync(WireBuffer message, CancellationToken stop)
    {
        await _stream.WriteAsync(message.Written, stop).ConfigureAwait(false);
        await _stream.FlushAsync(stop).ConfigureAwait(false);
    }

    // Byte1 kind, Int32 length with itself, the body.
    private static void Add(WireBuffer message, char kind, Action<WireBuffer> write)
    {
        var body = new WireBuffer();
        write(body);
        message.Byte((byte)kind).Big32(body.Count + 4).Bytes(body.Written.Span);
    }

    private async Task<(char Kind, byte[] Body)> NextAsync(CancellationToken stop)
    {
        var kind = (char)await _reader.ByteAsync(stop).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadInt32BigEndian(await _reader.BytesAsync(4, stop).ConfigureAwait(false)) - 4;
        if (length is < 0 or > LargestMessage) throw Refused("it does not speak PostgreSQL's protocol");
        return (kind, await _reader.BytesAsync(length, stop).ConfigureAwait(false));
    }

    private static string?[] Row(byte[] body)
    {
        var row = new string?[BinaryPrimitives.ReadInt16BigEndian(body)];
        var at = 2;
        for (var i = 0; i < row.Length; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at));
            at += 4;
            if (length < 0) continue;
            row[i] = Encoding.UTF8.GetString(body, at, length);
            at += length;
        }
        return row;
    }

    // Fields: a letter, the text, a zero byte. M is the message, C the SQLSTATE, D the detail.
    private ReturnerFailed Failure(byte[] body)
    {
        var fields = Encoding.UTF8.GetString(body).Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(f => f.Length > 1).ToLookup(f => f[0], f => f[1..]);
        var (code, detail) = (fields['C'].FirstOrDefault() ?? "", fields['D'].FirstOrDefault());
        // Data that does not fit, broken rules of the table: this row alone. What is missing or forbidden would meet every row.
        var isRefusal = code.StartsWith("22", StringComparison.Ordinal) || code.StartsWith("23", StringComparison.Ordinal);
        return new ReturnerFailed($"the returner '{_login.Returner}': PostgreSQL at {_login.Server}, database '{_login.Database}', refused: {fields['M'].FirstOrDefault()}{(detail is null ? "" : $" ({detail})")} [{code}]", isRefusal);
    }

    private ReturnerFailed Refused(string why) => new($"the returner '{_login.Returner}' cannot sign in to {_login.Server}: {why}");
}
