using System.Diagnostics.CodeAnalysis;
using SaltActors.CommandLine.Help;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Arguments;

namespace SaltActors.CommandLine.Options;

/// <summary>A function with its arguments, as <c>salt-call</c> and <c>salt-run</c> are asked for it.</summary>
/// <param name="Function">Empty where none was named: with <c>--doc</c> or <c>--grains</c>, and with <c>salt-run</c>, which then shows all documentation.</param>
public sealed record FunctionCommand(string Function, CallArguments Arguments);

/// <summary>From the positionals of <c>salt-call</c> and <c>salt-run</c> to a function call.</summary>
/// <remarks>Follows salt/utils/parsers.py, SaltCallOptionParser and SaltRunOptionParser.</remarks>
public static class FunctionCommandLine
{
    public static bool TryRead(ParsedCommandLine parsed, [NotNullWhen(true)] out FunctionCommand? command, [NotNullWhen(false)] out CommandLineStop? stop)
    {
        var program = CommandPrograms.Find(parsed.Program)!;
        var words = parsed.Positionals;
        (command, stop) = (null, null);
        if (parsed.Program == "salt-call" && words.IsEmpty && !parsed.Flag("grains_run") && !parsed.Flag("doc"))
            stop = CommandLineStop.Error(program, "Requires function, --grains or --doc") with { Stdout = HelpText.Full(program) };
        else if (!words.IsEmpty && parsed.Flag("grains_run"))
            stop = CommandLineStop.Error(program, "-g/--grains does not accept any arguments");
        else if (words.Length > 1 && parsed.Flag("doc"))
            stop = CommandLineStop.Error(program, "You can only get documentation for one method at one time");
        if (stop is not null) return false;
        var noParse = parsed.Options.ListOf("no_parse").Items.Select(n => n.ToString()).ToHashSet();
        command = new(words.IsEmpty ? "" : words[0], ArgumentText.ParseAll(words.Skip(1).Select(Value (w) => w), noParse));
        return true;
    }
}
