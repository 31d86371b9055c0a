using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Matching;

public sealed class MatchSpecs : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Calls _calls;

    public MatchSpecs() => _calls = new()
    {
        Options = MapValue.Of(("id", "one"), ("cachedir", _folder.Path)),
        Grains = MapValue.Of(("os", "Debian"), ("ipv4", ListValue.From(["127.0.0.1"]))),
        Pillar = MapValue.Of(("cheese", "swiss")),
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("match.glob", "o*", true)]
    [InlineData("match.pcre", "on.", true)]
    [InlineData("match.list", "one,two", true)]
    [InlineData("match.list", "onetwo", false)]
    [InlineData("match.grain", "os:Deb*", true)]
    [InlineData("match.grain_pcre", "os:Deb.*", true)]
    [InlineData("match.pillar", "cheese:sw*", true)]
    [InlineData("match.pillar_pcre", "cheese:(gouda|swiss)", true)]
    [InlineData("match.pillar", "a:b", false)]
    [InlineData("match.compound", "one and G@os:*", true)]
    [InlineData("match.compound", "one and", false)]
    [InlineData("match.ipcidr", "127.0.0.0/8", true)]
    [InlineData("match.data", "spam:egg*", true)]
    [InlineData("match.data", "a:b", false)]
    public async Task Judges_targets(string function, string target, bool expected)
    {
        await _calls.Answer("data.update", "spam", "eggs");
        Assert.Equal((Value)expected, await _calls.Answer(function, target));
    }

    [Fact]
    public async Task Judges_by_another_id() => Assert.Equal((Value)false, await _calls.Answer("match.glob", Calls.With(("minion_id", "two")), "o*"));

    [Fact]
    public async Task Picks_from_tables()
    {
        var (a, b) = (MapValue.Of(("a", 1)), MapValue.Of(("b", 2)));
        Assert.Equal(a, await _calls.Answer("match.filter_by", MapValue.Empty, MapValue.Of(("o*", a), ("default", b))));
        Assert.Equal(b, await _calls.Answer("match.filter_by", MapValue.Empty, MapValue.Of(("x*", a), ("default", b))));
        Assert.Equal(Value.Null, await _calls.Answer("match.filter_by", MapValue.Empty, MapValue.Of(("x*", a))));
        Assert.Equal("{'a': {'x': 1, 'y': 2}, 'l': [1, 2]}", (await _calls.Answer("match.filter_by",
            Calls.With(("merge", MapValue.Of(("a", MapValue.Of(("y", 2))), ("l", ListValue.From([2])))), ("merge_lists", true)),
            MapValue.Of(("o*", MapValue.Of(("a", MapValue.Of(("x", 1))), ("l", ListValue.From([1])))), ("*", b)))).ToString());
        Assert.StartsWith("Passed invalid arguments to match.filter_by: Cannot update using non-dict types", (await _calls.Failure("match.filter_by", Calls.With(("merge", b)), MapValue.Of(("o*", 5)))).Text, StringComparison.Ordinal);
        Assert.Equal("['web', 'all']", (await _calls.Answer("match.search_by", MapValue.Empty, MapValue.Of(("web", ListValue.From(["o*"])), ("db", ListValue.From(["x"])), ("all", "*")))).ToString());
        Assert.Equal(Value.Null, await _calls.Answer("match.search_by", MapValue.Empty, MapValue.Of(("web", "x"))));
        Assert.Equal((Value)"second", await _calls.Answer("match.ifelse", "x", "first", "o*", "second", "third"));
        Assert.Equal((Value)"third", await _calls.Answer("match.ifelse", "x", "first", "y", "second", "third"));
        Assert.Contains("SaltException: The ifelse function must have an odd number of arguments!", (await _calls.Failure("match.ifelse", MapValue.Empty, "x", a)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_data_from_call_to_call()
    {
        Assert.Equal(MapValue.Empty, await _calls.Answer("data.load"));
        Assert.Equal((Value)true, await _calls.Answer("data.update", "k", "v"));
        Assert.Equal((Value)true, await _calls.Answer("data.update", "n", MapValue.Of(("a", 1))));
        Assert.Equal("['v', {'a': 1}, None]", (await _calls.Answer("data.get", ListValue.From(["k", "n", "x"]))).ToString());
        Assert.Equal((Value)"d", await _calls.Answer("data.get", "nope", "d"));
        Assert.Equal("['k', 'n']", (await _calls.Answer("data.keys")).ToString());
        Assert.Equal("['v', {'a': 1}]", (await _calls.Answer("data.values")).ToString());
        Assert.Equal((Value)true, await _calls.Answer("data.cas", "k", "w", "v"));
        Assert.Equal((Value)false, await _calls.Answer("data.cas", "k", "w", "v"));
        Assert.Equal((Value)false, await _calls.Answer("data.cas", "nope", "w", "v"));
        Assert.Equal((Value)"w", await _calls.Answer("data.pop", "k"));
        Assert.Equal((Value)"dd", await _calls.Answer("data.pop", "k", "dd"));
        Assert.Equal((Value)false, await _calls.Answer("data.has_key", "k"));
        Assert.Equal((Value)true, await _calls.Answer("data.dump", "{\"x\": \"y\"}"));
        Assert.Equal((Value)false, await _calls.Answer("data.dump", "abc"));
        Assert.Equal(MapValue.Of(("x", "y")), await _calls.Answer("data.items"));
        Assert.StartsWith("Passed invalid arguments to data.update: unhashable type: 'dict'", (await _calls.Failure("data.update", MapValue.Empty, MapValue.Of(("a", 1)), "b")).Text, StringComparison.Ordinal);
        Assert.Equal((Value)true, await _calls.Answer("data.clear"));
        Assert.Equal(MapValue.Empty, await _calls.Answer("data.load"));
    }

    [Fact]
    public async Task Names_a_broken_store()
    {
        _folder.File("datastore.json", "{");
        Assert.StartsWith($"ERROR: {_folder.Path}/datastore.json is broken: ", (await _calls.Failure("data.load", MapValue.Empty)).Text, StringComparison.Ordinal);
    }
}
