using System.Security.Cryptography;

namespace SaltActors.Transport.Crypto;

/// <summary>What Salt asks of an RSA key and .NET does not have: the SHA-224 schemes, and X9.31 signatures. Safe from every thread.</summary>
/// <remarks>
/// <see cref="OpenSslExtras"/> where OpenSSL 3 is there: about ten times as fast with a private key, and constant in time.
/// <see cref="PortableExtras"/> everywhere else.
/// </remarks>
internal abstract class RsaExtras
{
    internal abstract byte[] SignSha224(ReadOnlySpan<byte> data);
    internal abstract bool VerifySha224(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
    /// <exception cref="CryptographicException">The secret is too long for the key.</exception>
    internal abstract byte[] EncryptSha224(ReadOnlySpan<byte> secret);
    /// <summary>Null where it was not sealed for this key.</summary>
    internal abstract byte[]? DecryptSha224(ReadOnlySpan<byte> sealedSecret);
    /// <exception cref="CryptographicException">The message is too long for the key.</exception>
    internal abstract byte[] SignX931(ReadOnlySpan<byte> message);

    internal static RsaExtras ForPrivate(RSAParameters parameters)
    {
        if (!LibCrypto.IsThere) return PortableExtras.ForPrivate(parameters);
        using var rsa = RSA.Create(parameters);
        return OpenSslExtras.ForPrivate(rsa.ExportRSAPrivateKey());
    }

    internal static RsaExtras ForPublic(RSAParameters parameters)
    {
        if (!LibCrypto.IsThere) return PortableExtras.ForPublic(parameters);
        using var rsa = RSA.Create(parameters);
        return OpenSslExtras.ForPublic(rsa.ExportSubjectPublicKeyInfo());
    }
}
