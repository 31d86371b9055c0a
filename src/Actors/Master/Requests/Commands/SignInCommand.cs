using Akka.Actor;
using SaltActors.Actors.Master.Auth;
using SaltActors.Actors.Master.Keys;
using SaltActors.Actors.Master.Presence;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>_auth</c>: a minion shows its key, and gets the master's keys where it is accepted.</summary>
public sealed class SignInCommand(IActorRef keys, IActorRef presence, MasterIdentity identity, MasterOptions options, int publishPort, TimeSpan patience) : IClearCommand
{
    public string Name => "_auth";

    public async Task<byte[]> AnswerAsync(ClearRequest request)
    {
        var offer = SignInOffer.Read(request);
        if (offer.Refusal is { } refusal) return refusal;
        if (!MinionId.TryParse(offer.Id, out var id)) return Reply(request, offer, SignInReply.Refused);
        if (options.MaxMinions > 0 && !(await presence.Ask<PresenceProtocol.RoomIs>(new PresenceProtocol.IsThereRoom(id, offer.PublicKey), patience).ConfigureAwait(false)).Free)
            return Reply(request, offer, SignInReply.Full);
        var decided = await keys.Ask<KeysProtocol.KeyDecided>(new KeysProtocol.KeyOffered(id, offer.PublicKey, offer.AutosignGrains), patience).ConfigureAwait(false);
        return decided.Verdict switch
        {
            SignInVerdict.Accept when identity.Accepted(id) is { } key && identity.SessionOf(id) is { } session =>
                request.SignedAuthReply(SignInReply.Accepted(offer, key, identity.Current, identity.Proof, session, identity.Master, publishPort, PubSignature()), identity.Master),
            SignInVerdict.Wait => Reply(request, offer, SignInReply.Pending),
            SignInVerdict.Full => Reply(request, offer, SignInReply.Full),
            _ => Reply(request, offer, SignInReply.Refused),
        };
    }

    private byte[] Reply(ClearRequest request, SignInOffer offer, Value ret) =>
        request.SignedAuthReply(SignInReply.Unaccepted(offer, ret), identity.Master);

    private string? PubSignature() => identity.Signing is { } signing
        ? MasterSigning.Sign(signing, identity.Master.PublicPem, options.PublishSigningAlgorithm)
        : null;
}
