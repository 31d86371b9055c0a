using Akka.Actor;
using SaltActors.Actors.Master.Jobs;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>_return</c>: a minion's answer to a job. Acknowledged (an empty reply) when it is safe on disk, and not before.</summary>
public sealed class ReturnCommand(IActorRef jobs, JidClock jids, TimeSpan patience) : ISealedCommand
{
    /// <summary>The jid of a return that nobody asked for (<c>salt-call</c>, a schedule): the master gives it one.</summary>
    private const string AskForJid = "req";

    public string Name => "_return";

    // Version 2 sends no token with a return; where the envelope proved an identity, it must be the returning minion's.
    public bool NeedsIdentity => false;

    public async Task<byte[]> AnswerAsync(SealedRequest request)
    {
        var load = request.Load.Without("nonce").Without("ts").Without("tok");
        if (!load.Has("return") || load.Get("jid") is null || !MinionId.TryParse(load.TextOf("id"), out var id)) return request.SealReply(Value.Null);
        if (request.Identity is { } proven && proven != id) return request.SealReply(BoolValue.False);

        var isOwn = load.TextOf("jid") == AskForJid;
        if (!Jid.TryParse(isOwn ? jids.Next().Text : load.TextOf("jid"), out var jid)) return request.SealReply(Value.Null);
        if (isOwn)
        {
            load = load.With("jid", jid.Text);
            var job = MapValue.Of(("fun", load.Get("fun") ?? Value.Null), ("arg", load.Get("fun_args") ?? ListValue.Empty), ("tgt", id.Text), ("tgt_type", "glob"),
                ("jid", jid.Text), ("ret", ""), ("user", load.TextOf("user") ?? id.Text));
            await File(new JobStoreProtocol.FileJob(jid, job, [id])).ConfigureAwait(false);
        }
        await File(new JobStoreProtocol.MinionReturned(new MinionReturn(jid, id, load))).ConfigureAwait(false);
        return request.SealReply(Value.Null);
    }

    private async Task File(object message)
    {
        var answer = await jobs.Ask<object>(message, patience).ConfigureAwait(false);
        if (answer is JobStoreProtocol.NotFiled failed) throw new ReturnNotFiled(failed.Reason);
    }
}

/// <summary>The job store did not take a return. Its sender gets an error and keeps the return.</summary>
public sealed class ReturnNotFiled(string message) : Exception(message);
