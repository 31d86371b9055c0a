using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Configuration;

public sealed class ConfigModuleSpecs
{
    // The case states/pillar/config-get of the recorded answers.
    private readonly Calls _calls = new()
    {
        Options = MapValue.Of(("both", "opts"), ("d", MapValue.Of(("o", 2))), ("list", ListValue.From([1])), ("host.a", 1)),
        Grains = MapValue.Of(("both", "grain"), ("gkey", "g"), ("d", MapValue.Of(("g", 3)))),
        Pillar = MapValue.Of(
            ("fromp", "pillar"), ("both", "pillar"), ("d", MapValue.Of(("p", 1))), ("list", ListValue.From([3])),
            ("master", MapValue.Of(("mk", "mv"), ("d", MapValue.Of(("m", 4), ("o", 9))), ("list", ListValue.From([2])), ("host.a", 5), ("host.b", 6)))),
    };

    [Theory]
    [InlineData("fromp", "pillar")]
    [InlineData("both", "opts")]
    [InlineData("gkey", "g")]
    [InlineData("d:p", "1")]
    [InlineData("d:g", "3")]
    [InlineData("list:0", "1")]
    [InlineData("mk", "mv")]
    [InlineData("test.foo", "unconfigured")]
    [InlineData("zz", "")]
    public async Task Takes_an_option_from_the_nearest_place(string key, string expected) =>
        Assert.Equal(expected, (await _calls.Answer("config.get", key)).ToString());

    [Fact]
    public async Task Answers_a_missing_option_with_the_default()
    {
        Assert.Equal((Value)"dflt", await _calls.Answer("config.get", "zz", "dflt"));
        Assert.Equal(Value.Null, await _calls.Answer("config.get", "zz", Value.Null));
        Assert.Equal((Value)1, await _calls.Answer("config.get", Calls.With(("delimiter", "/")), "d/p"));
    }

    [Fact]
    public async Task Leaves_out_places()
    {
        Assert.Equal((Value)"grain", await _calls.Answer("config.get", Calls.With(("omit_opts", true)), "both"));
        Assert.Equal((Value)"pillar", await _calls.Answer("config.get", Calls.With(("omit_opts", true), ("omit_grains", true)), "both"));
        Assert.Equal((Value)"", await _calls.Answer("config.get", Calls.With(("omit_opts", true), ("omit_grains", true), ("omit_pillar", true)), "both"));
        Assert.Equal((Value)"", await _calls.Answer("config.option", Calls.With(("omit_all", true)), "both"));
    }

    [Fact]
    public async Task Lays_places_together()
    {
        Assert.Equal("{'m': 4, 'o': 2, 'p': 1, 'g': 3}", (await _calls.Answer("config.get", Calls.With(("merge", "recurse")), "d")).ToString());
        Assert.Equal("{'o': 2}", (await _calls.Answer("config.get", Calls.With(("merge", "overwrite")), "d")).ToString());
        Assert.Equal("{'p': 1, 'm': 4, 'o': 2}", (await _calls.Answer("config.merge", "d")).ToString());
        Assert.Equal("[1, 2, 3]", (await _calls.Answer("config.merge", "list")).ToString());
        Assert.Equal((Value)"opts", await _calls.Answer("config.merge", "both"));
        Assert.Equal((Value)"unconfigured", await _calls.Answer("config.merge", "test.foo"));
        Assert.Equal((Value)"x", await _calls.Answer("config.merge", "zz", "x"));
    }

    [Fact]
    public async Task Answers_options_by_whole_names_and_by_patterns()
    {
        Assert.Equal((Value)"pillar", await _calls.Answer("config.option", "fromp"));
        Assert.Equal((Value)"", await _calls.Answer("config.option", "d:p"));
        Assert.Equal("{'redis.db': '0', 'redis.host': 'salt', 'redis.port': 6379}", (await _calls.Answer("config.option", Calls.With(("wildcard", true)), "redis.*")).ToString());
        Assert.Equal(MapValue.Empty, await _calls.Answer("config.option", Calls.With(("wildcard", true)), "zz*"));
        Assert.Equal("{'host.a': 1, 'host.b': 6}", (await _calls.Answer("config.dot_vals", "host")).ToString());
        Assert.Equal(_calls.Options, await _calls.Answer("config.items"));
    }

    [Theory]
    [InlineData("salt://x", true)]
    [InlineData("https://x", true)]
    [InlineData("ftp://x", true)]
    [InlineData("file:///x", false)]
    [InlineData("/x", false)]
    public async Task Knows_the_protocols_of_the_file_server(string uri, bool expected) =>
        Assert.Equal((Value)expected, await _calls.Answer("config.valid_fileproto", uri));

    [Theory]
    [InlineData("644", "0644")]
    [InlineData("\"0o644\"", "0644")]
    [InlineData("00755", "0755")]
    [InlineData("4755", "4755")]
    public async Task Spells_a_file_mode_in_one_way(string mode, string expected) =>
        Assert.Equal((Value)expected, await _calls.Answer("config.manage_mode", mode));

    [Fact]
    public async Task Takes_the_backup_mode_from_the_option()
    {
        Assert.Equal((Value)"minion", await new Calls { Options = MapValue.Of(("backup_mode", "minion")) }.Answer("config.backup_mode"));
        Assert.Equal((Value)"both", await _calls.Answer("config.backup_mode", "both"));
        Assert.Equal(Value.Null, await _calls.Answer("config.manage_mode", Value.Null));
    }
}
