using SaltActors.Client.Copies;

namespace SaltActors.Actors.Tests.Client;

public sealed class CopyPlanSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CopyPlanSpecs()
    {
        Directory.CreateDirectory(_folder.Under("tree", "sub"));
        Directory.CreateDirectory(_folder.Under("tree", "empty"));
        File.WriteAllText(_folder.Under("one"), "1");
        File.WriteAllText(_folder.Under("two"), "2");
        File.WriteAllText(_folder.Under("tree", "top"), "t");
        File.WriteAllText(_folder.Under("tree", "sub", "deep"), "d");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/to", "/to", "one")]
    [InlineData("/to/", "/to/one", "one")]
    [InlineData("/to", "/to/one /to/two", "one", "two")]
    [InlineData("/to", "/to/tree/sub/deep /to/tree/top /to/tree/empty", "tree")]
    [InlineData("/to", "/to/one /to/tree/sub/deep /to/tree/top /to/tree/empty", "one", "tree/")]
    [InlineData("/to", "/to/empty", "tree/empty")]
    public void Every_file_has_its_place(string destination, string places, params string[] sources) =>
        Assert.Equal(places.Split(' '), CopyPlan.Of([.. sources.Select(s => _folder.Under(s))], destination).Select(i => i.Destination));

    [Fact]
    public void Permissions_travel_with_a_file()
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_folder.Under("one"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead);
        Assert.Equal(Convert.ToInt32("540", 8), Assert.Single(CopyPlan.Of([_folder.Under("one")], "/to")).Mode);
        Assert.True(Assert.Single(CopyPlan.Of([_folder.Under("tree", "empty")], "/to")).IsFolder);
    }

    [Fact]
    public void A_source_that_does_not_exist_is_named()
    {
        var refused = Assert.Throws<CopyRefused>(() => CopyPlan.Of([_folder.Under("one"), "/no/such"], "/to"));
        Assert.Equal(("/no/such does not exist", 42), (refused.Message, refused.ExitCode));
    }
}
