using System.Collections.Concurrent;
using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Transport.Crypto;

namespace SaltActors.Transport.Keys;

/// <summary>
/// The pki directory: one file a minion and state, its content the public key as it was offered.
/// Genuine <c>salt-key</c> works on the same files, so nothing is believed longer than the file stays as it was.
/// </summary>
/// <remarks>
/// Reading is safe from every thread. On the master one actor writes; <c>salt-key</c> is another program on the same files.
/// Layout as Salt's <c>pki/master</c>.
/// </remarks>
public sealed class KeyStore
{
    private sealed record CachedKey(DateTime Written, long Bytes, string Pem, RsaPublicKey? Key);
    private readonly string _pkiDir;
    private readonly ConcurrentDictionary<MinionId, CachedKey> _accepted = new();

    /// <exception cref="KeyStoreBroken">The folders cannot be made or read.</exception>
    public KeyStore(string pkiDir)
    {
        _pkiDir = pkiDir;
        try
        {
            PrivateFiles.CreateFolder(pkiDir);
            foreach (var state in KeyStates.All) Directory.CreateDirectory(FolderOf(state));
            Directory.CreateDirectory(StubFolder);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new KeyStoreBroken($"the key store in {pkiDir} cannot be opened: {cause.Message}", cause);
        }
    }

    /// <summary>Ids whose next key is accepted without asking: one empty file each (<c>minions_autosign</c>).</summary>
    public string StubFolder => Path.Combine(_pkiDir, "minions_autosign");

    public string FolderOf(KeyState state) => Path.Combine(_pkiDir, state.Folder());
    public string PathOf(KeyState state, MinionId id) => Path.Combine(FolderOf(state), id.Text);

    /// <summary>The accepted key of a minion, or null. Costs one look at the file's stamp where nothing changed.</summary>
    public RsaPublicKey? Accepted(MinionId id) => AcceptedEntry(id)?.Key;

    /// <summary>True where a key is accepted under this id, also one that cannot be read as a key.</summary>
    public bool IsAccepted(MinionId id) => AcceptedEntry(id) is not null;

    private CachedKey? AcceptedEntry(MinionId id)
    {
        var file = new FileInfo(PathOf(KeyState.Accepted, id));
        if (!file.Exists)
        {
            _accepted.TryRemove(id, out _);
            return null;
        }
        if (_accepted.TryGetValue(id, out var cached) && cached.Written == file.LastWriteTimeUtc && cached.Bytes == file.Length) return cached;
        if (Pem(KeyState.Accepted, id) is not { } pem) return null;
        // The same key written again keeps its parsed form: importing one costs more than using it.
        var key = cached?.Pem == pem ? cached.Key : RsaPublicKey.TryParse(pem, out var parsed) ? parsed : null;
        return _accepted[id] = new CachedKey(file.LastWriteTimeUtc, file.Length, pem, key);
    }

    /// <summary>The stored text, or null where there is no such file (or a folder in its place).</summary>
    public string? Pem(KeyState state, MinionId id)
    {
        try
        {
            var path = PathOf(state, id);
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (FileNotFoundException)
        {
            // Another program took the file away between the two calls: there is no key any more.
            return null;
        }
    }

    public void Write(KeyState state, MinionId id, string pem)
    {
        var path = PathOf(state, id);
        var fresh = Path.Combine(_pkiDir, $".{Guid.NewGuid():N}.key");
        File.WriteAllText(fresh, pem);
        File.Move(fresh, path, overwrite: true);
    }

    public void Delete(KeyState state, MinionId id) => File.Delete(PathOf(state, id));

    /// <summary>Moves a key to another state; a key that was there under the same id is replaced. False where there is nothing to move.</summary>
    public bool Move(KeyState from, KeyState to, MinionId id)
    {
        try
        {
            // A key counts from the moment it is accepted: what was agreed on under the id before belongs to another one.
            if (to == KeyState.Accepted) File.SetLastWriteTimeUtc(PathOf(from, id), DateTime.UtcNow);
            File.Move(PathOf(from, id), PathOf(to, id), overwrite: true);
            return true;
        }
        catch (FileNotFoundException)
        {
            // Somebody else moved or deleted it first.
            return false;
        }
    }

    /// <summary>How many keys are in a state.</summary>
    public int Count(KeyState state) => Directory.EnumerateFiles(FolderOf(state)).Count(f => MinionId.TryParse(Path.GetFileName(f), out _));

    /// <summary>The ids of a state, sorted as Salt sorts them. Names that are no ids are passed over.</summary>
    public ImmutableArray<MinionId> List(KeyState state)
    {
        var ids = ImmutableArray.CreateBuilder<MinionId>();
        foreach (var file in Directory.EnumerateFiles(FolderOf(state)))
            if (MinionId.TryParse(Path.GetFileName(file), out var id)) ids.Add(id);
        ids.Sort((a, b) => BySalt(a.Text, b.Text));
        return ids.ToImmutable();
    }

    /// <summary>The order of names in Salt's lists: small and capital letters as one.</summary>
    public static int BySalt(string a, string b) =>
        string.CompareOrdinal(a.ToLowerInvariant(), b.ToLowerInvariant()) is var order and not 0 ? order : string.CompareOrdinal(a, b);
}

/// <summary>The key store cannot be trusted any more. Ends the master: nobody could be believed.</summary>
public sealed class KeyStoreBroken(string message, Exception? cause = null) : Exception(message, cause);
