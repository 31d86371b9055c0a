using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SaltActors.CommandLine.Help;
using SaltActors.Core.Values;
using SaltActors.Rendering.Yaml;

namespace SaltActors.CommandLine.Options;

/// <summary>What the reading of a command line needs from outside.</summary>
public sealed record CommandSurroundings
{
    /// <summary>Nothing set, nothing there.</summary>
    public static readonly CommandSurroundings Empty = new();

    /// <summary>An environment variable, or null.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;
    public string HomeFolder { get; init; } = "/";
    public string WorkingFolder { get; init; } = "/";
    public Func<string, bool> FolderExists { get; init; } = static _ => true;
    public Func<string, bool> FileExists { get; init; } = static _ => false;
    /// <summary>A YAML file as a map.</summary>
    public Func<string, MapValue> ReadYaml { get; init; } = static _ => MapValue.Empty;
    /// <summary>Read to its end with <c>--args-stdin</c> only.</summary>
    public TextReader Stdin { get; init; } = TextReader.Null;

    /// <summary>This process's own environment, folders and files.</summary>
    public static CommandSurroundings OfProcess(TextReader stdin) => new()
    {
        Variable = Environment.GetEnvironmentVariable,
        HomeFolder = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        WorkingFolder = Environment.CurrentDirectory,
        FolderExists = Directory.Exists,
        FileExists = File.Exists,
        ReadYaml = static path => YamlLoader.Load(File.ReadAllText(path), path) as MapValue ?? MapValue.Empty,
        Stdin = stdin,
    };
}

/// <summary>From arguments to options and positionals, or to the reason why the command ends at once.</summary>
/// <remarks>
/// Follows salt/utils/parsers.py, and differs where that loses what was typed: with <c>--args-stdin</c> the options of the command line
/// stay unless stdin types them again, and a typed option wins over the Saltfile also where it says the default.
/// </remarks>
public static class CommandLineParser
{
    private static readonly string[] TargetGroups = ["Target Options"];
    // Options that take text and mean yes or no.
    private static readonly string[] Switches = ["state_verbose", "rotate_aes_key", "preserve_minions"];

    /// <summary>The usage of a program and what is wrong, status 64.</summary>
    public static CommandLineStop Error(string program, string message) => CommandLineStop.Error(TableOf(program), message);

    /// <summary>What <c>-h</c> prints.</summary>
    public static string Help(string program) => HelpText.Full(TableOf(program));

    /// <summary>Reads with the environment and files of this process.</summary>
    public static bool TryParse(
        string program, IReadOnlyList<string> arguments, TextReader stdin,
        [NotNullWhen(true)] out ParsedCommandLine? parsed, [NotNullWhen(false)] out CommandLineStop? stop) =>
        TryParse(program, arguments, CommandSurroundings.OfProcess(stdin), out parsed, out stop);

    /// <param name="program">As <c>salt-call</c>; the table must know it.</param>
    public static bool TryParse(
        string program, IReadOnlyList<string> arguments, CommandSurroundings surroundings,
        [NotNullWhen(true)] out ParsedCommandLine? parsed, [NotNullWhen(false)] out CommandLineStop? stop)
    {
        var table = TableOf(program);
        try
        {
            (parsed, stop) = (Parse(table, arguments, surroundings), null);
            return true;
        }
        catch (CommandLineStopped stopped)
        {
            (parsed, stop) = (null, stopped.Stop);
            return false;
        }
    }

    private static CommandProgram TableOf(string program) =>
        CommandPrograms.Find(program) ?? throw new ArgumentException($"there is no program '{program}'", nameof(program));

    private static ParsedCommandLine Parse(CommandProgram program, IReadOnlyList<string> arguments, CommandSurroundings surroundings)
    {
        var reader = new OptionReader(program);
        reader.Read(arguments);
        if (IsTrue(reader, "args_stdin")) reader.Read(LinesOf(surroundings.Stdin));
        if (IsTrue(reader, "versions_report")) throw new CommandLineStopped(new(0, VersionsReport.Text, ""));
        RefuseSeveralTargets(program, reader);

        var options = new MapValue.Builder();
        foreach (var option in program.Options)
            if (option.Destination is { } name) options[name] = reader.Values.GetValueOrDefault(name, option.Default);
        if (program.OptionOf("config_dir") is not null && !reader.Typed.Contains("config_dir") && surroundings.Variable("SALT_CONFIG_DIR") is { Length: > 0 } folder)
            options["config_dir"] = folder;
        var typed = reader.Typed.ToList();
        AddSaltfile(program, reader, options, typed, surroundings);
        var warnings = SettleConfigFolder(options, surroundings);
        foreach (var name in Switches)
            if (options.Get(name) is TextValue text && bool.TryParse(text.Text, out var isOn)) options[name] = isOn;
        if (program.OptionOf("no_parse") is not null) options["no_parse"] = NamesOf(options.Get("no_parse"));
        return new(program.Name, options.Build(), [.. typed], reader.Positionals) { Warnings = warnings };
    }

    private static bool IsTrue(OptionReader reader, string destination) => reader.Values.GetValueOrDefault(destination) is { IsTruthy: true };

    private static List<string> LinesOf(TextReader stdin)
    {
        var lines = new List<string>();
        while (stdin.ReadLine() is { } line) lines.Add(line);
        return lines;
    }

    private static void RefuseSeveralTargets(CommandProgram program, OptionReader reader)
    {
        var selected = program.Options.Where(o => TargetGroups.Contains(o.Group) && o.Action == OptionAction.SetTrue && IsTrue(reader, o.Destination!)).ToArray();
        if (selected.Length > 1)
            throw new CommandLineStopped(CommandLineStop.Error(program,
                $"The options {string.Join('/', selected.Select(o => o.LongName))} are mutually exclusive. Please only choose one of them"));
    }

    private static void AddSaltfile(CommandProgram program, OptionReader reader, MapValue.Builder options, List<string> typed, CommandSurroundings surroundings)
    {
        if (program.OptionOf("saltfile") is null) return;
        var named = options.Get("saltfile")?.AsText() ?? surroundings.Variable("SALT_SALTFILE");
        var file = named is { Length: > 0 } ? Absolute(named, surroundings)
            : new[] { Path.Combine(surroundings.WorkingFolder, "Saltfile"), Path.Combine(surroundings.HomeFolder, ".salt", "Saltfile") }.FirstOrDefault(surroundings.FileExists);
        if (file is null) return;
        if (!surroundings.FileExists(file)) throw new CommandLineStopped(CommandLineStop.Error(program, $"'{file}' file does not exist."));
        foreach (var (key, value) in ReadSaltfile(program, file, surroundings).MapOf(program.Name))
        {
            var name = PythonText.Str(key);
            if (reader.Typed.Contains(name)) continue;
            options[name] = value;
            typed.Add(name);
        }
    }

    private static MapValue ReadSaltfile(CommandProgram program, string file, CommandSurroundings surroundings)
    {
        try
        {
            return surroundings.ReadYaml(file);
        }
        catch (Exception broken) when (broken is YamlBroken or IOException or UnauthorizedAccessException)
        {
            throw new CommandLineStopped(CommandLineStop.Error(program, $"the Saltfile '{file}' cannot be read: {broken.Message}"));
        }
    }

    private static ImmutableArray<string> SettleConfigFolder(MapValue.Builder options, CommandSurroundings surroundings)
    {
        if (options.Get("config_dir")?.AsText() is not { Length: > 0 } folder) return [];
        var absolute = Absolute(folder, surroundings);
        options["config_dir"] = absolute;
        return surroundings.FolderExists(absolute) ? [] : [$"WARNING: CONFIG '{absolute}' directory does not exist."];
    }

    private static string Absolute(string path, CommandSurroundings surroundings)
    {
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal)) path = surroundings.HomeFolder + path[1..];
        return Path.GetFullPath(path, surroundings.WorkingFolder);
    }

    private static ListValue NamesOf(Value? names) => names switch
    {
        ListValue list => list,
        TextValue { Text.Length: > 0 } text => ListValue.OfTexts(text.Text.Split(',').Select(n => n.Trim())),
        _ => ListValue.Empty,
    };
}
