using System.Collections.Immutable;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Hosts.Salt.Programs;
using SaltActors.Transport.Keys;

namespace SaltActors.Hosts.Salt.Keys;

/// <summary>One action of <c>salt-key</c>: what it shows, what it asks, what it says afterwards.</summary>
/// <remarks>Follows Salt 3006, salt/key.py, KeyCLI.</remarks>
internal sealed class KeyActions(ParsedCommandLine parsed, IMinionKeys keys, Printer printer)
{
    // The order in which Salt's JSON shows the sections.
    private static readonly ImmutableArray<KeyState> Sections = [KeyState.Accepted, KeyState.Pending, KeyState.Rejected, KeyState.Denied];

    internal Task<int> RunAsync(KeyCommand command) => command.Action switch
    {
        "accept" => ChangeAsync(KeyChange.Accept, command.Match),
        "accept_all" => ChangeAsync(KeyChange.Accept, "*"),
        "reject" => ChangeAsync(KeyChange.Reject, command.Match),
        "reject_all" => ChangeAsync(KeyChange.Reject, "*"),
        "delete" => ChangeAsync(KeyChange.Delete, command.Match),
        "delete_all" => ChangeAsync(KeyChange.Delete, "*"),
        "finger" => ShowAsync(keys.FingerprintsAsync(command.Match)),
        "finger_all" => ShowAsync(keys.FingerprintsAsync("*")),
        "print" => ShowAsync(keys.PublicKeysAsync(command.Match)),
        "print_all" => ShowAsync(keys.PublicKeysAsync("*")),
        "list" => ListAsync(command.Match),
        _ => ListAsync("all"),
    };

    private async Task<int> ListAsync(string word)
    {
        ImmutableArray<KeyState> states = word switch
        {
            _ when word.StartsWith("acc", StringComparison.Ordinal) => [KeyState.Accepted],
            _ when word.StartsWith("pre", StringComparison.Ordinal) || word.StartsWith("un", StringComparison.Ordinal) => [KeyState.Pending],
            _ when word.StartsWith("rej", StringComparison.Ordinal) => [KeyState.Rejected],
            _ when word.StartsWith("den", StringComparison.Ordinal) => [KeyState.Denied],
            _ => Sections,
        };
        var found = await keys.MatchAsync("*", states);
        printer.Print(MapValue.From(states.Select(s => KeyValuePair.Create(s.Folder(), (Value)ListValue.OfTexts(found.Where(k => k.State == s).Select(k => k.Id))))), "key");
        return 0;
    }

    private async Task<int> ShowAsync(Task<MapValue> sections)
    {
        printer.Print(await sections, "key");
        return 0;
    }

    private async Task<int> ChangeAsync(KeyChange change, string globs)
    {
        var states = StatesFor(change);
        var found = await keys.MatchAsync(globs, states);
        if (found.IsEmpty)
        {
            // Salt's words, whatever was asked: scripts look for them.
            Say($"The key glob '{globs}' does not match any unaccepted keys.");
            return 0;
        }
        var done = change switch { KeyChange.Accept => "accepted", KeyChange.Reject => "rejected", _ => "deleted" };
        if (!parsed.Flag("quiet"))
        {
            printer.Line($"The following keys are going to be {done}:");
            printer.Print(MapValue.From(found.GroupBy(k => k.State).Select(g => KeyValuePair.Create(g.Key.Folder(), (Value)ListValue.OfTexts(g.Select(k => k.Id))))), "key");
        }
        if (!parsed.Flag("yes") && !Confirms(change == KeyChange.Delete)) return 0;
        foreach (var id in await keys.ChangeAsync(change, globs, found, states)) Say($"Key for minion {id} {done}.");
        return 0;
    }

    private ImmutableArray<KeyState> StatesFor(KeyChange change)
    {
        if (change == KeyChange.Delete) return Sections;
        var states = ImmutableArray.Create(KeyState.Pending);
        if (change == KeyChange.Reject && Includes("include_accepted")) states = states.Add(KeyState.Accepted);
        if (change == KeyChange.Accept && Includes("include_rejected")) states = states.Add(KeyState.Rejected);
        return Includes("include_denied") ? states.Add(KeyState.Denied) : states;
    }

    private bool Includes(string option) => parsed.Flag("include_all") || parsed.Flag(option);

    private static bool Confirms(bool isDeletion)
    {
        Console.Write(isDeletion ? "Proceed? [N/y] " : "Proceed? [n/Y] ");
        switch (Console.In.ReadLine()?.Trim().ToLowerInvariant())
        {
            case null:
                Console.Error.WriteLine("Error: EOF when reading a line");
                return false;
            case "": return !isDeletion;
            case var answer: return answer.StartsWith('y');
        }
    }

    private void Say(string text)
    {
        if (!parsed.Flag("quiet")) printer.Line(text);
    }
}
