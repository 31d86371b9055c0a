using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using static SaltActors.Actors.Minion.Jobs.JobsProtocol;

namespace SaltActors.Actors.Minion.Jobs;

/// <summary>One job: runs its function, or functions one after the other, beside the mailbox, and hands the return over. Then it is gone.</summary>
public sealed class Job : ReceiveActor
{
    private const int Kill = 9;
    private sealed record Ended(MapValue Return);
    private readonly RunJob _job;
    private readonly MinionParts _parts;
    private readonly IActorRef _returns;
    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(RunJob job, MinionParts parts, IActorRef returns) => Akka.Actor.Props.Create(() => new Job(job, parts, returns));

    public Job(RunJob job, MinionParts parts, IActorRef returns)
    {
        (_job, _parts, _returns) = (job, parts, returns);
        Receive<Ended>(m => End(m.Return));
        Receive<SignalJob>(OnSignal);
    }

    private string Jid => _job.Load.TextOf("jid")!;

    protected override void PreStart()
    {
        _log.Info("job [{0}]: {1} begins", Jid, _job.Load.Get("fun"));
        _parts.Proc.Add(Jid, _job.Load.With("pid", Environment.ProcessId));
        Task.Run(RunAsync).PipeTo(Self, success: load => new Ended(load), failure: Broken);
    }

    protected override void PostStop()
    {
        _parts.Proc.Remove(Jid);
        _stop.Dispose();
    }

    private void OnSignal(SignalJob m)
    {
        Sender.Tell(new Signalled(true));
        _stop.Cancel();
        _parts.Children.Signal(Jid, m.Signal);
        // Who does not listen is not waited for: the return says what happened, the thread ends by itself.
        if (m.Signal == Kill) Self.Tell(new Ended(Stopped($"The job was ended by saltutil.kill_job.")));
    }

    private void End(MapValue load)
    {
        _log.Info("job [{0}]: {1} ended with {2}", Jid, load.Get("fun"), load.Get("retcode"));
        _returns.Tell(new Returns.ReturnsProtocol.SendReturn(load));
        Context.Stop(Self);
    }

    private async Task<MapValue> RunAsync()
    {
        var load = _job.Load;
        if (Refusal(load) is { } refusal) return JobReturn.Of(_parts.Options.Id.Text, load, load.ListOf("arg"), refusal);
        if (load.Get("fun") is not ListValue functions)
        {
            var arguments = _parts.ParseArguments(load.ListOf("arg"));
            return JobReturn.Of(_parts.Options.Id.Text, load, arguments.ToFunArgs(), await Call(load.Get("fun")!.ToString(), arguments).ConfigureAwait(false));
        }
        var all = load.ListOf("arg");
        var outcomes = ImmutableArray.CreateBuilder<(string, CallOutcome)>(functions.Count);
        for (var i = 0; i < functions.Count; i++)
        {
            var arguments = _parts.ParseArguments(i < all.Count && all[i] is ListValue own ? own : ListValue.Empty);
            var name = functions[i].ToString();
            outcomes.Add((name, await Call(name, arguments).ConfigureAwait(false)));
        }
        return JobReturn.OfSeveral(_parts.Options.Id.Text, load, all, outcomes.ToImmutable(), _parts.Options.MultifuncOrdered);
    }

    private Task<CallOutcome> Call(string name, CallArguments arguments) => Invocation.RunAsync(new CallContext
    {
        Functions = _parts.Functions,
        Options = _parts.Options.All,
        Grains = _job.Grains,
        Pillar = _job.Pillar,
        Publish = _job.Load,
        Clock = _parts.Clock,
        Stopped = _stop.Token,
        Services = _parts.Services,
    }, FunctionKind.Execution, name, arguments);

    // What this version cannot do is said, not passed over.
    private CallOutcome? Refusal(MapValue load)
    {
        if (load.Get("module_executors") is { IsTruthy: true } executors && !(executors is ListValue { Count: 1 } one && one[0].AsText() == "direct_call"))
            return new($"ERROR: module_executors {executors} are not available in this version; only direct_call is", 1, "nested", CallFailure.Unavailable);
        if (load.TextOf("ret") is { Length: > 0 } returners) _log.Error("job [{0}]: the returners '{1}' are not available in this version; the return goes to the master alone", Jid, returners);
        return null;
    }

    private object Broken(Exception cause)
    {
        _log.Error(cause, "job [{0}] broke", Jid);
        return new Ended(Stopped($"The minion could not run the job: {cause.Message}"));
    }

    private MapValue Stopped(string text) =>
        JobReturn.Of(_parts.Options.Id.Text, _job.Load, _job.Load.ListOf("arg"), new CallOutcome(text, 1, "nested", CallFailure.Stopped));
}
