using System.Collections.Immutable;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Ipc;
using SaltActors.Transport.Keys;

namespace SaltActors.Hosts.Salt.Keys;

/// <summary>The keys in the master's own files. A master that runs is told of every change.</summary>
internal sealed class LocalKeys(ParsedCommandLine parsed, HostConfiguration configuration, KeyStore store) : IMinionKeys
{
    public Task<ImmutableArray<(KeyState State, string Id)>> MatchAsync(string globs, ImmutableArray<KeyState> states) =>
        Task.FromResult<ImmutableArray<(KeyState, string)>>([.. states.SelectMany(state => store.List(state).Where(id => Fits(globs, id.Text)).Select(id => (state, id.Text)))]);

    public Task<MapValue> FingerprintsAsync(string globs)
    {
        var hash = configuration.Options.TextOf("hash_type") ?? "sha256";
        var sections = KeysOf(globs, pem => Fingerprints.Of(pem, hash));
        var pki = configuration.Options.TextOf("pki_dir")!;
        var own = new MapValue.Builder();
        foreach (var name in (ReadOnlySpan<string>)["master.pem", "master.pub"])
            if (Fits(globs, name) && Path.Combine(pki, name) is var path && File.Exists(path)) own[name] = Fingerprints.Of(File.ReadAllText(path), hash);
        return Task.FromResult(own.Count > 0 ? sections.With("local", own.Build()) : sections);
    }

    public Task<MapValue> PublicKeysAsync(string globs) => Task.FromResult(KeysOf(globs, static pem => pem));

    public async Task<ImmutableArray<MinionId>> ChangeAsync(KeyChange change, string globs, ImmutableArray<(KeyState State, string Id)> keys, ImmutableArray<KeyState> states)
    {
        var changed = ImmutableArray.CreateBuilder<MinionId>();
        foreach (var (state, text) in keys)
        {
            var id = MinionId.Parse(text);
            var has = change switch
            {
                KeyChange.Accept => store.Move(state, KeyState.Accepted, id),
                KeyChange.Reject => store.Move(state, KeyState.Rejected, id),
                _ => HasDeleted(state, id),
            };
            if (!has) continue;
            changed.Add(id);
            await TellMasterAsync(change.ToString().ToLowerInvariant(), id);
        }
        // Who is out must be out: the key that all minions share is changed.
        if (change != KeyChange.Accept && keys.Any(k => k.State == KeyState.Accepted) && Rotates) DropMark();
        return changed.ToImmutable();
    }

    private MapValue KeysOf(string globs, Func<string, string> shown)
    {
        var sections = new MapValue.Builder();
        foreach (var state in KeyStates.All)
        {
            var found = store.List(state).Where(id => Fits(globs, id.Text)).Select(id => (id, Pem: store.Pem(state, id))).Where(k => k.Pem is not null).ToList();
            if (found.Count > 0) sections[state.Folder()] = MapValue.From(found.Select(k => KeyValuePair.Create(k.id.Text, (Value)shown(k.Pem!))));
        }
        return sections.Build();
    }

    private bool HasDeleted(KeyState state, MinionId id)
    {
        if (store.Pem(state, id) is null) return false;
        store.Delete(state, id);
        var keepsCache = parsed.Flag("preserve_minions") || configuration.Options.Get("preserve_minion_cache") is { IsTruthy: true };
        var cache = Path.Combine(configuration.Options.TextOf("cachedir")!, "minions", id.Text);
        if (!keepsCache && Directory.Exists(cache)) Directory.Delete(cache, recursive: true);
        return true;
    }

    private bool Rotates => configuration.Setting(parsed, "rotate_aes_key") switch
    {
        TextValue text => text.Text.ToLowerInvariant() is not ("false" or "no" or "0" or "off"),
        var value => value is not { IsTruthy: false },
    };

    private void DropMark()
    {
        var mark = Path.Combine(configuration.Options.TextOf("cachedir")!, ".dfn");
        if (Directory.Exists(Path.GetDirectoryName(mark))) PrivateFiles.Write(mark, "", isReadOnly: true);
    }

    // A master that runs hears of it at once; one that does not reads the files when it starts.
    private async Task TellMasterAsync(string act, MinionId id)
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

    private static bool Fits(string globs, string id) => globs.Split(',').Any(g => NamePattern.Matches(g, id));
}
