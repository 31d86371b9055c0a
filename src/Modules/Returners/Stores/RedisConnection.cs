using System.Globalization;
using System.Text;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Modules.Returners.Wire;

namespace SaltActors.Modules.Returners.Stores;

/// <summary>A client of redis: the protocol RESP 2, one command after the other, or several at once as one transaction.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private const int LargestAnswer = 512 * 1024 * 1024;
    private readonly ServerAddress _server;
    private readonly Stream _stream;
    private readonly WireReader _reader;

    private RedisConnection(ServerAddress server, Stream stream) => (_server, _stream, _reader) = (server, stream, new WireReader(stream));

    /// <param name="database">A number, as text.</param>
    /// <exception cref="ReturnerFailed">The server cannot be reached, or does not let us in.</exception>
    internal static async Task<RedisConnection> OpenAsync(ServerAddress server, string? password, string database, CancellationToken stop)
    {
        var connection = new RedisConnection(server, await server.ConnectAsync("redis", stop).ConfigureAwait(false));
        try
        {
            if (password is not null) await connection.AskAsync(stop, "AUTH", password).ConfigureAwait(false);
            if (database != "0") await connection.AskAsync(stop, "SELECT", database).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Text, a whole number, a list of answers, or null.</summary>
    /// <exception cref="ReturnerFailed">The server answered with an error.</exception>
    internal async Task<Value> AskAsync(CancellationToken stop, params string[] command)
    {
        await SendAsync([command], stop).ConfigureAwait(false);
        return await AnswerAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Runs commands as one: all of them, or none.</summary>
    internal async Task RunAsync(IReadOnlyList<string[]> commands, CancellationToken stop)
    {
        await SendAsync([["MULTI"], .. commands, ["EXEC"]], stop).ConfigureAwait(false);
        ReturnerFailed? failure = null;
        for (var i = 0; i < commands.Count + 2; i++)
            try
            {
                await AnswerAsync(stop).ConfigureAwait(false);
            }
            catch (ReturnerFailed refused)
            {
                failure ??= refused;   // the answers behind it must be taken all the same
            }
        if (failure is not null) throw failure;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    // *count CR LF, then for each word $bytes CR LF word CR LF.
    private async Task SendAsync(IReadOnlyList<string[]> commands, CancellationToken stop)
    {
        var message = new WireBuffer();
        foreach (var command in commands)
        {
            message.Text(string.Create(CultureInfo.InvariantCulture, $"*{command.Length}\r\n"));
            foreach (var word in command)
            {
                var bytes = Encoding.UTF8.GetBytes(word);
                message.Text(string.Create(CultureInfo.InvariantCulture, $"${bytes.Length}\r\n")).Bytes(bytes).Text("\r\n");
            }
        }
        await _stream.WriteAsync(message.Written, stop).ConfigureAwait(false);
    }

    private async Task<Value> AnswerAsync(CancellationToken stop)
    {
        var line = await _reader.LineAsync(stop).ConfigureAwait(false);
        var rest = line.Length > 1 ? line[1..] : "";
        switch (line.Length > 0 ? line[0] : ' ')
        {
            case '+': return rest;
            case '-': throw new ReturnerFailed($"the returner 'redis': the server at {_server} refused: {rest}");
            case ':': return Number(rest);
            case '$':
                var length = Number(rest);
                if (length < 0) return Value.Null;
                var text = Encoding.UTF8.GetString(await _reader.BytesAsync((int)length, stop).ConfigureAwait(false));
                await _reader.BytesAsync(2, stop).ConfigureAwait(false);
                return text;
            case '*':
                var count = Number(rest);
                if (count < 0) return Value.Null;
                var items = new List<Value>();
                ReturnerFailed? failure = null;
                for (var i = 0L; i < count; i++)
                    try
                    {
                        items.Add(await AnswerAsync(stop).ConfigureAwait(false));
                    }
                    catch (ReturnerFailed refused)
                    {
                        failure ??= refused;
                    }
                return failure is null ? ListValue.From(items) : throw failure;
            default: throw Broken(line);
        }
    }

    private long Number(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number <= LargestAnswer ? number : throw Broken(text);

    private ReturnerFailed Broken(string found) => new($"the returner 'redis': the server at {_server} does not speak redis' protocol: found {PythonText.Repr(found)}");
}
