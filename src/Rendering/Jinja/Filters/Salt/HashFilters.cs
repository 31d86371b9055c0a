using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Filters.Salt;

/// <summary>Salt's digests, codes and random words. Salt: salt/utils/hashutils.py.</summary>
internal static class HashFilters
{
    private static readonly Native Random = new("rand_str", "size? hash_type?", static (run, s, a) => RandomDigest(run, s.Whole is { } most ? (double)most : 9_999_999_999, a.MaybeText(1) ?? a.MaybeText(0) ?? "md5"));

    internal static readonly Native[] All =
    [
        new("md5", "", static (_, s, _) => Hex("md5", Bytes(s))),
        new("sha1", "", static (_, s, _) => Hex("sha1", Bytes(s))),
        new("sha256", "", static (_, s, _) => Hex("sha256", Bytes(s))),
        new("sha512", "", static (_, s, _) => Hex("sha512", Bytes(s))),
        new("base64_encode", "", static (_, s, _) => TextObj.Of(Convert.ToBase64String(Bytes(s)))),
        new("base64_decode", "", static (_, s, _) => Decode(Bytes(s))),
        new("hmac", "shared_secret challenge_hmac", static (_, s, a) =>
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Convert.ToBase64String(HMACSHA256.HashData(Bytes(a[0]!), Bytes(s)))), Bytes(a[1]!))),
        new("hmac_compute", "shared_secret", static (_, s, a) => TextObj.Of(Convert.ToHexStringLower(HMACSHA256.HashData(Bytes(a[0]!), Bytes(s))))),
        Random, Random.As("random_hash"),
        new("random_str", "length?", static (_, s, a) => TextObj.Of(RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", Math.Clamp(a.MaybeInt(0) ?? (int)(s.Whole ?? 20), 0, 100_000)))),
    ];

    internal static byte[] Bytes(Obj self) => self switch
    {
        UndefinedObj undefined => throw undefined.Fault(),
        TextObj text => Encoding.UTF8.GetBytes(text.Text),
        Scalar { Value: BytesValue bytes } => bytes.Bytes.ToArray(),
        _ => throw JinjaFault.Other($"expected str, bytes, or bytearray not <class '{self.TypeName}'>"),
    };

    private static TextObj Decode(byte[] text)
    {
        try
        {
            var kept = Encoding.ASCII.GetString(text).Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=').ToArray();
            return TextObj.Of(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64CharArray(kept, 0, kept.Length)));
        }
        catch (FormatException broken)
        {
            throw new JinjaFault(FaultKind.Other, "Incorrect padding", broken);
        }
        catch (DecoderFallbackException broken)
        {
            throw new JinjaFault(FaultKind.Other, "'utf-8' codec can't decode the bytes: invalid start byte", broken);
        }
    }

    internal static TextObj Hex(string algorithm, byte[] bytes) => TextObj.Of(Convert.ToHexStringLower(algorithm switch
    {
        "md5" => MD5.HashData(bytes),
        "sha1" => SHA1.HashData(bytes),
        "sha224" => throw JinjaFault.Other("sha224 is not known here; md5, sha1, sha256, sha384 and sha512 are"),
        "sha256" => SHA256.HashData(bytes),
        "sha384" => SHA384.HashData(bytes),
        "sha512" => SHA512.HashData(bytes),
        _ => throw JinjaFault.Other($"module 'hashlib' has no attribute '{algorithm}'"),
    }));

    private static TextObj RandomDigest(RenderRun run, double most, string algorithm) =>
        Hex(algorithm, Encoding.ASCII.GetBytes(Math.Floor(run.Random.NextDouble() * most).ToString("F0", System.Globalization.CultureInfo.InvariantCulture)));
}
