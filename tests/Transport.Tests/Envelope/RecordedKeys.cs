using SaltActors.Core.Identity;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;

namespace SaltActors.Transport.Tests.Envelope;

/// <summary>A master's keys, as a test gives them.</summary>
internal sealed class RecordedKeys : IServerKeys
{
    public List<Crypticle> Known { get; } = [];
    public Dictionary<string, RsaPublicKey> AcceptedKeys { get; } = [];
    public Dictionary<string, Crypticle> Sessions { get; } = [];
    public IReadOnlyList<Crypticle> Epochs => Known;
    public RsaPublicKey? Accepted(MinionId id) => AcceptedKeys.GetValueOrDefault(id.Text);
    public Crypticle? Session(MinionId id) => AcceptedKeys.ContainsKey(id.Text) ? Sessions.GetValueOrDefault(id.Text) : null;
}
