using System.Security.Cryptography;
using System.Text;
using SaltActors.Transport.Crypto;

namespace SaltActors.Transport.Tests.Crypto;

public sealed class KeyTextSpecs
{
    private static RsaKeyPair A => GoldenKeys.Of("A");

    [Fact]
    public void A_new_pair_has_Salts_form()
    {
        var pair = RsaKeyPair.Generate();
        Assert.StartsWith("-----BEGIN RSA PRIVATE KEY-----\n", pair.PrivatePem, StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----\n", pair.PublicPem, StringComparison.Ordinal);
        Assert.EndsWith("-----END PUBLIC KEY-----", pair.PublicPem, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', pair.PrivatePem);
        Assert.Equal(pair.PublicPem, RsaKeyPair.Load(pair.PrivatePem).PublicPem);
    }

    [Fact]
    public void Reads_both_forms_of_private_keys_and_of_public_ones()
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(A.PrivatePem);
        Assert.Equal(A.PublicPem, RsaKeyPair.Load(rsa.ExportPkcs8PrivateKeyPem()).PublicPem);
        Assert.True(RsaPublicKey.TryParse(rsa.ExportRSAPublicKeyPem(), out var key));
        Assert.True(key.Verify(SignatureScheme.Pkcs1Sha1, "x"u8, A.Sign(SignatureScheme.Pkcs1Sha1, "x"u8)));
    }

    [Theory]
    [InlineData("DES-EDE3-CBC", 24, 8)]
    [InlineData("AES-128-CBC", 16, 16)]
    [InlineData("AES-192-CBC", 24, 16)]
    [InlineData("AES-256-CBC", 32, 16)]
    public void Reads_keys_behind_a_passphrase_in_the_old_form(string cipher, int keyBytes, int ivBytes)
    {
        var pem = OldForm(A, cipher, "pass phrase é", keyBytes, RandomNumberGenerator.GetBytes(ivBytes));
        Assert.Equal(A.PublicPem, RsaKeyPair.Load(pem, "pass phrase é").PublicPem);
        Assert.Contains("this passphrase", Assert.Throws<FormatException>(() => RsaKeyPair.Load(pem, "another")).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => RsaKeyPair.Load(pem));
    }

    [Fact]
    public void Writes_and_reads_a_key_behind_a_passphrase()
    {
        var pem = A.ProtectedPem("secret");
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", pem, StringComparison.Ordinal);
        Assert.Equal(A.PrivatePem, RsaKeyPair.Load(pem, "secret").PrivatePem);
        Assert.Throws<FormatException>(() => RsaKeyPair.Load(pem, "wrong"));
    }

    [Fact]
    public void A_passphrase_that_is_not_needed_does_no_harm() =>
        Assert.Equal(A.PublicPem, RsaKeyPair.Load(A.PrivatePem, "not needed").PublicPem);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: ROT13,00\n\nAAAA\n-----END RSA PRIVATE KEY-----")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC\nAAAA\n-----END RSA PRIVATE KEY-----")]
    public void What_is_no_private_key_is_named_as_such(string pem) =>
        Assert.Contains("no RSA private key", Assert.Throws<FormatException>(() => RsaKeyPair.Load(pem, "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void White_space_around_a_key_and_its_line_ends_mean_nothing()
    {
        Assert.True(RsaPublicKey.TryParse("\r\n  " + A.PublicPem.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n\n", out var key));
        Assert.Equal(A.PublicPem, key.Pem);
        Assert.Equal(A.Public.Fingerprint("sha256"), key.Fingerprint("sha256"));
    }

    [Fact]
    public void Keys_that_would_cost_their_reader_too_much_are_refused()
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(A.PrivatePem);
        var modulus = rsa.ExportParameters(false).Modulus!;
        Assert.True(IsTaken(modulus, [1, 0, 1]));
        Assert.False(IsTaken(modulus, modulus));             // an exponent as long as the modulus
        Assert.False(IsTaken(modulus, [1]));
        Assert.False(IsTaken(modulus, [1, 0, 0]));
        Assert.False(IsTaken(modulus[..63], [1, 0, 1]));     // 504 bits
        Assert.False(IsTaken([.. Enumerable.Repeat((byte)0xC3, 4000)], [1, 0, 1]));
        Assert.False(RsaPublicKey.TryParse(new string('A', 1_000_000), out _));
        Assert.False(RsaPublicKey.TryParse(A.PrivatePem, out _));
        Assert.False(RsaPublicKey.TryParse(null, out _));
    }

    // A key of any numbers: what a stranger may send, and .NET would not make.
    private static bool IsTaken(byte[] modulus, byte[] exponent)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(modulus.AsSpan().TrimStart((byte)0));
            writer.WriteIntegerUnsigned(exponent);
        }
        return RsaPublicKey.TryParse(PemEncoding.WriteString("RSA PUBLIC KEY", writer.Encode()), out _);
    }

    private static string OldForm(RsaKeyPair pair, string name, string passphrase, int keyBytes, byte[] iv)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pair.PrivatePem);
        byte[] secret = Encoding.UTF8.GetBytes(passphrase), key = [], round = [];
        while (key.Length < keyBytes)
        {
            round = MD5.HashData([.. round, .. secret, .. iv[..8]]);
            key = [.. key, .. round];
        }
        using SymmetricAlgorithm cipher = name == "DES-EDE3-CBC" ? TripleDES.Create() : Aes.Create();
        cipher.Key = key[..keyBytes];
        var body = Convert.ToBase64String(cipher.EncryptCbc(rsa.ExportRSAPrivateKey(), iv), Base64FormattingOptions.InsertLineBreaks).Replace("\r", "", StringComparison.Ordinal);
        return $"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: {name},{Convert.ToHexString(iv)}\n\n{body}\n-----END RSA PRIVATE KEY-----\n";
    }
}
