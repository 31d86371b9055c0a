using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using static SaltActors.Actors.Master.Runners.RunnersProtocol;

namespace SaltActors.Actors.Master.Runners;

/// <summary>Runs functions on the master itself, each beside the mailbox, and tells the bus how they begin and end.</summary>
public sealed class Runners : ReceiveActor
{
    private sealed record Ended(StartRunner Call, Jid Jid, CallOutcome Outcome);
    private readonly FunctionTable _functions;
    private readonly MasterOptions _options;
    private readonly CallServices _services;
    private readonly IActorRef _events;
    private readonly JidClock _jids;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(FunctionTable functions, MasterOptions options, CallServices services, IActorRef events, JidClock jids, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new Runners(functions, options, services, events, jids, clock));

    public Runners(FunctionTable functions, MasterOptions options, CallServices services, IActorRef events, JidClock jids, TimeProvider clock)
    {
        (_functions, _options, _services, _events, _jids, _clock) = (functions, options, services, events, jids, clock);
        Receive<StartRunner>(OnStart);
        Receive<Ended>(OnEnded);
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void OnStart(StartRunner m)
    {
        var jid = _jids.Next();
        Fire(EventTags.RunNew(jid), Data(m, jid));
        Sender.Tell(new RunnerStarted(jid));
        var context = new CallContext
        {
            Functions = _functions,
            Options = _options.All,
            Services = _services,
            Clock = _clock,
            Stopped = _stopping.Token,
            Publish = MapValue.Of(("jid", jid.Text), ("fun", m.Function), ("user", m.User)),
        };
        Task.Run(() => Invocation.RunAsync(context, FunctionKind.Runner, m.Function, m.Arguments)).PipeTo(Self, success: outcome => new Ended(m, jid, outcome));
        _log.Info("runner [{0}]: {1} started by {2}", jid, m.Function, m.User);
    }

    private void OnEnded(Ended m)
    {
        var data = Data(m.Call, m.Jid).With("return", m.Outcome.Return).With("success", m.Outcome.Success).With("retcode", m.Outcome.Retcode);
        if (m.Outcome.Outputter is { } outputter) data = data.With("out", outputter);
        Fire(EventTags.RunReturn(m.Jid), data);
    }

    private static MapValue Data(StartRunner m, Jid jid) => MapValue.Of(
        ("fun", "runner." + m.Function), ("jid", jid.Text), ("user", m.User), ("fun_args", m.Arguments.ToFunArgs()));

    private void Fire(string tag, MapValue data) => _events.Tell(new EventBusProtocol.Fire(new SaltEvent(tag, data)));
}
