using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Events;

public sealed class EventSpecs
{
    private sealed class Bus : IEventSender
    {
        public List<(string Where, SaltEvent Event)> Fired { get; } = [];

        public Task<bool> FireAsync(SaltEvent @event, CancellationToken stop) => Fire("minion", @event);
        public Task<bool> FireMasterAsync(SaltEvent @event, CancellationToken stop) => Fire("master", @event);

        private Task<bool> Fire(string where, SaltEvent @event)
        {
            Fired.Add((where, @event));
            return Task.FromResult(true);
        }
    }

    private readonly Bus _bus = new();
    private Calls Calling => new()
    {
        Services = new() { Events = _bus },
        Publish = MapValue.Empty,
        Pillar = MapValue.Of(("secret", 1)),
        Grains = MapValue.Of(("os", "Debian"), ("osrelease", "12")),
    };

    [Fact]
    public async Task Fires_on_either_bus()
    {
        var data = MapValue.Of(("a", 1));
        Assert.Equal((Value)true, await Calling.Answer("event.fire", MapValue.Empty, data, "tag/one"));
        Assert.Equal((Value)true, await Calling.Answer("event.fire_master", Calls.With(("preload", MapValue.Of(("a", 0), ("b", 2)))), data, "tag/two"));
        Assert.Equal([("minion", "tag/one"), ("master", "tag/two")], _bus.Fired.Select(f => (f.Where, f.Event.Tag)));
        Assert.Equal(MapValue.Of(("a", 1), ("b", 2)), _bus.Fired[1].Event.Data);
    }

    [Fact]
    public async Task Sends_facts_along_where_they_are_asked_for()
    {
        Assert.Equal((Value)true, await Calling.Answer("event.send",
            Calls.With(("with_grains", ListValue.From(["os", "nope"])), ("with_pillar", true), ("with_env_opts", true), ("x", 2), ("a", 0)), "my/tag", MapValue.Of(("a", 1))));
        Assert.Equal(MapValue.Of(("grains", MapValue.Of(("os", "Debian"), ("nope", ""))), ("pillar", MapValue.Of(("secret", 1))), ("saltenv", "base"), ("pillarenv", Value.Null), ("x", 2), ("a", 1)), _bus.Fired[0].Event.Data);
    }

    [Theory]
    [InlineData("event.send")]
    [InlineData("event.fire")]
    [InlineData("event.fire_master")]
    public async Task Answers_no_without_a_daemon(string function) =>
        Assert.Equal((Value)false, await new Calls().Answer(function, function == "event.send" ? ["tag"] : [MapValue.Empty, "tag"]));

    [Fact]
    public async Task Sets_and_reads_the_environment()
    {
        var (calls, name) = (new Calls(), "SALT_TEST_" + Guid.NewGuid().ToString("N"));
        Assert.Equal((Value)"bar", await calls.Answer("environ.setval", name, "bar"));
        Assert.Equal((Value)"bar", await calls.Answer("environ.get", name));
        Assert.Equal((Value)true, await calls.Answer("environ.has_value", name, "bar"));
        Assert.Equal((Value)false, await calls.Answer("environ.has_value", name, 5));
        Assert.Equal((Value)"", await calls.Answer("environ.setval", name, false));
        Assert.Equal((Value)true, await calls.Answer("environ.has_value", name));
        Assert.Equal(Value.Null, await calls.Answer("environ.setval", Calls.With(("false_unsets", true)), name, false));
        Assert.Equal((Value)"x", await calls.Answer("environ.get", name, "x"));
        Assert.Equal((Value)false, await calls.Answer("environ.setval", name, 5));
        Assert.Equal((Value)false, await calls.Answer("environ.setval", 5, "a"));
        Assert.Equal((Value)false, await calls.Answer("environ.get", 5));
        Assert.Equal(MapValue.Of((name, "b")), await calls.Answer("environ.setenv", MapValue.Empty, MapValue.Of((name, "b"))));
        Assert.Equal((Value)false, await calls.Answer("environ.setenv", "abc"));
        Assert.Equal(MapValue.Of((name, "b"), ("NO_SUCH_VARIABLE", "d")), await calls.Answer("environ.item", ListValue.From([name, "NO_SUCH_VARIABLE"]), "d"));
        Assert.Equal((Value)"b", ((MapValue)await calls.Answer("environ.items")).Get(name));
    }
}
