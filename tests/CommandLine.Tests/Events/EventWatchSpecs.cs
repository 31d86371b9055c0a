using SaltActors.CommandLine.Events;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Tests.Events;

/// <summary>What <c>salt-run state.event</c> shows.</summary>
public sealed class EventWatchSpecs
{
    private static readonly SaltEvent One = new("salt/job/1/new", MapValue.Of(("tgt", "*"), ("arg", ListValue.Create([1])), ("_stamp", "2026-11-23T06:26:55")));

    private static EventWatch Watch(params (string, Value)[] named) => new(new CallArguments([], MapValue.Of(named)));

    [Fact]
    public void An_event_is_a_line_of_tag_and_JSON() =>
        Assert.Equal("salt/job/1/new\t{\"tgt\": \"*\", \"arg\": [1], \"_stamp\": \"2026-11-23T06:26:55\"}", Watch().Take(One));

    [Fact]
    public void Pretty_events_are_indented_and_sorted() =>
        Assert.Equal("salt/job/1/new\t{\n    \"_stamp\": \"2026-11-23T06:26:55\",\n    \"arg\": [\n        1\n    ],\n    \"tgt\": \"*\"\n}", Watch(("pretty", true)).Take(One));

    [Theory]
    [InlineData("salt/job/1/new", true)]
    [InlineData("salt/job/*/new", true)]
    [InlineData("salt/job/\\d+/.*", true)]
    [InlineData("salt/job", false)]
    [InlineData("job", false)]
    [InlineData("salt/(", false)]
    public void A_tag_is_matched_as_it_is_by_glob_or_whole_expression(string match, bool isShown) => Assert.Equal(isShown, Watch(("tagmatch", match)).Take(One) is not null);

    [Fact]
    public void It_ends_after_as_many_as_were_wished()
    {
        var watch = new EventWatch(CallArguments.Of("salt/job/*", 2, true));
        Assert.Null(watch.Take(One));
        Assert.False(watch.IsOver);
        Assert.Null(watch.Take(One with { Tag = "other" }));
        Assert.Null(watch.Take(One));
        Assert.True(watch.IsOver);
        var endless = Watch();
        endless.Take(One);
        Assert.False(endless.IsOver);
    }

    [Fact]
    public void Other_arguments_are_refused()
    {
        Assert.Throws<ArgumentRefused>(() => Watch(("tag", "x")));
        Assert.Throws<ArgumentRefused>(() => Watch(("count", "many")));
        Assert.Throws<ArgumentRefused>(() => new EventWatch(CallArguments.Of(1, 2, 3, 4, 5, 6, 7)));
    }
}
