using SaltActors.Rendering.Jinja;
using SaltActors.Rendering.Jinja.Errors;

namespace SaltActors.Rendering.Tests.Jinja;

/// <summary>Templates that want to use up the machine, or to leave the sandbox.</summary>
public sealed class JinjaLimitSpecs
{
    private static readonly RenderSettings Small = new()
    {
        Limits = new() { TextChars = 100_000, ListItems = 10_000, Time = TimeSpan.FromSeconds(20) },
    };

    private static string Fail(string template, RenderSettings? settings = null, params (string, string)[] others) =>
        Assert.Throws<TemplateBroken>(() => new JinjaRenderer().Render(new("t", template), new TableHost(others), settings ?? Small)).Head;

    [Theory]
    [InlineData("{{ 'a' * 1000000 }}")]
    [InlineData("{% for i in range(1000) %}{{ 'a' * 1000 }}{% endfor %}")]
    [InlineData("{{ 'a'.ljust(1000000) }}")]
    [InlineData("{{ 'a' | center(1000000) }}")]
    [InlineData("{{ '%2000000d' % 1 }}")]
    [InlineData("{{ '{:2000000}'.format(1) }}")]
    [InlineData("{{ 'a'.join(range(9) | map('string')) }}{{ ('a' * 90000).replace('a', 'bb') }}")]
    [InlineData("{{ [1] * 100000 }}")]
    [InlineData("{{ range(100) | permutations | list }}")]
    [InlineData("{% set l = [1] %}{% for x in l %}{% do l.append(x) %}{% endfor %}")]
    [InlineData("{{ 10 ** 10000000 }}")]
    [InlineData("{{ 9 ** (9 ** 9) }}")]
    [InlineData("{{ lipsum(n=1000000) }}")]
    [InlineData("{{ '10.0.0.0/8' | network_hosts }}")]
    [InlineData("{{ range(100001) }}")]
    [InlineData("{% set n = namespace(a=['x']) %}{% for i in range(40) %}{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a }}")]
    [InlineData("{% set n = namespace(a=['x']) %}{% for i in range(40) %}{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a | json }}")]
    [InlineData("{% set n = namespace(a=['x']) %}{% for i in range(900) %}{% set n.a = [n.a] %}{% endfor %}{{ n.a }}")]
    [InlineData("{% set a = [] %}{% do a.append(a) %}{{ a | yaml }}")]
    [InlineData("{% set a = [] %}{% do a.append(a) %}{% set b = [] %}{% do b.append(b) %}{{ a == b }}")]
    [InlineData("{% set a = [] %}{% do a.append(a) %}{{ a | flatten }}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    public void Stops_what_grows_without_an_end(string template) => Assert.NotEmpty(Fail(template));

    [Fact]
    public void Stops_templates_that_include_themselves() => Assert.Equal("Jinja error: maximum recursion depth exceeded", Fail("{% include 'c' %}", Small, ("c", "{% include 'c' %}")));

    [Fact]
    public void Stops_templates_that_extend_themselves() => Assert.Equal("Jinja error: maximum recursion depth exceeded", Fail("{% extends 'c' %}", Small, ("c", "{% extends 'c' %}")));

    [Fact]
    public void Refuses_expressions_that_are_nested_too_deep() =>
        Assert.Contains("nested too deep", Fail("{{ " + new string('(', 200_000) + "1" + new string(')', 200_000) + " }}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("1", "+1")]
    [InlineData("1", " and 1")]
    [InlineData("d", ".a")]
    [InlineData("'a'", "|upper")]
    [InlineData("1", " if 1 else 1")]
    [InlineData("", "-")]
    public void Survives_chains_of_any_length(string first, string link)
    {
        var expression = link == "-" ? string.Concat(Enumerable.Repeat("- ", 100_000)) + "1" : first + string.Concat(Enumerable.Repeat(link, 100_000));
        try
        {
            new JinjaRenderer().Render(new("t", $"{{% set d = {{}} %}}{{{{ {expression} }}}}"), new TableHost(), Small);
        }
        catch (TemplateBroken broken)
        {
            Assert.Matches("recursion|nested too deep|has no attribute", broken.Head);
        }
    }

    [Fact]
    public void Names_the_limit_of_time()
    {
        var head = Fail("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", new() { Limits = new() { Time = TimeSpan.FromMilliseconds(50) } });
        Assert.Equal("Jinja syntax error: the template renders too long, more than the limit of 0.05 s", head);
    }

    [Fact]
    public void Stops_where_it_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            new JinjaRenderer().Render(new("t", "{% for i in range(100000) %}{% endfor %}"), new TableHost(), new() { Cancellation = cancelled.Token }));
    }

    [Theory]
    [InlineData("{{ ''.__class__ }}", "access to attribute '__class__' of 'str' object is unsafe.")]
    [InlineData("{{ [].__class__.__base__ }}", "access to attribute '__class__' of 'list' object is unsafe.")]
    [InlineData("{{ ''['__class__'] }}", "access to attribute '__class__' of 'str' object is unsafe.")]
    [InlineData("{{ '' | attr('__class__') }}", "access to attribute '__class__' of 'str' object is unsafe.")]
    [InlineData("{{ '{0.__class__}'.format(1) }}", "access to attribute '__class__' of 'int' object is unsafe.")]
    [InlineData("{{ '{a.__class__}'.format_map({'a': 1}) }}", "access to attribute '__class__' of 'int' object is unsafe.")]
    [InlineData("{{ ''.format.__self__ }}", "access to attribute '__self__' of 'builtin_function_or_method' object is unsafe.")]
    [InlineData("{{ range.__globals__ }}", "access to attribute '__globals__' of 'function' object is unsafe.")]
    public void Refuses_attributes_that_lead_out(string template, string problem) => Assert.Equal($"Jinja syntax error: {problem}", Fail(template));

    [Fact]
    public void Refuses_filters_that_ask_a_machine_nobody_gave() =>
        Assert.Equal("Jinja syntax error: the filter which asks the machine, which templates may not do here", Fail("{{ 'sh' | which }}"));

    [Fact]
    public void Stops_patterns_that_backtrack_without_an_end() =>
        Assert.Contains("runs too long", Fail("{{ ('a' * 40 ~ '!') | regex_match('(a|aa|a*)*$b') }}"), StringComparison.Ordinal);
}
