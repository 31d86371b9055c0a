using System.Runtime.InteropServices;

namespace SaltActors.Transport.Crypto;

/// <summary>The few functions of OpenSSL 3 that .NET does not pass on: RSA with SHA-224, and RSA without padding. Linux alone.</summary>
internal static unsafe partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";
    internal const int PaddingNone = 3, PaddingOaep = 4;

    /// <summary>True where the library can be loaded; asked once.</summary>
    internal static bool IsThere { get; } = OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Library, out _);

    [LibraryImport(Library)] internal static partial KeyHandle d2i_AutoPrivateKey(nint reuse, ref byte* der, nint length);
    [LibraryImport(Library)] internal static partial KeyHandle d2i_PUBKEY(nint reuse, ref byte* der, nint length);
    [LibraryImport(Library)] internal static partial void EVP_PKEY_free(nint key);
    [LibraryImport(Library)] internal static partial void ERR_clear_error();
    [LibraryImport(Library)] internal static partial nint EVP_sha224();

    [LibraryImport(Library)] internal static partial DigestHandle EVP_MD_CTX_new();
    [LibraryImport(Library)] internal static partial void EVP_MD_CTX_free(nint context);
    [LibraryImport(Library)] internal static partial int EVP_DigestSignInit(DigestHandle context, nint keyContext, nint digest, nint engine, KeyHandle key);
    [LibraryImport(Library)] internal static partial int EVP_DigestSign(DigestHandle context, byte* signature, ref nint signatureBytes, byte* data, nint dataBytes);
    [LibraryImport(Library)] internal static partial int EVP_DigestVerifyInit(DigestHandle context, nint keyContext, nint digest, nint engine, KeyHandle key);
    [LibraryImport(Library)] internal static partial int EVP_DigestVerify(DigestHandle context, byte* signature, nint signatureBytes, byte* data, nint dataBytes);

    [LibraryImport(Library)] internal static partial OperationHandle EVP_PKEY_CTX_new(KeyHandle key, nint engine);
    [LibraryImport(Library)] internal static partial void EVP_PKEY_CTX_free(nint context);
    [LibraryImport(Library)] internal static partial int EVP_PKEY_CTX_set_rsa_padding(OperationHandle context, int padding);
    [LibraryImport(Library)] internal static partial int EVP_PKEY_CTX_set_rsa_oaep_md(OperationHandle context, nint digest);
    [LibraryImport(Library)] internal static partial int EVP_PKEY_CTX_set_rsa_mgf1_md(OperationHandle context, nint digest);
    [LibraryImport(Library)] internal static partial int EVP_PKEY_sign_init(OperationHandle context);
    [LibraryImport(Library)] internal static partial int EVP_PKEY_sign(OperationHandle context, byte* signature, ref nint signatureBytes, byte* data, nint dataBytes);
    [LibraryImport(Library)] internal static partial int EVP_PKEY_encrypt_init(OperationHandle context);
    [LibraryImport(Library)] internal static partial int EVP_PKEY_encrypt(OperationHandle context, byte* output, ref nint outputBytes, byte* data, nint dataBytes);
    [LibraryImport(Library)] internal static partial int EVP_PKEY_decrypt_init(OperationHandle context);
    [LibraryImport(Library)] internal static partial int EVP_PKEY_decrypt(OperationHandle context, byte* output, ref nint outputBytes, byte* data, nint dataBytes);

    /// <summary>An <c>EVP_PKEY</c>. May be used by many threads at once: every operation has a context of its own.</summary>
    internal sealed class KeyHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;
        protected override bool ReleaseHandle()
        {
            EVP_PKEY_free(handle);
            return true;
        }
    }

    /// <summary>An <c>EVP_MD_CTX</c>, for one signature.</summary>
    internal sealed class DigestHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;
        protected override bool ReleaseHandle()
        {
            EVP_MD_CTX_free(handle);
            return true;
        }
    }

    /// <summary>An <c>EVP_PKEY_CTX</c>, for one operation.</summary>
    internal sealed class OperationHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;
        protected override bool ReleaseHandle()
        {
            EVP_PKEY_CTX_free(handle);
            return true;
        }
    }
}
