using System.Text.Json;
using SaltActors.Core.Identity;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Tests.Payload;

namespace SaltActors.Transport.Tests.Envelope;

public sealed class AuthDecisionSpecs
{
    private static readonly string[] Folders = ["minions", "minions_pre", "minions_rejected", "minions_denied", "minions_autosign"];

    [Fact]
    public void Decides_every_recorded_sign_in_as_Salt_does()
    {
        var master = new WireMaster();
        // The folders as the case before left them; cases that are not here ran between, so a folder may hold ids whose key nobody saw.
        var folders = Folders.ToDictionary(f => f, _ => new HashSet<string>());
        var offered = new Dictionary<string, string>();
        Recorded.Every("auth-outcomes", (_, one) =>
        {
            var request = Assert.IsType<ClearRequest>(master.Open(one.Bytes("request_b64")));
            var (id, pem) = (request.Load.TextOf("id")!, RsaPublicKey.Normalise(request.Load.TextOf("pub")!));
            var after = one.GetProperty("pki_after") is { ValueKind: JsonValueKind.Object } lists
                ? Folders.ToDictionary(f => f, f => lists.GetProperty(f).EnumerateArray().Select(e => e.GetString()!).ToHashSet())
                : folders;
            if (MinionId.TryParse(id, out var legal))
            {
                var facts = new AuthFacts
                {
                    Stored = folders["minions_rejected"].Contains(id) || one.Text("name") == "rejected_again" ? StoredKey.Rejected
                        : folders["minions"].Contains(id) ? StoredKey.Accepted : folders["minions_pre"].Contains(id) ? StoredKey.Pending : StoredKey.None,
                    IsSameKey = !offered.TryGetValue(id, out var known) || known == pem,
                    IsAutoRejected = id.StartsWith("bad-", StringComparison.Ordinal),
                    IsAutoSigned = id.StartsWith("signed-", StringComparison.Ordinal) || id == "stub-1" || one.Text("name") == "pending_then_autosign" || one.Text("name") == "autosign_grains",
                };
                var decision = AuthDecision.Of(facts);
                var reply = RecordedSignIn.Load(one.Bytes("response_b64"), request.Version);
                var isReadable = RsaPublicKey.TryParse(request.Load.TextOf("pub"), out RsaPublicKey? _);
                Assert.Equal(reply.Get("ret") is { } ret ? ret == (Core.Values.Value)true ? AuthVerdict.Wait : AuthVerdict.Refuse : AuthVerdict.Accept,
                    decision.Verdict == AuthVerdict.Accept && !isReadable ? AuthVerdict.Refuse : decision.Verdict);
                Apply(decision.Change, id);
                foreach (var folder in Folders)
                    Assert.True(after[folder].Contains(id) == folders[folder].Contains(id), $"{folder} holds '{id}': {folders[folder].Contains(id)} after {decision}, recorded {after[folder].Contains(id)}");
                if (decision.Change is not (KeyChange.None or KeyChange.WriteDenied)) offered[id] = pem;
            }
            folders = after.ToDictionary(f => f.Key, f => f.Value.ToHashSet());
        });

        void Apply(KeyChange change, string id)
        {
            switch (change)
            {
                case KeyChange.WriteAccepted: folders["minions"].Add(id); break;
                case KeyChange.WriteAcceptedRemovePending: folders["minions"].Add(id); folders["minions_pre"].Remove(id); break;
                case KeyChange.WritePending: folders["minions_pre"].Add(id); break;
                case KeyChange.WriteRejected: folders["minions_rejected"].Add(id); break;
                case KeyChange.WriteDenied: folders["minions_denied"].Add(id); break;
                case KeyChange.PendingToRejected: folders["minions_pre"].Remove(id); folders["minions_rejected"].Add(id); break;
            }
        }
    }

    [Theory]
    [InlineData(StoredKey.Rejected, true, false, true, AuthVerdict.Refuse, KeyChange.None, "reject")]
    [InlineData(StoredKey.Accepted, true, true, false, AuthVerdict.Accept, KeyChange.None, "accept")]
    [InlineData(StoredKey.Accepted, false, false, true, AuthVerdict.Refuse, KeyChange.WriteDenied, "denied")]
    [InlineData(StoredKey.None, false, true, true, AuthVerdict.Refuse, KeyChange.WriteRejected, "reject")]
    [InlineData(StoredKey.None, false, false, false, AuthVerdict.Wait, KeyChange.WritePending, "pend")]
    [InlineData(StoredKey.None, false, false, true, AuthVerdict.Accept, KeyChange.WriteAccepted, "accept")]
    [InlineData(StoredKey.Pending, true, true, true, AuthVerdict.Refuse, KeyChange.PendingToRejected, "reject")]
    [InlineData(StoredKey.Pending, true, false, false, AuthVerdict.Wait, KeyChange.None, "pend")]
    [InlineData(StoredKey.Pending, false, false, false, AuthVerdict.Refuse, KeyChange.WriteDenied, "denied")]
    [InlineData(StoredKey.Pending, true, false, true, AuthVerdict.Accept, KeyChange.WriteAcceptedRemovePending, "accept")]
    [InlineData(StoredKey.Pending, false, false, true, AuthVerdict.Refuse, KeyChange.WriteDenied, "denied")]
    public void Follows_the_table_of_states(StoredKey stored, bool isSame, bool isAutoRejected, bool isAutoSigned, AuthVerdict verdict, KeyChange change, string act)
    {
        var decision = AuthDecision.Of(new AuthFacts { Stored = stored, IsSameKey = isSame, IsAutoRejected = isAutoRejected, IsAutoSigned = isAutoSigned });
        Assert.Equal(new AuthDecision(verdict, change, act), decision);
        Assert.Equal(verdict is AuthVerdict.Accept or AuthVerdict.Wait, decision.Result);
    }

    [Fact]
    public void Open_mode_believes_everybody_and_a_full_master_nobody()
    {
        foreach (var stored in Enum.GetValues<StoredKey>())
        {
            Assert.Equal(AuthVerdict.Accept, AuthDecision.Of(new AuthFacts { Stored = stored, IsOpen = true, IsAutoRejected = true }).Verdict);
            Assert.Equal(AuthVerdict.Full, AuthDecision.Of(new AuthFacts { Stored = stored, IsOpen = true, IsFull = true }).Verdict);
        }
        Assert.Equal(KeyChange.WriteAccepted, AuthDecision.Of(new AuthFacts { Stored = StoredKey.Accepted, IsOpen = true }).Change);
    }
}
