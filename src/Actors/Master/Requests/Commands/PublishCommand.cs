using System.Collections.Immutable;
using Akka.Actor;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master.Access;
using SaltActors.Actors.Master.Publisher;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary><c>publish</c>: somebody who proves that he may wants a job sent.</summary>
/// <param name="mayBeElsewhere">True where lower masters have minions that this one does not know.</param>
public sealed class PublishCommand(IActorRef publisher, IActorRef events, AccessControl access, bool mayBeElsewhere, TimeSpan patience) : IClearCommand
{
    // What a publish load may carry on to the minions, besides what every load has.
    private static readonly string[] PassedOn = ["delimiter", "metadata", "ret_config", "ret_kwargs", "module_executors", "executor_opts", "master_id"];
    private static readonly string[] Secrets = ["key", "token", "password", "eauth", "username"];

    private static readonly string[] OnlyMaster = ["ret_config", "ret_kwargs", "module_executors", "executor_opts"];

    public string Name => "publish";

    public async Task<byte[]> AnswerAsync(ClearRequest request)
    {
        var load = request.Load;
        if (load.Get("fun") is not { } function || load.Get("tgt") is not { } target)
            return request.PlainReply(Refusals.Error("SaltInvocationError", "a publish needs 'fun' and 'tgt'"));

        var given = Jid.TryParse(load.TextOf("jid"), out var jid) ? jid : (Jid?)null;
        var functions = CalledFunction.Of(function, load.ListOf("arg"));
        var (refusal, user) = await DecideAsync(load, target, functions).ConfigureAwait(false);
        if (refusal is not null)
        {
            if (given is { } failed) events.Tell(new EventBusProtocol.Fire(new SaltEvent(EventTags.JobError(failed), WithoutSecrets(load).Over(refusal))));
            return request.PlainReply(refusal);
        }
        load = load.With("user", user);
        var answer = await publisher.Ask<object>(new PublisherProtocol.Publish(RequestOf(load, function, target), given, KeptLoad(load)), patience).ConfigureAwait(false);
        return request.PlainReply(answer switch
        {
            PublisherProtocol.Published p => Envelope(MapValue.Of(
                ("jid", p.Jid.Text), ("minions", ListValue.OfTexts(p.Minions.Select(m => m.Text))), ("missing", ListValue.OfTexts(p.Missing)))),
            PublisherProtocol.NobodyMatched => Envelope(MapValue.Of(
                ("jid", Value.Null), ("minions", ListValue.Empty), ("error", "Master could not resolve minions for target " + PythonText.Str(target)))),
            PublisherProtocol.NotPublished n => Refusals.Error("SaltClientError", n.Reason),
            _ => Refusals.Error("SaltClientError", "the publisher gave no answer that is known"),
        });
    }

    // Null, and the user in whose name the job runs; or the answer that refuses it.
    private async Task<(MapValue? Refusal, string User)> DecideAsync(MapValue load, Value target, ImmutableArray<CalledFunction> functions)
    {
        if (access.Publishers.Forbids(load.TextOf("user") ?? "", functions)) return (Refusals.Authorization, "");
        switch (await access.ProveAsync(load.MapOf("kwargs"), load).ConfigureAwait(false))
        {
            case Caller.Master master: return (null, master.Name);
            // What these name is run or written on the minion whatever the function is; no rule speaks of them.
            case Caller.Known when OnlyMaster.Any(load.MapOf("kwargs").Has): return (Refusals.Authorization, "");
            case Caller.Known known:
                var minions = await MatchAsync(target, load.TextOf("tgt_type") ?? "glob", load.MapOf("kwargs").TextOf("delimiter") ?? ":", greedy: true).ConfigureAwait(false);
                // A rule counts for a minion only where its target is known to mean it: of whom nothing is known, nothing is allowed.
                var rules = new Dictionary<string, IReadOnlySet<string>>();
                foreach (var named in known.Rules.Targets()) rules[named] = (await MatchAsync(named, "compound", ":", greedy: false).ConfigureAwait(false)).ToHashSet();
                return known.Rules.MayPublish(functions, minions, named => rules[named], mayBeElsewhere) ? (null, known.Name) : (Refusals.Authorization, "");
            default: return (Refusals.Authentication, "");
        }
    }

    private async Task<string[]> MatchAsync(Value target, string type, string delimiter, bool greedy)
    {
        var matched = await publisher.Ask<PublisherProtocol.TargetMatched>(new PublisherProtocol.Match(target, type, delimiter, greedy), patience).ConfigureAwait(false);
        return [.. matched.Minions.Select(m => m.Text)];
    }

    private static MapValue Envelope(MapValue load) => MapValue.Of(("enc", "clear"), ("load", load));

    private static JobRequest RequestOf(MapValue load, Value function, Value target)
    {
        var kwargs = load.MapOf("kwargs");
        var extras = new MapValue.Builder();
        foreach (var key in PassedOn)
            if (kwargs.Get(key) is { } value && !(key == "delimiter" && value == (Value)":")) extras[key] = value;
        return new JobRequest
        {
            Function = function,
            Arguments = load.ListOf("arg"),
            Target = target,
            TargetType = load.TextOf("tgt_type") ?? "glob",
            Returners = load.TextOf("ret") ?? "",
            User = load.TextOf("user") ?? "",
            Timeout = load.Get("to")?.AsInteger(),
            Extras = extras.Build(),
        };
    }

    private static MapValue KeptLoad(MapValue load)
    {
        var kept = load.Without("key");
        return kept.Get("kwargs") is MapValue kwargs ? kept.With("kwargs", WithoutSecrets(kwargs)) : kept;
    }

    private static MapValue WithoutSecrets(MapValue load)
    {
        foreach (var secret in Secrets) load = load.Without(secret);
        return load.Get("kwargs") is MapValue kwargs ? load.With("kwargs", WithoutSecrets(kwargs)) : load;
    }
}
