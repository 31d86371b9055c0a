using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Master.Auth;
using SaltActors.Actors.Master.Jobs;
using SaltActors.Actors.Master.Presence;

namespace SaltActors.Actors.Master.Maintenance;

/// <summary>What has to be looked at from time to time: each <c>loop_interval</c> it reminds those who own it.</summary>
public sealed class Maintenance : ReceiveActor, IWithTimers
{
    private sealed record Round;
    private sealed record ChoresDone;
    private readonly IActorRef _auth, _jobs, _presence;
    private readonly MasterOptions _options;
    private readonly ImmutableArray<Action> _chores;
    private readonly TimeProvider _clock;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(IActorRef auth, IActorRef jobs, IActorRef presence, MasterOptions options, ImmutableArray<Action> chores, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new Maintenance(auth, jobs, presence, options, chores, clock));

    public Maintenance(IActorRef auth, IActorRef jobs, IActorRef presence, MasterOptions options, ImmutableArray<Action> chores, TimeProvider clock)
    {
        (_auth, _jobs, _presence, _options, _chores, _clock) = (auth, jobs, presence, options, chores, clock);
        Receive<Round>(_ => OnRound());
        Receive<ChoresDone>(_ => { });
        Receive<Status.Failure>(m => _log.Warning("what is to be cleaned from time to time could not be: {0}", m.Cause.Message));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("round", new Round(), TimeSpan.Zero, _options.LoopInterval);

    private void OnRound()
    {
        _auth.Tell(new AuthProtocol.CheckRotation());
        if (_options.KeepJobs > TimeSpan.Zero) _jobs.Tell(new JobStoreProtocol.ForgetBefore(_clock.GetUtcNow() - _options.KeepJobs));
        // They look at folders, and may take their time.
        Task.Run(() => Array.ForEach([.. _chores], chore => chore())).PipeTo(Self, success: () => new ChoresDone());
        if (_options.PresenceEvents) _presence.Tell(new PresenceProtocol.TellBus());
    }
}
