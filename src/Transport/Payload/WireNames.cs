using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Identity;

namespace SaltActors.Transport.Payload;

/// <summary>Names that are derived from others: topics, sockets, digests by Salt's names.</summary>
public static class WireNames
{
    /// <summary>The topic of everybody under <c>zmq_filtering</c>.</summary>
    public const string Broadcast = "broadcast", SyndicTopic = "syndic";

    /// <summary>A minion's own topic under <c>zmq_filtering</c>: the SHA-1 of its id.</summary>
    public static string Topic(MinionId id) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(id.Text)));

    /// <summary>The file name of a minion's event socket that everybody reads.</summary>
    public static string MinionEventPublish(string id, string hashType) => $"minion_event_{Short(id, hashType)}_pub.ipc";

    /// <summary>The file name of a minion's event socket that everybody writes to.</summary>
    public static string MinionEventPull(string id, string hashType) => $"minion_event_{Short(id, hashType)}_pull.ipc";

    /// <summary>A job's folder under <c>cachedir</c>, as genuine command lines look for it: <c>jobs/&lt;first 2 hex&gt;/&lt;rest&gt;</c> of the jid's digest.</summary>
    public static string JobFolder(string jid, string hashType)
    {
        var hash = HashHex(hashType, Encoding.UTF8.GetBytes(jid));
        return $"jobs/{hash[..2]}/{hash[2..]}";
    }

    /// <summary>A digest in lowercase hexadecimal, by Salt's <c>hash_type</c>.</summary>
    /// <exception cref="ArgumentException">There is no such digest.</exception>
    public static string HashHex(string hashType, ReadOnlySpan<byte> data) => Convert.ToHexStringLower(hashType.ToLowerInvariant() switch
    {
        "md5" => MD5.HashData(data),
        "sha1" => SHA1.HashData(data),
        "sha256" => SHA256.HashData(data),
        "sha384" => SHA384.HashData(data),
        "sha512" => SHA512.HashData(data),
        _ => throw new ArgumentException($"hash_type '{hashType}' is not known; sha256, sha384, sha512, sha1 and md5 are"),
    });

    private static string Short(string id, string hashType) => HashHex(hashType, Encoding.UTF8.GetBytes(id))[..10];
}
