using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;
using SaltActors.Rendering.Jinja.Errors;

namespace SaltActors.Rendering.Tests.Jinja;

public sealed class JinjaErrorSpecs
{
    private static TemplateBroken Fail(TemplateSource entry, ITemplateHost host) =>
        Assert.Throws<TemplateBroken>(() => new JinjaRenderer().Render(entry, host, RenderSettings.Default));

    private static TableHost Host(MapValue variables, params (string Name, string Text)[] files) =>
        new(name => Array.Find(files, f => f.Name == name) is { Text: { } text } ? new TemplateSource(name, text, $"/srv/salt/{name}") : null, variables);

    [Fact]
    public void Shows_the_line_with_a_caret_and_the_way_to_it()
    {
        var host = Host(MapValue.Empty, ("web/map.jinja", "{% macro port(d) %}\n  listen {{ d.missing }}\n{% endmacro %}\n"));
        var broken = Fail(new("web/init.sls", "a\n{% import 'web/map.jinja' as map %}\n{{ map.port({}) }}\n", "/srv/salt/web/init.sls"), host);
        Assert.Equal(FaultKind.Undefined, broken.Kind);
        Assert.Equal("/srv/salt/web/map.jinja", broken.File);
        Assert.Equal((2, 14), (broken.Line, broken.Column));
        Assert.Equal("  listen {{ d.missing }}", broken.SourceLine);
        Assert.Equal("""
            /srv/salt/web/map.jinja:2:14: Jinja variable 'dict object' has no attribute 'missing'
                  listen {{ d.missing }}
                             ^
              from web/init.sls:3 (top-level template code)
            """, broken.Detail);
    }

    [Fact]
    public void Shows_the_file_that_an_SLS_imported_as_Salt_does()
    {
        var host = Host(MapValue.Of(("sls", "web")), ("web/map.jinja", "{% macro m() %}\n{{ nope }}\n{% endmacro %}"));
        var broken = Fail(new("web/init.sls", "{% from 'web/map.jinja' import m %}\n{{ m() }}", "/srv/salt/web/init.sls"), host);
        Assert.Equal("Jinja variable 'nope' is undefined\n/srv/salt/web/map.jinja(2):\n---\n{% macro m() %}\n{{ nope }}    <======================\n{% endmacro %}\n---", broken.Message);
    }

    [Fact]
    public void Cuts_the_text_around_the_line()
    {
        var lines = string.Join('\n', Enumerable.Range(1, 20).Select(n => n == 10 ? "{{ x }}" : $"l{n}"));
        var broken = Fail(new("t", lines), new TableHost());
        Assert.Equal("Jinja variable 'x' is undefined; line 10\n\n---\n[...]\nl5\nl6\nl7\nl8\nl9\n{{ x }}    <======================\nl11\nl12\nl13\nl14\nl15\n[...]\n---", broken.Message);
    }

    [Fact]
    public void Tells_what_is_wrong_in_the_data_of_a_load_block()
    {
        var broken = Fail(new("t", "{% load_yaml as d %}\na: [1\n{% endload %}"), new TableHost());
        Assert.StartsWith("Jinja error: load_yaml:", broken.Head);
    }

    [Fact]
    public void Keeps_what_a_function_of_the_host_threw()
    {
        var broken = Fail(new("t", "{{ salt['file.stats']('/x') }}"), new TableHost());
        Assert.Equal("Problem running salt function in Jinja template: Path not found: /x", broken.Head);
        Assert.IsType<Core.Functions.CommandFailed>(broken.InnerException!.InnerException);
    }

    [Theory]
    [InlineData("{{ 1 + }}", 8)]
    [InlineData("{{ x | nofilter }}", 8)]
    [InlineData("{{ 'a", 4)]
    [InlineData("  {% unknown %}", 6)]
    public void Points_at_the_word_that_is_wrong(string template, int column) => Assert.Equal(column, Fail(new("t", template), new TableHost()).Column);

    [Fact]
    public void Does_not_call_a_filter_unknown_where_it_is_never_used() =>
        Assert.Equal("x", new JinjaRenderer().Render(new("t", "{% if false %}{{ 1 | nofilter }}{% endif %}x"), new TableHost(), RenderSettings.Default));
}
