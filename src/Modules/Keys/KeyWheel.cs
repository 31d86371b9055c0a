using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Keys;

/// <summary>The wheel functions <c>key</c>: who may talk to the master.</summary>
/// <remarks>Follows Salt 3006, salt/wheel/key.py and salt/key.py. The command line's <c>salt-key</c> does the same work by the same rules.</remarks>
public static class KeyWheel
{
    /// <summary>Ids of one state of their keys.</summary>
    /// <param name="match"><c>acc</c>, <c>pre</c> or <c>un</c>, <c>rej</c>, <c>den</c>, <c>all</c>, or what begins with one of them.</param>
    /// <returns>Section to sorted ids; empty for another word.</returns>
    /// <example><code>wheel.cmd('key.list', ['accepted'])</code></example>
    [SaltWheel("key.list")]
    public static MapValue List(CallContext context, string match) => Keys(context).List(match);

    /// <summary>All keys, with the master's own files.</summary>
    /// <returns><c>minions</c>, <c>minions_pre</c>, <c>minions_rejected</c>, <c>minions_denied</c>, <c>local</c>: sorted names.</returns>
    /// <example><code>wheel.cmd('key.list_all')</code></example>
    [SaltWheel("key.list_all")]
    public static MapValue ListAll(CallContext context) => Keys(context).List("all");

    /// <summary>Ids that a glob matches, by the state of their keys.</summary>
    /// <param name="match">A glob, several with commas between them, or a list.</param>
    /// <returns>Section to sorted ids; only sections that have some.</returns>
    /// <example><code>wheel.cmd('key.name_match', ['web*'])</code></example>
    [SaltWheel("key.name_match")]
    public static MapValue NameMatch(CallContext context, Value match) => Keys(context).Match(new KeyChoice(match));

    /// <summary>Accepts pending keys.</summary>
    /// <param name="match">A glob over ids, several with commas between them, or a list.</param>
    /// <param name="includeRejected">Accept rejected keys, too.</param>
    /// <param name="includeDenied">Accept denied keys, too.</param>
    /// <returns>Where the keys that match stand now: section to ids.</returns>
    /// <example><code>wheel.cmd('key.accept', ['minion1'])</code></example>
    [SaltWheel("key.accept")]
    public static Task<MapValue> Accept(CallContext context, Value match, bool includeRejected = false, bool includeDenied = false) =>
        Change(context, KeyChange.Accept, new KeyChoice(match), More(rejected: includeRejected, denied: includeDenied));

    /// <summary>Accepts keys that are named with the state they are in.</summary>
    /// <param name="match">Section to a list of ids, as <c>{minions_pre: [jerry, bob]}</c>.</param>
    /// <param name="includeRejected">Accept rejected keys, too.</param>
    /// <param name="includeDenied">Accept denied keys, too.</param>
    /// <returns>Where the named keys stand now: section to ids.</returns>
    /// <example><code>wheel.cmd('key.accept_dict', [{'minions_pre': ['jerry', 'bob']}])</code></example>
    [SaltWheel("key.accept_dict")]
    public static Task<MapValue> AcceptDict(CallContext context, MapValue match, bool includeRejected = false, bool includeDenied = false) =>
        Change(context, KeyChange.Accept, new KeyChoice(null, match), More(rejected: includeRejected, denied: includeDenied));

    /// <summary>Rejects pending keys.</summary>
    /// <param name="match">A glob over ids, several with commas between them, or a list.</param>
    /// <param name="includeAccepted">Reject accepted keys, too.</param>
    /// <param name="includeDenied">Reject denied keys, too.</param>
    /// <returns>Where the keys that match stand now: section to ids.</returns>
    /// <example><code>wheel.cmd('key.reject', ['minion1'])</code></example>
    [SaltWheel("key.reject")]
    public static Task<MapValue> Reject(CallContext context, Value match, bool includeAccepted = false, bool includeDenied = false) =>
        Change(context, KeyChange.Reject, new KeyChoice(match), More(accepted: includeAccepted, denied: includeDenied));

    /// <summary>Rejects keys that are named with the state they are in.</summary>
    /// <param name="match">Section to a list of ids.</param>
    /// <param name="includeAccepted">Reject accepted keys, too.</param>
    /// <param name="includeDenied">Reject denied keys, too.</param>
    /// <returns>Where the named keys stand now: section to ids.</returns>
    /// <example><code>wheel.cmd('key.reject_dict', [{'minions_pre': ['jerry', 'bob']}])</code></example>
    [SaltWheel("key.reject_dict")]
    public static Task<MapValue> RejectDict(CallContext context, MapValue match, bool includeAccepted = false, bool includeDenied = false) =>
        Change(context, KeyChange.Reject, new KeyChoice(null, match), More(accepted: includeAccepted, denied: includeDenied));

    /// <summary>Deletes keys in every state.</summary>
    /// <param name="match">A glob over ids, several with commas between them, or a list.</param>
    /// <returns>What is left of those that match: empty where all went.</returns>
    /// <example><code>wheel.cmd('key.delete', ['minion1'])</code></example>
    [SaltWheel("key.delete")]
    public static Task<MapValue> Delete(CallContext context, Value match) => Change(context, KeyChange.Delete, new KeyChoice(match), MoreKeys.None);

    /// <summary>Deletes keys that are named with the state they are in.</summary>
    /// <param name="match">Section to a list of ids.</param>
    /// <returns>What is left of the named ones, in any state: empty where all went.</returns>
    /// <example><code>wheel.cmd('key.delete_dict', [{'minions': ['jerry', 'bob']}])</code></example>
    [SaltWheel("key.delete_dict")]
    public static Task<MapValue> DeleteDict(CallContext context, MapValue match) => Change(context, KeyChange.Delete, new KeyChoice(null, match), MoreKeys.None);

    /// <summary>Public keys.</summary>
    /// <param name="match">A glob over ids, several with commas between them, or a list.</param>
    /// <returns>Section to a map of id and public key.</returns>
    /// <example><code>wheel.cmd('key.print', ['minion1'])</code></example>
    [SaltWheel("key.print")]
    [SaltWheel("key.key_str")]
    public static MapValue Print(CallContext context, Value match) => Keys(context).Print(match);

    /// <summary>The master's public key.</summary>
    /// <returns><c>{local: {master.pub: key}}</c>.</returns>
    /// <example><code>wheel.cmd('key.master_key_str')</code></example>
    [SaltWheel("key.master_key_str")]
    public static MapValue MasterKey(CallContext context) => Local(Keys(context).MasterKey());

    /// <summary>Fingerprints of public keys.</summary>
    /// <param name="match">A glob over ids and the master's own files, several with commas between them, or a list.</param>
    /// <param name="hashType">The digest; the master's <c>hash_type</c> where it is not given.</param>
    /// <returns>Section to a map of id and fingerprint.</returns>
    /// <example><code>wheel.cmd('key.finger', ['minion1'])</code></example>
    [SaltWheel("key.finger")]
    public static MapValue Finger(CallContext context, Value match, string? hashType = null) => Keys(context).Fingers(match, HashType(context, hashType));

    /// <summary>The fingerprint of the master's public key.</summary>
    /// <param name="hashType">The digest; the master's <c>hash_type</c> where it is not given.</param>
    /// <returns><c>{local: {master.pub: fingerprint}}</c>.</returns>
    /// <example><code>wheel.cmd('key.finger_master')</code></example>
    [SaltWheel("key.finger_master")]
    public static MapValue FingerMaster(CallContext context, string? hashType = null) => Keys(context).Fingers("master.pub", HashType(context, hashType));

    internal static IMasterKeys Keys(CallContext context) =>
        CallServices.Need(context.Services.MasterKeys, "the key functions work on the key store of a running master");

    internal static string HashType(CallContext context, string? given) => given ?? context.Options.TextOf("hash_type") ?? "sha256";

    private static Task<MapValue> Change(CallContext context, KeyChange change, KeyChoice choice, MoreKeys more) =>
        Keys(context).ChangeAsync(change, choice, more, context.Stopped);

    private static MoreKeys More(bool accepted = false, bool rejected = false, bool denied = false) =>
        (accepted ? MoreKeys.Accepted : MoreKeys.None) | (rejected ? MoreKeys.Rejected : MoreKeys.None) | (denied ? MoreKeys.Denied : MoreKeys.None);

    private static MapValue Local(string text) => MapValue.Of(("local", MapValue.Of(("master.pub", text))));
}
