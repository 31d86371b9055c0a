using Akka.Actor;
using SaltActors.Actors.Master.Auth;
using SaltActors.Actors.Master.Jobs;
using SaltActors.Actors.Master.Presence;

namespace SaltActors.Actors.Master.Maintenance;

/// <summary>What has to be looked at from time to time: each <c>loop_interval</c> it reminds those who own it.</summary>
public sealed class Maintenance : ReceiveActor, IWithTimers
{
    private sealed record Round;
    private readonly IActorRef _auth, _jobs, _presence;
    private readonly MasterOptions _options;
    private readonly TimeProvider _clock;

    public static Props Props(IActorRef auth, IActorRef jobs, IActorRef presence, MasterOptions options, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new Maintenance(auth, jobs, presence, options, clock));

    public Maintenance(IActorRef auth, IActorRef jobs, IActorRef presence, MasterOptions options, TimeProvider clock)
    {
        (_auth, _jobs, _presence, _options, _clock) = (auth, jobs, presence, options, clock);
        Receive<Round>(_ => OnRound());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("round", new Round(), TimeSpan.Zero, _options.LoopInterval);

    private void OnRound()
    {
        _auth.Tell(new AuthProtocol.CheckRotation());
        if (_options.KeepJobs > TimeSpan.Zero) _jobs.Tell(new JobStoreProtocol.ForgetBefore(_clock.GetUtcNow() - _options.KeepJobs));
        if (_options.PresenceEvents) _presence.Tell(new PresenceProtocol.TellBus());
    }
}
