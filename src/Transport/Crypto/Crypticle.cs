using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Crypto;

/// <summary>How opening a sealed message ended.</summary>
public enum CrypticleResult
{
    Opened,
    /// <summary>Another key sealed it, or somebody changed it.</summary>
    WrongKey,
    /// <summary>The key is right, but it does not answer the question that was asked.</summary>
    WrongNonce,
    /// <summary>The key is right, but what is inside is no value.</summary>
    Broken,
}

/// <summary>Salt's symmetric envelope: AES-192-CBC, then HMAC-SHA256 over IV and ciphertext.</summary>
/// <remarks>A key string is base64 of 56 bytes: 24 for AES, 32 for the HMAC. Safe from every thread.</remarks>
public sealed class Crypticle
{
    private const int AesBytes = 24, HmacKeyBytes = 32, IvBytes = 16, MacBytes = 32;
    /// <summary>A nonce is 32 hexadecimal digits.</summary>
    public const int NonceLength = 32;
    private static readonly byte[] Prefix = "pickle::"u8.ToArray();
    private readonly byte[] _aesKey, _hmacKey;

    private Crypticle(string keyString, byte[] key) => (KeyString, _aesKey, _hmacKey) = (keyString, key[..AesBytes], key[AesBytes..]);

    /// <exception cref="FormatException">The text is no key string.</exception>
    public Crypticle(string keyString) : this(keyString, Decode(keyString) ?? throw new FormatException("a key string is base64 of 56 bytes")) { }

    public string KeyString { get; }

    public static bool TryParse(string? keyString, [NotNullWhen(true)] out Crypticle? crypticle)
    {
        crypticle = Decode(keyString) is { } key ? new Crypticle(keyString!, key) : null;
        return crypticle is not null;
    }

    public static string NewKeyString() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(AesBytes + HmacKeyBytes));

    /// <summary>A fresh nonce: 32 lowercase hexadecimal digits.</summary>
    public static string NewNonce() => Guid.NewGuid().ToString("N");

    public byte[] Seal(Value payload, string? nonce = null)
    {
        var packed = new ArrayBufferWriter<byte>(256);
        Msgpack.Pack(packed, payload, MsgpackDialect.Wire);
        return SealPacked(packed.WrittenSpan, nonce);
    }

    /// <summary>Seals bytes that are packed already.</summary>
    public byte[] SealPacked(ReadOnlySpan<byte> packed, string? nonce = null) => SealPacked(packed, nonce, RandomNumberGenerator.GetBytes(IvBytes));

    internal byte[] SealPacked(ReadOnlySpan<byte> packed, string? nonce, ReadOnlySpan<byte> iv)
    {
        // IV, AES-CBC("pickle::" [nonce] msgpack), HMAC-SHA256 over both
        var plainLength = Prefix.Length + (nonce?.Length ?? 0) + packed.Length;
        var cipherLength = (plainLength / IvBytes + 1) * IvBytes;
        var plain = ArrayPool<byte>.Shared.Rent(plainLength);
        var message = new byte[IvBytes + cipherLength + MacBytes];
        Prefix.CopyTo(plain, 0);
        if (nonce is not null) Encoding.ASCII.GetBytes(nonce, plain.AsSpan(Prefix.Length));
        packed.CopyTo(plain.AsSpan(Prefix.Length + (nonce?.Length ?? 0)));
        iv.CopyTo(message);
        using (var aes = NewAes()) aes.EncryptCbc(plain.AsSpan(0, plainLength), iv, message.AsSpan(IvBytes));
        HMACSHA256.HashData(_hmacKey, message.AsSpan(0, IvBytes + cipherLength), message.AsSpan(IvBytes + cipherLength));
        ArrayPool<byte>.Shared.Return(plain, clearArray: true);
        return message;
    }

    /// <summary>Opens a message that carries no nonce before its value: a request, a publish.</summary>
    public CrypticleResult TryOpen(ReadOnlyMemory<byte> message, out Value payload) => TryOpen(message, null, out payload);

    /// <summary>Opens a reply, and checks that it answers the question with this nonce.</summary>
    public CrypticleResult TryOpen(ReadOnlyMemory<byte> message, string? nonce, out Value payload)
    {
        payload = Value.Null;
        if (OpenRaw(message.Span) is not { } plain) return CrypticleResult.WrongKey;
        // Something else than a value was sealed: Salt takes it for an empty map.
        if (!plain.Span.StartsWith(Prefix))
        {
            payload = MapValue.Empty;
            return CrypticleResult.Opened;
        }
        var begin = Prefix.Length;
        if (nonce is not null)
        {
            if (plain.Length < begin + NonceLength || !plain.Span.Slice(begin, NonceLength).SequenceEqual(Encoding.ASCII.GetBytes(nonce))) return CrypticleResult.WrongNonce;
            begin += NonceLength;
        }
        try
        {
            payload = Msgpack.Unpack(plain[begin..], MsgpackDialect.Wire);
            return CrypticleResult.Opened;
        }
        catch (MsgpackBroken)
        {
            return CrypticleResult.Broken;
        }
    }

    // The HMAC first, in constant time: nothing is decrypted that another key sealed.
    private ReadOnlyMemory<byte>? OpenRaw(ReadOnlySpan<byte> message)
    {
        if (message.Length < IvBytes + IvBytes + MacBytes || (message.Length - MacBytes) % IvBytes != 0) return null;
        Span<byte> mac = stackalloc byte[MacBytes];
        HMACSHA256.HashData(_hmacKey, message[..^MacBytes], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, message[^MacBytes..])) return null;
        using var aes = NewAes();
        var plain = aes.DecryptCbc(message[IvBytes..^MacBytes], message[..IvBytes], PaddingMode.None);
        var padding = plain[^1];   // Salt looks at the last byte alone; one that cannot be leaves nothing
        return padding == 0 || padding > plain.Length ? ReadOnlyMemory<byte>.Empty : plain.AsMemory(0, plain.Length - padding);
    }

    private Aes NewAes()
    {
        var aes = Aes.Create();
        aes.Key = _aesKey;
        return aes;
    }

    private static byte[]? Decode(string? keyString)
    {
        if (keyString is null || keyString.Length > 200) return null;
        var key = new byte[keyString.Length];
        return Convert.TryFromBase64String(keyString, key, out var bytes) && bytes == AesBytes + HmacKeyBytes ? key[..bytes] : null;
    }
}
