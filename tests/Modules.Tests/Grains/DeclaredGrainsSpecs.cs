using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Grains;

public sealed class DeclaredGrainsSpecs
{
    private static readonly FunctionTable Table = new(DeclaredFunctions.All);
    private static readonly CallContext Context = new() { Functions = Table, Options = MapValue.Empty, Grains = MapValue.Of(("os", "Debian")) };

    [Fact]
    public async Task Tells_a_default_that_is_not_given_from_none()
    {
        Assert.Equal("", (await Context.Call("grains.get", "nope")).AsText());
        Assert.True((await Context.Call("grains.get", "nope", Value.Null)).IsNull);
        Assert.Equal("Debian", (await Context.Call("grains.fetch", "os")).AsText());
    }

    [Theory]
    [InlineData("get", "key|default=''|delimiter=':'|ordered=True")]
    [InlineData("set", "key|val=''|force=False|destructive=False|delimiter=':'")]
    [InlineData("filter_by", "lookup_dict|grain='os_family'|merge=None|default='default'|base=None")]
    [InlineData("append", "key|val|convert=False|delimiter=':'")]
    [InlineData("setvals", "grains|destructive=False|refresh_pillar=True")]
    [InlineData("setval", "key|val|destructive=False|refresh_pillar=True")]
    [InlineData("delval", "key|destructive=False|force=False")]
    [InlineData("item", "args|kwargs")]
    [InlineData("equals", "key|value")]
    public void Takes_the_arguments_that_Salt_takes(string name, string expected)
    {
        var function = Table.Find(FunctionKind.Execution, "grains." + name)!;
        Assert.Equal(expected, string.Join('|', function.Parameters.Select(p => p.Default is null ? p.Name : $"{p.Name}={PythonText.Repr(p.Default)}")));
    }
}
