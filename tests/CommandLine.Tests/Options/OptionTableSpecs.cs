using System.Text;
using System.Text.Json;
using SaltActors.CommandLine.Help;
using SaltActors.CommandLine.Options;
using SaltActors.Golden;
using SaltActors.Rendering.Json;

namespace SaltActors.CommandLine.Tests.Options;

public sealed class OptionTableSpecs
{
    public static TheoryData<string> Program() => [.. CommandPrograms.Names];

    [Theory]
    [MemberData(nameof(Program))]
    public void Has_the_options_of_Salt(string program)
    {
        var table = CommandPrograms.Find(program)!;
        var recorded = GoldenData.Read("cli/options.json").RootElement.GetProperty(program);
        Assert.Equal(recorded.GetProperty("usage").GetString(), $"%prog {table.Usage}");
        Assert.Equal(recorded.GetProperty("config_file").GetString(), table.ConfigFile);
        Assert.Equal(recorded.GetProperty("options").EnumerateArray().Select(Recorded), table.Options.Select(Ours));
    }

    [Theory]
    [MemberData(nameof(Program))]
    public void Every_option_stands_in_the_help_with_a_line_of_its_own(string program)
    {
        var table = CommandPrograms.Find(program)!;
        var help = HelpText.Full(table);
        Assert.All(table.Options, o => Assert.Contains(o.LongName, help, StringComparison.Ordinal));
        Assert.All(table.Options, o => Assert.EndsWith(".", o.Help, StringComparison.Ordinal));
        // The names of an option are never broken; its text is.
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 79 || line.TrimStart().StartsWith('-'), line));
    }

    private static string Recorded(JsonElement option)
    {
        // A callback that is typed takes a text, whatever nargs was recorded. A path of the build has no fixed default.
        var action = option.GetProperty("action").GetString()!;
        var type = option.GetProperty("type").GetString();
        var missing = JsonText.Read(option.GetProperty("default").GetRawText());
        return string.Join(' ',
        [
            .. option.GetProperty("short").EnumerateArray().Select(n => n.GetString()), .. option.GetProperty("long").EnumerateArray().Select(n => n.GetString()),
            "->", option.GetProperty("dest").GetString() ?? "none", action == "callback" ? "store" : action, type ?? "none",
            action == "callback" ? 1 : option.GetProperty("nargs").GetInt32(), missing.AsText() == "<PATH>" ? "None" : missing,
            option.GetProperty("group").GetString() ?? "none",
            option.TryGetProperty("choices", out var choices) ? string.Join(',', choices.EnumerateArray().Select(c => c.GetString())) : "",
        ]);
    }

    private static string Ours(CommandOption option)
    {
        var action = option.Action switch
        {
            OptionAction.SetTrue => "store_true",
            OptionAction.SetFalse => "store_false",
            var other => other.ToString().ToLowerInvariant(),
        };
        var type = !option.TakesText ? "none" : option.Kind switch
        {
            OptionKind.Integer => "int",
            OptionKind.Float => "float",
            OptionKind.Choice => "choice",
            _ => "string",
        };
        return new StringBuilder().AppendJoin(' ',
        [
            option.Names, "->", option.Destination ?? "none", action, type, option.TakesText ? option.Values : 0, option.Default,
            option.Group ?? "none", string.Join(',', option.Choices),
        ]).ToString();
    }
}
