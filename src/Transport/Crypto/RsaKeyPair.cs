using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SaltActors.Transport.Crypto;

/// <summary>A key pair, read once and used by many threads.</summary>
public sealed class RsaKeyPair
{
    private const int PassphraseRounds = 100_000;
    private readonly ConcurrentBag<RSA> _idle = [];
    private readonly RSAParameters _parameters;
    private readonly Lazy<RsaExtras> _extras;

    private RsaKeyPair(RSA rsa)
    {
        var parameters = _parameters = rsa.ExportParameters(true);
        (PrivatePem, PublicPem) = (rsa.ExportRSAPrivateKeyPem(), rsa.ExportSubjectPublicKeyInfoPem());
        _extras = new Lazy<RsaExtras>(() => RsaExtras.ForPrivate(parameters));
        Public = RsaPublicKey.From(rsa, PublicPem);
    }

    public RsaPublicKey Public { get; }
    /// <summary><c>RSA PRIVATE KEY</c>, as Salt writes it.</summary>
    public string PrivatePem { get; }
    /// <summary><c>PUBLIC KEY</c>, without a newline at its end.</summary>
    public string PublicPem { get; }

    /// <param name="bits">At least 2048.</param>
    public static RsaKeyPair Generate(int bits = 2048)
    {
        using var rsa = RSA.Create(Math.Max(2048, bits));
        return new RsaKeyPair(rsa);
    }

    /// <summary>Reads <c>RSA PRIVATE KEY</c> and <c>PRIVATE KEY</c>, behind a passphrase or not; a passphrase that a key does not need is no error.</summary>
    /// <exception cref="FormatException">The text is no private key, or the passphrase does not open it.</exception>
    public static RsaKeyPair Load(string pem, string? passphrase = null)
    {
        try
        {
            using var rsa = RSA.Create();
            if (EncryptedPem.IsOldForm(pem)) rsa.ImportRSAPrivateKey(EncryptedPem.Open(pem, passphrase ?? ""), out _);
            else if (pem.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal)) rsa.ImportFromEncryptedPem(pem, passphrase ?? "");
            else rsa.ImportFromPem(pem);
            return new RsaKeyPair(rsa);
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            throw new FormatException($"the text is no RSA private key that can be opened{(passphrase is null ? "" : " with this passphrase")}: {cause.Message}", cause);
        }
    }

    /// <summary>The private key behind a passphrase: <c>ENCRYPTED PRIVATE KEY</c>, AES-256.</summary>
    public string ProtectedPem(string passphrase)
    {
        using var rsa = RSA.Create(_parameters);
        return rsa.ExportEncryptedPkcs8PrivateKeyPem(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, PassphraseRounds));
    }

    public byte[] Sign(SignatureScheme scheme, ReadOnlySpan<byte> data) => scheme == SignatureScheme.Pkcs1Sha1
        ? Use(data, static (rsa, data) => rsa.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1))
        : _extras.Value.SignSha224(data);

    /// <summary>Signs raw bytes so that they can be recovered: Salt's tokens. Deterministic.</summary>
    public byte[] SignX931(ReadOnlySpan<byte> message) => _extras.Value.SignX931(message);

    /// <summary>The secret, or null where it was not sealed for this key.</summary>
    public byte[]? Decrypt(EncryptionScheme scheme, ReadOnlySpan<byte> sealedSecret)
    {
        try
        {
            return scheme == EncryptionScheme.OaepSha1
                ? Use(sealedSecret, static (rsa, data) => rsa.Decrypt(data, RSAEncryptionPadding.OaepSHA1))
                : _extras.Value.DecryptSha224(sealedSecret);
        }
        catch (CryptographicException)
        {
            return null;   // what a peer sends as sealed for us may be anything
        }
    }

    private delegate byte[] Operation(RSA rsa, ReadOnlySpan<byte> data);

    // An RSA object serves one thread at a time, and importing one costs more than using it: the idle ones are kept.
    private byte[] Use(ReadOnlySpan<byte> data, Operation operation)
    {
        if (!_idle.TryTake(out var rsa)) rsa = RSA.Create(_parameters);
        try
        {
            return operation(rsa, data);
        }
        finally
        {
            _idle.Add(rsa);
        }
    }
}
