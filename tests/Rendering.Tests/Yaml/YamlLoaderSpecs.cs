using System.Text.Json;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Tests.Yaml;

public sealed class YamlLoaderSpecs
{
    public static TheoryData<string> Folders => [.. Directory.GetDirectories(GoldenData.PathOf("states/yaml")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Folders))]
    public void Reads_sls_text_as_salts_renderer_did(string folder)
    {
        using var asked = GoldenData.Read($"states/yaml/{folder}/case.json");
        using var answered = GoldenData.Read($"states/yaml/{folder}/expected.json");
        var calls = asked.RootElement.GetProperty("calls").EnumerateArray().Zip(answered.RootElement.GetProperty("calls").EnumerateArray())
            .Where(c => c.First.GetProperty("kwarg").GetProperty("default_renderer").GetString() == "yaml");
        var wrong = calls.Select(c => (File: c.First.GetProperty("kwarg").GetProperty("path").GetString()!["salt://".Length..], Answer: c.Second))
            .Where(c => !HasShebang(Text(folder, c.File)))
            .Select(c => (c.File, Expected: Expected(c.Answer), Found: Render(Text(folder, c.File))))
            .Where(c => c.Expected != c.Found).Select(c => $"{c.File}: expected\n{c.Expected}\nfound\n{c.Found}");
        Assert.True(!wrong.Any(), string.Join("\n", wrong));
    }

    [Fact]
    public void Reads_and_refuses_what_libyaml_does_in_its_words()
    {
        using var golden = GoldenData.Read("states/yaml-loader.json");
        var wrong = golden.RootElement.GetProperty("cases").EnumerateArray().Select(c =>
        {
            var text = c.GetProperty("text").GetString()!;
            return (Text: text, Expected: c.TryGetProperty("repr", out var repr) ? repr.GetString()! : c.GetProperty("error").GetString()!, Found: Load(text));
        }).Where(c => c.Expected != c.Found).Select(c => $"{JsonSerializer.Serialize(c.Text)}: expected\n{c.Expected}\nfound\n{c.Found}");
        Assert.True(!wrong.Any(), string.Join("\n", wrong));
    }

    [Fact]
    public void Shows_the_line_with_a_caret()
    {
        var broken = Assert.Throws<YamlBroken>(() => YamlLoader.Load("a: 1\nb: c: d\n", "/etc/salt/master"));
        Assert.Equal("/etc/salt/master:2:5: mapping values are not allowed in this context\n    b: c: d\n        ^", broken.Message);
        Assert.Equal((2, 5, YamlFault.Scanner), (broken.Line, broken.Column, broken.Fault));
    }

    [Fact]
    public void Says_where_the_broken_thing_began() =>
        Assert.StartsWith("f:2:2: while parsing a flow sequence that begins on line 1: did not find expected ',' or ']'", Assert.Throws<YamlBroken>(() => YamlLoader.Load("a: [1, 2\nb: 3\n", "f")).Message);

    [Fact]
    public void Shares_the_value_of_an_alias()
    {
        var map = (MapValue)YamlLoader.Load("a: &x [1, {b: c}]\nd: *x\n", "f");
        Assert.Same(map.Get("a"), map.Get("d"));
    }

    [Fact]
    public void Refuses_aliases_that_unfold_without_bound()
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        Assert.Contains("unfold to more than", Assert.Throws<YamlBroken>(() => YamlLoader.Load(bomb, "f")).Message);
    }

    [Theory]
    [InlineData("&a [*a]")]
    [InlineData("&a {x: {y: *a}}")]
    public void Refuses_a_value_that_holds_itself(string text) => Assert.Contains("recursive", Assert.Throws<YamlBroken>(() => YamlLoader.Load(text, "f")).Message);

    [Fact]
    public void A_map_may_merge_itself_and_nothing_comes_of_it() => Assert.Equal(MapValue.Of(("x", 1)), YamlLoader.Load("&a\nx: 1\n<<: *a\n", "f"));

    [Fact]
    public void Refuses_what_is_nested_too_deep()
    {
        var deep = new string('[', 5000) + new string(']', 5000);
        Assert.Contains("deep inside each other", Assert.Throws<YamlBroken>(() => YamlLoader.Load(deep, "f")).Message);
    }

    [Fact]
    public void Refuses_characters_that_yaml_does_not_know() => Assert.All(["a: \u0007", "a: \ud800", "a: \ufeff"], text =>
        Assert.Equal(YamlFault.Reader, Assert.Throws<YamlBroken>(() => YamlLoader.Load(text, "f")).Fault));

    [Fact]
    public void Keeps_maps_ordered_where_asked_and_tells_a_map_as_key_by_its_likely_cause()
    {
        Assert.True(((MapValue)YamlLoader.Load("b: 1\na: 2\n", "f", YamlMaps.Ordered)).IsOrdered);
        Assert.Equal("Invalid YAML, possible double curly-brace", Assert.Throws<YamlBroken>(() => YamlLoader.Load("a: {{ b }}", "f", YamlMaps.Ordered)).SaltText);
        Assert.StartsWith("while constructing a mapping\n  in \"<unicode string>\", line 1, column 4\nfound unacceptable key", Assert.Throws<YamlBroken>(() => YamlLoader.Load("a: {{ b }}", "f")).SaltText);
    }

    private static bool HasShebang(string text) => text.Contains("#!", StringComparison.Ordinal);
    private static string Text(string folder, string file) => File.ReadAllText(GoldenData.PathOf($"states/yaml/{folder}/states/{file}"));

    private static string Load(string text)
    {
        try
        {
            return PythonText.Repr(YamlLoader.Load(text, "f"));
        }
        catch (YamlBroken broken)
        {
            return broken.SaltText;
        }
    }

    // The renderer gives an empty map for everything empty.
    private static string Render(string text)
    {
        try
        {
            var value = YamlLoader.Load(text, "f", YamlMaps.Ordered);
            return PythonText.Repr(value.IsTruthy ? Plain(value) : MapValue.Empty);
        }
        catch (YamlBroken broken)
        {
            return broken.SaltText;
        }
    }

    private static Value Plain(Value value) => value switch
    {
        MapValue map => MapValue.From(map.Select(e => KeyValuePair.Create(e.Key, Plain(e.Value)))),
        ListValue list => new ListValue([.. list.Select(Plain)], list.IsTuple),
        _ => value,
    };

    private static string Expected(JsonElement answer) =>
        answer.TryGetProperty("error", out var error) ? error.GetProperty("message").GetString()! : PythonText.Repr(Recorded(answer.GetProperty("return")));

    private static Value Recorded(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array) return ListValue.From(json.EnumerateArray().Select(Recorded));
        if (json.ValueKind != JsonValueKind.Object) return json.ValueKind == JsonValueKind.Number && json.GetRawText().Contains('.', StringComparison.Ordinal) ? json.GetDouble() : GoldenValues.Read(json);
        if (json.TryGetProperty("__map__", out var pairs)) return MapValue.From(pairs.EnumerateArray().Select(p => KeyValuePair.Create(Recorded(p[0]), Recorded(p[1]))));
        if (json.TryGetProperty("__tuple__", out var tuple)) return new ListValue([.. tuple.EnumerateArray().Select(Recorded)], isTuple: true);
        if (json.TryGetProperty("__set__", out var set)) return Recorded(set);
        if (json.TryGetProperty("__bytes__", out var bytes)) return new BytesValue(bytes.GetBytesFromBase64());
        return json.TryGetProperty("__float__", out _) ? GoldenValues.Read(json) : MapValue.From(json.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Recorded(p.Value))));
    }
}
