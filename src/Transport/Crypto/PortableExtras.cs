using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace SaltActors.Transport.Crypto;

/// <summary>The extras in managed code: SHA-224 by BouncyCastle, X9.31 by whole numbers.</summary>
internal sealed class PortableExtras : RsaExtras
{
    // DigestInfo of SHA-224 (RFC 8017, section 9.2): everything before the 28 bytes of the digest.
    private static readonly byte[] DigestInfo = Convert.FromHexString("302d300d06096086480165030402040500041c");
    private readonly RsaKeyParameters _public;
    private readonly RsaPrivateCrtKeyParameters? _private;
    private readonly PrivateParts? _parts;

    private PortableExtras(RsaKeyParameters @public, RsaPrivateCrtKeyParameters? @private, PrivateParts? parts) => (_public, _private, _parts) = (@public, @private, parts);

    internal static new PortableExtras ForPublic(RSAParameters p) => new(new RsaKeyParameters(false, Number(p.Modulus), Number(p.Exponent)), null, null);

    internal static new PortableExtras ForPrivate(RSAParameters p) => new(
        new RsaKeyParameters(false, Number(p.Modulus), Number(p.Exponent)),
        new RsaPrivateCrtKeyParameters(Number(p.Modulus), Number(p.Exponent), Number(p.D), Number(p.P), Number(p.Q), Number(p.DP), Number(p.DQ), Number(p.InverseQ)),
        PrivateParts.From(p));

    internal override byte[] SignSha224(ReadOnlySpan<byte> data) => Process(new Pkcs1Encoding(new RsaBlindedEngine()), isForward: true, Private, Digest(data));

    internal override bool VerifySha224(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
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

    internal override byte[] EncryptSha224(ReadOnlySpan<byte> secret)
    {
        try
        {
            return Process(Oaep(new RsaEngine()), isForward: true, _public, secret.ToArray());
        }
        catch (DataLengthException cause)
        {
            throw new CryptographicException($"{secret.Length} bytes cannot be sealed with OAEP-SHA224 for this key", cause);
        }
    }

    internal override byte[]? DecryptSha224(ReadOnlySpan<byte> sealedSecret)
    {
        try
        {
            return Process(Oaep(new RsaBlindedEngine()), isForward: false, Private, sealedSecret.ToArray());
        }
        catch (Exception cause) when (cause is InvalidCipherTextException or DataLengthException)
        {
            return null;   // not sealed for this key
        }
    }

    internal override byte[] SignX931(ReadOnlySpan<byte> message) => X931.Sign(message, _parts ?? throw NoPrivateKey());

    private RsaPrivateCrtKeyParameters Private => _private ?? throw NoPrivateKey();

    private static InvalidOperationException NoPrivateKey() => new("a public key can neither sign nor open");

    private static OaepEncoding Oaep(IAsymmetricBlockCipher engine) => new(engine, new Sha224Digest(), new Sha224Digest(), null);

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
