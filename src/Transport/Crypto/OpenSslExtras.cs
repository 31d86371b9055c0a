using System.Numerics;
using System.Security.Cryptography;
using static SaltActors.Transport.Crypto.LibCrypto;

namespace SaltActors.Transport.Crypto;

/// <summary>The extras by OpenSSL, with the key parsed once.</summary>
internal sealed unsafe class OpenSslExtras : RsaExtras
{
    private readonly KeyHandle _key;
    private readonly BigInteger _n;
    private readonly int _bytes;

    private OpenSslExtras(KeyHandle key, byte[] modulus) => (_key, _n, _bytes) = (key, X931.Read(modulus), modulus.Length);

    internal static OpenSslExtras ForPrivate(byte[] pkcs1)
    {
        using var rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(pkcs1, out _);
        fixed (byte* begin = pkcs1)
        {
            var der = begin;
            return new OpenSslExtras(Opened(d2i_AutoPrivateKey(0, ref der, pkcs1.Length)), rsa.ExportParameters(false).Modulus!);
        }
    }

    internal static OpenSslExtras ForPublic(byte[] subjectPublicKeyInfo)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
        fixed (byte* begin = subjectPublicKeyInfo)
        {
            var der = begin;
            return new OpenSslExtras(Opened(d2i_PUBKEY(0, ref der, subjectPublicKeyInfo.Length)), rsa.ExportParameters(false).Modulus!);
        }
    }

    internal override byte[] SignSha224(ReadOnlySpan<byte> data)
    {
        using var context = EVP_MD_CTX_new();
        Must(EVP_DigestSignInit(context, 0, EVP_sha224(), 0, _key), "prepare a SHA-224 signature");
        var signature = new byte[_bytes];
        nint length = signature.Length;
        fixed (byte* to = signature, from = data) Must(EVP_DigestSign(context, to, ref length, from, data.Length), "sign with SHA-224");
        return signature;
    }

    internal override bool VerifySha224(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var context = EVP_MD_CTX_new();
        Must(EVP_DigestVerifyInit(context, 0, EVP_sha224(), 0, _key), "prepare the check of a SHA-224 signature");
        fixed (byte* sig = signature, from = data)
        {
            if (EVP_DigestVerify(context, sig, signature.Length, from, data.Length) == 1) return true;
        }
        ERR_clear_error();   // what the library noted about a wrong signature must not meet the next caller
        return false;
    }

    internal override byte[] EncryptSha224(ReadOnlySpan<byte> secret)
    {
        using var context = EVP_PKEY_CTX_new(_key, 0);
        Must(EVP_PKEY_encrypt_init(context), "prepare OAEP");
        UseOaepSha224(context);
        var output = new byte[_bytes];
        nint length = output.Length;
        fixed (byte* to = output, from = secret) Must(EVP_PKEY_encrypt(context, to, ref length, from, secret.Length), $"seal {secret.Length} bytes with OAEP-SHA224");
        return output;
    }

    internal override byte[]? DecryptSha224(ReadOnlySpan<byte> sealedSecret)
    {
        using var context = EVP_PKEY_CTX_new(_key, 0);
        Must(EVP_PKEY_decrypt_init(context), "prepare OAEP");
        UseOaepSha224(context);
        var output = new byte[_bytes];
        nint length = output.Length;
        fixed (byte* to = output, from = sealedSecret)
        {
            if (EVP_PKEY_decrypt(context, to, ref length, from, sealedSecret.Length) == 1) return output[..(int)length];
        }
        ERR_clear_error();
        return null;
    }

    // OpenSSL's own X9.31 padding wants a digest; so the block is ours, and the library only raises it.
    internal override byte[] SignX931(ReadOnlySpan<byte> message)
    {
        var block = X931.Pad(message, _bytes);
        using var context = EVP_PKEY_CTX_new(_key, 0);
        Must(EVP_PKEY_sign_init(context), "prepare a raw signature");
        Must(EVP_PKEY_CTX_set_rsa_padding(context, PaddingNone), "leave the padding out");
        var raised = new byte[_bytes];
        nint length = raised.Length;
        fixed (byte* to = raised, from = block) Must(EVP_PKEY_sign(context, to, ref length, from, block.Length), "sign a block");
        return X931.Smaller(X931.Read(raised), _n, _bytes);
    }

    private static void UseOaepSha224(OperationHandle context)
    {
        Must(EVP_PKEY_CTX_set_rsa_padding(context, PaddingOaep), "choose OAEP");
        Must(EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha224()), "choose SHA-224 for OAEP");
        Must(EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha224()), "choose SHA-224 for MGF1");
    }

    private static KeyHandle Opened(KeyHandle key) => key.IsInvalid ? throw Failed("read the key") : key;

    private static void Must(int result, string what)
    {
        if (result <= 0) throw Failed(what);
    }

    private static CryptographicException Failed(string what)
    {
        ERR_clear_error();
        return new CryptographicException($"OpenSSL could not {what}");
    }
}
