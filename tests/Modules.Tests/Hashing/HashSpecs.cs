using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Hashing;

public sealed class HashSpecs
{
    private readonly Calls _calls = new();

    [Theory]
    [InlineData("hashutil.digest", "900150983cd24fb0d6963f7d28e17f72", "abc")]
    [InlineData("hashutil.digest", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc", "sha256")]
    [InlineData("hashutil.md5_digest", "9dd4e461268c8034f5c8564e155c67a6", "x")]
    [InlineData("hashutil.base64_b64encode", "Z2V0IHNhbHRlZA==", "get salted")]
    [InlineData("hashutil.base64_b64decode", "get salted", "Z2V0IHNh\nbHRlZA==")]
    [InlineData("hashutil.base64_encodestring", "Z2V0IHNhbHRlZA==\n", "get salted")]
    [InlineData("hashutil.base64_encodestring", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2\nNzg5MDEyMzQ1Njc4OQ==\n", "0123456789012345678901234567890123456789012345678901234567890123456789")]
    [InlineData("hashutil.base64_decodestring", "get salted", "Z2V0IHNhbHRlZA==\n")]
    [InlineData("hashutil.hmac_signature", "True", "get salted", "shared secret", "eBWf9bstXg+NiP5AOwppB5HMvZiYMPzEM9W5YMm/AmQ=")]
    [InlineData("hashutil.hmac_signature", "False", "get salted", "shared secret", "eBWf9bstXg+NiP5AOwppB5HMvZiYMPzEM9W5YMm/AmA=")]
    [InlineData("hashutil.hmac_compute", "78159ff5bb2d5e0f8d88fe403b0a690791ccbd989830fcc433d5b960c9bf0264", "get salted", "shared secret")]
    [InlineData("hashutil.github_signature", "True", "get salted", "shared secret", "sha256=78159ff5bb2d5e0f8d88fe403b0a690791ccbd989830fcc433d5b960c9bf0264")]
    [InlineData("random.hash", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f", "abc")]
    [InlineData("random.hash", "900150983cd24fb0d6963f7d28e17f72", "abc", "md5")]
    [InlineData("random.str_encode", "YWJj", "abc")]
    public async Task Answers_what_salt_answers(string function, string expected, params string[] arguments) =>
        Assert.Equal(expected, (await _calls.Answer(function, [.. arguments.Select(Value (a) => a)])).ToString());

    [Fact]
    public async Task Reads_and_writes_files()
    {
        using var folder = new TestFolder();
        var file = folder.File("a", "vm\n");
        Assert.Equal((Value)"dm0K\n", await _calls.Answer("hashutil.base64_encodefile", file));
        Assert.Equal((Value)"6520213d3695a344f306efffa2523807", await _calls.Answer("hashutil.digest_file", file));
        var copy = Path.Join(folder.Path, "b");
        Assert.Equal((Value)true, await _calls.Answer("hashutil.base64_decodefile", "Z2V0IHNhbHRlZA==", copy));
        Assert.Equal("get salted", await File.ReadAllTextAsync(copy));
        Assert.Equal("ERROR: File path '/nope' not found.", (await _calls.Failure("hashutil.digest_file", MapValue.Empty, "/nope")).Text);
    }

    [Fact]
    public async Task Refuses_as_salt_does()
    {
        Assert.Equal("ERROR: Hash func 'sha1' is not supported.", (await _calls.Failure("hashutil.digest", MapValue.Empty, "abc", "sha1")).Text);
        Assert.StartsWith("Passed invalid arguments to hashutil.md5_digest: expected str, bytes, or bytearray not <class 'int'>", (await _calls.Failure("hashutil.md5_digest", MapValue.Empty, 5)).Text, StringComparison.Ordinal);
        Assert.Contains("ValueError: not enough values to unpack (expected 2, got 1)", (await _calls.Failure("hashutil.github_signature", MapValue.Empty, "a", "s", "abc")).Text, StringComparison.Ordinal);
        Assert.Contains("Invalid base64-encoded string: number of data characters (1) cannot be 1 more than a multiple of 4", (await _calls.Failure("hashutil.base64_b64decode", MapValue.Empty, "a")).Text, StringComparison.Ordinal);
        Assert.Contains("SaltException: You must specify a valid algorithm.", (await _calls.Failure("random.hash", MapValue.Empty, "abc", "nope")).Text, StringComparison.Ordinal);
        Assert.Equal("ERROR executing 'random.str_encode': Value must be an encode-able string", (await _calls.Failure("random.str_encode", MapValue.Empty, "abc", "hex")).Text);
        Assert.Equal(new BytesValue(new byte[] { 0xff, 0xfe }), await _calls.Answer("hashutil.base64_b64decode", "//4="));
    }
}
