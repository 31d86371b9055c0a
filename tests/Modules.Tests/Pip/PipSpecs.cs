using SaltActors.Core.Values;
using SaltActors.Modules.Pip;
using SaltActors.Modules.Tests.Machine;

namespace SaltActors.Modules.Tests.Pip;

public sealed class PipSpecs
{
    private const string List = "python3 -m pip list --format=json --disable-pip-version-check", Install = "python3 -m pip install --disable-pip-version-check";
    private readonly RecordedPrograms _programs = new RecordedPrograms().With(List, """[{"name": "pip", "version": "23.0.1"}, {"name": "My.Pkg", "version": "2.0rc1"}]""");

    [Theory]
    [InlineData("pip", "23.0.1", true)]
    [InlineData("pip >= 1.0, < 23.0.1", "23.0.1", false)]
    [InlineData("pip==23.*", "23.0.1", true)]
    [InlineData("pip~=23.0.0", "23.0.1", true)]
    [InlineData("pip~=22.0", "23.0.1", false)]
    [InlineData("x==2.0", "2", true)]
    [InlineData("x>=2.0", "2.0rc1", false)]
    [InlineData("x>2.0rc1", "2.0", true)]
    [InlineData("x[a,b]!=1.10", "1.9", true)]
    [InlineData("x<1.10", "1.9", true)]
    public void Requirements_are_held_against_versions_in_their_order(string requirement, string version, bool fits) => Assert.Equal(fits, PythonRequirement.Of(requirement)!.Fits(version));

    [Theory]
    [InlineData("bad name==")]
    [InlineData("x=1")]
    [InlineData("-r file")]
    [InlineData("")]
    public void What_is_no_requirement_is_told(string text) => Assert.Null(PythonRequirement.Of(text));

    [Fact]
    public async Task What_is_installed_stays_as_it_is_under_any_spelling_of_its_name()
    {
        var cycle = new StateCycle { Functions = _programs.Table };
        await cycle.IsClean("pip.installed", "my_pkg");
        Assert.Equal("Python package pip >= 1.0 was already installed\nAll specified packages are already installed", (await cycle.Single("pip.installed", "pip >= 1.0", MapValue.Empty)).TextOf("comment"));
        await cycle.IsClean("pip.removed", "nothere");
        Assert.Contains("Invalid requirement", await cycle.Failure("pip.installed", "bad name=="), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_installed_at_once_and_a_failure_says_why()
    {
        var cycle = new StateCycle { Functions = _programs.With($"{Install} six requests>=2").With($"{Install} nope", "", 1, "No matching distribution found for nope").Table };
        var wanted = MapValue.Of(("pkgs", ListValue.OfTexts(["pip", "six", "requests>=2"])));
        Assert.Equal("Python package pip was already installed\nPython package six is set to be installed\nPython package requests>=2 is set to be installed", (await cycle.Single("pip.installed", "x", wanted, isTest: true)).TextOf("comment"));
        // The program says it is done, and nothing is there: that is no success.
        Assert.Equal("These packages are not there after all: six, requests>=2", (await cycle.Single("pip.installed", "x", wanted)).TextOf("comment"));
        Assert.Contains("No matching distribution found for nope", await cycle.Failure("pip.installed", "nope"), StringComparison.Ordinal);
        Assert.Contains("trusted_host", await cycle.Failure("pip.installed", "six", ("trusted_host", "x")), StringComparison.Ordinal);
    }
}
