using System.Text;
using SaltActors.CommandLine.Options;

namespace SaltActors.CommandLine.Completion;

/// <summary>The script for zsh.</summary>
internal static class ZshCompletion
{
    internal static string Script(CommandProgram[] programs)
    {
        var script = new StringBuilder("#compdef ").AppendJoin(' ', programs.Select(p => p.Name)).Append("\n# Completion of Salt's commands for zsh. Made by: salt --completion zsh\n\n");
        script.Append("# Completes what a command prints, a word a line: description, command\n_salt_words() {\n    local -a found\n    found=(${(f)\"$(eval $2)\"})\n    compadd -X $1 -- $found\n}\n\n");
        foreach (var program in programs)
        {
            script.Append($"_{Function(program)}() {{\n    _arguments -s -S");
            foreach (var option in program.Options) script.Append(" \\\n        ").Append(Spec(option));
            for (var place = 0; place < ShellCompletion.Places; place++)
                if (ShellCompletion.WordsAt(program.Name, place) is { } words)
                    script.Append($" \\\n        '{place + 1}: :{{_salt_words \"{(words.StartsWith("salt-key", StringComparison.Ordinal) ? "minion" : "function")}\" \"{words.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal).Replace("'", "'\\''", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal)}\"}}'");
            script.Append(" \\\n        '*:file:_files'\n}\n\n");
        }
        script.Append("case $service in\n");
        foreach (var program in programs) script.Append($"    {program.Name}) _{Function(program)} ;;\n");
        return script.Append("esac\n").ToString();
    }

    private static string Function(CommandProgram program) => program.Name.Replace('-', '_') + "_command";

    // '(-t --timeout)'{-t,--timeout=}'[What it does.]:text:(choices)'
    private static string Spec(CommandOption option)
    {
        var names = option.Spellings;
        var shown = names.Select(n => option.TakesText && n.StartsWith("--", StringComparison.Ordinal) ? n + "=" : option.TakesText ? n + "+" : n).ToArray();
        var exclusive = option.Action == OptionAction.Append ? "'*'" : $"'({string.Join(' ', names)})'";
        var name = shown.Length == 1 ? shown[0] : $"{{{string.Join(',', shown)}}}";
        var text = option.Help.Replace("'", "'\\''", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
        var argument = !option.TakesText ? "" : option.Choices.IsEmpty ? $":{option.Destination}:_files" : $":{option.Destination}:({string.Join(' ', option.Choices)})";
        return $"{exclusive}{name}'[{text}]{argument}'";
    }
}
