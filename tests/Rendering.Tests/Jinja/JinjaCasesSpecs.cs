using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Rendering.Jinja;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Lexing;

namespace SaltActors.Rendering.Tests.Jinja;

/// <summary>
/// Small templates and what Jinja 3.1 answers in Salt's environment (sandboxed, strict, <c>do</c>, <c>loopcontrols</c>): the text, or the kind of error, its words, and the line
/// of the innermost template code that is no block. <c>t</c> are templates to load, <c>env</c> options of the environment, <c>lax</c> is <c>allow_undefined</c>.
/// </summary>
public sealed partial class JinjaCasesSpecs
{
    [Theory]
    [InlineData("cases.json")]
    [InlineData("salt-cases.json")]
    public void Renders_what_Jinja_renders(string file)
    {
        using var data = JsonDocument.Parse(File.ReadAllBytes(PathOf(file)));
        var context = (MapValue)GoldenValues.Read(data.RootElement.GetProperty("context"));
        var renderer = new JinjaRenderer();
        var failures = data.RootElement.GetProperty("cases").EnumerateArray().Select(c => Compare(renderer, context, c)).OfType<string>().ToArray();
        Assert.True(failures.Length == 0, $"{failures.Length} failed:\n" + string.Join('\n', failures));
    }

    private static string PathOf(string file, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, file);

    private static string? Compare(JinjaRenderer renderer, MapValue context, JsonElement expected)
    {
        var source = expected.GetProperty("src").GetString()!;
        var templates = expected.TryGetProperty("t", out var given) ? (MapValue)GoldenValues.Read(given) : MapValue.Empty;
        var host = new TableHost(name => templates.TextOf(name) is { } text ? new TemplateSource(name, text) : null, context);
        var settings = new RenderSettings
        {
            Syntax = expected.TryGetProperty("env", out var options) ? JinjaSyntax.From((MapValue)GoldenValues.Read(options)) : JinjaSyntax.Default,
            AllowUndefined = expected.TryGetProperty("lax", out _),
        };
        var wanted = expected.TryGetProperty("out", out var text) ? text.GetString()! : $"{expected.GetProperty("kind")}: {expected.GetProperty("error")} at {expected.GetProperty("line")}";
        string got;
        try
        {
            got = renderer.Render(new TemplateSource("<template>", source), host, settings);
        }
        catch (TemplateBroken broken)
        {
            got = $"{broken.Kind}: {broken.InnerException!.Message} at {Line().Match(broken.Message).Groups[1].Value}";
        }
        catch (Exception unforeseen) when (unforeseen is not TemplateBroken)
        {
            got = unforeseen.ToString();
        }
        return got == wanted ? null : $"{JsonSerializer.Serialize(source)}\n   wanted {JsonSerializer.Serialize(wanted)}\n   got    {JsonSerializer.Serialize(got)}";
    }

    [GeneratedRegex("; line ([0-9]+)\n")]
    private static partial Regex Line();
}
