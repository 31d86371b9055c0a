using Akka.Actor;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master.Keys;

/// <summary>The door through which wheel functions and runners see and change keys: reading goes to the files, changes to the one who writes them.</summary>
internal sealed class KeyDoor(IActorRef keys, KeyStore store, KeyCareSettings settings, TimeSpan patience) : IMasterKeys
{
    // It only reads; what is wrong is said by the one who changes.
    private readonly KeyCare _care = new(store, settings, _ => { });

    public MapValue List(string word) => _care.List(word);
    public MapValue Match(KeyChoice choice) => _care.Match(choice);
    public MapValue Print(Value pattern) => _care.Print(pattern);
    public MapValue Fingers(Value pattern, string hashType) => _care.Fingers(pattern, hashType);
    public KeyPairText Make(int bits) => KeyMaking.Make(bits);
    public string MakeFiles(string folder, string name, int bits) => KeyMaking.MakeFiles(folder, name, bits);
    public string Sign(string privateFile, string publicFile) => KeyMaking.Sign(privateFile, publicFile, settings.PassPhrase);

    public string MasterKey()
    {
        var path = Path.Combine(settings.PkiDir, "master.pub");
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"the master's public key {path} cannot be read: {cause.Message}");
        }
    }

    public async Task<MapValue> ChangeAsync(KeyChange change, KeyChoice choice, MoreKeys more, CancellationToken stop)
    {
        await AskAsync(new KeysProtocol.ChangeKeys(change, choice, more), stop).ConfigureAwait(false);
        return _care.Match(choice);
    }

    public async Task<bool> AcceptNewAsync(MinionId id, string publicKey, bool isForced, CancellationToken stop) =>
        !(await AskAsync(new KeysProtocol.AcceptNew(id, publicKey, isForced), stop).ConfigureAwait(false)).Keys.IsEmpty;

    private async Task<KeysProtocol.KeysChanged> AskAsync(KeysProtocol.IKeysMessage message, CancellationToken stop)
    {
        var changed = await keys.Ask<KeysProtocol.KeysChanged>(message, patience, stop).ConfigureAwait(false);
        return changed.Failure is null ? changed : throw new CommandFailed($"the keys could not be changed: {changed.Failure}");
    }
}
