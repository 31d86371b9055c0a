using System.Diagnostics.CodeAnalysis;

namespace SaltActors.Transport.Crypto;

/// <summary>How a signature is made: PKCS#1 v1.5 over one of two digests.</summary>
public enum SignatureScheme { Pkcs1Sha1, Pkcs1Sha224 }

/// <summary>How a secret is sealed for one reader: OAEP with one of two digests.</summary>
public enum EncryptionScheme { OaepSha1, OaepSha224 }

/// <summary>The schemes under Salt's names (<c>signing_algorithm</c>, <c>encryption_algorithm</c>).</summary>
public static class Schemes
{
    public const string DefaultSignature = "PKCS1v15-SHA1", DefaultEncryption = "OAEP-SHA1";

    public static string SaltName(this SignatureScheme scheme) => scheme == SignatureScheme.Pkcs1Sha1 ? DefaultSignature : "PKCS1v15-SHA224";
    public static string SaltName(this EncryptionScheme scheme) => scheme == EncryptionScheme.OaepSha1 ? DefaultEncryption : "OAEP-SHA224";

    public static bool TryParse([NotNullWhen(true)] string? name, out SignatureScheme scheme)
    {
        scheme = name == "PKCS1v15-SHA224" ? SignatureScheme.Pkcs1Sha224 : SignatureScheme.Pkcs1Sha1;
        return name is DefaultSignature or "PKCS1v15-SHA224";
    }

    public static bool TryParse([NotNullWhen(true)] string? name, out EncryptionScheme scheme)
    {
        scheme = name == "OAEP-SHA224" ? EncryptionScheme.OaepSha224 : EncryptionScheme.OaepSha1;
        return name is DefaultEncryption or "OAEP-SHA224";
    }

    /// <summary>The scheme of that name; the usual one where the name is missing or unknown.</summary>
    public static SignatureScheme SignatureOf(string? name) => TryParse(name, out SignatureScheme scheme) ? scheme : SignatureScheme.Pkcs1Sha1;
    public static EncryptionScheme EncryptionOf(string? name) => TryParse(name, out EncryptionScheme scheme) ? scheme : EncryptionScheme.OaepSha1;
}
