using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Minion.Session;

/// <summary>The minion's pki folder: its own pair, and the master's key as it was learned.</summary>
/// <remarks><c>minion.pem</c> (0400), <c>minion.pub</c>, <c>minion_master.pub</c>, and <c>master_sign.pub</c> where masters are vouched for.</remarks>
public sealed class MinionKeys(MinionOptions options)
{
    public string MasterKeyPath => Path.Combine(options.PkiDir, "minion_master.pub");
    private string SigningPath => Path.Combine(options.PkiDir, options.MasterSignKeyName + ".pub");

    /// <summary>The minion's identity; its key is made where there is none, which takes a moment.</summary>
    /// <exception cref="MinionKeysBroken">The files cannot be read or made.</exception>
    public ClientIdentity LoadOrMake()
    {
        var (privatePath, publicPath) = (Path.Combine(options.PkiDir, "minion.pem"), Path.Combine(options.PkiDir, "minion.pub"));
        try
        {
            PrivateFiles.CreateFolder(options.PkiDir);
            RsaKeyPair keys;
            if (File.Exists(privatePath)) keys = RsaKeyPair.Load(File.ReadAllText(privatePath));
            else
            {
                keys = RsaKeyPair.Generate(options.KeySize);
                PrivateFiles.Write(privatePath, keys.PrivatePem, isReadOnly: true);
                File.Delete(publicPath);
            }
            if (!File.Exists(publicPath)) File.WriteAllText(publicPath, keys.PublicPem);
            return new ClientIdentity(options.Id, keys)
            {
                Signature = Schemes.SignatureOf(options.SigningAlgorithm),
                Encryption = Schemes.EncryptionOf(options.EncryptionAlgorithm),
            };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new MinionKeysBroken($"the minion's keys in {options.PkiDir} cannot be read or made: {cause.Message}. Run the minion as the user that owns that folder", cause);
        }
        catch (FormatException cause)
        {
            throw new MinionKeysBroken($"{privatePath} cannot be used: {cause.Message}. Remove it to have a new key made, which the master must then accept", cause);
        }
    }

    /// <summary>What the minion believes of masters right now.</summary>
    /// <exception cref="MinionKeysBroken">A key file is there, but holds no key.</exception>
    public MasterTrust Trust() => new(
        File.Exists(MasterKeyPath) ? Read(MasterKeyPath) : null,
        options.VerifyMasterPubkeySign ? Signing() : null,
        options.OpenMode);

    public void KeepMaster(RsaPublicKey key) => PrivateFiles.Write(MasterKeyPath, key.Pem);

    private RsaPublicKey Signing() => File.Exists(SigningPath) ? Read(SigningPath)
        : throw new MinionKeysBroken($"verify_master_pubkey_sign is set, but {SigningPath} is missing; copy it from the master", null);

    // A broken file is not the same as none: without a known key the minion would believe the next master that comes.
    private static RsaPublicKey Read(string path) => RsaPublicKey.TryParse(File.ReadAllText(path), out var key) ? key
        : throw new MinionKeysBroken($"{path} holds no RSA public key; remove it to learn the master's key anew, or restore it", null);
}

/// <summary>The minion's own key files cannot be used; the message says what to do.</summary>
public sealed class MinionKeysBroken(string message, Exception? cause) : Exception(message, cause);
