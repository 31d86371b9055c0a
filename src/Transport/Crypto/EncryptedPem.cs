using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SaltActors.Transport.Crypto;

/// <summary>
/// Private keys behind a passphrase in OpenSSL's old form (<c>Proc-Type: 4,ENCRYPTED</c>), which Salt writes under <c>key_pass</c> and .NET does not read.
/// </summary>
/// <remarks>The key of the cipher is MD5 over passphrase and salt, repeated (OpenSSL's <c>EVP_BytesToKey</c>, one round); the salt is the first 8 bytes of the IV.</remarks>
internal static class EncryptedPem
{
    private const string Begin = "-----BEGIN RSA PRIVATE KEY-----", End = "-----END RSA PRIVATE KEY-----", Marker = "DEK-Info:";
    private const int SaltBytes = 8;

    internal static bool IsOldForm(string pem) => pem.Contains(Begin, StringComparison.Ordinal) && pem.Contains(Marker, StringComparison.Ordinal);

    /// <summary>The key inside, as PKCS#1.</summary>
    /// <exception cref="CryptographicException">The passphrase is another, or the cipher is not known.</exception>
    internal static byte[] Open(string pem, string passphrase)
    {
        var lines = pem.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var (name, iv) = Header(lines.First(l => l.StartsWith(Marker, StringComparison.Ordinal)));
        var body = string.Concat(lines.SkipWhile(l => l != Begin).Skip(1).TakeWhile(l => l != End).Where(l => !l.Contains(':')));
        var cipherText = new byte[body.Length];
        if (!Convert.TryFromBase64String(body, cipherText, out var length)) throw new CryptographicException("the key's body is no base64");
        using var cipher = CipherOf(name, Encoding.UTF8.GetBytes(passphrase), iv);
        return cipher.DecryptCbc(cipherText.AsSpan(0, length), iv);
    }

    // DEK-Info: DES-EDE3-CBC,0123456789ABCDEF
    private static (string Cipher, byte[] Iv) Header(string line)
    {
        var parts = line[Marker.Length..].Split(',', StringSplitOptions.TrimEntries);
        try
        {
            return parts.Length == 2 ? (parts[0], Convert.FromHexString(parts[1])) : throw new CryptographicException($"'{line}' names no cipher and IV");
        }
        catch (FormatException cause)
        {
            throw new CryptographicException($"'{line}' has an IV that is no hexadecimal", cause);
        }
    }

    private static SymmetricAlgorithm CipherOf(string name, byte[] passphrase, byte[] iv)
    {
        var keyBytes = name switch
        {
            "DES-EDE3-CBC" => 24,
            "AES-128-CBC" => 16,
            "AES-192-CBC" => 24,
            "AES-256-CBC" => 32,
            _ => throw new CryptographicException(string.Create(CultureInfo.InvariantCulture, $"the key is encrypted with '{name}'; DES-EDE3-CBC and AES-128/192/256-CBC are known")),
        };
        SymmetricAlgorithm cipher = name == "DES-EDE3-CBC" ? TripleDES.Create() : Aes.Create();
        if (iv.Length != cipher.BlockSize / 8)
        {
            cipher.Dispose();
            throw new CryptographicException($"the key's IV has {iv.Length} bytes, which does not fit {name}");
        }
        cipher.Key = KeyOf(passphrase, iv.AsSpan(0, SaltBytes), keyBytes);
        return cipher;
    }

    private static byte[] KeyOf(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int bytes)
    {
        var key = new byte[bytes];
        byte[] round = [];
        for (var done = 0; done < bytes; done += round.Length)
        {
            round = MD5.HashData([.. round, .. passphrase, .. salt]);
            round.AsSpan(0, Math.Min(round.Length, bytes - done)).CopyTo(key.AsSpan(done));
        }
        return key;
    }
}
