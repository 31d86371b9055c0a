using System.Text;
using SaltActors.Modules.Returners.Wire;

namespace SaltActors.Modules.Returners.Databases;

/// <summary>Packets of MySQL: three bytes of length, a number that counts up in one exchange, the content. Longer ones come in pieces of 16 MiB less one.</summary>
internal sealed class MySqlPackets(Stream stream) : IAsyncDisposable
{
    internal const byte Ok = 0, Error = 0xff, SwitchOrEnd = 0xfe, More = 1;
    private const int Piece = 0xffffff;
    private Stream _stream = stream;
    private WireReader _reader = new(stream);
    private byte _number;

    /// <summary>From now on everything goes through another stream: TLS was agreed upon.</summary>
    internal void Over(Stream secured) => (_stream, _reader) = (secured, new WireReader(secured));

    internal Stream Stream => _stream;

    /// <summary>Sends the first packet of an exchange.</summary>
    internal Task BeginAsync(WireBuffer content, CancellationToken stop)
    {
        _number = 0;
        return SendAsync(content, stop);
    }

    internal async Task SendAsync(WireBuffer content, CancellationToken stop)
    {
        var rest = content.Written;
        var message = new WireBuffer();
        int length;
        do
        {
            length = Math.Min(rest.Length, Piece);
            message.Byte((byte)length).Byte((byte)(length >> 8)).Byte((byte)(length >> 16)).Byte(_number++).Bytes(rest.Span[..length]);
            rest = rest[length..];
        }
        while (length == Piece);
        await _stream.WriteAsync(message.Written, stop).ConfigureAwait(false);
        await _stream.FlushAsync(stop).ConfigureAwait(false);
    }

    /// <exception cref="EndOfStreamException">The server has closed the connection.</exception>
    internal async Task<byte[]> NextAsync(CancellationToken stop)
    {
        var packet = Array.Empty<byte>();
        while (true)
        {
            var head = await _reader.BytesAsync(4, stop).ConfigureAwait(false);
            _number = (byte)(head[3] + 1);
            var length = head[0] | head[1] << 8 | head[2] << 16;
            var piece = await _reader.BytesAsync(length, stop).ConfigureAwait(false);
            packet = packet.Length == 0 ? piece : [.. packet, .. piece];
            if (length < Piece) return packet.Length > 0 ? packet : throw new EndOfStreamException("the server sent a packet without content");
        }
    }

    internal static bool IsEnd(byte[] packet) => packet[0] == SwitchOrEnd && packet.Length < 9;

    /// <summary>0xff, code 2, then <c>#</c> and five characters of SQLSTATE where the connection stands already, then the text.</summary>
    internal static (int Code, string State, string Message) ReadError(byte[] packet)
    {
        if (packet.Length < 3) return (0, "", "an error without words");
        var code = packet[1] | packet[2] << 8;
        var text = Encoding.UTF8.GetString(packet, 3, packet.Length - 3);
        return text.Length > 6 && text[0] == '#' ? (code, text[1..6], text[6..]) : (code, "", text);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}

/// <summary>The fields inside a packet, one after the other.</summary>
internal struct MySqlFields(byte[] packet)
{
    private const byte Nothing = 0xfb;
    private int _at;

    internal void Skip(int bytes) => _at += bytes;
    internal readonly bool IsAtEnd => _at >= packet.Length;

    internal ulong Little(int bytes)
    {
        var value = 0UL;
        for (var i = 0; i < bytes; i++) value |= (ulong)packet[_at++] << (8 * i);
        return value;
    }

    internal byte[] Bytes(int count)
    {
        var bytes = packet[_at..Math.Min(packet.Length, _at + count)];
        _at += count;
        return bytes;
    }

    internal string ZeroEnded()
    {
        var end = Array.IndexOf(packet, (byte)0, _at);
        if (end < 0) end = packet.Length;
        var text = Encoding.UTF8.GetString(packet, _at, end - _at);
        _at = end + 1;
        return text;
    }

    /// <summary>A number in one, three, four or nine bytes.</summary>
    internal ulong Counted() => packet[_at++] switch
    {
        0xfc => Little(2),
        0xfd => Little(3),
        0xfe => Little(8),
        var small => small,
    };

    internal void SkipCounted()
    {
        var length = (int)Counted();
        _at += length;
    }

    internal string? TextOrNull()
    {
        if (packet[_at] == Nothing)
        {
            _at++;
            return null;
        }
        var length = (int)Counted();
        _at += length;
        return Encoding.UTF8.GetString(packet, _at - length, length);
    }

    internal static void WriteCounted(WireBuffer message, byte[] value)
    {
        if (value.Length < Nothing) message.Byte((byte)value.Length);
        else if (value.Length <= 0xffff) message.Byte(0xfc).Byte((byte)value.Length).Byte((byte)(value.Length >> 8));
        else if (value.Length <= 0xffffff) message.Byte(0xfd).Byte((byte)value.Length).Byte((byte)(value.Length >> 8)).Byte((byte)(value.Length >> 16));
        else message.Byte(0xfe).Little32((uint)value.Length).Little32(0);
        message.Bytes(value);
    }
}
