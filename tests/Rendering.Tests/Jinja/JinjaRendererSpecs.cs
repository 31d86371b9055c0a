using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;
using SaltActors.Rendering.Jinja.Lexing;

namespace SaltActors.Rendering.Tests.Jinja;

public sealed class JinjaRendererSpecs
{
    private static string Render(string template, MapValue variables, params (string Name, string Text)[] files) =>
        new JinjaRenderer().Render(new("web/init.sls", template), Host(variables, files), RenderSettings.Default);

    private static TableHost Host(MapValue variables, params (string Name, string Text)[] files) =>
        new(name => Array.Find(files, f => f.Name == name) is { Text: { } text } ? new TemplateSource(name, text) : null, variables);

    [Fact]
    public void Serves_many_threads_from_one_cache()
    {
        var renderer = new JinjaRenderer();
        var answers = new string[200];
        Parallel.For(0, answers.Length, i =>
        {
            var host = Host(MapValue.Of(("n", i)), ("lib", "{% set all = [] %}{% macro add(x) %}{% do all.append(x) %}{{ all }}{% endmacro %}"));
            answers[i] = renderer.Render(new("t", "{% import 'lib' as lib %}{{ lib.add(n) }}{% set c = {'n': [n]} %}{% do c.n.append(1) %}{{ c.n }}"), host, RenderSettings.Default);
        });
        Assert.Equal(Enumerable.Range(0, answers.Length).Select(i => $"[{i}][{i}, 1]"), answers);
    }

    [Fact]
    public void Reads_a_template_again_where_its_text_or_its_syntax_changed()
    {
        var renderer = new JinjaRenderer();
        var host = new TableHost();
        Assert.Equal("1\n\n", renderer.Render(new("t", "{% if true %}\n1\n{% endif %}\n"), host, new() { Syntax = new() { TrimBlocks = true } }));
        Assert.Equal("\n1\n\n", renderer.Render(new("t", "{% if true %}\n1\n{% endif %}\n"), host, RenderSettings.Default));
        Assert.Equal("2", renderer.Render(new("t", "2"), host, RenderSettings.Default));
    }

    [Fact]
    public void Leaves_the_values_of_the_host_as_they_were()
    {
        var pillar = MapValue.Of(("app", MapValue.Of(("ports", ListValue.Create([80, 443])))));
        Assert.Equal("[80, 443, 1] {'ports': [80, 443, 1], 'x': 2}", Render("{% do pillar.app.ports.append(1) %}{{ pillar.app.ports }}{% do pillar.app.update(x=2) %} {{ pillar.app }}", MapValue.Of(("pillar", pillar))));
        Assert.Equal(2, pillar.MapOf("app").ListOf("ports").Count);
    }

    [Fact]
    public void Tells_an_import_without_context_its_own_place_and_one_with_context_the_importers()
    {
        var variables = MapValue.Of(("tpldir", "web"), ("tplfile", "web/init.sls"), ("grains", MapValue.Of(("os", "Debian"))));
        const string place = "{% macro where() %}{{ tpldir }}:{{ tplfile }}:{{ tpldot }}{% endmacro %}";
        (string, string)[] files = [("lib/a/m.jinja", place), ("web/r.jinja", place)];
        Assert.Equal("lib/a:lib/a/m.jinja:lib.a", Render("{% from 'lib/a/m.jinja' import where %}{{ where() }}", variables, files));
        Assert.Equal("web:web/init.sls:q", Render("{% set tpldot = 'q' %}{% from 'lib/a/m.jinja' import where with context %}{{ where() }}", variables, files));
        Assert.Equal("web:./r.jinja:web", Render("{% from './r.jinja' import where %}{{ where() }}", variables, files));
    }

    [Fact]
    public void Resolves_relative_names_and_never_above_the_root()
    {
        var variables = MapValue.Of(("tpldir", "web/sub"));
        Assert.Equal("M", Render("{% include '../m.jinja' %}", variables, ("web/m.jinja", "M")));
        Assert.Throws<Rendering.Jinja.Errors.TemplateBroken>(() => Render("{% include '../../../m.jinja' %}", variables, ("m.jinja", "M")));
    }

    [Fact]
    public void Names_of_the_host_reach_imports_inside_imports() => Assert.Equal("Debian",
        Render("{% import 'a' as a %}{{ a.v }}", MapValue.Of(("grains", MapValue.Of(("os", "Debian")))), ("a", "{% import 'b' as b %}{% set v = b.v %}"), ("b", "{% set v = grains.os %}")));

    [Fact]
    public void Calls_functions_with_places_and_names() =>
        Assert.Equal("[1, 2] {'a': 1}", Render("{{ salt['test.echo'](*[[1, 2]]) }} {{ salt.test.echo(dict(a=1)) }}", MapValue.Empty));

    [Fact]
    public void Reads_Salts_options_of_the_environment()
    {
        var syntax = JinjaSyntax.From(MapValue.Of(("trim_blocks", true), ("block_start_string", "<%"), ("block_end_string", "%>"), ("line_statement_prefix", "%%")));
        Assert.Equal("yx", new JinjaRenderer().Render(new("t", "%% if true\ny<% if true %>\nx<% endif %>\n%% endif"), new TableHost(), new() { Syntax = syntax }).Replace("\n", ""));
        Assert.Throws<ArgumentException>(() => JinjaSyntax.From(MapValue.Of(("block_start_string", 5))));
    }

    [Fact]
    public void Measures_profile_blocks()
    {
        var measured = new List<string>();
        var text = new JinjaRenderer().Render(new("t", "{% profile as 'slow' ~ 1 %}x{% endprofile %}"), new TableHost(), new() { Profiled = (name, _) => measured.Add(name) });
        Assert.Equal(("x", "slow1"), (text, Assert.Single(measured)));
    }

    [Fact]
    public void Draws_the_same_where_the_chance_is_given() => Assert.Equal(
        new JinjaRenderer().Render(new("t", "{{ range(100) | random }}{{ [1, 2, 3] | random_shuffle }}"), new TableHost(), new() { Random = new Random(1) }),
        new JinjaRenderer().Render(new("t", "{{ range(100) | random }}{{ [1, 2, 3] | random_shuffle }}"), new TableHost(), new() { Random = new Random(1) }));
}
