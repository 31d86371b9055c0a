using SaltActors.Core.Identity;
using SaltActors.Transport.Crypto;

namespace SaltActors.Transport.Envelope;

/// <summary>Who a minion is towards masters.</summary>
public sealed class ClientIdentity(MinionId id, RsaKeyPair keys)
{
    public MinionId Id { get; } = id;
    public RsaKeyPair Keys { get; } = keys;
    /// <summary>The proof that the key of this id is ours; always the same.</summary>
    public byte[] Token { get; } = keys.SignX931("salt"u8);
    public SignatureScheme Signature { get; init; }
    public EncryptionScheme Encryption { get; init; }
    internal bool UsesOtherSchemes => Signature != SignatureScheme.Pkcs1Sha1 || Encryption != EncryptionScheme.OaepSha1;
}
