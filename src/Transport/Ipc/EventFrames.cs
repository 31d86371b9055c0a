using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using SaltActors.Core.Events;
using SaltActors.Core.Values;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Ipc;

/// <summary>
/// Events as the local sockets carry them: concatenated msgpack maps <c>{"head": {}, "body": bin}</c> without a length before them,
/// where body is the tag, two newlines and the packed data (salt/transport/frame.py, salt/utils/event.py).
/// </summary>
public static class EventFrames
{
    /// <summary>The largest frame that is read; a stream that announces a larger one is broken.</summary>
    public const int LargestFrameBytes = 64 * 1024 * 1024;
    private static readonly byte[] Head = [0x82, 0xA4, .. "head"u8, 0x80, 0xA4, .. "body"u8];

    /// <summary>The frame of an event. Data that is too large loses its largest values, as <see cref="EventSize"/> says.</summary>
    /// <param name="maxEventBytes">Salt's <c>max_event_size</c>.</param>
    public static byte[] Encode(SaltEvent @event, int maxEventBytes)
    {
        var data = EventSize.Trim(@event.Data, maxEventBytes).Packed;
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
    /// <param name="stream">What has arrived and is not read yet; afterwards without the frame.</param>
    /// <param name="event">Null where the frame was whole but held no event: an empty tag, data that is no map.</param>
    /// <param name="atLeast">Where false is returned: how many bytes there must be before the next try can succeed.</param>
    /// <returns>False where the frame is not complete yet.</returns>
    /// <exception cref="MsgpackBroken">These bytes can never become a frame, or only one larger than <see cref="LargestFrameBytes"/>.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> stream, out SaltEvent? @event, out long atLeast)
    {
        @event = null;
        if (!EventFrameScan.TryFindBody(stream, LargestFrameBytes, out var body, out var frameBytes, out atLeast)) return false;
        // Copied: the bytes belong to the stream's buffer, and a value keeps what it is made of.
        @event = ReadBody(body.ToArray());
        stream = stream.Slice(frameBytes);
        return true;
    }

    private static SaltEvent? ReadBody(ReadOnlyMemory<byte> body)
    {
        var end = body.Span.IndexOf("\n\n"u8);
        if (end <= 0) return null;
        try
        {
            return Msgpack.Unpack(body[(end + 2)..], MsgpackDialect.Local) is MapValue data
                ? new SaltEvent(Encoding.UTF8.GetString(body.Span[..end]), data)
                : null;
        }
        catch (MsgpackBroken)
        {
            // The frame around it is whole: one broken event says nothing about the next.
            return null;
        }
    }
}
