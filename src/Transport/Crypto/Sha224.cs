using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace SaltActors.Transport.Crypto;

/// <summary>The SHA-224 schemes, which .NET does not have: digest and padding here, the exponentiation of signatures by .NET's own RSA.</summary>
/// <remarks>A signature is PKCS#1 v1.5 over a SHA-224 <c>DigestInfo</c>; .NET only knows the digests it has itself, so the block is built and raised with the key's numbers.</remarks>
internal sealed class Sha224
{
    // DigestInfo of SHA-224 (RFC 8017, section 9.2): everything before the 28 bytes of the digest.
    private static readonly byte[] DigestInfo = Convert.FromHexString("302d300d06096086480165030402040500041c");
    private readonly RsaKeyParameters _public;
    private readonly RsaPrivateCrtKeyParameters? _private;

    private Sha224(RsaKeyParameters @public, RsaPrivateCrtKeyParameters? @private) => (_public, _private) = (@public, @private);

    internal static Sha224 ForPublic(RSAParameters p) => new(new RsaKeyParameters(false, Number(p.Modulus), Number(p.Exponent)), null);

    internal static Sha224 ForPrivate(RSAParameters p) => new(
        new RsaKeyParameters(false, Number(p.Modulus), Number(p.Exponent)),
        new RsaPrivateCrtKeyParameters(Number(p.Modulus), Number(p.Exponent), Number(p.D), Number(p.P), Number(p.Q), Number(p.DP), Number(p.DQ), Number(p.InverseQ)));

    internal byte[] Sign(ReadOnlySpan<byte> data) => Process(new Pkcs1Encoding(new RsaBlindedEngine()), isForward: true, _private!, Digest(data));

    internal bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            var recovered = Process(new Pkcs1Encoding(new RsaEngine()), isForward: false, _public, signature.ToArray());
            return CryptographicOperations.FixedTimeEquals(recovered, Digest(data));
        }
        catch (Exception cause) when (cause is InvalidCipherTextException or DataLengthException)
        {
            return false;   // no signature of this key at all
        }
    }

    internal byte[] Encrypt(ReadOnlySpan<byte> secret) => Process(new OaepEncoding(new RsaEngine(), new Sha224Digest(), new Sha224Digest(), null), isForward: true, _public, secret.ToArray());

    /// <exception cref="CryptographicException">It was not sealed for this key.</exception>
    internal byte[] Decrypt(ReadOnlySpan<byte> sealedSecret)
    {
        try
        {
            return Process(new OaepEncoding(new RsaBlindedEngine(), new Sha224Digest(), new Sha224Digest(), null), isForward: false, _private!, sealedSecret.ToArray());
        }
        catch (Exception cause) when (cause is InvalidCipherTextException or DataLengthException)
        {
            throw new CryptographicException("the secret was not sealed for this key", cause);
        }
    }

    private static byte[] Process(IAsymmetricBlockCipher cipher, bool isForward, RsaKeyParameters key, byte[] block)
    {
        cipher.Init(isForward, key);
        return cipher.ProcessBlock(block, 0, block.Length);
    }

    private static byte[] Digest(ReadOnlySpan<byte> data)
    {
        var sha = new Sha224Digest();
        sha.BlockUpdate(data);
        var block = new byte[DigestInfo.Length + sha.GetDigestSize()];
        DigestInfo.CopyTo(block, 0);
        sha.DoFinal(block, DigestInfo.Length);
        return block;
    }

    private static BigInteger Number(byte[]? bytes) => new(1, bytes!);
}
