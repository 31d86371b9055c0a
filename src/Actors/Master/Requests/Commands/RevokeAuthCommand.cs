using Akka.Actor;
using SaltActors.Actors.Master.Keys;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Keys;
using KeyChange = SaltActors.Core.Functions.KeyChange;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>revoke_auth</c>: a minion that leaves has its own key deleted. Where <c>allow_minion_key_revoke</c> is off, it gets its load back.</summary>
public sealed class RevokeAuthCommand(IActorRef keys, bool isAllowed, TimeSpan patience) : ISealedCommand
{
    public string Name => "revoke_auth";
    public bool NeedsIdentity => true;

    public async Task<byte[]> AnswerAsync(SealedRequest request)
    {
        if (!isAllowed) return request.SealReply(request.Load);
        // By its proven name, as it is: an id may hold the characters of a glob.
        var choice = KeyChoice.Exactly(KeyState.Accepted.Folder(), request.Identity!.Value.Text);
        bool? keepsCache = request.Load.Get("preserve_minion_cache") is { IsTruthy: true } ? true : null;
        var changed = await keys.Ask<KeysProtocol.KeysChanged>(new KeysProtocol.ChangeKeys(KeyChange.Delete, choice, MoreKeys.None, keepsCache), patience).ConfigureAwait(false);
        return request.SealReply(BoolValue.Of(changed.Failure is null));
    }
}
