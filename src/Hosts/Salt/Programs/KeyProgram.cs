using System.Collections.Immutable;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Configuration;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Ipc;
using SaltActors.Transport.Keys;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary><c>salt-key</c>: who may talk to the master. Works on the master's files, so also while no master runs.</summary>
internal static class KeyProgram
{
    internal static async Task<int> RunAsync(ParsedCommandLine parsed)
    {
        var configuration = HostConfiguration.Load(ConfigurationRole.Master, parsed, Console.Error);
        var pki = configuration.Options.TextOf("pki_dir")!;
        KeyStore store;
        try
        {
            store = new KeyStore(pki);
        }
        catch (KeyStoreBroken broken)
        {
            await Console.Error.WriteLineAsync($"ERROR: {broken.Message}. Run as the master's user");
            return 1;
        }
        var command = new KeyCommand(parsed, configuration, store, new Printer(parsed, configuration));
        return await command.RunAsync();
    }
}

/// <summary>One call of <c>salt-key</c>.</summary>
internal sealed class KeyCommand(ParsedCommandLine parsed, HostConfiguration configuration, KeyStore store, Printer printer)
{
    // The order in which Salt's JSON shows the sections.
    private static readonly ImmutableArray<KeyState> Sections = [KeyState.Accepted, KeyState.Pending, KeyState.Rejected, KeyState.Denied];

    internal async Task<int> RunAsync()
    {
        if (Given("accept") is { } accept) return await Change(accept, [KeyState.Pending], KeyState.Accepted, "accepted", asksFirst: true);
        if (parsed.Flag("accept_all")) return await Change("*", [KeyState.Pending], KeyState.Accepted, "accepted", asksFirst: true);
        if (Given("reject") is { } reject) return await Change(reject, [KeyState.Pending], KeyState.Rejected, "rejected", asksFirst: true);
        if (parsed.Flag("reject_all")) return await Change("*", [KeyState.Pending], KeyState.Rejected, "rejected", asksFirst: true);
        if (Given("delete") is { } delete) return await Change(delete, Sections, null, "deleted", asksFirst: true);
        if (parsed.Flag("delete_all")) return await Change("*", Sections, null, "deleted", asksFirst: true);
        if (Given("finger") is { } finger) return Show(finger, (_, pem) => Fingerprints.Of(pem, HashType), "*" == finger || finger.StartsWith('m'));
        if (parsed.Flag("finger_all")) return Show("*", (_, pem) => Fingerprints.Of(pem, HashType), true);
        if (Given("print") is { } print) return Show(print, (_, pem) => pem, false);
        if (parsed.Flag("print_all")) return Show("*", (_, pem) => pem, false);
        return List(parsed.Flag("list_all") ? "all" : Given("list") ?? "all");
    }

    private string? Given(string option) => parsed.Typed.Contains(option) ? parsed.Text(option) : null;

    private string HashType => configuration.Options.TextOf("hash_type") ?? "sha256";

    private int List(string word)
    {
        ImmutableArray<KeyState> states = word switch
        {
            _ when word.StartsWith("acc", StringComparison.Ordinal) => [KeyState.Accepted],
            _ when word.StartsWith("pre", StringComparison.Ordinal) || word.StartsWith("un", StringComparison.Ordinal) => [KeyState.Pending],
            _ when word.StartsWith("rej", StringComparison.Ordinal) => [KeyState.Rejected],
            _ when word.StartsWith("den", StringComparison.Ordinal) => [KeyState.Denied],
            "all" => Sections,
            _ => [],
        };
        if (states.IsEmpty) return Program.Stop(CommandLineParser.Error("salt-key", $"{PythonText.Repr(word)} is not a valid argument to '--list'"));
        printer.Print(MapValue.From(states.Select(s => KeyValuePair.Create(s.Folder(), (Value)ListValue.OfTexts(store.List(s).Select(i => i.Text))))), "key");
        return 0;
    }

    private int Show(string globs, Func<MinionId, string, string> what, bool hasLocal)
    {
        var sections = new MapValue.Builder();
        foreach (var state in Sections)
        {
            var keys = Matching(globs, [state]).Select(k => (k.Id, Pem: store.Pem(state, k.Id))).Where(k => k.Pem is not null).ToList();
            if (keys.Count > 0) sections[state.Folder()] = MapValue.From(keys.Select(k => KeyValuePair.Create(k.Id.Text, (Value)what(k.Id, k.Pem!))));
        }
        var local = new MapValue.Builder();
        if (hasLocal)
            foreach (var name in (ReadOnlySpan<string>)["master.pem", "master.pub"])
                if (Patterns(globs).Any(g => NamePattern.Matches(g, name)) && File.Exists(Path.Combine(configuration.Options.TextOf("pki_dir")!, name)))
                    local[name] = what(default, File.ReadAllText(Path.Combine(configuration.Options.TextOf("pki_dir")!, name)));
        if (local.Count > 0) sections["local"] = local.Build();
        printer.Print(sections.Build(), "key");
        return 0;
    }

    private async Task<int> Change(string globs, ImmutableArray<KeyState> from, KeyState? to, string done, bool asksFirst)
    {
        if (to is not null)
        {
            if (to != KeyState.Accepted && (parsed.Flag("include_all") || parsed.Flag("include_accepted"))) from = from.Add(KeyState.Accepted);
            if (to != KeyState.Rejected && (parsed.Flag("include_all") || parsed.Flag("include_rejected"))) from = from.Add(KeyState.Rejected);
            if (parsed.Flag("include_all") || parsed.Flag("include_denied")) from = from.Add(KeyState.Denied);
        }
        var keys = Matching(globs, from).ToList();
        if (keys.Count == 0)
        {
            // Salt's words, whatever was asked: scripts look for them.
            Say($"The key glob '{globs}' does not match any unaccepted keys.");
            return 0;
        }
        if (!parsed.Flag("quiet"))
        {
            Say($"The following keys are going to be {done}:");
            printer.Print(MapValue.From(keys.GroupBy(k => k.State).Select(g => KeyValuePair.Create(g.Key.Folder(), (Value)ListValue.OfTexts(g.Select(k => k.Id.Text))))), "key");
        }
        if (asksFirst && !parsed.Flag("yes") && !Confirms(to is null)) return 0;
        foreach (var (state, id) in keys)
        {
            var has = to is { } target ? store.Move(state, target, id) : Delete(state, id);
            if (!has) continue;
            Say($"Key for minion {id} {done}.");
            await TellMaster(to switch { KeyState.Accepted => "accept", KeyState.Rejected => "reject", _ => "delete" }, id);
        }
        // Who is out must be out: the key that all minions share is changed.
        if (to != KeyState.Accepted && keys.Any(k => k.State == KeyState.Accepted) && Rotates) DropMark();
        return 0;
    }

    private bool Rotates => parsed.Typed.Contains("rotate_aes_key")
        ? parsed.Text("rotate_aes_key")!.ToLowerInvariant() is not ("false" or "no" or "0" or "off")
        : configuration.Options.Get("rotate_aes_key") is not { IsTruthy: false };

    private bool Delete(KeyState state, MinionId id)
    {
        if (store.Pem(state, id) is null) return false;
        store.Delete(state, id);
        var keepsCache = parsed.Flag("preserve_minions") || configuration.Options.Get("preserve_minion_cache") is { IsTruthy: true };
        var cache = Path.Combine(configuration.Options.TextOf("cachedir")!, "minions", id.Text);
        if (!keepsCache && Directory.Exists(cache)) Directory.Delete(cache, recursive: true);
        return true;
    }

    private void DropMark()
    {
        var mark = Path.Combine(configuration.Options.TextOf("cachedir")!, ".dfn");
        if (Directory.Exists(Path.GetDirectoryName(mark))) PrivateFiles.Write(mark, "", isReadOnly: true);
    }

    // A master that runs hears of it at once; one that does not reads the files when it starts.
    private async Task TellMaster(string act, MinionId id)
    {
        var socket = Path.Combine(configuration.Options.TextOf("sock_dir")!, "master_event_pull.ipc");
        if (!File.Exists(socket)) return;
        var data = MapValue.Of(("result", true), ("act", act), ("id", id.Text));
        try
        {
            await UnixEventSender.SendAsync(socket, new SaltEvent(EventTags.Key, data).Stamped(TimeProvider.System), 1048576, CancellationToken.None);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The socket is left from a master that no longer runs; there is nobody to tell.
        }
    }

    private IEnumerable<(KeyState State, MinionId Id)> Matching(string globs, ImmutableArray<KeyState> states) =>
        states.SelectMany(state => store.List(state).Where(id => Patterns(globs).Any(g => NamePattern.Matches(g, id.Text))).Select(id => (state, id)));

    private static string[] Patterns(string globs) => globs.Split(',');

    private bool Confirms(bool isDeletion)
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
