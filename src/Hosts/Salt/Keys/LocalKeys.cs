using System.Collections.Immutable;
using SaltActors.CommandLine.Options;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Ipc;
using SaltActors.Transport.Keys;

namespace SaltActors.Hosts.Salt.Keys;

/// <summary>The keys in the master's own files, cared for by the same rules as the master's own wheel functions. A master that runs is told of every change.</summary>
internal sealed class LocalKeys(ParsedCommandLine parsed, HostConfiguration configuration, KeyStore store) : IMinionKeys
{
    private readonly KeyCare _care = new(store, SettingsOf(parsed, configuration), text => Console.Error.WriteLine($"[WARNING ] {text}"));

    public Task<ImmutableArray<(KeyState State, string Id)>> MatchAsync(string globs, ImmutableArray<KeyState> states)
    {
        var found = _care.Chosen(new KeyChoice(globs)).ToLookup(k => k.State, k => k.Id.Text);
        return Task.FromResult<ImmutableArray<(KeyState, string)>>([.. states.SelectMany(state => found[state].Select(id => (state, id)))]);
    }

    public Task<MapValue> FingerprintsAsync(string globs) => Task.FromResult(_care.Fingers(globs, configuration.Options.TextOf("hash_type") ?? "sha256"));

    public Task<MapValue> PublicKeysAsync(string globs) => Task.FromResult(_care.Print(globs));

    public async Task<ImmutableArray<MinionId>> ChangeAsync(KeyChange change, string globs, ImmutableArray<(KeyState State, string Id)> keys, ImmutableArray<KeyState> states)
    {
        var choice = new KeyChoice(null, MapValue.From(keys.GroupBy(k => k.State).Select(g => KeyValuePair.Create(g.Key.Folder(), (Value)ListValue.OfTexts(g.Select(k => k.Id))))));
        var changed = _care.Change(change, choice, MoreKeys.Accepted | MoreKeys.Rejected | MoreKeys.Denied);
        foreach (var key in changed) await TellMasterAsync(key);
        return [.. changed.Select(key => key.Id)];
    }

    private static KeyCareSettings SettingsOf(ParsedCommandLine parsed, HostConfiguration configuration) => KeyCareSettings.From(configuration.Options) with
    {
        KeepsMinionCache = parsed.Flag("preserve_minions") || configuration.Options.Get("preserve_minion_cache") is { IsTruthy: true },
        RotatesAesKey = configuration.Setting(parsed, "rotate_aes_key") switch
        {
            TextValue text => text.Text.ToLowerInvariant() is not ("false" or "no" or "0" or "off"),
            var value => value is not { IsTruthy: false },
        },
    };

    // A master that runs hears of it at once; one that does not reads the files when it starts.
    private async Task TellMasterAsync(ChangedKey key)
    {
        var socket = Path.Combine(configuration.Options.TextOf("sock_dir")!, "master_event_pull.ipc");
        if (!File.Exists(socket)) return;
        try
        {
            await UnixEventSender.SendAsync(socket, new SaltEvent(EventTags.Key, key.ToEventData()).Stamped(TimeProvider.System), 1048576, CancellationToken.None);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The socket is left from a master that no longer runs; there is nobody to tell.
        }
    }
}
