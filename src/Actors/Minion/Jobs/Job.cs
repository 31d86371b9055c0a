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
    internal const int Terminate = 15;
    private const int HangUp = 1, Interrupt = 2, Quit = 3, Kill = 9, ScheduledFailure = 254;

    private sealed record Ended(MapValue Return);
    private sealed record Broke(Exception Cause);

    private readonly RunJob _job;
    private readonly MinionParts _parts;
    // Not disposed: a function that was ended by force may still hold its token, and nothing hangs on the source but memory.
    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(RunJob job, MinionParts parts) => Akka.Actor.Props.Create(() => new Job(job, parts));

    public Job(RunJob job, MinionParts parts)
    {
        (_job, _parts) = (job, parts);
        Receive<Ended>(m => End(m.Return));
        Receive<Broke>(OnBroke);
        Receive<SignalJob>(OnSignal);
    }

    /// <summary>True for the signals that end a program by default, and so end a job.</summary>
    internal static bool IsEnding(int signal) => signal is HangUp or Interrupt or Quit or Kill or Terminate;

    private string Jid => _job.Load.TextOf("jid")!;

    protected override void PreStart()
    {
        _log.Info("job [{0}]: {1} begins", Jid, _job.Load.Get("fun"));
        Task.Run(RunAsync).PipeTo(Self, success: load => new Ended(load), failure: cause => new Broke(cause));
    }

    protected override void PostStop() => _stop.Cancel();

    private void OnSignal(SignalJob m)
    {
        Sender.Tell(new Signalled(true));
        if (m.Signal > 0) _parts.Children.Signal(Jid, m.Signal);
        if (m.Signal == Kill)
            // Who does not listen is not waited for: the return says what happened, the thread ends by itself.
            End(Failed("The job was ended (signal 9)."));
        else if (IsEnding(m.Signal)) _stop.Cancel();
    }

    private void OnBroke(Broke m)
    {
        _log.Error(m.Cause, "job [{0}] broke", Jid);
        End(Failed($"The minion could not run the job: {m.Cause.Message}"));
    }

    private void End(MapValue load)
    {
        _log.Info("job [{0}]: {1} ended with {2}", Jid, load.Get("fun"), load.Get("retcode"));
        Context.Parent.Tell(new Finished(Jid, load));
        Context.Stop(Self);
    }

    private async Task<MapValue> RunAsync()
    {
        var load = _job.Load;
        if (load.Get("fun") is not ListValue functions)
            return JobReturn.Of(_parts.Options.Id, load, await Call(load.Get("fun")!.ToString(), load.ListOf("arg")).ConfigureAwait(false));

        var arguments = load.ListOf("arg");
        var outcomes = ImmutableArray.CreateBuilder<(string, CallOutcome)>(functions.Count);
        for (var i = 0; i < functions.Count; i++)
        {
            var name = functions[i].ToString();
            outcomes.Add((name, await Call(name, i < arguments.Count && arguments[i] is ListValue own ? own : ListValue.Empty).ConfigureAwait(false)));
        }
        return JobReturn.OfSeveral(_parts.Options.Id, load, outcomes.ToImmutable(), _parts.Options.MultifuncOrdered);
    }

    private async Task<CallOutcome> Call(string name, ListValue arguments)
    {
        if (Blackout.Refuses(name, _job.Pillar, _job.Grains)) return Refused(name, Blackout.Text);
        var load = _job.Load;
        var outcome = await Executors.RunAsync(load.Get("module_executors") is { IsTruthy: true } own ? own : _parts.Options.ModuleExecutors, load.MapOf("executor_opts"), new CallContext
        {
            Functions = _parts.Functions,
            Options = _parts.Options.All,
            Grains = _job.Grains,
            Pillar = _job.Pillar,
            Publish = load,
            Clock = _parts.Clock,
            Stopped = _stop.Token,
            Services = _job.Services ?? _parts.Services,
        }, name, _job.Scheduled?.Arguments ?? _parts.ParseArguments(arguments)).ConfigureAwait(false);
        // 3006.0 schedule.py, handle_func(): whatever failed in a scheduled job has this code.
        return _job.Scheduled is not null && outcome.Failure != CallFailure.None ? outcome with { Retcode = ScheduledFailure } : outcome;
    }

    private static CallOutcome Refused(string name, string text) => new($"ERROR executing '{name}': {text}", 1, "nested", CallFailure.Failed);

    private MapValue Failed(string text) => JobReturn.Of(_parts.Options.Id, _job.Load, new CallOutcome(text, 1, "nested", CallFailure.Stopped));
}
