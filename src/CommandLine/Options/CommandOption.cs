using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Options;

/// <summary>What an option does when it is typed.</summary>
public enum OptionAction
{
    /// <summary>Keeps the text behind it, read as its <see cref="OptionKind"/>; the last one wins.</summary>
    Store,
    SetTrue,
    SetFalse,
    /// <summary>Collects every text it is given.</summary>
    Append,
    /// <summary>Prints the help and ends.</summary>
    Help,
    /// <summary>Prints the version and ends.</summary>
    Version,
}

/// <summary>What the text behind an option must be.</summary>
public enum OptionKind { Text, Integer, Float, Choice }

/// <summary>One option of a program.</summary>
/// <param name="Names">All spellings, the short ones first: <c>-t --timeout</c>.</param>
/// <param name="Destination">The name of its value among the options and in the configuration; null for help and version.</param>
/// <param name="Help">One line for people.</param>
public sealed record CommandOption(string Names, string? Destination, string Help)
{
    public OptionAction Action { get; init; }
    public OptionKind Kind { get; init; }
    /// <summary>What the option is where nothing is typed.</summary>
    public Value Default { get; init; } = Value.Null;
    /// <summary>The legal texts of <see cref="OptionKind.Choice"/>.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];
    /// <summary>How many texts it takes: two give a list.</summary>
    public int Values { get; init; } = 1;
    /// <summary>The heading it stands under in the help; null for the first part.</summary>
    public string? Group { get; init; }
    /// <summary>What the help shows for the text; null takes the destination in capitals.</summary>
    public string? Metavar { get; init; }
    /// <summary>False where we read the option but do not act on it yet.</summary>
    public bool IsSupported { get; init; } = true;

    public bool TakesText => Action is OptionAction.Store or OptionAction.Append;
    /// <summary>The spelling that messages use: the first long one.</summary>
    public string LongName => Spellings.FirstOrDefault(n => n.StartsWith("--", StringComparison.Ordinal)) ?? Spellings[0];
    public string[] Spellings => Names.Split(' ');

    /// <summary>An option that sets its value to true.</summary>
    public static CommandOption Flag(string names, string destination, string help, string? group = null) =>
        new(names, destination, help) { Action = OptionAction.SetTrue, Default = false, Group = group };

    /// <summary>An option that takes text.</summary>
    public static CommandOption Text(string names, string destination, string help, Value? missing = null, string? group = null, string? metavar = null) =>
        new(names, destination, help) { Default = missing ?? Value.Null, Group = group, Metavar = metavar };

    /// <summary>An option that takes a whole number.</summary>
    public static CommandOption Integer(string names, string destination, string help, Value? missing = null, string? group = null) =>
        new(names, destination, help) { Kind = OptionKind.Integer, Default = missing ?? Value.Null, Group = group };
}

/// <summary>A program and the options it knows.</summary>
/// <param name="Usage">What stands behind <c>Usage: PROGRAM</c>.</param>
/// <param name="ConfigFile">The file in the configuration folder that it reads.</param>
/// <param name="Options">In the order of the help, which is also the order of names in messages.</param>
public sealed record CommandProgram(string Name, string Usage, string ConfigFile, string Description, ImmutableArray<CommandOption> Options)
{
    public CommandOption? OptionOf(string destination) => Options.FirstOrDefault(o => o.Destination == destination);
}
