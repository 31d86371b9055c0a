using System.Collections.Immutable;
using SaltActors.Client.Link;
using SaltActors.Client.Runners;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;

namespace SaltActors.Hosts.Salt.Keys;

/// <summary>The keys through the wheel functions of a running master, for a user who has logged in and may run them.</summary>
internal sealed class MasterKeys(IMasterLink link) : IMinionKeys
{
    public async Task<ImmutableArray<(KeyState State, string Id)>> MatchAsync(string globs, ImmutableArray<KeyState> states)
    {
        var matched = await AskAsync("key.name_match", ("match", globs));
        return [.. states.SelectMany(state => matched.ListOf(state.Folder()).Items.Select(id => (state, id.ToString())))];
    }

    public Task<MapValue> FingerprintsAsync(string globs) => AskAsync("key.finger", ("match", globs));

    public Task<MapValue> PublicKeysAsync(string globs) => AskAsync("key.key_str", ("match", globs));

    public async Task<ImmutableArray<MinionId>> ChangeAsync(KeyChange change, string globs, ImmutableArray<(KeyState State, string Id)> keys, ImmutableArray<KeyState> states)
    {
        var denied = ("include_denied", (Value)states.Contains(KeyState.Denied));
        await (change switch
        {
            KeyChange.Accept => AskAsync("key.accept", ("match", globs), ("include_rejected", states.Contains(KeyState.Rejected)), denied),
            KeyChange.Reject => AskAsync("key.reject", ("match", globs), ("include_accepted", states.Contains(KeyState.Accepted)), denied),
            _ => AskAsync("key.delete", ("match", globs)),
        });
        return [.. keys.Select(k => MinionId.Parse(k.Id))];
    }

    private async Task<MapValue> AskAsync(string function, params (string, Value)[] keywords) =>
        await WheelCall.RunAsync(link, function, MapValue.Of(keywords), CancellationToken.None) as MapValue ?? MapValue.Empty;
}
