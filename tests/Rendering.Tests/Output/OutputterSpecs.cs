using SaltActors.Core.Values;
using SaltActors.Rendering.Output;

namespace SaltActors.Rendering.Tests.Output;

public sealed class OutputterSpecs
{
    private const string Red = "\u001B[31mred";
    private static readonly MapValue Coloured = MapValue.Of(("m", Red));
    private static readonly OutputSettings Terminal = new() { ForTerminal = true };

    [Theory]
    [InlineData("txt")]
    [InlineData("nested")]
    [InlineData("newline_values_only")]
    [InlineData("no_return")]
    [InlineData("highstate")]
    public void A_terminal_never_gets_the_escape_sequences_of_a_minion(string name) =>
        Assert.DoesNotContain('\u001B', Outputters.Render(name, Coloured, Terminal));

    [Fact]
    public void A_file_gets_the_bytes_as_they_are() => Assert.Equal($"m: {Red}", Outputters.Render("txt", Coloured, OutputSettings.Plain));

    [Fact]
    public void Raw_text_stays_as_it_is_on_a_terminal_too() => Assert.Equal(Red, Outputters.Render("raw", Red, Terminal));

    [Fact]
    public void Whoever_asks_for_colours_of_the_data_gets_them() =>
        Assert.Contains(Red, Outputters.Render("nested", Coloured, Terminal with { Options = MapValue.Of(("strip_colors", false)) }));

    [Fact]
    public void Tells_the_log_of_an_unknown_outputter()
    {
        var log = new List<string>();
        Assert.Equal("m:\n    1", Outputters.Render("nope", MapValue.Of(("m", 1)), new() { Log = log.Add }));
        Assert.Equal(["Invalid outputter nope specified, falling back to nested"], log);
    }

    [Fact]
    public void What_cannot_be_JSON_gives_an_empty_object() =>
        Assert.Equal("{}", Outputters.Render("json", MapValue.From([KeyValuePair.Create<Value, Value>(new ListValue([1], isTuple: true), 1)]), OutputSettings.Plain));

    [Fact]
    public void Nested_sorts_mixed_keys_as_text() => Assert.Equal(
        "10:\n    x\n2:\n    y\na:\n    z",
        Outputters.Render("nested", MapValue.From([new KeyValuePair<Value, Value>("a", "z"), new(2, "y"), new(10, "x")]), OutputSettings.Plain));

    [Fact]
    public void Nested_keeps_the_order_of_an_ordered_map() =>
        Assert.Equal("b:\n    1\na:\n    2", Outputters.Render(null, MapValue.Of(("b", 1), ("a", 2)).AsOrdered(), OutputSettings.Plain));

    [Fact]
    public void A_theme_replaces_colours()
    {
        var settings = new OutputSettings { HasColour = true, Theme = OutputColours.Themed(MapValue.Of(("GREEN", "0;36"))) };
        Assert.Equal("\u001B[0;36mx\u001B[0;0m", Outputters.Render("nested", "x", settings));
    }

    [Fact]
    public void Percentages_are_added_where_they_are_asked_for()
    {
        var state = MapValue.Of(("__run_num__", 0), ("result", true), ("changes", MapValue.Empty), ("comment", ""), ("name", "a"));
        var states = MapValue.Of(("t_|-a_|-a_|-nop", state), ("t_|-b_|-b_|-nop", state), ("t_|-c_|-c_|-nop", state.With("result", false)));
        var shown = Outputters.Render("highstate", MapValue.Of(("m", states)), new() { Options = MapValue.Of(("state_output_pct", true)) });
        Assert.Contains("\nSucceeded: 2\nFailed:    1\nSuccess %: 66.67\nFailure %: 33.33\n------------\n", shown);
    }

    [Fact]
    public void An_orchestration_inside_an_orchestration_is_indented()
    {
        var inner = MapValue.Of(("m", MapValue.Of(("t_|-a_|-a_|-nop",
            MapValue.Of(("__run_num__", 0), ("result", true), ("changes", MapValue.Empty), ("comment", ""), ("name", "a"))))));
        var outer = MapValue.Of(("m_master", MapValue.Of(("salt_|-r_|-state.orch_|-runner",
            MapValue.Of(("__run_num__", 0), ("result", true), ("changes", MapValue.Of(("return", inner))), ("comment", ""), ("name", "state.orch"))))));
        Assert.Contains("\n              m:\n              ----------\n                        ID: a\n", Outputters.Render("highstate", outer, OutputSettings.Plain));
    }
}
