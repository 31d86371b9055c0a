using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Identity;

/// <summary>The grain <c>server_id</c>: a number from the minion id, as MySQL replication wants one.</summary>
/// <remarks>
/// Salt takes Python's text hash with the seed 0, modulo 2^31. On CPython 3.11 and later that is SipHash-1-3 with a zero key over
/// the text as Python holds it: one byte a character up to U+00FF, two up to U+FFFF, else four.
/// </remarks>
public static class ServerId
{
    /// <param name="crc">The option <c>server_id_use_crc</c>: <c>crc32</c> or <c>adler32</c>; anything else true means <c>adler32</c>.</param>
    public static long Of(string id, Value? crc) => crc is { IsTruthy: true }
        ? crc.AsText() == "crc32" ? Crc32(Encoding.UTF8.GetBytes(id)) : Adler32(Encoding.UTF8.GetBytes(id))
        : TextHash(id) & 0x7FFF_FFFF;

    /// <summary>Python's <c>hash(text)</c> where <c>PYTHONHASHSEED=0</c>.</summary>
    public static long TextHash(string text)
    {
        if (text.Length == 0) return 0;
        var hash = (long)SipHash13(PythonBytes(text));
        return hash == -1 ? -2 : hash;
    }

    private static byte[] PythonBytes(string text)
    {
        var widest = text.EnumerateRunes().Max(r => r.Value);
        if (widest <= 0xFF) return Encoding.Latin1.GetBytes(text);
        return widest <= 0xFFFF ? Encoding.Unicode.GetBytes(text) : Encoding.UTF32.GetBytes(text);
    }

    private static ulong SipHash13(ReadOnlySpan<byte> bytes)
    {
        // The initial state is "somepseudorandomlygeneratedbytes", which a zero key leaves as it is.
        ulong v0 = 0x736f6d6570736575, v1 = 0x646f72616e646f6d, v2 = 0x6c7967656e657261, v3 = 0x7465646279746573;
        var last = (ulong)bytes.Length << 56;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            v3 ^= word;
            Round();
            v0 ^= word;
        }
        for (var i = 0; i < bytes.Length; i++) last |= (ulong)bytes[i] << (8 * i);
        v3 ^= last;
        Round();
        v0 ^= last;
        v2 ^= 0xff;
        Round();
        Round();
        Round();
        return v0 ^ v1 ^ v2 ^ v3;

        void Round()
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }

    private static long Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFF_FFFFu;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB8_8320u;
        }
        return ~crc;
    }

    private static long Adler32(ReadOnlySpan<byte> bytes)
    {
        uint low = 1, high = 0;
        foreach (var b in bytes)
        {
            low = (low + b) % 65521;
            high = (high + low) % 65521;
        }
        return (high << 16) | low;
    }
}
