using System.Buffers;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Ipc;

/// <summary>Finds a frame's end and its body in a stream, without building anything from what a sender merely claims.</summary>
internal static class EventFrameScan
{
    /// <summary>Everything but the body: a map head, two keys, an empty map. Whoever needs more is not sending events.</summary>
    private const int AroundBodyBytes = 64 * 1024;

    /// <param name="frameBytes">The length of the whole frame.</param>
    /// <param name="atLeast">Where false is returned: the bytes that must be there before another try can succeed.</param>
    /// <exception cref="MsgpackBroken">This is no frame.</exception>
    public static bool TryFindBody(
        in ReadOnlySequence<byte> bytes, int limit, out ReadOnlySequence<byte> body, out long frameBytes, out long atLeast)
    {
        (body, frameBytes, atLeast) = (default, 0, bytes.Length + 1);
        var reader = new SequenceReader<byte>(bytes);
        long around = 0;
        if (!reader.TryRead(out var kind)) return false;
        long pairs = kind switch
        {
            >= 0x80 and <= 0x8F => kind & 0x0F,
            _ => throw new MsgpackBroken($"an event frame starts with a small msgpack map (0x80 to 0x8f), found 0x{kind:x2}"),
        };
        var found = false;
        for (; pairs > 0; pairs--)
        {
            if (!TryReadBlob(ref reader, limit, "a key", out var key, out atLeast)) return Incomplete(bytes, ref atLeast);
            if (key.Length == 4 && IsBody(key))
            {
                around += key.Length;
                if (!TryReadBlob(ref reader, limit, "the body", out body, out atLeast)) return Incomplete(bytes, ref atLeast);
                found = true;
                continue;
            }
            var before = reader.Consumed;
            var whole = TrySkip(ref reader);
            around += reader.Consumed - before + key.Length;
            if (around > AroundBodyBytes)
                throw new MsgpackBroken($"an event frame has more than {AroundBodyBytes} bytes beside its body");
            if (!whole)
            {
                atLeast = bytes.Length + 1;
                return false;
            }
        }
        if (!found) throw new MsgpackBroken("an event frame has a key 'body', found none");
        frameBytes = reader.Consumed;
        return true;
    }

    private static bool Incomplete(in ReadOnlySequence<byte> bytes, ref long atLeast)
    {
        atLeast = Math.Max(atLeast, bytes.Length + 1);
        return false;
    }

    private static bool IsBody(in ReadOnlySequence<byte> key)
    {
        Span<byte> name = stackalloc byte[4];
        key.CopyTo(name);
        return name.SequenceEqual("body"u8);
    }

    /// <summary>Text or bytes of any length class.</summary>
    private static bool TryReadBlob(ref SequenceReader<byte> reader, int limit, string what, out ReadOnlySequence<byte> blob, out long atLeast)
    {
        (blob, atLeast) = (default, 0);
        if (!reader.TryRead(out var kind)) return false;
        long length;
        switch (kind)
        {
            case >= 0xA0 and <= 0xBF: length = kind & 0x1F; break;
            case 0xC4 or 0xD9: if (!TryReadLength(ref reader, 1, out length)) return false; break;
            case 0xC5 or 0xDA: if (!TryReadLength(ref reader, 2, out length)) return false; break;
            case 0xC6 or 0xDB: if (!TryReadLength(ref reader, 4, out length)) return false; break;
            default: throw new MsgpackBroken($"{what} of an event frame is text or bytes, found msgpack type 0x{kind:x2}");
        }
        if (reader.Consumed + length > limit)
            throw new MsgpackBroken($"an event frame announces {length} bytes for {what}, at most {limit} are taken");
        if (reader.Remaining < length)
        {
            atLeast = reader.Consumed + length;
            return false;
        }
        blob = reader.UnreadSequence.Slice(0, length);
        reader.Advance(length);
        return true;
    }

    private static bool TryReadLength(ref SequenceReader<byte> reader, int size, out long length)
    {
        length = 0;
        for (; size > 0; size--)
        {
            if (!reader.TryRead(out var part)) return false;
            length = (length << 8) | part;
        }
        return true;
    }

    /// <summary>Steps over one value of any kind. Nesting is a count, so no depth can exhaust the stack.</summary>
    /// <returns>False where the value is not complete.</returns>
    private static bool TrySkip(ref SequenceReader<byte> reader)
    {
        for (long values = 1; values > 0; values--)
        {
            if (!reader.TryRead(out var kind)) return false;
            // How many bytes follow the type byte, how many of them are a length, and how many values hang below.
            var (lengthBytes, payload, perItem) = kind switch
            {
                <= 0x7F or >= 0xE0 or 0xC0 or 0xC2 or 0xC3 => (0, 0, 0),
                >= 0x80 and <= 0x8F => (0, 0, 0),
                >= 0x90 and <= 0x9F => (0, 0, 0),
                >= 0xA0 and <= 0xBF => (0, kind & 0x1F, 0),
                0xC4 or 0xD9 => (1, 0, 0),
                0xC5 or 0xDA => (2, 0, 0),
                0xC6 or 0xDB => (4, 0, 0),
                0xC7 => (1, 1, 0),
                0xC8 => (2, 1, 0),
                0xC9 => (4, 1, 0),
                0xCC or 0xD0 => (0, 1, 0),
                0xCD or 0xD1 => (0, 2, 0),
                0xCA or 0xCE or 0xD2 => (0, 4, 0),
                0xCB or 0xCF or 0xD3 => (0, 8, 0),
                >= 0xD4 and <= 0xD8 => (0, 1 + (1 << (kind - 0xD4)), 0),
                0xDC => (2, 0, 1),
                0xDD => (4, 0, 1),
                0xDE => (2, 0, 2),
                0xDF => (4, 0, 2),
                _ => throw new MsgpackBroken($"an event frame holds the byte 0x{kind:x2}, which is no msgpack type"),
            };
            if (kind is >= 0x80 and <= 0x8F) values += 2 * (kind & 0x0F);
            if (kind is >= 0x90 and <= 0x9F) values += kind & 0x0F;
            if (!TryReadLength(ref reader, lengthBytes, out var length)) return false;
            if (perItem > 0)
            {
                values += length * perItem;
                continue;
            }
            if (reader.Remaining < length + payload)
            {
                reader.AdvanceToEnd();
                return false;
            }
            reader.Advance(length + payload);
        }
        return true;
    }
}
