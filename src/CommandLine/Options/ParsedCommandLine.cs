using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Options;

/// <summary>What a user typed, read.</summary>
/// <param name="Program">As <c>salt-call</c>.</param>
/// <param name="Options">Every destination to its value: typed, from the Saltfile, or the default.</param>
/// <param name="Typed">The destinations that were typed, in the order of their last time; then those that the Saltfile set.</param>
/// <param name="Positionals">What is no option, in order.</param>
public sealed record ParsedCommandLine(string Program, MapValue Options, ImmutableArray<string> Typed, ImmutableArray<string> Positionals)
{
    /// <summary>Lines for stderr that do not end the command.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    public bool IsTyped(string destination) => Typed.Contains(destination);
    public bool Flag(string destination) => Options.Get(destination)?.IsTruthy ?? false;
    /// <summary>The text of an option, or null where it has none or empty text.</summary>
    public string? Text(string destination) => Options.Get(destination) is { } value and not (NullValue or TextValue { Text.Length: 0 }) ? PythonText.Str(value) : null;

    /// <summary>The last typed one of several options that exclude each other, or null.</summary>
    public string? LastTyped(IReadOnlyCollection<string> destinations) => Typed.LastOrDefault(destinations.Contains);

    /// <summary>The typed options that would be ignored, by their long names: those of the table that are not supported, and those given.</summary>
    /// <param name="destinations">What the caller does not act on.</param>
    public ImmutableArray<string> Unsupported(IReadOnlyCollection<string> destinations) =>
    [
        .. CommandPrograms.Find(Program)!.Options
            .Where(o => o.Destination is { } name && IsTyped(name) && (!o.IsSupported || destinations.Contains(name)))
            .Select(o => o.LongName),
    ];
}

/// <summary>The command ends here: the help was asked for, or something typed was wrong.</summary>
public sealed record CommandLineStop(int ExitCode, string Stdout, string Stderr)
{
    /// <summary>A wrong option or argument (EX_USAGE).</summary>
    public const int UsageExit = 64;
    /// <summary>Too few or too many arguments for the command.</summary>
    public const int IncompleteExit = 42;

    /// <summary>The usage and <c>PROGRAM: error: MESSAGE</c> on stderr, status 64.</summary>
    public static CommandLineStop Error(CommandProgram program, string message) =>
        new(UsageExit, "", $"{Help.HelpText.Usage(program)}\n{program.Name}: error: {message}\n");
}

/// <summary>Carries a stop out of the reading of options.</summary>
internal sealed class CommandLineStopped(CommandLineStop stop) : Exception
{
    internal CommandLineStop Stop { get; } = stop;
}
