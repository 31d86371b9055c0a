using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Core.Functions;

/// <summary>What is done with a minion's key.</summary>
public enum KeyChange { Accept, Reject, Delete }

/// <summary>Which keys are meant.</summary>
/// <param name="Pattern">A glob over ids, several with commas between them, or a list of globs; null where <paramref name="Listed"/> says it.</param>
/// <param name="Listed">State (<c>minions_pre</c> …) to a list of ids, taken as they are.</param>
public sealed record KeyChoice(Value? Pattern, MapValue? Listed = null)
{
    /// <summary>One key by its id, whatever characters the id has.</summary>
    public static KeyChoice Exactly(string state, string id) => new(null, MapValue.Of((state, ListValue.OfTexts([id]))));
}

/// <summary>Keys in these states are changed, too, beside the pending ones. A deletion takes every state.</summary>
[Flags]
public enum MoreKeys { None = 0, Accepted = 1, Rejected = 2, Denied = 4 }

/// <summary>A key pair as texts.</summary>
public sealed record KeyPairText(string Private, string Public);

/// <summary>The master's keys, as wheel functions see and change them.</summary>
/// <remarks>Maps of sections have the keys <c>minions</c>, <c>minions_pre</c>, <c>minions_rejected</c>, <c>minions_denied</c>, and <c>local</c> for the master's own.</remarks>
public interface IMasterKeys
{
    /// <summary>Ids by section, for a word as <c>acc</c>, <c>pre</c> or <c>un</c>, <c>rej</c>, <c>den</c>, <c>all</c> (with <c>local</c>); empty for another word.</summary>
    MapValue List(string word);
    /// <summary>Ids by section, only sections that have some.</summary>
    MapValue Match(KeyChoice choice);
    /// <summary>Public keys by section and id.</summary>
    MapValue Print(Value pattern);
    /// <summary>Fingerprints by section and id; the pattern is tried on the master's own files, too.</summary>
    MapValue Fingers(Value pattern, string hashType);
    /// <summary>The master's own public key.</summary>
    /// <exception cref="CommandFailed">It cannot be read.</exception>
    string MasterKey();
    /// <summary>Changes keys and tells the bus.</summary>
    /// <returns>What the same choice means afterwards.</returns>
    Task<MapValue> ChangeAsync(KeyChange change, KeyChoice choice, MoreKeys more, CancellationToken stop);
    /// <summary>Makes a pair and keeps nothing of it. At least 2048 bits.</summary>
    KeyPairText Make(int bits);
    /// <summary>Accepts a key of which the master itself made the pair. False where one is accepted already and <paramref name="isForced"/> is not set.</summary>
    Task<bool> AcceptNewAsync(MinionId id, string publicKey, bool isForced, CancellationToken stop);
    /// <summary>Makes a pair in files, <c>NAME.pem</c> and <c>NAME.pub</c>; ones that are there stay.</summary>
    /// <returns>The public key's fingerprint.</returns>
    /// <exception cref="CommandFailed">The files cannot be written, or the name is a path.</exception>
    string MakeFiles(string folder, string name, int bits);
    /// <summary>Signs a public key file with a private one (<c>master_sign_pubkey</c>).</summary>
    /// <returns>The signature in base64.</returns>
    /// <exception cref="CommandFailed">A file cannot be read, or holds no key.</exception>
    string Sign(string privateFile, string publicFile);
}

/// <summary>What of a minion the master remembers.</summary>
[Flags]
public enum MinionMemory { None = 0, Grains = 1, Pillar = 2, Mine = 4 }

/// <summary>What the master remembers of minions, and the free banks beside it (<c>cache.store</c>).</summary>
public interface IMasterCache
{
    /// <summary>Null where nothing is known.</summary>
    MapValue? Grains(MinionId id);
    /// <summary>Null where nothing is known.</summary>
    MapValue? Pillar(MinionId id);
    /// <summary>Function to value; empty where it published nothing.</summary>
    MapValue Mine(MinionId id);
    /// <summary>Forgets what is named, and one function of the mine where it is given.</summary>
    /// <returns>True where there was something to forget.</returns>
    Task<bool> ForgetAsync(MinionId id, MinionMemory what, string? mineFunction, CancellationToken stop);

    /// <exception cref="CommandFailed">The bank or key is no legal name, or the disk refuses.</exception>
    void Store(string bank, string key, Value data);
    /// <summary>An empty map where there is nothing under the key.</summary>
    Value Fetch(string bank, string key);
    ImmutableArray<string> List(string bank);
    /// <summary>Removes one key, or the whole bank where the key is null.</summary>
    bool Flush(string bank, string? key);
}

/// <summary>Tokens that stand for a login.</summary>
public interface ITokens
{
    /// <summary>Null where the credentials are refused.</summary>
    Task<MapValue?> MakeAsync(MapValue credentials, CancellationToken stop);
    bool Delete(string token);
}

/// <summary>What the master itself is doing, for <c>jobs.master</c> and <c>manage.health</c>.</summary>
public interface IMasterState
{
    /// <summary>The runners at work: <c>jid</c>, <c>fun</c>, <c>user</c>, <c>pid</c>, <c>start</c>.</summary>
    Task<ImmutableArray<MapValue>> RunningAsync(CancellationToken stop);
    /// <summary>Minions that hold a connection, with the address each came from.</summary>
    Task<MapValue> ConnectedFromAsync(CancellationToken stop);
    /// <summary>Sections of figures and states, ready to show.</summary>
    Task<MapValue> HealthAsync(CancellationToken stop);
}
