using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Hashing;

/// <summary>Values as bytes to hash, and back.</summary>
internal static class HashInput
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <exception cref="NamedError">It is neither text nor bytes; Python's <c>TypeError</c>.</exception>
    public static byte[] Bytes(Value value) => value switch
    {
        TextValue text => Encoding.UTF8.GetBytes(text.Text),
        BytesValue bytes => bytes.Bytes.ToArray(),
        _ => throw new NamedError("TypeError", $"expected str, bytes, or bytearray not <class '{value.KindName}'>"),
    };

    /// <summary>The digest in hexadecimal, or null where the algorithm is not known.</summary>
    public static string? Hex(string algorithm, byte[] bytes) => algorithm.ToLowerInvariant() switch
    {
        "md5" => Convert.ToHexStringLower(MD5.HashData(bytes)),
        "sha1" => Convert.ToHexStringLower(SHA1.HashData(bytes)),
        "sha256" => Convert.ToHexStringLower(SHA256.HashData(bytes)),
        "sha384" => Convert.ToHexStringLower(SHA384.HashData(bytes)),
        "sha512" => Convert.ToHexStringLower(SHA512.HashData(bytes)),
        "sha3_256" when SHA3_256.IsSupported => Convert.ToHexStringLower(SHA3_256.HashData(bytes)),
        "sha3_384" when SHA3_384.IsSupported => Convert.ToHexStringLower(SHA3_384.HashData(bytes)),
        "sha3_512" when SHA3_512.IsSupported => Convert.ToHexStringLower(SHA3_512.HashData(bytes)),
        _ => null,
    };

    /// <summary>Text where the bytes are UTF-8, else the bytes.</summary>
    public static Value Text(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return bytes;
        }
    }

    /// <summary>Letters that are none of base64 are skipped, as Python does.</summary>
    /// <exception cref="NamedError">The letters do not fill whole groups of four.</exception>
    public static byte[] FromBase64(Value value)
    {
        var given = Encoding.UTF8.GetString(Bytes(value));
        var letters = string.Concat(given.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/'));
        if (letters.Length % 4 == 1)
            throw new NamedError("Error", $"Invalid base64-encoded string: number of data characters ({letters.Length}) cannot be 1 more than a multiple of 4");
        var padding = (4 - letters.Length % 4) % 4;
        return given.Count(c => c == '=') >= padding ? Convert.FromBase64String(letters + new string('=', padding)) : throw new NamedError("Error", "Incorrect padding");
    }
}
