using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Minion.Returns;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using static SaltActors.Actors.Minion.Jobs.JobsProtocol;

namespace SaltActors.Actors.Minion.Jobs;

/// <summary>Starts one actor a job, never two for one jid, and knows what runs.</summary>
public sealed class Jobs : ReceiveActor
{
    private readonly MinionParts _parts;
    private readonly IActorRef _returns;
    private readonly Dictionary<string, (IActorRef Actor, MapValue Entry)> _running = [];
    private readonly Queue<string> _seenOrder = new();
    private readonly HashSet<string> _seen = [];
    private readonly Queue<RunJob> _waiting = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(MinionParts parts, IActorRef returns) => Akka.Actor.Props.Create(() => new Jobs(parts, returns));

    public Jobs(MinionParts parts, IActorRef returns)
    {
        (_parts, _returns) = (parts, returns);
        Receive<RunJob>(OnRunJob);
        Receive<ListRunning>(_ => Sender.Tell(new RunningJobs([.. _running.Values.Select(r => r.Entry)])));
        Receive<SignalJob>(OnSignal);
        Receive<Terminated>(m => OnEnded(m.ActorRef));
    }

    // A job that was running when the minion died is over, and its master must hear so.
    protected override void PreStart()
    {
        foreach (var load in _parts.Proc.TakeInterrupted())
        {
            _log.Warning("job [{0}]: {1} was interrupted when the minion ended", load.Get("jid"), load.Get("fun"));
            var outcome = new CallOutcome("The minion ended while it ran this job; what the job had done by then stays done.", 1, "nested", CallFailure.Stopped);
            _returns.Tell(new ReturnsProtocol.SendReturn(JobReturn.Of(_parts.Options.Id.Text, load, load.ListOf("arg"), outcome)));
        }
    }

    private void OnRunJob(RunJob m)
    {
        var jid = m.Load.TextOf("jid")!;
        if (!Core.Identity.Jid.TryParse(jid, out _))
        {
            _log.Warning("a job with the jid '{0}' was dropped: that is no job id", jid.ReplaceLineEndings("?"));
            return;
        }
        if (!_seen.Add(jid)) return;
        _seenOrder.Enqueue(jid);
        if (_seenOrder.Count > _parts.Options.JidQueue) _seen.Remove(_seenOrder.Dequeue());

        if (_parts.Options.ProcessCountMax >= 0 && _running.Count >= Math.Max(1, _parts.Options.ProcessCountMax) && !IsQuestion(m.Load))
        {
            _log.Warning("job [{0}] waits: {1} jobs run already (process_count_max)", jid, _running.Count);
            _waiting.Enqueue(m);
        }
        else Start(m);
    }

    // The master's question what runs must be answered also when everything runs that may.
    private static bool IsQuestion(MapValue load) => load.TextOf("fun")?.StartsWith("saltutil.", StringComparison.Ordinal) == true;

    private void Start(RunJob m)
    {
        var jid = m.Load.TextOf("jid")!;
        var job = Context.ActorOf(Job.Props(m, _parts, _returns), jid);
        Context.Watch(job);
        _running[jid] = (job, m.Load.With("pid", Environment.ProcessId));
    }

    private void OnSignal(SignalJob m)
    {
        if (_running.TryGetValue(m.Jid, out var job)) job.Actor.Forward(m);
        else Sender.Tell(new Signalled(false));
    }

    private void OnEnded(IActorRef job)
    {
        _running.Remove(job.Path.Name);
        if (_waiting.TryDequeue(out var next)) Start(next);
    }
}
