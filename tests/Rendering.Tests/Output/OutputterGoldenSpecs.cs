using System.Text;
using System.Text.Json;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Output;

namespace SaltActors.Rendering.Tests.Output;

public sealed class OutputterGoldenSpecs
{
    public static TheoryData<string> Outputter() => [.. Cases().Select(c => c.GetProperty("outputter").GetString()!).Distinct()];

    [Theory]
    [MemberData(nameof(Outputter))]
    public void Prints_what_Salt_prints(string outputter)
    {
        var failures = new StringBuilder();
        foreach (var one in Cases().Where(c => c.GetProperty("outputter").GetString() == outputter))
        {
            var options = (MapValue)JsonText.Read(one.GetProperty("opts").GetRawText());
            var keywords = (MapValue)JsonText.Read(one.GetProperty("kwargs").GetRawText());
            var settings = new OutputSettings
            {
                HasColour = one.GetProperty("color").GetBoolean(),
                Options = options,
                Retcode = (int)(keywords.Get("_retcode")?.AsInteger() ?? 0),
                NestedIndent = (int?)keywords.Get("nested_indent")?.AsInteger(),
            };
            var expected = one.GetProperty("text").GetString();
            var shown = Outputters.Render(outputter, JsonText.Read(one.GetProperty("data").GetRawText()), settings);
            if (shown != expected)
                failures.AppendLine($"## {one.GetProperty("name").GetString()}\n-- expected\n{expected}\n-- found\n{shown}");
        }
        Assert.True(failures.Length == 0, failures.Replace('\u001B', '^').ToString());
    }

    private static List<JsonElement> Cases() => [.. GoldenData.Read("cli/outputters.json").RootElement.EnumerateArray()];
}
