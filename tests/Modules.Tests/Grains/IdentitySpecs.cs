using SaltActors.Core.Values;
using SaltActors.Modules.Grains;
using SaltActors.Modules.Grains.Identity;

namespace SaltActors.Modules.Tests.Grains;

public sealed class IdentitySpecs
{
    [Theory]
    [InlineData("m1", 567174485)]
    [InlineData("web1.example.com", 1995756556)]
    [InlineData("a", 949688339)]
    public void Takes_the_server_id_that_Python_hashes(string id, long expected) => Assert.Equal(expected, ServerId.Of(id, null));

    [Theory]
    [InlineData("crc32", 907060870)]
    [InlineData("adler32", 103547413)]
    public void Takes_the_server_id_by_checksum_where_the_option_says_so(string kind, long expected) => Assert.Equal(expected, ServerId.Of("hello", kind));

    [Fact]
    public void Takes_python_from_the_machine_where_it_has_one()
    {
        var with = new RecordedMachine { Files = { ["/usr/bin/python3"] = "" }, Links = { ["/usr/bin/python3"] = "python3.11" } };
        var without = new RecordedMachine();
        Assert.Equal(ListValue.Create([3, 11]), CoreGrains.CollectFast(new(with), MapValue.Empty).Get("pythonversion"));
        Assert.Equal("/usr/bin/python3", CoreGrains.CollectFast(new(with), MapValue.Empty).TextOf("pythonexecutable"));
        Assert.Equal(ListValue.Create([3]), CoreGrains.CollectFast(new(without), MapValue.Empty).Get("pythonversion"));
    }

    [Fact]
    public void Says_who_it_is()
    {
        var machine = new RecordedMachine { Files = { ["/etc/machine-id"] = "3d12\n" } };
        var grains = CoreGrains.CollectFast(new(machine), MapValue.Of(("id", "web1"), ("master", ListValue.Create(["a", "b"]))));
        Assert.Equal("web1", grains.TextOf("id"));
        Assert.Equal(ListValue.Create(["a", "b"]), grains.Get("master"));
        Assert.Equal("3d12", grains.TextOf("machine_id"));
        Assert.Equal(ListValue.Create([3006, 0]), grains.Get("saltversioninfo"));
    }
}
