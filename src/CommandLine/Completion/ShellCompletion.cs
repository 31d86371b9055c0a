using SaltActors.CommandLine.Options;

namespace SaltActors.CommandLine.Completion;

/// <summary>Scripts that complete the commands of this build in a shell, made from the option tables: what is declared there is what is completed.</summary>
public static class ShellCompletion
{
    /// <summary>The shells there are scripts for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script for a shell, or null where there is none.</summary>
    public static string? For(string shell)
    {
        CommandProgram[] programs = [.. CommandPrograms.Built.Select(n => CommandPrograms.Find(n)!)];
        return shell switch
        {
            "bash" => BashCompletion.Script(programs),
            "zsh" => ZshCompletion.Script(programs),
            "fish" => FishCompletion.Script(programs),
            _ => null,
        };
    }

    /// <summary>What prints the words of a place, by the shell's own means; null where anything may stand there.</summary>
    /// <param name="place">The place among what is no option, from 0.</param>
    internal static string? WordsAt(string program, int place) => (program, place) switch
    {
        ("salt" or "salt-cp", 0) => "salt-key --no-color --list=acc --out=newline_values_only 2>/dev/null",
        ("salt", 1) or ("salt-call", 0) => "salt-call --local --skip-grains --no-color --out=newline_values_only sys.list_functions 2>/dev/null",
        ("salt-run", 0) => "salt-run --no-color --doc 2>/dev/null | sed -n 's/^\\([a-z0-9_]*\\.[a-z0-9_]*\\):$/\\1/p'",
        _ => null,
    };

    /// <summary>The most that any program has such places.</summary>
    internal const int Places = 2;
}
