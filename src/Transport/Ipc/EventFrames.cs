using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using SaltActors.Core.Events;
using SaltActors.Core.Values;

namespace SaltActors.Transport.Ipc;

/// <summary>A byte stream on an event socket is no sequence of event frames any more; its connection is to be closed.</summary>
public sealed class EventStreamBroken(string message) : Exception(message);

/// <summary>
/// Events as the local sockets carry them: concatenated msgpack maps <c>{"head": {}, "body": bin}</c> without a length before them,
/// where body is the tag, two newlines and the packed data (salt/transport/frame.py, salt/utils/event.py).
/// </summary>
/// <param name="pack">Writes data as msgpack with bin types.</param>
/// <param name="unpack">Reads one msgpack value, text as UTF-8; may throw on malformed bytes.</param>
public sealed class EventFrames(Func<MapValue, byte[]> pack, Func<ReadOnlyMemory<byte>, Value> unpack)
{
    private static readonly byte[] Head = [0x82, 0xA4, .. "head"u8, 0x80, 0xA4, .. "body"u8];

    /// <summary>Larger data loses its largest values before it is sent: Salt's <c>max_event_size</c>, in bytes as Python counts them.</summary>
    public int MaxEventSize { get; init; } = 1_048_576;

    /// <summary>The largest frame that is read; a stream that announces a larger one is broken.</summary>
    public int FrameBytes { get; init; } = PortLimits.Default.FrameBytes;

    /// <summary>The frame of an event, its data trimmed to <see cref="MaxEventSize"/>.</summary>
    public byte[] Encode(SaltEvent @event)
    {
        var data = EventSize.Trim(@event.Data, MaxEventSize, pack).Packed;
        var tagBytes = Encoding.UTF8.GetByteCount(@event.Tag);
        var bodyBytes = tagBytes + 2 + data.Length;
        var lengthBytes = bodyBytes <= byte.MaxValue ? 1 : bodyBytes <= ushort.MaxValue ? 2 : 4;
        var frame = new byte[Head.Length + 1 + lengthBytes + bodyBytes];
        Head.CopyTo(frame, 0);
        var at = frame.AsSpan(Head.Length);
        // bin 8, bin 16 or bin 32, whichever is the shortest.
        switch (lengthBytes)
        {
            case 1: (at[0], at[1]) = (0xC4, (byte)bodyBytes); break;
            case 2: at[0] = 0xC5; BinaryPrimitives.WriteUInt16BigEndian(at[1..], (ushort)bodyBytes); break;
            default: at[0] = 0xC6; BinaryPrimitives.WriteUInt32BigEndian(at[1..], (uint)bodyBytes); break;
        }
        at = at[(1 + lengthBytes)..];
        Encoding.UTF8.GetBytes(@event.Tag, at);
        "\n\n"u8.CopyTo(at[tagBytes..]);
        data.CopyTo(at[(tagBytes + 2)..]);
        return frame;
    }

    /// <summary>Cuts the first frame off a stream's bytes.</summary>
    /// <param name="bytes">What has arrived and is not read yet; afterwards without the frame.</param>
    /// <param name="event">The event; null where the frame holds none: an empty tag, data that is no map.</param>
    /// <param name="atLeast">Where false is returned: how many bytes there must be before the next try can succeed.</param>
    /// <returns>False where the frame is not complete yet.</returns>
    /// <exception cref="EventStreamBroken">These bytes can never become a frame, or only one larger than <see cref="FrameBytes"/>.</exception>
    public bool TryDecode(ref ReadOnlySequence<byte> bytes, out SaltEvent? @event, out long atLeast)
    {
        @event = null;
        if (!EventFrameScan.TryFindBody(bytes, FrameBytes, out var body, out var frameBytes, out atLeast)) return false;
        @event = ReadBody(body.IsSingleSegment ? body.First : body.ToArray());
        bytes = bytes.Slice(frameBytes);
        return true;
    }

    private SaltEvent? ReadBody(ReadOnlyMemory<byte> body)
    {
        var end = body.Span.IndexOf("\n\n"u8);
        if (end <= 0) return null;
        try
        {
            // The bytes belong to the stream's buffer, and a value may keep what it is made of.
            return unpack(body[(end + 2)..].ToArray()) is MapValue data ? new SaltEvent(Encoding.UTF8.GetString(body.Span[..end]), data) : null;
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            // The frame around it is whole, so the stream goes on; the caller counts it as refused.
            return null;
        }
    }
}
