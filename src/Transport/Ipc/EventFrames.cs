using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using SaltActors.Core.Events;
using SaltActors.Core.Values;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Ipc;

/// <summary>Events as the local sockets carry them: msgpack maps <c>{head: {}, body: bin}</c> one after the other, the body a tag, two newlines and a map.</summary>
public static class EventFrames
{
    private static readonly byte[] TagEnd = "\n\n"u8.ToArray();

    /// <summary>One frame. Data that is too large is trimmed as Salt trims it.</summary>
    /// <param name="maxEventBytes">Salt's <c>max_event_size</c>.</param>
    public static byte[] Encode(SaltEvent @event, int maxEventBytes)
    {
        var body = new ArrayBufferWriter<byte>(512);
        Encoding.UTF8.GetBytes(@event.Tag, body);
        body.Write(TagEnd);
        var packed = Msgpack.Pack(@event.Data, MsgpackDialect.Local);
        body.Write(EventTrimming.Fits(packed.Length, maxEventBytes) ? packed : Msgpack.Pack(EventTrimming.Trim(@event.Data, maxEventBytes), MsgpackDialect.Local));
        return Msgpack.Pack(MapValue.Of(("head", MapValue.Empty), ("body", new BytesValue(body.WrittenMemory))), MsgpackDialect.Local);
    }

    /// <summary>Takes the first whole frame of a stream. False where more bytes are needed.</summary>
    /// <param name="event">Null where the frame was whole but held no event.</param>
    /// <exception cref="MsgpackBroken">The stream can no longer be read.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> stream, out SaltEvent? @event)
    {
        @event = null;
        if (!Msgpack.TryUnpackFirst(stream, MsgpackDialect.Local, out var frame, out var consumed)) return false;
        stream = stream.Slice(consumed);
        if (frame is not MapValue map || MsgpackBytes.BytesOf(map.Get("body")) is not { } body) throw new MsgpackBroken("a frame without a body");
        TryReadBody(body, out @event);
        return true;
    }

    /// <summary>Reads a body: split at the first double newline, the tag not empty, the data a map.</summary>
    public static bool TryReadBody(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out SaltEvent? @event)
    {
        @event = null;
        var end = body.Span.IndexOf(TagEnd);
        if (end <= 0) return false;
        try
        {
            if (Msgpack.Unpack(body[(end + TagEnd.Length)..], MsgpackDialect.Local) is not MapValue data) return false;
            @event = new SaltEvent(Encoding.UTF8.GetString(body.Span[..end]), data);
            return true;
        }
        catch (MsgpackBroken)
        {
            return false;   // one broken event says nothing about the next
        }
    }
}
