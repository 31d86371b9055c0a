using SaltActors.Transport.Crypto;
using SaltActors.Transport.Payload;
using static SaltActors.Transport.Tests.Wire.GoldenWire;

namespace SaltActors.Transport.Tests.Crypto;

public sealed class CryptoSpecs
{
    [Fact]
    public void Opens_every_recorded_message_and_refuses_every_broken_one() => All(Cases("crypticle"), c =>
    {
        var crypticle = new Crypticle(c.Text("key_string")!);
        var result = crypticle.TryOpen(c.Bytes("ciphertext_b64"), c.Text("nonce"), out var payload);
        if (c.TryGetProperty("expected", out _)) Assert.NotEqual(CrypticleResult.Opened, result);
        else Same(c.Plain("object"), payload);
    });

    [Fact]
    public void Seals_the_same_bytes_where_the_random_part_is_the_same() => All(Cases("crypticle").Where(c => c.TryGetProperty("iv_hex", out _)), c =>
    {
        var plain = c.Bytes("plaintext_b64");
        var packed = plain[("pickle::".Length + (c.Text("nonce")?.Length ?? 0))..];
        Assert.Equal(c.Bytes("ciphertext_b64"), new Crypticle(c.Text("key_string")!).SealPacked(packed, c.Text("nonce"), Convert.FromHexString(c.Text("iv_hex")!)));
    });

    [Fact]
    public void Signs_seals_and_recovers_as_salt_does() => All(Cases("rsa"), c =>
    {
        var (pair, op) = (Key(c.Text("key")!), c.Text("op")!);
        if (c.TryGetProperty("observed", out _))
        {
            Assert.Null(pair.Public.RecoverX931(c.Bytes("input_b64")));
            return;
        }
        var (message, output) = (c.Bytes("message_b64"), c.Bytes("output_b64"));
        if (op.StartsWith("X9.31", StringComparison.Ordinal))
        {
            Assert.Equal(output, pair.SignX931(message));
            Assert.Equal(message, pair.Public.RecoverX931(output));
        }
        else if (op.StartsWith("OAEP", StringComparison.Ordinal))
        {
            var scheme = op.Contains("224") ? EncryptionScheme.OaepSha224 : EncryptionScheme.OaepSha1;
            Assert.Equal(message, pair.Decrypt(scheme, output));
            Assert.Equal(message, pair.Decrypt(scheme, pair.Public.Encrypt(scheme, message)));
        }
        else
        {
            var scheme = op.Contains("224") ? SignatureScheme.Pkcs1Sha224 : SignatureScheme.Pkcs1Sha1;
            Assert.Equal(output, pair.Sign(scheme, message));
            Assert.True(pair.Public.Verify(scheme, message, output));
            output[7] ^= 1;
            Assert.False(pair.Public.Verify(scheme, message, output));
        }
    });

    [Fact]
    public void Shows_the_fingerprints_that_salt_shows() => All(Cases("keys", "keys"), c =>
    {
        Assert.True(RsaPublicKey.TryParse(c.Text("public_pem"), out var key));
        Assert.Equal(c.Text("fingerprint_sha256"), key.Fingerprint("sha256"));
        Assert.Equal(c.Text("fingerprint_md5"), key.Fingerprint("md5"));
        Assert.Equal(c.Text("public_pem")!.Trim(), RsaKeyPair.Load(c.Text("private_pem")!).PublicPem);
    });

    [Fact]
    public void Takes_nothing_for_a_key_that_is_none() => Assert.All(["", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", new string('A', 100_000)], pem => Assert.False(RsaPublicKey.TryParse(pem, out _)));

    [Fact]
    public void Tells_a_wrong_nonce_from_a_wrong_key()
    {
        var crypticle = new Crypticle(Crypticle.NewKeyString());
        var sealedReply = crypticle.Seal("x", Crypticle.NewNonce());
        Assert.Equal(CrypticleResult.WrongNonce, crypticle.TryOpen(sealedReply, Crypticle.NewNonce(), out _));
        Assert.Equal(CrypticleResult.WrongKey, new Crypticle(Crypticle.NewKeyString()).TryOpen(sealedReply, out _));
    }

    [Fact]
    public void Hashes_by_every_name_that_salt_takes() => Assert.Equal(
        [32, 40, 64, 96, 128], ((string[])["md5", "sha1", "sha256", "sha384", "sha512"]).Select(name => WireNames.HashHex(name, "x"u8).Length));
}
