using Microsoft.Extensions.Time.Testing;
using SaltActors.Actors.Master;
using SaltActors.Actors.Master.Keys;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master;

public sealed class AutoSignSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly List<string> _warnings = [];

    public AutoSignSpecs() => Directory.CreateDirectory(_folder.Under("stubs"));
    public void Dispose() => _folder.Dispose();

    private AutoSign Rules(MasterOptions options) => new(options, _folder.Under("stubs"), _clock, _warnings.Add);

    private string Lines(string name, params ReadOnlySpan<string> lines)
    {
        var path = _folder.Under(name);
        File.WriteAllLines(path, lines.ToArray());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private static MinionId Id(string text) => MinionId.Parse(text);

    // Salt: a line is an id, a glob (with sets), or a regular expression for the whole id.
    [Theory]
    [InlineData("web1", "web1", true)]
    [InlineData("web1", "web10", false)]
    [InlineData("web*", "web10", true)]
    [InlineData("web?", "web10", false)]
    [InlineData("web[0-9]*", "web1.example.com", true)]
    [InlineData("web[!0-9]", "webx", true)]
    [InlineData("web[!0-9]", "web1", true)]   // as an expression its set holds the digits, and Salt tries both readings
    [InlineData(@"db\d+", "db42", true)]
    [InlineData(@"db\d+", "db42x", false)]
    [InlineData("a|b", "b", true)]
    [InlineData("a|b", "ax", false)]   // Salt anchors the outer ends alone and lets this one in
    [InlineData("# web1", "web1", false)]
    [InlineData("  web1  ", "web1", true)]
    [InlineData("", "web1", false)]
    public void A_line_names_ids_globs_and_whole_expressions(string line, string id, bool isMatch)
    {
        var rules = Rules(new MasterOptions { AutosignFile = Lines("sign", line), AutorejectFile = Lines("reject", line) });
        Assert.Equal(isMatch, rules.Accepts(Id(id), MapValue.Empty));
        Assert.Equal(isMatch, rules.Rejects(Id(id)));
    }

    [Fact]
    public void A_line_that_is_no_expression_is_told_and_names_nobody()
    {
        Assert.False(Rules(new MasterOptions { AutosignFile = Lines("sign", "web(") }).Accepts(Id("web1"), MapValue.Empty));
        Assert.Contains("web(", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_others_may_write_is_not_believed()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = Lines("sign", "*");
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupWrite);
        Assert.False(Rules(new MasterOptions { AutosignFile = path }).Accepts(Id("web1"), MapValue.Empty));
        Assert.Contains(path, Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.True(Rules(new MasterOptions { AutosignFile = path, PermissivePkiAccess = true }).Accepts(Id("web1"), MapValue.Empty));
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherWrite);
        Assert.False(Rules(new MasterOptions { AutosignFile = path, PermissivePkiAccess = true }).Accepts(Id("web1"), MapValue.Empty));
    }

    [Fact]
    public void A_file_that_does_not_exist_names_nobody() =>
        Assert.False(Rules(new MasterOptions { AutosignFile = _folder.Under("none") }).Accepts(Id("web1"), MapValue.Empty));

    [Fact]
    public void A_stub_lets_one_minion_in_once()
    {
        File.WriteAllText(_folder.Under("stubs", "web1"), "");
        var rules = Rules(new MasterOptions());
        Assert.False(rules.Accepts(Id("web2"), MapValue.Empty));
        Assert.True(rules.Accepts(Id("web1"), MapValue.Empty));
        Assert.False(rules.Accepts(Id("web1"), MapValue.Empty));
    }

    [Fact]
    public void A_stub_past_its_time_lets_nobody_in_and_goes()
    {
        File.WriteAllText(_folder.Under("stubs", "web1"), "");
        _clock.Advance(TimeSpan.FromMinutes(121));
        Assert.False(Rules(new MasterOptions()).Accepts(Id("web1"), MapValue.Empty));
        Assert.False(File.Exists(_folder.Under("stubs", "web1")));
    }

    [Fact]
    public void A_grain_s_file_lists_the_values_that_are_welcome()
    {
        Directory.CreateDirectory(_folder.Under("grains"));
        Lines("grains/uuid", "# of the rack", "4711", "4712");
        var rules = Rules(new MasterOptions { AutosignGrainsDir = _folder.Under("grains") });
        Assert.True(rules.Accepts(Id("web1"), MapValue.Of(("uuid", "4712"))));
        Assert.False(rules.Accepts(Id("web1"), MapValue.Of(("uuid", "4713"))));
        Assert.False(rules.Accepts(Id("web1"), MapValue.Of(("uuid", "# of the rack"))));
        Assert.False(rules.Accepts(Id("web1"), MapValue.Of(("serial", "4712"))));
        Assert.False(rules.Accepts(Id("web1"), MapValue.Empty));
    }

    // A grain's name comes from a stranger, and is a file's name here.
    [Theory]
    [InlineData("../secret")]
    [InlineData("..")]
    [InlineData("a/../../secret")]
    [InlineData("uuid\0")]
    [InlineData("")]
    public void A_grain_s_name_that_is_a_path_reads_no_file(string grain)
    {
        Directory.CreateDirectory(_folder.Under("grains"));
        Lines("secret", "yes");
        Assert.False(Rules(new MasterOptions { AutosignGrainsDir = _folder.Under("grains") }).Accepts(Id("web1"), MapValue.Of((grain, "yes"))));
        Assert.False(Rules(new MasterOptions { AutosignGrainsDir = _folder.Under("grains") }).Accepts(Id("web1"), MapValue.Of((_folder.Under("secret"), "yes"))));
    }
}
