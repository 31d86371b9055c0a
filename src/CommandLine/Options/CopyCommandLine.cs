using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SaltActors.CommandLine.Help;
using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Options;

/// <summary>What <c>salt-cp</c> is asked to do.</summary>
public sealed record CopyCommand(Value Target, string TargetType, ImmutableArray<string> Sources, string Destination);

/// <summary>From the positionals of <c>salt-cp</c> to a target, sources and a destination.</summary>
public static class CopyCommandLine
{
    public static bool TryRead(ParsedCommandLine parsed, [NotNullWhen(true)] out CopyCommand? command, [NotNullWhen(false)] out CommandLineStop? stop)
    {
        var words = parsed.Positionals;
        (command, stop) = (null, null);
        if (words.Length < 2)
        {
            var program = CommandPrograms.Find(parsed.Program)!;
            stop = CommandLineStop.Error(program, "Insufficient arguments") with { Stdout = HelpText.Full(program) };
            return false;
        }
        var type = SaltCommandLine.TargetTypeOf(parsed);
        command = new(SaltCommandLine.TargetOf(words[0], type), type, words[1..^1], words[^1]);
        return true;
    }
}
