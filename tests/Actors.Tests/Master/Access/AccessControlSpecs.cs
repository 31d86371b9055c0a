using Microsoft.Extensions.Time.Testing;
using SaltActors.Actors.Master;
using SaltActors.Actors.Master.Access;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master.Access;

public sealed class AccessControlSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    private AccessControl Access(params (string, Value)[] options)
    {
        var all = MapValue.Of(("sharedsecret", "open sesame"), ("external_auth", MapValue.Of(("sharedsecret", MapValue.Of(("ann", ListValue.Create(["test.*"])))))))
            .Over(MapValue.Of(options));
        var master = new MasterOptions { CacheDir = _folder.Path };
        var settings = AccessSettings.From(all, master) with { WrongLoginDelay = TimeSpan.Zero };
        return new AccessControl(settings, LocalCredentials.Make(master, settings.Publishers, _warnings.Add), [new SharedSecretAuthenticator(settings.SharedSecret)], _clock, _warnings.Add);
    }

    private static MapValue Login(string user, string password, string backend = "sharedsecret") => MapValue.Of(("eauth", backend), ("username", user), ("password", password));
    private string MasterKey => File.ReadAllText(_folder.Under(".root_key"));

    [Fact]
    public async Task Whoever_logs_in_right_has_the_rules_of_his_name()
    {
        var known = Assert.IsType<Caller.Known>(await Access().ProveAsync(Login("ann", "open sesame"), MapValue.Empty));
        Assert.Equal(("eauth", "ann"), (known.Kind, known.Name));
        Assert.False(known.Rules.IsEmpty);
    }

    [Theory]
    [InlineData("ann", "wrong", "sharedsecret")]
    [InlineData("ann", "", "sharedsecret")]
    [InlineData("bob", "open sesame", "sharedsecret")]   // whom no rule names
    [InlineData("", "open sesame", "sharedsecret")]
    [InlineData("^ann", "open sesame", "sharedsecret")]
    [InlineData("ann", "open sesame", "nosuch")]
    [InlineData("ann", "open sesame", "")]
    public async Task Anybody_else_is_refused(string user, string password, string backend)
    {
        Assert.IsType<Caller.Unproven>(await Access().ProveAsync(Login(user, password, backend), MapValue.Empty));
        Assert.Null(await Access().MakeTokenAsync(Login(user, password, backend)));
    }

    [Fact]
    public async Task A_token_stands_for_its_maker_until_it_expires()
    {
        var access = Access(("token_expire", 100));
        var token = (await access.MakeTokenAsync(Login("ann", "open sesame")))!;
        Assert.Equal(["start", "expire", "name", "eauth", "token"], token.ToValue().Keys.Select(k => k.ToString()));
        Assert.Matches("^[0-9a-f]{64}$", token.Text);
        var path = _folder.Under("tokens", token.Text);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal("ann", Assert.IsType<Caller.Known>(await access.ProveAsync(MapValue.Of(("token", token.Text)), MapValue.Empty)).Name);
        _clock.Advance(TimeSpan.FromSeconds(101));
        Assert.IsType<Caller.Unproven>(await access.ProveAsync(MapValue.Of(("token", token.Text)), MapValue.Empty));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task How_long_a_token_lives_may_be_chosen_only_where_the_configuration_says_so()
    {
        async Task<double> Life(AccessControl access) => (await access.MakeTokenAsync(Login("ann", "open sesame").With("token_expire", 10)))! is var t ? Math.Round(t.Expire - t.Start) : 0;
        Assert.Equal(43200, await Life(Access()));
        Assert.Equal(10, await Life(Access(("token_expire_user_override", true))));
        Assert.Equal(43200, await Life(Access(("token_expire_user_override", MapValue.Of(("sharedsecret", ListValue.Create(["bob"])))))));
    }

    // Security cases 1.1: CVE-2020-11652.
    [Theory]
    [InlineData("../canary")]
    [InlineData("..%2fcanary")]
    [InlineData("..\\canary")]
    [InlineData("canary\0")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD")]
    public async Task A_token_that_is_shaped_like_a_path_finds_nothing(string text)
    {
        File.WriteAllText(_folder.Under("canary"), "do not touch");
        var access = Access();
        Assert.Null(access.FindToken(text));
        Assert.IsType<Caller.Unproven>(await access.ProveAsync(MapValue.Of(("token", text)), MapValue.Empty));
        Assert.Equal("do not touch", File.ReadAllText(_folder.Under("canary")));
    }

    [Fact]
    public async Task A_broken_token_file_proves_nothing()
    {
        var access = Access();
        var text = new string('a', 64);
        Directory.CreateDirectory(_folder.Under("tokens"));
        File.WriteAllBytes(_folder.Under("tokens", text), [0xC1, 1, 2]);
        Assert.IsType<Caller.Unproven>(await access.ProveAsync(MapValue.Of(("token", text)), MapValue.Empty));
        Assert.IsType<Caller.Unproven>(await access.ProveAsync(MapValue.Of(("token", 5)), MapValue.Empty));
    }

    [Fact]
    public async Task The_master_s_key_may_everything_and_no_other_text_does()
    {
        var access = Access();
        Assert.Equal("root", Assert.IsType<Caller.Master>(await access.ProveAsync(MapValue.Empty, MapValue.Of(("user", "root"), ("key", MasterKey)))).Name);
        Assert.IsType<Caller.Master>(await access.ProveAsync(MapValue.Empty, MapValue.Of(("user", "sudo_ann"), ("key", MasterKey))));
        Assert.IsType<Caller.Unproven>(await access.ProveAsync(MapValue.Empty, MapValue.Of(("user", "root"), ("key", "wrong"))));
        Assert.IsType<Caller.Unproven>(await access.ProveAsync(MapValue.Empty, MapValue.Of(("user", "root"))));
        Assert.IsType<Caller.Unproven>(await access.ProveAsync(MapValue.Of(("token", "x")), MapValue.Of(("user", "root"), ("key", MasterKey))));
    }

    [Fact]
    public async Task Whoever_comes_through_sudo_has_his_own_rules_where_sudo_acl_says_so()
    {
        var access = Access(("sudo_acl", true), ("publisher_acl", MapValue.Of(("ann", ListValue.Create(["test.ping"])))));
        Assert.Equal(ListValue.Create(["test.ping"]), Assert.IsType<Caller.Known>(await access.ProveAsync(MapValue.Empty, MapValue.Of(("user", "sudo_ann"), ("key", MasterKey)))).Rules.ToValue());
        Assert.True(Assert.IsType<Caller.Known>(await access.ProveAsync(MapValue.Empty, MapValue.Of(("user", "sudo_bob"), ("key", MasterKey)))).Rules.IsEmpty);
    }

    [Fact]
    public void What_cannot_work_is_named_at_the_start()
    {
        var access = Access(("external_auth", MapValue.Of(("pki", MapValue.Of(("ann", ListValue.Create(["*"])))))));
        Assert.Collection(access.Problems(), p => Assert.Contains("ann", p), p => Assert.Contains("'pki' is not there", p));
    }
}
