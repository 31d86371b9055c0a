using System.Diagnostics.CodeAnalysis;
using SaltActors.Core.Values;
using SaltActors.Rendering.Arguments;
using SaltActors.Rendering.Yaml;

namespace SaltActors.CommandLine.Options;

/// <summary>What <c>salt</c> was asked to do: whom, what, and with which arguments.</summary>
/// <param name="Function">One name, or a list of them.</param>
/// <param name="Arguments">As a publish load has them; one list a function for several.</param>
public sealed record SaltCommand(Value Target, string TargetType, Value Function, ListValue Arguments)
{
    public bool IsCompound => Function is ListValue;
}

/// <summary>From the command line of <c>salt</c> to its job.</summary>
public static class SaltCommandLine
{
    /// <summary>The function that stands in where only the target is looked at.</summary>
    public const string NoFunction = "not_a_valid_command";

    public static bool TryRead(ParsedCommandLine parsed, [NotNullWhen(true)] out SaltCommand? command, [NotNullWhen(false)] out CommandLineStop? stop)
    {
        (command, stop) = (null, null);
        var words = parsed.Positionals;
        if (parsed.Flag("doc")) return Documentation(parsed, out command, out stop);
        if (words.IsEmpty)
        {
            stop = Incomplete("Cannot execute command without defining a target.");
            return false;
        }
        if (words.Length < 2 && !parsed.Flag("preview_target"))
        {
            stop = Incomplete("Incomplete options passed.");
            return false;
        }
        var (target, type) = TargetOf(parsed, words[0]);
        if (words.Length < 2)
        {
            command = new SaltCommand(target, type, NoFunction, ListValue.Empty);
            return true;
        }
        var noParse = (parsed.Options.Get("no_parse") as ListValue)?.Items.Select(n => n.ToString()).ToHashSet() ?? [];
        if (!words[1].Contains(',', StringComparison.Ordinal))
        {
            command = new SaltCommand(target, type, words[1], Read(words.AsSpan()[2..], noParse));
            return true;
        }
        var functions = words[1].Split(',');
        var groups = Groups(words.AsSpan()[2..].ToArray(), parsed.Text("args_separator") ?? ",", functions.Length);
        if (groups.Count != functions.Length)
        {
            stop = new CommandLineStop(CommandLineStop.Incomplete, "", groups.Count < functions.Length
                ? "Cannot execute compound command without defining all arguments.\n"
                : "Cannot execute compound command with more arguments than commands.\n");
            return false;
        }
        command = new SaltCommand(target, type, ListValue.OfTexts(functions), ListValue.From(groups.Select(Value (g) => Read(g.ToArray(), noParse))));
        return true;

        CommandLineStop Incomplete(string why) => new(CommandLineStop.Incomplete, CommandLineParser.Help(parsed.Program), why + "\n");
    }

    /// <summary>A YAML map given as an option's text, as <c>--metadata</c>.</summary>
    /// <exception cref="YamlBroken">The text is no YAML.</exception>
    public static Value ReadYaml(string text, string option) => YamlLoader.Load(text, option);

    private static bool Documentation(ParsedCommandLine parsed, out SaltCommand? command, out CommandLineStop? stop)
    {
        (command, stop) = (null, null);
        var words = parsed.Positionals;
        if (words.Length > 2)
        {
            stop = CommandLineParser.Error(parsed.Program, "You can only get documentation for one method at one time.");
            return false;
        }
        var (target, type) = TargetOf(parsed, words.IsEmpty ? "*" : words[0]);
        command = new SaltCommand(target, type, "sys.doc", words.Length == 2 ? [words[1]] : ListValue.Empty);
        return true;
    }

    private static (Value Target, string Type) TargetOf(ParsedCommandLine parsed, string text)
    {
        if (parsed.Flag("list")) return (ListValue.OfTexts(text.Contains(',', StringComparison.Ordinal) ? text.Replace(" ", "", StringComparison.Ordinal).Split(',') : text.Split(' ', StringSplitOptions.RemoveEmptyEntries)), "list");
        foreach (var type in (ReadOnlySpan<string>)["pcre", "grain", "grain_pcre", "nodegroup", "range", "compound", "pillar_pcre", "ipcidr"])
            if (parsed.Flag(type)) return (text, type);
        return (text, parsed.Flag("pillar_target") ? "pillar" : "glob");
    }

    private static ListValue Read(ReadOnlySpan<string> texts, HashSet<string> noParse) =>
        ArgumentText.ParseAll(texts.ToArray().Select(Value (t) => t), noParse).ToLoad();

    // Separators that stand alone divide; where they are too few or many, those inside the words divide, too.
    private static List<List<string>> Groups(string[] words, string separator, int functions)
    {
        var isAlone = words.Count(w => w == separator) == functions - 1;
        var groups = new List<List<string>> { new() };
        foreach (var word in words)
            if (isAlone)
            {
                if (word == separator) groups.Add([]);
                else groups[^1].Add(word);
            }
            else
            {
                var parts = word.Split(separator);
                for (var i = 0; i < parts.Length; i++)
                {
                    if (i > 0) groups.Add([]);
                    if (parts[i].Length > 0) groups[^1].Add(parts[i]);
                }
            }
        return words.Length == 0 && functions > 1 ? [[]] : groups;
    }
}
