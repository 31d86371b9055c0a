using Akka.Actor;
using Akka.Event;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.States.Pillars;
using static SaltActors.Actors.Master.Pillars.PillarsProtocol;

namespace SaltActors.Actors.Master.Pillars;

/// <summary>Has pillars compiled beside its mailbox, a few at a time: who asks the same while it is being made gets the same answer.</summary>
public sealed class Pillars : ReceiveActor
{
    private sealed record Made(Work Work, MapValue Pillar);
    private sealed record Broke(Work Work, Exception Cause);
    private sealed class Work(PillarQuestion question)
    {
        public PillarQuestion Question { get; } = question;
        public List<IActorRef> Askers { get; } = [];
    }

    private readonly PillarWorkshop _workshop;
    private readonly PillarSettings _settings;
    private readonly Queue<Work> _waiting = new();
    private readonly List<Work> _running = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(PillarWorkshop workshop, PillarSettings settings) => Akka.Actor.Props.Create(() => new Pillars(workshop, settings));

    public Pillars(PillarWorkshop workshop, PillarSettings settings)
    {
        (_workshop, _settings) = (workshop, settings);
        Receive<CompilePillar>(OnCompile);
        Receive<Made>(m => End(m.Work, new PillarCompiled(m.Pillar)));
        Receive<Broke>(m =>
        {
            _log.Error(m.Cause, "the pillar of minion [{0}] broke", m.Work.Question.Id);
            End(m.Work, new PillarRefused(m.Cause.Message));
        });
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void OnCompile(CompilePillar m)
    {
        if (_running.Concat(_waiting).FirstOrDefault(w => w.Question == m.Question) is { } same)
        {
            same.Askers.Add(Sender);
            return;
        }
        if (_waiting.Count >= _settings.MostWaiting)
        {
            Sender.Tell(new PillarRefused($"{_waiting.Count} pillars are waited for already"));
            return;
        }
        var work = new Work(m.Question);
        work.Askers.Add(Sender);
        _waiting.Enqueue(work);
        StartNext();
    }

    private void End(Work work, object answer)
    {
        _running.Remove(work);
        foreach (var asker in work.Askers) asker.Tell(answer);
        StartNext();
    }

    private void StartNext()
    {
        while (_running.Count < _settings.AtOnce && _waiting.TryDequeue(out var work))
        {
            _running.Add(work);
            var (workshop, stop) = (_workshop, _stopping.Token);
            Task.Run(() => workshop.Compile(work.Question, stop), stop).PipeTo(Self, success: pillar => new Made(work, pillar), failure: cause => new Broke(work, cause));
        }
    }
}
