using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using SaltActors.Actors.Master.Access;
using SaltActors.Actors.Master.Jobs;
using SaltActors.Actors.Master.Publisher;
using SaltActors.Actors.Master.Runners;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary>A minion wants other minions to run something: what it asked, and whether it may.</summary>
public sealed class PeerRequests(IActorRef publisher, PeerRules rules, string user, bool mayBeElsewhere, TimeSpan patience)
{
    /// <summary>Null where the minion may not, or asks nothing that can be run.</summary>
    public async Task<JobRequest?> ReadAsync(SealedRequest request)
    {
        var load = request.Load;
        if (load.Get("fun") is not { } function || load.Get("tgt") is not { } target || load.Get("arg") is not (null or ListValue)) return null;
        var functions = CalledFunction.Of(function is TextValue { Text: var text } && text.Contains(',') ? ListValue.OfTexts(text.Split(',')) : function, load.ListOf("arg"));
        var allowed = rules.RulesFor(request.Identity!.Value.Text);
        if (allowed.IsEmpty || functions.Any(PeerRules.IsNested)) return null;

        var type = load.TextOf("tgt_type") ?? load.TextOf("expr_form") ?? "glob";
        var minions = await MatchAsync(target, type, greedy: true).ConfigureAwait(false);
        var named = new Dictionary<string, IReadOnlySet<string>>();
        foreach (var one in allowed.Targets()) named[one] = (await MatchAsync(one, "compound", greedy: false).ConfigureAwait(false)).ToHashSet();
        if (!allowed.MayPublish(functions, minions, one => named[one], mayBeElsewhere)) return null;
        return new JobRequest
        {
            Function = function,
            Arguments = load.ListOf("arg"),
            Target = target,
            TargetType = type,
            Returners = load.TextOf("ret") ?? "",
            User = user,
        };
    }

    private async Task<string[]> MatchAsync(Value target, string type, bool greedy)
    {
        var matched = await publisher.Ask<PublisherProtocol.TargetMatched>(new PublisherProtocol.Match(target, type, ":", greedy), patience).ConfigureAwait(false);
        return [.. matched.Minions.Select(m => m.Text)];
    }

    /// <summary>The seconds that a load asks to wait, within reason.</summary>
    public static TimeSpan Patience(MapValue load, string field)
    {
        var asked = load.Get(field) switch
        {
            TextValue text when double.TryParse(text.Text, CultureInfo.InvariantCulture, out var n) => n,
            var number => number?.AsNumber() ?? 5,
        };
        return TimeSpan.FromSeconds(double.IsFinite(asked) ? Math.Clamp(asked, 0, 600) : 5);
    }
}

/// <summary><c>minion_pub</c>: a minion has a job published, and is told its jid; with <c>pub_ret</c> it asks for the returns later.</summary>
public sealed class PeerPublishCommand(PeerRequests peers, IActorRef publisher, PeerJobs jobs, TimeSpan patience) : ISealedCommand
{
    public string Name => "minion_pub";
    public bool NeedsIdentity => true;

    public async Task<byte[]> AnswerAsync(SealedRequest request)
    {
        if (await peers.ReadAsync(request).ConfigureAwait(false) is not { } job) return request.SealReply(Refusals.Nothing);
        switch (await publisher.Ask<object>(new PublisherProtocol.Publish(job, null, null), patience).ConfigureAwait(false))
        {
            case PublisherProtocol.Published p:
                jobs.Remember(p.Jid, request.Identity!.Value);
                return request.SealReply(MapValue.Of(("jid", p.Jid.Text), ("minions", ListValue.OfTexts(p.Minions.Select(m => m.Text)))));
            case PublisherProtocol.NobodyMatched: return request.SealReply(MapValue.Of(("jid", Value.Null), ("minions", ListValue.Empty)));
            default: return request.SealReply(Refusals.Nothing);
        }
    }
}

/// <summary><c>minion_publish</c>: a minion has a job published and waits for what comes back: id → return, or with <c>form: full</c> id → data.</summary>
public sealed class PeerCallCommand(PeerRequests peers, IMinionCalls minions, TimeSpan gatherTimeout) : ISealedCommand
{
    public string Name => "minion_publish";
    public bool NeedsIdentity => true;

    public async Task<byte[]> AnswerAsync(SealedRequest request)
    {
        if (await peers.ReadAsync(request).ConfigureAwait(false) is not { } job) return request.SealReply(Refusals.Nothing);
        var timeout = PeerRequests.Patience(request.Load, request.Load.Has("timeout") ? "timeout" : "tmo");
        var answers = await minions.CallAsync(job, timeout, gatherTimeout, CancellationToken.None).ConfigureAwait(false);
        var isFull = request.Load.TextOf("form") == "full";
        return request.SealReply(MapValue.From(answers.Returns.Select(r => KeyValuePair.Create(r.Id.Text, isFull ? (Value)Full(r) : r.Return))));
    }

    private static MapValue Full(MinionReturn r)
    {
        var full = MapValue.Of(("ret", r.Return));
        foreach (var field in (string[])["out", "retcode", "success"])
            if (r.Load.Get(field) is { } value) full = full.With(field, value);
        return full;
    }
}

/// <summary><c>pub_ret</c>: the minion that had a job published asks for its returns.</summary>
public sealed class PeerReturnsCommand(IActorRef jobStore, PeerJobs jobs, TimeSpan patience) : ISealedCommand
{
    public string Name => "pub_ret";
    public bool NeedsIdentity => true;

    public async Task<byte[]> AnswerAsync(SealedRequest request)
    {
        // A jid is a number before it is anything's name (CVE-2025-22242).
        if (!Jid.TryParse(request.Load.TextOf("jid"), out var jid)) return request.SealReply(Refusals.Nothing);
        switch (jobs.IsOf(jid, request.Identity!.Value))
        {
            case null: return request.SealReply("");
            case false: return request.SealReply(Refusals.Nothing);
        }
        var found = await jobStore.Ask<object>(new JobStoreProtocol.LookUp(jid), patience).ConfigureAwait(false) as JobStoreProtocol.JobFound;
        return request.SealReply(MapValue.From((found?.Job.Returns ?? []).Select(r =>
            KeyValuePair.Create(r.Id.Text, (Value)(r.Load.Get("out") is { } outputter ? MapValue.Of(("ret", r.Return), ("out", outputter)) : MapValue.Of(("ret", r.Return)))))));
    }
}

/// <summary><c>minion_runner</c>: a minion has the master run a function, where <c>peer_run</c> lets it.</summary>
public sealed class PeerRunnerCommand(IActorRef runners, PeerRules rules) : ISealedCommand
{
    public string Name => "minion_runner";
    public bool NeedsIdentity => true;

    public async Task<byte[]> AnswerAsync(SealedRequest request)
    {
        var load = request.Load;
        var id = request.Identity!.Value.Text;
        if (load.TextOf("fun") is not { } function || load.Get("arg") is not (null or ListValue)) return request.SealReply(Refusals.Nothing);
        var arguments = CallArguments.FromLoad(load.ListOf("arg"));
        var called = new CalledFunction(function, arguments.Positional, arguments.Keywords);
        if (!rules.RulesFor(id).MayPublish([called], [], _ => ImmutableHashSet<string>.Empty, mayBeElsewhere: true)) return request.SealReply(Refusals.Nothing);
        var ended = await runners.Ask<RunnersProtocol.RunnerEnded>(new RunnersProtocol.RunRunner(function, arguments, $"peer_{id}"), PeerRequests.Patience(load, "tmo") + TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        return request.SealReply(ended.Outcome.Return);
    }
}

/// <summary>Which minion had which job published: <c>cachedir/publish_auth/&lt;jid&gt;</c>, so that a restart of the master forgets nothing.</summary>
public sealed class PeerJobs(string cacheDir, TimeProvider clock)
{
    private readonly string _folder = Path.Combine(cacheDir, "publish_auth");

    public void Remember(Jid jid, MinionId id)
    {
        Directory.CreateDirectory(_folder);
        Transport.Keys.PrivateFiles.Write(Path.Combine(_folder, jid.Text), id.Text);
    }

    /// <summary>Null where no minion had such a job published.</summary>
    public bool? IsOf(Jid jid, MinionId id)
    {
        var path = Path.Combine(_folder, jid.Text);
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) == id.Text : null;
        }
        catch (IOException)
        {
            return null;   // it was cleaned away between the two
        }
    }

    /// <summary>Forgets those that are older.</summary>
    public void ForgetBefore(TimeSpan age)
    {
        if (!Directory.Exists(_folder)) return;
        var limit = clock.GetUtcNow().UtcDateTime - age;
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles().Where(f => f.LastWriteTimeUtc < limit)) file.Delete();
    }
}
