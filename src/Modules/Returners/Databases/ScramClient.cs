using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SaltActors.Modules.Returners.Databases;

/// <summary>Our side of SCRAM-SHA-256 without channel binding: RFC 5802 and 7677. The password never leaves us.</summary>
internal sealed class ScramClient(string password)
{
    internal const string Mechanism = "SCRAM-SHA-256";
    private const int MostRounds = 10_000_000;
    private readonly string _nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
    private byte[] _serverSignature = [];

    private string Bare => $"n=,r={_nonce}";

    internal string First() => "n,," + Bare;

    /// <summary>The answer to the server's challenge, or null where that is none, or was not meant for us.</summary>
    internal string? Proof(string challenge)
    {
        var (nonce, salt, rounds) = (Field(challenge, 'r'), Field(challenge, 's'), Field(challenge, 'i'));
        if (nonce is null || salt is null || !nonce.StartsWith(_nonce, StringComparison.Ordinal) || nonce.Length == _nonce.Length
            || !int.TryParse(rounds, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MostRounds) return null;
        var saltBytes = new byte[salt.Length];
        if (!Convert.TryFromBase64String(salt, saltBytes, out var saltLength)) return null;

        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), saltBytes.AsSpan(0, saltLength), count, HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var withoutProof = $"c=biws,r={nonce}";
        var said = Encoding.UTF8.GetBytes($"{Bare},{challenge},{withoutProof}");
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), said);
        for (var i = 0; i < clientKey.Length; i++) clientKey[i] ^= signature[i];
        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), said);
        return $"{withoutProof},p={Convert.ToBase64String(clientKey)}";
    }

    /// <summary>True where the server has shown that it knows the password too.</summary>
    internal bool IsServerProven(string final)
    {
        var shown = new byte[64];
        return Field(final, 'v') is { } verifier && _serverSignature.Length > 0 && Convert.TryFromBase64String(verifier, shown, out var length)
            && CryptographicOperations.FixedTimeEquals(shown.AsSpan(0, length), _serverSignature);
    }

    private static string? Field(string message, char name) =>
        message.Split(',').FirstOrDefault(f => f.Length > 1 && f[0] == name && f[1] == '=')?[2..];
}
