using System.Text;
using SaltActors.CommandLine.Options;

namespace SaltActors.CommandLine.Completion;

/// <summary>The script for fish.</summary>
internal static class FishCompletion
{
    internal static string Script(CommandProgram[] programs)
    {
        var script = new StringBuilder("# Completion of Salt's commands for fish. Made by: salt --completion fish\n\n");
        script.Append("# True where this many words stand before the cursor that are no options\nfunction __salt_place\n    test (count (string match -v -- '-*' (commandline -opc)[2..])) -eq $argv[1]\nend\n");
        foreach (var program in programs)
        {
            script.Append('\n');
            foreach (var option in program.Options)
            {
                script.Append($"complete -c {program.Name}");
                foreach (var name in option.Spellings) script.Append(name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : $" -s {name[1..]}");
                if (option.TakesText) script.Append(option.Choices.IsEmpty ? " -r" : $" -x -a '{string.Join(' ', option.Choices)}'");
                script.Append($" -d {Quoted(option.Help)}\n");
            }
            for (var place = 0; place < ShellCompletion.Places; place++)
                if (ShellCompletion.WordsAt(program.Name, place) is { } words)
                    script.Append($"complete -c {program.Name} -f -n '__salt_place {place}' -a {Quoted($"({words})")}\n");
        }
        return script.ToString();
    }

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
