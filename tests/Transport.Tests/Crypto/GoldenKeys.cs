using System.Collections.Concurrent;
using SaltActors.Golden;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Tests.Payload;

namespace SaltActors.Transport.Tests.Crypto;

/// <summary>The recorded key pairs by name.</summary>
internal static class GoldenKeys
{
    private static readonly ConcurrentDictionary<string, RsaKeyPair> Pairs = new();

    public static RsaKeyPair Of(string name) => Pairs.GetOrAdd(name, static name =>
    {
        using var keys = GoldenData.Read("wire/keys.json");
        return RsaKeyPair.Load(keys.RootElement.GetProperty("keys").EnumerateArray().Single(k => k.Text("name") == name).Text("private_pem"));
    });
}
