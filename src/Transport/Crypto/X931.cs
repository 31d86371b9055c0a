using System.Numerics;
using System.Security.Cryptography;

namespace SaltActors.Transport.Crypto;

/// <summary>The raw "private encrypt" that Salt's tokens and key digests use: RSA with X9.31 padding, as OpenSSL's padding mode 5.</summary>
/// <remarks>
/// Block for a message M in a modulus of L bytes, j = L − |M| − 2: <c>6A</c> where j is 0, otherwise <c>6B</c>, (j−1) × <c>BB</c>, <c>BA</c>; then M; then <c>CC</c>.
/// The smaller of s and n − s is sent, so there are two candidates when it is undone.
/// </remarks>
internal static class X931
{
    private const byte Short = 0x6A, Long = 0x6B, Fill = 0xBB, FillEnd = 0xBA, Trailer = 0xCC;

    /// <summary>Signs with the private key's CRT parameters, which is four times as fast as one exponentiation.</summary>
    internal static byte[] Sign(ReadOnlySpan<byte> message, PrivateParts key)
    {
        var block = Read(Pad(message, key.Bytes));
        var (m1, m2) = (BigInteger.ModPow(block, key.Dp, key.P), BigInteger.ModPow(block, key.Dq, key.Q));
        var h = Modulo(key.InverseQ * (m1 - m2), key.P);
        return Smaller(m2 + h * key.Q, key.N, key.Bytes);
    }

    /// <summary>What is sent of a block that was raised to the private exponent.</summary>
    internal static byte[] Smaller(BigInteger s, BigInteger n, int bytes) => Write(BigInteger.Min(s, n - s), bytes);

    /// <summary>The message that was signed, or null where this key did not sign it.</summary>
    internal static byte[]? Recover(ReadOnlySpan<byte> signature, BigInteger n, BigInteger e, int bytes)
    {
        if (signature.Length != bytes) return null;
        var s = Read(signature);
        if (s >= n) return null;
        var v = BigInteger.ModPow(s, e, n);
        if ((int)(v % 16) != 0xC) v = n - v;
        return Unpad(Write(v, bytes));
    }

    internal static byte[] Pad(ReadOnlySpan<byte> message, int bytes)
    {
        var fill = bytes - message.Length - 2;
        if (fill < 0) throw new CryptographicException($"{message.Length} bytes do not fit a key of {bytes} bytes");
        var block = new byte[bytes];
        block[0] = fill == 0 ? Short : Long;
        if (fill > 0)
        {
            block.AsSpan(1, fill - 1).Fill(Fill);
            block[fill] = FillEnd;
        }
        message.CopyTo(block.AsSpan(fill + 1));
        block[^1] = Trailer;
        return block;
    }

    private static byte[]? Unpad(byte[] block)
    {
        if (block[^1] != Trailer) return null;
        if (block[0] == Short) return block[1..^1];
        if (block[0] != Long) return null;
        var end = 1;
        while (end < block.Length && block[end] == Fill) end++;
        return end < block.Length - 1 && block[end] == FillEnd ? block[(end + 1)..^1] : null;
    }

    internal static BigInteger Read(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Write(BigInteger number, int bytes)
    {
        var written = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        if (written.Length == bytes) return written;
        var padded = new byte[bytes];
        written.CopyTo(padded.AsSpan(bytes - written.Length));
        return padded;
    }

    private static BigInteger Modulo(BigInteger a, BigInteger m)
    {
        var r = a % m;
        return r.Sign < 0 ? r + m : r;
    }
}

/// <summary>A private key's numbers, read once.</summary>
internal sealed record PrivateParts(BigInteger N, BigInteger P, BigInteger Q, BigInteger Dp, BigInteger Dq, BigInteger InverseQ, int Bytes)
{
    internal static PrivateParts From(RSAParameters p) => new(
        X931.Read(p.Modulus), X931.Read(p.P), X931.Read(p.Q), X931.Read(p.DP), X931.Read(p.DQ), X931.Read(p.InverseQ), p.Modulus!.Length);
}
