using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;

namespace SaltActors.Hosts.Salt.Keys;

/// <summary>The keys of a master's minions: in its files, or through the master itself.</summary>
internal interface IMinionKeys
{
    /// <summary>The ids of these states that fit one of the globs, by commas.</summary>
    Task<ImmutableArray<(KeyState State, string Id)>> MatchAsync(string globs, ImmutableArray<KeyState> states);

    /// <summary>Sections to maps of ids to fingerprints; the master's own keys stand under <c>local</c> where they fit.</summary>
    Task<MapValue> FingerprintsAsync(string globs);

    /// <summary>Sections to maps of ids to public keys.</summary>
    Task<MapValue> PublicKeysAsync(string globs);

    /// <summary>Changes keys that were matched before.</summary>
    /// <param name="globs">What matched them.</param>
    /// <param name="states">The states that were looked at.</param>
    /// <returns>Those that were changed; a key may have gone meanwhile.</returns>
    Task<ImmutableArray<MinionId>> ChangeAsync(KeyChange change, string globs, ImmutableArray<(KeyState State, string Id)> keys, ImmutableArray<KeyState> states);
}
