using System.Diagnostics.CodeAnalysis;

namespace SaltActors.CommandLine.Options;

/// <summary>What <c>salt-key</c> is asked to do.</summary>
/// <param name="Action">The destination of the action: <c>list</c>, <c>list_all</c>, <c>accept</c>, <c>accept_all</c> …, <c>gen_keys</c>, <c>gen_signature</c>.</param>
/// <param name="Match">The glob or name it acts on; empty for those that act on all.</param>
public sealed record KeyCommand(string Action, string Match);

/// <summary>From the options of <c>salt-key</c> to one action: the last that was typed, or <c>list_all</c>.</summary>
/// <remarks>Follows salt/utils/parsers.py, SaltKeyOptionParser.</remarks>
public static class KeyCommandLine
{
    private static readonly string[] Actions =
    [
        "list", "list_all", "accept", "accept_all", "reject", "reject_all", "delete", "delete_all", "print", "print_all", "finger", "finger_all",
        "gen_keys", "gen_signature",
    ];
    private static readonly string[] ListWords = ["acc", "pre", "un", "rej", "den", "all"];

    public static bool TryRead(ParsedCommandLine parsed, [NotNullWhen(true)] out KeyCommand? command, [NotNullWhen(false)] out CommandLineStop? stop)
    {
        (command, stop) = (null, null);
        if (parsed.Text("list") is { } word && !ListWords.Any(w => word.StartsWith(w, StringComparison.Ordinal)))
            stop = Error($"'{word}' is not a valid argument to '--list'");
        else if (parsed.Options.Get("keysize")?.AsInteger() is < 2048)
            stop = Error("The minimum value for keysize is 2048");
        else if (parsed.Options.Get("keysize")?.AsInteger() is > 32768)
            stop = Error("The maximum value for keysize is 32768");
        if (stop is not null) return false;
        // A key pair is made whatever else was typed.
        var action = parsed.Text("gen_keys") is not null ? "gen_keys" : parsed.LastTyped(Actions) ?? "list_all";
        command = new(action, parsed.Options.TextOf(action) ?? "");
        return true;

        CommandLineStop Error(string message) => CommandLineStop.Error(CommandPrograms.Find(parsed.Program)!, message);
    }
}
