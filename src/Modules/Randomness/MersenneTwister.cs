using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace SaltActors.Modules.Randomness;

/// <summary>Python's <c>random.Random(seed)</c>: the same seed gives the same numbers as there, so that every minion keeps its place in time tables.</summary>
/// <remarks>MT19937 of Matsumoto and Nishimura, seeded by array as CPython does. Not for secrets.</remarks>
internal sealed class MersenneTwister
{
    private const int Size = 624, Middle = 397;
    private readonly uint[] _state = new uint[Size];
    private int _place = Size;

    /// <param name="seed">A whole number: its absolute value counts.</param>
    public MersenneTwister(BigInteger seed)
    {
        var bytes = BigInteger.Abs(seed).ToByteArray(isUnsigned: true);
        var key = new uint[Math.Max(1, (bytes.Length + 3) / 4)];
        for (var i = 0; i < bytes.Length; i++) key[i / 4] |= (uint)bytes[i] << (i % 4 * 8);
        SeedBy(key);
    }

    /// <param name="seed">Text: its bytes with their SHA-512 behind them are the number.</param>
    public MersenneTwister(string seed) : this(NumberOf(seed)) { }

    private static BigInteger NumberOf(string seed)
    {
        var bytes = Encoding.UTF8.GetBytes(seed);
        return new([.. bytes, .. SHA512.HashData(bytes)], isUnsigned: true, isBigEndian: true);
    }

    /// <summary>A number from 0 up to, but without, the limit.</summary>
    public BigInteger Below(BigInteger limit)
    {
        if (limit <= 0) return 0;
        var bits = (int)limit.GetBitLength();
        BigInteger number;
        do number = Bits(bits);
        while (number >= limit);
        return number;
    }

    private BigInteger Bits(int count)
    {
        BigInteger number = 0;
        for (var shift = 0; count > 0; shift += 32, count -= 32)
        {
            var word = Next();
            if (count < 32) word >>= 32 - count;
            number |= (BigInteger)word << shift;
        }
        return number;
    }

    private uint Next()
    {
        if (_place == Size) Twist();
        var y = _state[_place++];
        y ^= y >> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >> 18;
    }

    private void Twist()
    {
        for (var i = 0; i < Size; i++)
        {
            var y = (_state[i] & 0x80000000) | (_state[(i + 1) % Size] & 0x7fffffff);
            _state[i] = _state[(i + Middle) % Size] ^ y >> 1 ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        _place = 0;
    }

    private void SeedBy(uint[] key)
    {
        _state[0] = 19650218;
        for (uint i = 1; i < Size; i++) _state[i] = 1812433253 * (_state[i - 1] ^ _state[i - 1] >> 30) + i;
        var (at, k) = (1, 0);
        for (var n = Math.Max(Size, key.Length); n > 0; n--)
        {
            _state[at] = (_state[at] ^ (_state[at - 1] ^ _state[at - 1] >> 30) * 1664525) + key[k] + (uint)k;
            Step();
            k = (k + 1) % key.Length;
        }
        for (var n = Size - 1; n > 0; n--)
        {
            _state[at] = (_state[at] ^ (_state[at - 1] ^ _state[at - 1] >> 30) * 1566083941) - (uint)at;
            Step();
        }
        _state[0] = 0x80000000;

        void Step()
        {
            if (++at < Size) return;
            _state[0] = _state[Size - 1];
            at = 1;
        }
    }
}
