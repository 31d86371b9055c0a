using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Envelope;

/// <summary>Seals a job for all minions at once, and says under which topics it goes.</summary>
/// <param name="isSigned">Also sign (<c>sign_pub_messages</c>): the AES key alone is known to every minion.</param>
public sealed class PublishSeal(RsaKeyPair master, bool isSigned, SignatureScheme scheme)
{
    /// <param name="serial">Grows with each publish under one epoch; a minion drops what is not newer.</param>
    public byte[] Seal(MapValue load, long serial, Crypticle epoch)
    {
        var body = epoch.Seal(load.With("serial", serial));
        var envelope = isSigned
            ? MapValue.Of(("enc", "aes"), ("load", body), ("sig_algo", scheme.SaltName()), ("sig", master.Sign(scheme, body)))
            : MapValue.Of(("enc", "aes"), ("load", body));
        return Msgpack.Pack(envelope, MsgpackDialect.Wire);
    }

    /// <summary>The topics under <c>zmq_filtering</c>: one a minion where the ids are certain, otherwise everybody's.</summary>
    public static IEnumerable<string> Topics(string targetType, IEnumerable<MinionId> minions, bool hasSyndics)
    {
        if (targetType is not ("glob" or "pcre" or "list")) return [WireNames.Broadcast];
        var topics = minions.Select(WireNames.Topic);
        return hasSyndics ? topics.Append(WireNames.SyndicTopic) : topics;
    }
}
