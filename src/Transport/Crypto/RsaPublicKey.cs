using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;

namespace SaltActors.Transport.Crypto;

/// <summary>A public key, parsed once and used by many threads.</summary>
public sealed class RsaPublicKey
{
    private const int LongestPem = 20_000, SmallestBits = 1024, LargestBits = 16_384, LongestExponentBytes = 8;
    private readonly Lazy<RSA> _rsa;
    private readonly BigInteger _n, _e;
    private readonly int _bytes;
    private readonly Lazy<RsaExtras> _extras;

    private RsaPublicKey(string pem, RSAParameters parameters)
    {
        Pem = pem;
        (_n, _e, _bytes) = (X931.Read(parameters.Modulus), X931.Read(parameters.Exponent), parameters.Modulus!.Length);
        _rsa = new Lazy<RSA>(() => RSA.Create(parameters));   // most keys are only ever asked for their numbers
        _extras = new Lazy<RsaExtras>(() => RsaExtras.ForPublic(parameters));
    }

    /// <summary>The text without surrounding white space, its lines ended by <c>\n</c>.</summary>
    public string Pem { get; }

    /// <summary>Reads <c>PUBLIC KEY</c> and <c>RSA PUBLIC KEY</c>, of 1024 to 16384 bits and an exponent of at most 64: what is beyond would cost its reader too much.</summary>
    public static bool TryParse(string? pem, [NotNullWhen(true)] out RsaPublicKey? key)
    {
        key = null;
        // A private key holds a public one, too, but is nothing to be stored and shown.
        if (pem is null || pem.Length > LongestPem || pem.Contains("PRIVATE KEY", StringComparison.Ordinal)) return false;
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            if (rsa.KeySize is < SmallestBits or > LargestBits) return false;
            var parameters = rsa.ExportParameters(false);
            if (!IsUsual(parameters.Exponent!)) return false;
            key = new RsaPublicKey(Normalise(pem), parameters);
            return true;
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            return false;   // what a peer offers as its key may be anything
        }
    }

    // Odd, more than 1.
    private static bool IsUsual(ReadOnlySpan<byte> exponent) =>
        exponent.TrimStart((byte)0) is { Length: > 0 and <= LongestExponentBytes } e && (e[^1] & 1) == 1 && (e.Length > 1 || e[0] > 1);

    internal static RsaPublicKey From(RSA pair, string pem) => new(Normalise(pem), pair.ExportParameters(false));

    /// <summary>A PEM as it is compared: line ends and white space around it mean nothing.</summary>
    public static string Normalise(string pem) => pem.ReplaceLineEndings("\n").Trim();

    public byte[] Encrypt(EncryptionScheme scheme, ReadOnlySpan<byte> secret) => scheme == EncryptionScheme.OaepSha1
        ? EncryptSha1(secret)
        : _extras.Value.EncryptSha224(secret);

    public bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => scheme == SignatureScheme.Pkcs1Sha1
        ? VerifySha1(data, signature)
        : _extras.Value.VerifySha224(data, signature);

    /// <summary>The message inside an X9.31 signature, or null where this key did not make it.</summary>
    public byte[]? RecoverX931(ReadOnlySpan<byte> signature) => X931.Recover(signature, _n, _e, _bytes);

    /// <summary>Colon-separated digest of the PEM's body, as <c>salt-key -f</c> shows it.</summary>
    /// <param name="hashType">Salt's <c>hash_type</c>: <c>sha256</c>, <c>md5</c> …</param>
    public string Fingerprint(string hashType) => Fingerprints.Of(Pem, hashType);

    private byte[] EncryptSha1(ReadOnlySpan<byte> secret)
    {
        lock (_rsa) return _rsa.Value.Encrypt(secret, RSAEncryptionPadding.OaepSHA1);
    }

    private bool VerifySha1(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (_rsa) return _rsa.Value.VerifyData(data, signature, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);
    }
}
