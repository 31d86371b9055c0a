using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Packages;

public sealed class AptSpecs
{
    private readonly RecordedPrograms _programs = new RecordedPrograms()
        .With(@"dpkg-query --showformat ${Status} ${Package} ${Version} ${Architecture}\n -W",
            "install ok installed bash 5.2.15-2+b8 amd64\ninstall ok installed libc6 2.36-9 i386\nhold ok installed sed 4.9-1 amd64\ndeinstall ok config-files old 1.0 all\n")
        .With("apt-cache -q policy bash", "bash:\n  Installed: 5.2.15-2+b8\n  Candidate: 5.2.15-2+b13\n  Version table:\n")
        .With("apt-cache -q policy sed", "sed:\n  Installed: 4.9-1\n  Candidate: 4.9-1\n")
        .With("apt-get --just-print dist-upgrade", "Inst bash [5.2.15-2+b8] (5.2.15-2+b13 Debian:12 [amd64])\nConf bash (5.2.15-2+b13 Debian:12 [amd64])\n")
        .With("dpkg -S /bin/bash", "bash: /bin/bash")
        .With("dpkg -S /nowhere", retcode: 1, stderr: "dpkg-query: no path found matching pattern /nowhere");

    private Calls Here => new() { Functions = _programs.Table, Grains = MapValue.Of(("osarch", "amd64")) };

    [Fact]
    public async Task Lists_what_is_installed()
    {
        Assert.Equal(MapValue.Of(("bash", "5.2.15-2+b8"), ("libc6:i386", "2.36-9"), ("sed", "4.9-1")), await Here.Answer("pkg.list_pkgs"));
        Assert.Equal(MapValue.Of(("old", "1.0")), await Here.Answer("pkg.list_pkgs", Calls.With(("removed", true))));
        Assert.Equal("5.2.15-2+b8", await Here.Answer("pkg.version", "bash"));
        Assert.Equal(MapValue.Of(("bash", "5.2.15-2+b8"), ("zzz", "")), await Here.Answer("pkg.version", "bash", "zzz"));
    }

    [Fact]
    public async Task Knows_what_could_be_newer()
    {
        var noRefresh = Calls.With(("refresh", false));
        Assert.Equal("5.2.15-2+b13", await Here.Answer("pkg.latest_version", noRefresh, "bash"));
        Assert.Equal(false, await Here.Answer("pkg.upgrade_available", noRefresh, "sed"));
        Assert.Equal(MapValue.Of(("bash", "5.2.15-2+b13")), await Here.Answer("pkg.list_upgrades", noRefresh));
    }

    [Fact]
    public async Task Knows_whose_a_file_is()
    {
        Assert.Equal(MapValue.Of(("/bin/bash", "bash"), ("/nowhere", "")), await Here.Answer("pkg.owner", "/bin/bash", "/nowhere"));
    }

    [Theory]
    [InlineData("1.0", "1.0~rc1", 1)]
    [InlineData("1.0", "1.0", 0)]
    [InlineData("1:0.1", "2.0", 1)]
    [InlineData("1.0-1", "1.0-1+b1", -1)]
    [InlineData("1.0a", "1.0+", -1)]
    [InlineData("1.010", "1.9", 1)]
    [InlineData("0.2.4-0ubuntu1", "0.2.4.1-0ubuntu1", -1)]
    [InlineData("1.0~~", "1.0~", -1)]
    [InlineData("1.00", "1.0", 0)]
    public async Task Compares_versions_as_dpkg_does(string left, string right, int expected)
    {
        Assert.Equal(expected, await Here.Answer("pkg.version_cmp", left, right));
        Assert.Equal(-expected, await Here.Answer("pkg.version_cmp", right, left));
    }

    [Fact]
    public async Task Installs_versions_and_removes_only_what_is_there()
    {
        _programs.With("apt-get -q -y -o DPkg::Options::=--force-confold -o DPkg::Options::=--force-confdef install bash=5.3 zsh").With("apt-get -q -y remove sed")
            .With("apt-get -q -y purge sed", retcode: 100, stderr: "E: locked");
        Assert.Equal(MapValue.Empty, await Here.Answer("pkg.install", Calls.With(("pkgs", ListValue.Create([MapValue.Of(("bash", "5.3")), "zsh"])))));
        Assert.Equal(MapValue.Empty, await Here.Answer("pkg.remove", "sed,nothere"));
        Assert.Equal(MapValue.Empty, await Here.Answer("pkg.remove", "nothere"));
        Assert.Equal("ERROR: Problem encountered removing package(s): E: locked", (await Here.Failure("pkg.purge", MapValue.Empty, "sed")).Text);
        Assert.Equal("ERROR: '-o' is no name of a package", (await Here.Failure("pkg.install", MapValue.Empty, "-o")).Text);
        Assert.Single(_programs.Called, c => c.StartsWith("apt-get -q -y remove", StringComparison.Ordinal));
    }
}
