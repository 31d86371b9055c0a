using System.Diagnostics.CodeAnalysis;
using SaltActors.CommandLine.Help;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Rendering.Arguments;
using SaltActors.Rendering.Yaml;

namespace SaltActors.CommandLine.Options;

/// <summary>What <c>salt</c> is asked to do.</summary>
/// <param name="Target">Text, or a list of ids for the type <c>list</c>.</param>
/// <param name="Function">One name, or a list of them (a compound call).</param>
/// <param name="Arguments">As a publish load has them; a compound call has one list a function.</param>
public sealed record SaltCommand(Value Target, string TargetType, Value Function, ListValue Arguments)
{
    /// <summary>Comma list of returners; empty for none.</summary>
    public string Returners { get; init; } = "";
    /// <summary>What travels with the load beside the usual fields: <c>metadata</c>, <c>delimiter</c>, <c>ret_config</c> … where they were typed.</summary>
    public MapValue Extras { get; init; } = MapValue.Empty;
    public bool IsCompound => Function is ListValue;

    /// <summary>The job, sent as nobody yet.</summary>
    public JobRequest ToRequest() => new() { Target = Target, TargetType = TargetType, Function = Function, Arguments = Arguments, Returners = Returners, Extras = Extras };
}

/// <summary>From the options and positionals of <c>salt</c> to a job.</summary>
/// <remarks>Follows salt/utils/parsers.py, SaltCMDOptionParser. <c>--config-dump</c> needs no target: look at it before.</remarks>
public static class SaltCommandLine
{
    /// <summary>The function that stands in where only the target is looked at.</summary>
    public const string NoFunction = "not_a_valid_command";

    private static readonly (string Destination, string Type)[] TargetTypes =
    [
        ("pcre", "pcre"), ("list", "list"), ("grain", "grain"), ("grain_pcre", "grain_pcre"), ("nodegroup", "nodegroup"), ("range", "range"),
        ("compound", "compound"), ("list_hosts", "list_hosts"), ("pillar_target", "pillar"), ("pillar_pcre", "pillar_pcre"), ("ipcidr", "ipcidr"),
    ];

    public static bool TryRead(ParsedCommandLine parsed, [NotNullWhen(true)] out SaltCommand? command, [NotNullWhen(false)] out CommandLineStop? stop)
    {
        try
        {
            (command, stop) = (Read(parsed, CommandPrograms.Find(parsed.Program)!), null);
            return true;
        }
        catch (CommandLineStopped stopped)
        {
            (command, stop) = (null, stopped.Stop);
            return false;
        }
    }

    /// <summary>YAML given as an option's text, as <c>--metadata</c>.</summary>
    /// <exception cref="YamlBroken">The text is no YAML.</exception>
    public static Value ReadYaml(string text, string option) => YamlLoader.Load(text, option);

    /// <summary>The kind of target that was chosen; <c>glob</c> where none was.</summary>
    public static string TargetTypeOf(ParsedCommandLine parsed) =>
        TargetTypes.FirstOrDefault(t => parsed.Flag(t.Destination)).Type ?? "glob";

    /// <summary>The target as it is sent: a list of ids for the type <c>list</c>, split at commas, or at blanks where there is no comma.</summary>
    public static Value TargetOf(string text, string type) =>
        type != "list" ? text
        : text.Contains(',') ? ListValue.OfTexts(text.Replace(" ", "").Split(','))
        : ListValue.OfTexts(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static SaltCommand Read(ParsedCommandLine parsed, CommandProgram program)
    {
        var words = parsed.Positionals.ToList();
        if (words.Count <= 1 && !parsed.Flag("doc") && !parsed.Flag("preview_target"))
            throw Incomplete(program, words.Count == 0 ? "\nCannot execute command without defining a target.\n\n" : "\nIncomplete options passed.\n\n");
        if (parsed.Flag("doc")) AskForDocumentation(words, program);
        // Nothing is run, but a job has a function.
        if (parsed.Flag("preview_target")) words.Add(NoFunction);
        if (words.Count < 2) throw Incomplete(program, "\nCannot execute command without defining a target.\n\n");

        var type = TargetTypeOf(parsed);
        var noParse = parsed.Options.ListOf("no_parse").Items.Select(n => n.ToString()).ToHashSet();
        var (function, arguments) = words[1].Contains(',')
            ? Compound(words[1].Split(','), [.. words.Skip(2)], parsed.Text("args_separator") ?? ",", noParse)
            : (words[1], Values(words.Skip(2), noParse));
        return new(TargetOf(words[0], type), type, function, arguments) { Returners = parsed.Text("return") ?? "", Extras = Extras(parsed) };
    }

    private static void AskForDocumentation(List<string> words, CommandProgram program)
    {
        if (words.Count == 0) words.Add("*");
        if (words.Count < 2 || words[1] != "sys.doc") words.Insert(1, "sys.doc");
        if (words.Count > 3) throw new CommandLineStopped(CommandLineStop.Error(program, "You can only get documentation for one method at one time."));
    }

    /// <summary>Several functions by commas, each with its arguments.</summary>
    /// <remarks>Separators that stand alone divide the arguments where there are just enough of them; otherwise those inside arguments divide too.</remarks>
    private static (Value Functions, ListValue Arguments) Compound(string[] functions, string[] words, string separator, HashSet<string> noParse)
    {
        var groups = new List<List<string>> { new() };
        if (words.Count(w => w == separator) == functions.Length - 1)
        {
            foreach (var word in words)
                if (word == separator) groups.Add([]);
                else groups[^1].Add(word);
        }
        else
        {
            foreach (var word in words)
            {
                var parts = word.Split(separator);
                for (var i = 0; i < parts.Length; i++)
                {
                    if (i > 0) groups.Add([]);
                    if (parts[i].Length > 0 || parts.Length == 1) groups[^1].Add(parts[i]);
                }
            }
            if (functions.Length > groups.Count) throw Stopped("Cannot execute compound command without defining all arguments.\n");
            if (functions.Length < groups.Count) throw Stopped("Cannot execute compound command with more arguments than commands.\n");
        }
        return (ListValue.OfTexts(functions), ListValue.From(groups.Select(Value (g) => Values(g, noParse))));
    }

    private static ListValue Values(IEnumerable<string> words, HashSet<string> noParse) =>
        ArgumentText.ParseAll(words.Select(Value (w) => w), noParse).ToLoad();

    // What travels with the load beside the usual fields.
    private static MapValue Extras(ParsedCommandLine parsed)
    {
        var extras = new MapValue.Builder();
        foreach (var (destination, field) in (ReadOnlySpan<(string, string)>)
            [("metadata", "metadata"), ("module_executors", "module_executors"), ("executor_opts", "executor_opts"), ("return_kwargs", "ret_kwargs")])
            if (parsed.Options.Get(destination) is { IsTruthy: true } value) extras[field] = value is TextValue text ? ArgumentText.Parse(text.Text) : value;
        if (parsed.Text("return_config") is { } config) extras["ret_config"] = config;
        if (parsed.Text("delimiter") is { } delimiter && delimiter != ":") extras["delimiter"] = delimiter;
        return extras.Build();
    }

    private static CommandLineStopped Incomplete(CommandProgram program, string message) =>
        new(new(CommandLineStop.IncompleteExit, HelpText.Full(program), message));

    private static CommandLineStopped Stopped(string message) => new(new(CommandLineStop.IncompleteExit, "", message));
}
