using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Hashing;

/// <summary>The module <c>hashutil</c>: digests, signatures and base64.</summary>
/// <remarks>Follows Salt 3006, salt/modules/hashutil.py.</remarks>
public static class HashModule
{
    // What RFC 2045 allows in a line, and what Python's encodebytes writes.
    private const int LineBytes = 57;

    /// <summary>The checksum of a text.</summary>
    /// <param name="instr">The text.</param>
    /// <param name="checksum"><c>md5</c>, <c>sha256</c> or <c>sha512</c>.</param>
    /// <returns>In hexadecimal.</returns>
    /// <exception cref="CommandFailed">Another kind.</exception>
    /// <example><code>salt '*' hashutil.digest 'get salted'</code></example>
    [SaltFunction("hashutil.digest")]
    public static string Digest(Value instr, string checksum = "md5") => Hex(checksum, HashInput.Bytes(instr));

    /// <summary>The checksum of a file on the minion.</summary>
    /// <param name="infile">Its path.</param>
    /// <param name="checksum"><c>md5</c>, <c>sha256</c> or <c>sha512</c>.</param>
    /// <returns>In hexadecimal.</returns>
    /// <exception cref="CommandFailed">Another kind, or there is no such file.</exception>
    /// <example><code>salt '*' hashutil.digest_file /path/to/file</code></example>
    [SaltFunction("hashutil.digest_file")]
    public static async Task<string> DigestFile(CallContext context, string infile, string checksum = "md5")
    {
        if (checksum is not ("md5" or "sha256" or "sha512")) throw NotSupported(checksum);
        if (!File.Exists(infile)) throw new CommandFailed($"File path '{infile}' not found.");
        await using var file = File.OpenRead(infile);
        return Convert.ToHexStringLower(checksum switch
        {
            "md5" => await MD5.HashDataAsync(file, context.Stopped).ConfigureAwait(false),
            "sha256" => await SHA256.HashDataAsync(file, context.Stopped).ConfigureAwait(false),
            _ => await SHA512.HashDataAsync(file, context.Stopped).ConfigureAwait(false),
        });
    }

    /// <summary>The MD5 of a text.</summary>
    /// <param name="instr">The text.</param>
    /// <example><code>salt '*' hashutil.md5_digest 'get salted'</code></example>
    [SaltFunction("hashutil.md5_digest")]
    public static string Md5Digest(Value instr) => Hex("md5", HashInput.Bytes(instr));

    /// <summary>The SHA-256 of a text.</summary>
    /// <param name="instr">The text.</param>
    /// <example><code>salt '*' hashutil.sha256_digest 'get salted'</code></example>
    [SaltFunction("hashutil.sha256_digest")]
    public static string Sha256Digest(Value instr) => Hex("sha256", HashInput.Bytes(instr));

    /// <summary>The SHA-512 of a text.</summary>
    /// <param name="instr">The text.</param>
    /// <example><code>salt '*' hashutil.sha512_digest 'get salted'</code></example>
    [SaltFunction("hashutil.sha512_digest")]
    public static string Sha512Digest(Value instr) => Hex("sha512", HashInput.Bytes(instr));

    /// <summary>A text in base64, in one line.</summary>
    /// <param name="instr">The text.</param>
    /// <example><code>salt '*' hashutil.base64_b64encode 'get salted'</code></example>
    [SaltFunction("hashutil.base64_b64encode")]
    public static string Base64B64encode(Value instr) => Convert.ToBase64String(HashInput.Bytes(instr));

    /// <summary>The text of base64.</summary>
    /// <param name="instr">The base64; what is no letter of it is skipped.</param>
    /// <returns>Text; bytes where it is not UTF-8.</returns>
    /// <example><code>salt '*' hashutil.base64_b64decode 'Z2V0IHNhbHRlZA=='</code></example>
    [SaltFunction("hashutil.base64_b64decode")]
    public static Value Base64B64decode(Value instr) => HashInput.Text(HashInput.FromBase64(instr));

    /// <summary>A text in base64, in lines of 76 letters.</summary>
    /// <param name="instr">The text.</param>
    /// <example><code>salt '*' hashutil.base64_encodestring 'get salted'</code></example>
    [SaltFunction("hashutil.base64_encodestring")]
    public static string Base64Encodestring(Value instr) => Lines(HashInput.Bytes(instr));

    /// <summary>The text of base64 in lines.</summary>
    /// <param name="instr">The base64.</param>
    /// <returns>Text; bytes where it is not UTF-8.</returns>
    /// <example><code>salt '*' hashutil.base64_decodestring instr='Z2V0IHNhbHRlZA=='</code></example>
    [SaltFunction("hashutil.base64_decodestring")]
    public static Value Base64Decodestring(Value instr) => Base64B64decode(instr);

    /// <summary>A file of the minion in base64, in lines of 76 letters.</summary>
    /// <param name="fname">Its path.</param>
    /// <example><code>salt '*' hashutil.base64_encodefile /path/to/binary_file</code></example>
    [SaltFunction("hashutil.base64_encodefile")]
    public static async Task<string> Base64Encodefile(CallContext context, string fname) => File.Exists(fname)
        ? Lines(await File.ReadAllBytesAsync(fname, context.Stopped).ConfigureAwait(false))
        : throw new NamedError("FileNotFoundError", $"[Errno 2] No such file or directory: '{fname}'");

    /// <summary>Writes what base64 means into a file on the minion.</summary>
    /// <param name="instr">The base64.</param>
    /// <param name="outfile">The file's path.</param>
    /// <returns><c>True</c>.</returns>
    /// <example><code>salt '*' hashutil.base64_decodefile instr='Z2V0IHNhbHRlZAo=' outfile='/path/to/binary_file'</code></example>
    [SaltFunction("hashutil.base64_decodefile")]
    public static async Task<bool> Base64Decodefile(CallContext context, Value instr, string outfile)
    {
        await File.WriteAllBytesAsync(outfile, HashInput.FromBase64(instr), context.Stopped).ConfigureAwait(false);
        return true;
    }

    /// <summary>Whether a text was signed with a secret: HMAC with SHA-256.</summary>
    /// <param name="string">The text.</param>
    /// <param name="sharedSecret">The secret.</param>
    /// <param name="challengeHmac">The signature in base64.</param>
    /// <example><code>salt '*' hashutil.hmac_signature 'get salted' 'shared secret' 'eBWf9bstXg+NiP5AOwppB5HMvZiYMPzEM9W5YMm/AmQ='</code></example>
    [SaltFunction("hashutil.hmac_signature")]
    public static bool HmacSignature(Value @string, Value sharedSecret, Value challengeHmac) => CryptographicOperations.FixedTimeEquals(
        HMACSHA256.HashData(HashInput.Bytes(sharedSecret), HashInput.Bytes(@string)), HashInput.FromBase64(challengeHmac));

    /// <summary>The HMAC of a text with SHA-256.</summary>
    /// <param name="string">The text.</param>
    /// <param name="sharedSecret">The secret.</param>
    /// <returns>In hexadecimal.</returns>
    /// <example><code>salt '*' hashutil.hmac_compute 'get salted' 'shared secret'</code></example>
    [SaltFunction("hashutil.hmac_compute")]
    public static string HmacCompute(Value @string, Value sharedSecret) => Convert.ToHexStringLower(HMACSHA256.HashData(HashInput.Bytes(sharedSecret), HashInput.Bytes(@string)));

    /// <summary>Whether a web hook of GitHub was signed with a secret.</summary>
    /// <param name="string">The hook's body.</param>
    /// <param name="sharedSecret">The secret.</param>
    /// <param name="challengeHmac">Its signature, as <c>sha256=hexadecimal</c>.</param>
    /// <example><code>salt '*' hashutil.github_signature '{"ref":"refs/heads/x"}' 'shared secret' 'sha256=bc6550fc290acf5b42283fa8deaf55cea0f8c206'</code></example>
    [SaltFunction("hashutil.github_signature")]
    public static bool GithubSignature(Value @string, Value sharedSecret, Value challengeHmac)
    {
        var parts = challengeHmac.ToString().Split('=');
        if (parts.Length != 2)
            throw new NamedError("ValueError", parts.Length < 2 ? "not enough values to unpack (expected 2, got 1)" : "too many values to unpack (expected 2)");
        var (secret, message) = (HashInput.Bytes(sharedSecret), HashInput.Bytes(@string));
        var computed = parts[0] switch
        {
            "md5" => HMACMD5.HashData(secret, message),
            "sha1" => HMACSHA1.HashData(secret, message),
            "sha256" => HMACSHA256.HashData(secret, message),
            "sha384" => HMACSHA384.HashData(secret, message),
            "sha512" => HMACSHA512.HashData(secret, message),
            var other => throw new NamedError("AttributeError", $"module 'hashlib' has no attribute '{other}'"),
        };
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Convert.ToHexStringLower(computed)), Encoding.UTF8.GetBytes(parts[1]));
    }

    private static string Hex(string checksum, byte[] bytes) => checksum is "md5" or "sha256" or "sha512"
        ? HashInput.Hex(checksum, bytes)!
        : throw NotSupported(checksum);

    private static CommandFailed NotSupported(string checksum) => new($"Hash func '{checksum}' is not supported.");

    private static string Lines(byte[] bytes) => string.Concat(bytes.Chunk(LineBytes).Select(c => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(c)}\n")));
}
