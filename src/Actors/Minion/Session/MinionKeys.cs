using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Minion.Session;

/// <summary>The minion's pki folder: its own pair, and the master's key as it was learned.</summary>
/// <remarks><c>minion.pem</c> (0400), <c>minion.pub</c>, <c>minion_master.pub</c>, and <c>master_sign.pub</c> where masters are vouched for.</remarks>
public sealed class MinionKeys(MinionOptions options)
{
    private string MasterPath => Path.Combine(options.PkiDir, "minion_master.pub");

    /// <summary>The minion's identity; its key is made where there is none, which takes a moment.</summary>
    /// <exception cref="MinionKeysBroken">The files cannot be read or made.</exception>
    public ClientIdentity LoadOrMake()
    {
        try
        {
            PrivateFiles.CreateFolder(options.PkiDir);
            var path = Path.Combine(options.PkiDir, "minion.pem");
            if (!File.Exists(path))
            {
                var made = RsaKeyPair.Generate(options.KeySize);
                PrivateFiles.Write(path, made.PrivatePem, isReadOnly: true);
                File.WriteAllText(Path.Combine(options.PkiDir, "minion.pub"), made.PublicPem);
            }
            return new ClientIdentity(options.Id, RsaKeyPair.Load(File.ReadAllText(path)))
            {
                Signature = Schemes.SignatureOf(options.SigningAlgorithm),
                Encryption = Schemes.EncryptionOf(options.EncryptionAlgorithm),
            };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new MinionKeysBroken($"the minion's keys in {options.PkiDir} cannot be read or made: {cause.Message}. Run the minion as the user that owns that folder", cause);
        }
    }

    /// <summary>What the minion believes of masters right now.</summary>
    public MasterTrust Trust() => new(Read(MasterPath), options.VerifyMasterPubkeySign ? Signing() : null, options.OpenMode);

    public void KeepMaster(RsaPublicKey key) => PrivateFiles.Write(MasterPath, key.Pem);

    public string MasterKeyPath => MasterPath;

    private RsaPublicKey Signing() => Read(Path.Combine(options.PkiDir, "master_sign.pub"))
        ?? throw new MinionKeysBroken($"verify_master_pubkey_sign is set, but {Path.Combine(options.PkiDir, "master_sign.pub")} is missing or no key; copy it from the master", null);

    private static RsaPublicKey? Read(string path) => File.Exists(path) && RsaPublicKey.TryParse(File.ReadAllText(path), out var key) ? key : null;
}

/// <summary>The minion's own key files cannot be used; the message says what to do.</summary>
public sealed class MinionKeysBroken(string message, Exception? cause) : Exception(message, cause);
