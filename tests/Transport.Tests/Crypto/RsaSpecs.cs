using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Tests.Payload;

namespace SaltActors.Transport.Tests.Crypto;

public sealed class RsaSpecs
{
    private static RsaKeyPair A => GoldenKeys.Of("A");
    private static RsaKeyPair B => GoldenKeys.Of("B");

    [Fact]
    public void Every_recorded_key_reads_and_writes_the_same() => Recorded.Every("keys", (_, one) =>
    {
        var pair = RsaKeyPair.Load(one.Text("private_pem"));
        Assert.Equal(RsaPublicKey.Normalise(one.Text("private_pem")), RsaPublicKey.Normalise(pair.PrivatePem));
        Assert.Equal(one.Text("public_pem").TrimEnd('\n'), pair.PublicPem);   // later releases end the file with a newline
        Assert.True(RsaPublicKey.TryParse(one.Text("public_pem"), out var key));
        Assert.Equal(pair.PublicPem, key.Pem);
        Assert.Equal(one.Text("fingerprint_sha256"), key.Fingerprint("sha256"));
        Assert.Equal(one.Text("fingerprint_md5"), key.Fingerprint("md5"));
    });

    [Fact]
    public void Every_recorded_operation_gives_the_same() => Recorded.Every("rsa", (_, one) =>
    {
        var pair = GoldenKeys.Of(one.Text("key"));
        var op = one.Text("op");
        if (op.StartsWith("X9.31 public-decrypt", StringComparison.Ordinal))
        {
            Assert.Equal("ValueError", one.Text("observed"));
            Assert.Null(pair.Public.RecoverX931(one.Bytes("input_b64")));
            return;
        }
        Check(pair, op, one.Bytes("message_b64"), one.Bytes("output_b64"), one);
    });

    private static void Check(RsaKeyPair pair, string op, byte[] message, byte[] output, JsonElement one)
    {
        if (op.StartsWith("X9.31", StringComparison.Ordinal))
        {
            Assert.Equal(output, pair.SignX931(message));
            Assert.Equal(message, pair.Public.RecoverX931(output));
            if (one.TextOrNull("key_string") is { } key) Assert.Equal(output, SignInReply.ProofOf(pair, new Crypticle(key)));
        }
        else if (op.StartsWith("PKCS1v15", StringComparison.Ordinal))
        {
            Assert.True(Schemes.TryParse(op[..op.IndexOf(' ', StringComparison.Ordinal)], out SignatureScheme scheme));
            Assert.Equal(output, pair.Sign(scheme, message));
            Assert.True(pair.Public.Verify(scheme, message, output));
        }
        else if (op.StartsWith("OAEP", StringComparison.Ordinal))
        {
            Assert.True(Schemes.TryParse(op[..op.IndexOf(' ', StringComparison.Ordinal)], out EncryptionScheme scheme));
            Assert.Equal(message, pair.Decrypt(scheme, output));
        }
        else
        {
            Assert.StartsWith("pub_sig", op, StringComparison.Ordinal);
            Assert.Equal(one.Text("file_content"), MasterSigning.Sign(pair, Encoding.UTF8.GetString(message)));
            Assert.True(MasterSigning.Verify(pair.Public, Encoding.UTF8.GetString(message), one.Text("file_content")));
        }
    }

    [Fact]
    public void OpenSSL_and_managed_code_agree()
    {
        Assert.True(LibCrypto.IsThere || !OperatingSystem.IsLinux(), "libcrypto.so.3 is missing on this machine");
        if (!LibCrypto.IsThere) return;
        var parameters = Parameters(A);
        RsaExtras managed = PortableExtras.ForPrivate(parameters), native = RsaExtras.ForPrivate(parameters);
        RsaExtras managedPublic = PortableExtras.ForPublic(parameters), nativePublic = RsaExtras.ForPublic(parameters);
        Assert.IsType<OpenSslExtras>(native);
        Gen.Byte.Array[0, 190].Sample(message =>
        {
            var signature = native.SignSha224(message);
            Assert.Equal(signature, managed.SignSha224(message));
            Assert.True(nativePublic.VerifySha224(message, signature));
            Assert.True(managedPublic.VerifySha224(message, signature));
            signature[^1] ^= 1;
            Assert.False(nativePublic.VerifySha224(message, signature));
            Assert.False(managedPublic.VerifySha224(message, signature));
            Assert.Equal(native.SignX931(message), managed.SignX931(message));
            Assert.Equal(message, managed.DecryptSha224(nativePublic.EncryptSha224(message)));
            Assert.Equal(message, native.DecryptSha224(managedPublic.EncryptSha224(message)));
        }, iter: 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(257)]
    [InlineData(256)]
    public void Bytes_that_are_no_signature_or_secret_are_refused_and_not_thrown_at(int length)
    {
        var bytes = Enumerable.Repeat((byte)0x5A, length).ToArray();
        RsaExtras[] all = LibCrypto.IsThere ? [RsaExtras.ForPrivate(Parameters(A)), PortableExtras.ForPrivate(Parameters(A))] : [PortableExtras.ForPrivate(Parameters(A))];
        foreach (var extras in all)
        {
            Assert.False(extras.VerifySha224("x"u8, bytes));
            Assert.Null(extras.DecryptSha224(bytes));
        }
        Assert.False(A.Public.Verify(SignatureScheme.Pkcs1Sha1, "x"u8, bytes));
        Assert.Null(A.Decrypt(EncryptionScheme.OaepSha1, bytes));
        Assert.Null(A.Public.RecoverX931(bytes));
    }

    [Fact]
    public void A_message_that_does_not_fit_is_refused_by_name()
    {
        Assert.Throws<CryptographicException>(() => A.SignX931(new byte[255]));
        Assert.Throws<CryptographicException>(() => X931.Sign(new byte[255], PrivateParts.From(Parameters(A))));
        foreach (var scheme in Enum.GetValues<EncryptionScheme>())
            Assert.ThrowsAny<CryptographicException>(() => A.Public.Encrypt(scheme, new byte[256]));
        Assert.Throws<CryptographicException>(() => PortableExtras.ForPublic(Parameters(A)).EncryptSha224(new byte[256]));
    }

    [Fact]
    public void A_signature_belongs_to_one_key_and_one_scheme()
    {
        var signature = A.Sign(SignatureScheme.Pkcs1Sha1, "x"u8);
        Assert.True(A.Public.Verify(SignatureScheme.Pkcs1Sha1, "x"u8, signature));
        Assert.False(A.Public.Verify(SignatureScheme.Pkcs1Sha224, "x"u8, signature));
        Assert.False(B.Public.Verify(SignatureScheme.Pkcs1Sha1, "x"u8, signature));
        Assert.False(B.Public.RecoverX931(A.SignX931("salt"u8)) is { } text && text.AsSpan().SequenceEqual("salt"u8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(253)]   // one byte of filling
    [InlineData(254)]   // none
    public void X931_gives_back_messages_of_every_length(int length)
    {
        var message = Enumerable.Range(0, length).Select(i => (byte)(i * 7 + 1)).ToArray();
        var signature = A.SignX931(message);
        Assert.Equal(256, signature.Length);
        Assert.Equal(message, A.Public.RecoverX931(signature));
        Assert.Equal(signature, X931.Sign(message, PrivateParts.From(Parameters(A))));
    }

    [Fact]
    public void One_key_serves_many_threads()
    {
        var signature = A.Sign(SignatureScheme.Pkcs1Sha224, "x"u8);
        Parallel.For(0, 64, _ =>
        {
            Assert.Equal(signature, A.Sign(SignatureScheme.Pkcs1Sha224, "x"u8));
            Assert.True(A.Public.Verify(SignatureScheme.Pkcs1Sha224, "x"u8, signature));
            Assert.Equal("s"u8.ToArray(), A.Decrypt(EncryptionScheme.OaepSha1, A.Public.Encrypt(EncryptionScheme.OaepSha1, "s"u8)));
            Assert.Equal("s"u8.ToArray(), A.Decrypt(EncryptionScheme.OaepSha224, A.Public.Encrypt(EncryptionScheme.OaepSha224, "s"u8)));
        });
    }

    internal static RSAParameters Parameters(RsaKeyPair pair)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pair.PrivatePem);
        return rsa.ExportParameters(true);
    }
}
