using System.Text;

namespace SaltActors.Modules.Returners.Wire;

/// <summary>Reads from a server through one small buffer.</summary>
internal sealed class WireReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[8192];
    private int _at, _end;

    /// <exception cref="EndOfStreamException">The server has closed the connection.</exception>
    internal async ValueTask<byte[]> BytesAsync(int count, CancellationToken stop)
    {
        var bytes = new byte[count];
        var taken = Math.Min(count, _end - _at);
        _buffer.AsSpan(_at, taken).CopyTo(bytes);
        _at += taken;
        while (taken < count)
        {
            if (count - taken >= _buffer.Length)
            {
                var read = await stream.ReadAsync(bytes.AsMemory(taken), stop).ConfigureAwait(false);
                taken += read > 0 ? read : throw Closed();
                continue;
            }
            await FillAsync(stop).ConfigureAwait(false);
            var some = Math.Min(count - taken, _end);
            _buffer.AsSpan(0, some).CopyTo(bytes.AsSpan(taken));
            (_at, taken) = (some, taken + some);
        }
        return bytes;
    }

    internal async ValueTask<byte> ByteAsync(CancellationToken stop)
    {
        if (_at == _end) await FillAsync(stop).ConfigureAwait(false);
        return _buffer[_at++];
    }

    /// <summary>Text to the next CR LF, which is not part of it.</summary>
    internal async ValueTask<string> LineAsync(CancellationToken stop)
    {
        var line = new List<byte>(64);
        while (true)
        {
            var next = await ByteAsync(stop).ConfigureAwait(false);
            if (next == '\n' && line.Count > 0 && line[^1] == '\r') return Encoding.UTF8.GetString([.. line[..^1]]);
            line.Add(next);
        }
    }

    private async ValueTask FillAsync(CancellationToken stop)
    {
        (_at, _end) = (0, await stream.ReadAsync(_buffer, stop).ConfigureAwait(false));
        if (_end == 0) throw Closed();
    }

    private static EndOfStreamException Closed() => new("the server closed the connection");
}
