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
    private sealed record Ended(StartRunner Call, Jid Jid, CallOutcome Outcome, IActorRef? Asker);
    private sealed record WheelRan(RunWheel Call, Jid Jid, CallOutcome Outcome, IActorRef Asker);
    private readonly FunctionTable _functions;
    private readonly MasterOptions _options;
    private readonly CallServices _services;
    private readonly IActorRef _events;
    private readonly JidClock _jids;
    private readonly RunningCalls _running;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(FunctionTable functions, MasterOptions options, CallServices services, IActorRef events, JidClock jids, RunningCalls running, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new Runners(functions, options, services, events, jids, running, clock));

    public Runners(FunctionTable functions, MasterOptions options, CallServices services, IActorRef events, JidClock jids, RunningCalls running, TimeProvider clock)
    {
        (_functions, _options, _services, _events, _jids, _running, _clock) = (functions, options, services, events, jids, running, clock);
        Receive<StartRunner>(m => Sender.Tell(new RunnerStarted(Start(m, null))));
        Receive<RunRunner>(m => Start(new StartRunner(m.Function, m.Arguments, m.User), Sender));
        Receive<Ended>(OnEnded);
        Receive<RunWheel>(OnWheel);
        Receive<WheelRan>(OnWheelRan);
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private Jid Start(StartRunner m, IActorRef? asker)
    {
        var jid = m.Wished ?? _jids.Next();
        Fire(EventTags.RunNew(jid), Data(m, jid));
        var context = ContextOf(jid, m.Function, m.User);
        Task.Run(() => Invocation.RunAsync(context, FunctionKind.Runner, m.Function, m.Arguments)).PipeTo(Self, success: outcome => new Ended(m, jid, outcome, asker));
        _running.Begin(jid, "runner." + m.Function, m.User, m.Arguments);
        _log.Info("runner [{0}]: {1} started by {2}", jid, m.Function, m.User);
        return jid;
    }

    private void OnWheel(RunWheel m)
    {
        var (jid, asker) = (_jids.Next(), Sender);
        Fire(EventTags.WheelNew(jid), WheelData(m, jid));
        var context = ContextOf(jid, m.Function, m.User);
        Task.Run(() => Invocation.RunAsync(context, FunctionKind.Wheel, m.Function, m.Arguments)).PipeTo(Self, success: outcome => new WheelRan(m, jid, outcome, asker));
        _running.Begin(jid, "wheel." + m.Function, m.User, m.Arguments);
        _log.Info("wheel [{0}]: {1} started by {2}", jid, m.Function, m.User);
    }

    private void OnWheelRan(WheelRan m)
    {
        _running.End(m.Jid);
        var data = WheelData(m.Call, m.Jid).With("return", m.Outcome.Return).With("success", m.Outcome.Success);
        Fire(EventTags.WheelReturn(m.Jid), data);
        m.Asker.Tell(new WheelEnded(m.Jid, data.With(SaltEvent.StampKey, SaltEvent.Stamp(_clock))));
    }

    private CallContext ContextOf(Jid jid, string function, string user) => new()
    {
        Functions = _functions,
        Options = _options.All,
        Services = _services,
        Clock = _clock,
        Stopped = _stopping.Token,
        Publish = MapValue.Of(("jid", jid.Text), ("fun", function), ("user", user)),
    };

    private static MapValue WheelData(RunWheel m, Jid jid) => MapValue.Of(
        ("fun", "wheel." + m.Function), ("jid", jid.Text), ("tag", EventTags.Wheel(jid)), ("user", m.User));

    private void OnEnded(Ended m)
    {
        _running.End(m.Jid);
        var data = Data(m.Call, m.Jid).With("return", m.Outcome.Return).With("success", m.Outcome.Success).With("retcode", m.Outcome.Retcode);
        if (m.Outcome.Outputter is { } outputter) data = data.With("out", outputter);
        Fire(EventTags.RunReturn(m.Jid), data);
        m.Asker?.Tell(new RunnerEnded(m.Jid, m.Outcome));
    }

    private static MapValue Data(StartRunner m, Jid jid) => MapValue.Of(
        ("fun", "runner." + m.Function), ("jid", jid.Text), ("user", m.User), ("fun_args", m.Arguments.ToFunArgs()));

    private void Fire(string tag, MapValue data) => _events.Tell(new EventBusProtocol.Fire(new SaltEvent(tag, data)));
}
