using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Core.Tests.Returners;

public sealed class ReturnerOptionsSpecs
{
    private static readonly ReturnerContext Bare = new() { Options = MapValue.Empty };

    private static ReturnerOptions In(params (string, Value)[] options) => new(Bare with { Options = MapValue.Of(options) }, "returner.pgjsonb", "pgjsonb");

    [Fact]
    public void Finds_a_key_with_the_returners_prefix() => Assert.Equal("db1", In(("returner.pgjsonb.host", "db1")).Text("host"));

    [Fact]
    public void Finds_a_key_with_the_short_prefix() => Assert.Equal("db1", In(("pgjsonb.host", "db1")).Text("host"));

    [Fact]
    public void Finds_an_option_inside_a_map() => Assert.Equal("db1", In(("returner.pgjsonb", MapValue.Of(("host", "db1")))).Text("host"));

    [Fact]
    public void Gives_the_default_where_nobody_says_anything_or_says_nothing()
    {
        Assert.Equal("localhost", In().Text("host", "localhost"));
        Assert.Equal("localhost", In(("returner.pgjsonb.host", "")).Text("host", "localhost"));
        Assert.Equal("prefer", In(("returner.pgjsonb.sslmode", "None")).Text("sslmode", "prefer"));
    }

    [Fact]
    public void Looks_into_grains_pillar_and_the_masters_configuration_in_the_pillar()
    {
        Assert.Equal("g", new ReturnerOptions(Bare with { Grains = MapValue.Of(("mysql.host", "g")), Pillar = MapValue.Of(("mysql.host", "p")) }, "mysql").Text("host"));
        Assert.Equal("p", new ReturnerOptions(Bare with { Pillar = MapValue.Of(("mysql.host", "p"), ("master", MapValue.Of(("mysql.host", "m")))) }, "mysql").Text("host"));
        Assert.Equal("m", new ReturnerOptions(Bare with { Pillar = MapValue.Of(("master", MapValue.Of(("mysql.host", "m")))) }, "mysql").Text("host"));
    }

    [Fact]
    public void Takes_the_alternative_first_and_the_rest_from_the_usual_place()
    {
        var context = Bare with
        {
            Options = MapValue.Of(("mysql.host", "usual"), ("mysql.db", "salt"), ("other.mysql.host", "other"), ("third.mysql", MapValue.Of(("host", "third")))),
        };
        Assert.Equal("other", new ReturnerOptions(context.ChosenBy(MapValue.Of(("ret_config", "other"))), "mysql").Text("host"));
        Assert.Equal("salt", new ReturnerOptions(context.ChosenBy(MapValue.Of(("ret_config", "other"))), "mysql").Text("db"));
        Assert.Equal("third", new ReturnerOptions(context.ChosenBy(MapValue.Of(("ret_config", "third"))), "mysql").Text("host"));
    }

    [Fact]
    public void Lets_the_keywords_of_the_job_win() =>
        Assert.Equal("k", new ReturnerOptions((Bare with { Options = MapValue.Of(("mysql.db", "salt")) }).ChosenBy(MapValue.Of(("ret_kwargs", MapValue.Of(("db", "k"))))), "mysql").Text("db"));

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("many")]
    public void Names_the_option_that_is_no_port(string port)
    {
        var refused = Assert.Throws<ReturnerFailed>(() => In(("returner.pgjsonb.port", port)).Port("port", 5432));
        Assert.Contains("returner.pgjsonb.port", refused.Message);
        Assert.Contains(port, refused.Message);
    }

    [Fact]
    public void Reads_names_from_text_and_lists_once_each_and_opens_the_multi_returner()
    {
        Assert.Equal(["a", "b", "c"], ReturnerTable.NamesIn(ListValue.Create(["a, b", "a", "c", Value.Null]), null).AsEnumerable());
        Assert.Equal(["redis", "local_cache", "mysql"], ReturnerTable.NamesIn("redis,multi_returner", ListValue.Create(["local_cache", "redis", "mysql"])).AsEnumerable());
        Assert.Empty(ReturnerTable.NamesIn("", null));
    }
}
