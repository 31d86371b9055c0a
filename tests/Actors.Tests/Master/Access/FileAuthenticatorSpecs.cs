using SaltActors.Actors.Master.Access;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master.Access;

public sealed class FileAuthenticatorSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<bool> Believes(string content, string user, string password, params (string, Value)[] options)
    {
        var path = _folder.Under("users");
        await File.WriteAllTextAsync(path, content);
        return await new FileAuthenticator().CheckAsync(new Login(user, password, MapValue.Empty), MapValue.Of([("filename", path), .. options])) is not null;
    }

    [Fact]
    public async Task Reads_fields_of_a_text_file()
    {
        Assert.True(await Believes("# staff\nann:secret\n", "ann", "secret"));
        Assert.False(await Believes("ann:secret\n", "ann", "Secret"));
        Assert.False(await Believes("ann:secret\n", "bob", "secret"));
        Assert.False(await Believes("ann:\n", "", ""));
        Assert.True(await Believes("7;x;ann;2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", "ann", "secret",
            ("hashtype", "sha256"), ("field_separator", ";"), ("username_field", 3), ("password_field", 4)));
    }

    [Theory]
    [InlineData("$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/")]
    [InlineData("$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1")]
    [InlineData("$5$saltsalt$0IyaXrmV7.sGNS6tirgqHLqX/G.FBvgkYA.lpPdS5sA")]
    [InlineData("$1$saltsalt$9xy1btjgzLYfb7hivXtC//")]
    [InlineData("$2b$04$PPCzrP5xA2Uc3D/Z.T4J7eJWiLRACT91OcLZkFeIgls6YXgbBX47K")]
    [InlineData("{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=")]
    public async Task Reads_the_hashes_of_an_htpasswd_file(string hash)
    {
        Assert.True(await Believes($"bob:x\nann:{hash}\n", "ann", "secret", ("filetype", "htpasswd")));
        Assert.False(await Believes($"bob:x\nann:{hash}\n", "ann", "secret2", ("filetype", "htpasswd")));
        Assert.False(await Believes($"ann:{hash}\n", "ann", hash, ("filetype", "htpasswd")));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("!")]
    [InlineData("")]
    public async Task A_locked_entry_opens_for_no_password(string hash)
    {
        Assert.False(await Believes($"ann:{hash}\n", "ann", "", ("filetype", "htpasswd")));
        Assert.False(await Believes($"ann:{hash}\n", "ann", hash, ("filetype", "htpasswd")));
    }

    [Fact]
    public async Task Reads_an_htdigest_file_of_its_realm()
    {
        const string Line = "ann:realm:4f7d04b5b9899460e7638f8036f253f4\n";
        Assert.True(await Believes(Line, "ann", "secret", ("filetype", "htdigest"), ("realm", "realm")));
        Assert.False(await Believes(Line, "ann", "secret", ("filetype", "htdigest"), ("realm", "other")));
    }

    [Fact]
    public async Task What_is_not_set_up_is_said_to_the_operator()
    {
        Assert.Contains("^filename", (await Assert.ThrowsAsync<AuthenticatorBroken>(() => new FileAuthenticator().CheckAsync(new Login("a", "b", MapValue.Empty), MapValue.Empty))).Message);
        Assert.Contains("'dbm'", (await Assert.ThrowsAsync<AuthenticatorBroken>(() => Believes("", "a", "b", ("filetype", "dbm")))).Message);
        Assert.Contains("no-such-file", (await Assert.ThrowsAsync<AuthenticatorBroken>(() => new FileAuthenticator().CheckAsync(new Login("a", "b", MapValue.Empty), MapValue.Of(("filename", _folder.Under("no-such-file")))))).Message);
    }
}
