using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Client.Commands;

/// <summary>What a master answers to a publish.</summary>
public abstract record PublishReply
{
    public sealed record Sent(Jid Jid, ImmutableArray<MinionId> Minions, ImmutableArray<string> Missing) : PublishReply;
    public sealed record Nobody(ImmutableArray<string> Missing) : PublishReply;
    public sealed record No(string Name, string Message) : PublishReply;

    public static PublishReply Read(Value reply)
    {
        if (reply is not MapValue map)
            return new No("SaltClientError", reply.AsText() == "bad load"
                ? "the master refused the request: it may ask for a newer protocol than this one (minimum_auth_version)"
                : $"the master gave an answer that is none: {PythonText.Repr(reply)}");
        if (map.Get("error") is { } error)
            return error is MapValue named ? new No(named.TextOf("name") ?? "SaltClientError", named.TextOf("message") ?? "") : new No("SaltClientError", error.ToString());
        var load = map.Get("load") as MapValue ?? map;
        var missing = load.ListOf("missing").Items.Select(m => m.ToString()).ToImmutableArray();
        if (!Jid.TryParse(load.TextOf("jid"), out var jid))
            return load.Has("minions") || load.Has("jid") ? new Nobody(missing) : new No("AuthenticationError", "the master gave an empty answer: the local key may be stale");
        var minions = load.ListOf("minions").Items
            .Select(i => MinionId.TryParse(i.AsText(), out var id) ? id : (MinionId?)null).OfType<MinionId>().ToImmutableArray();
        return new Sent(jid, minions, missing);
    }
}
