using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master.Publisher;
using SaltActors.Core.Events;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using static SaltActors.Actors.Master.Auth.AuthProtocol;

namespace SaltActors.Actors.Master.Auth;

/// <summary>Begins a new AES epoch when the old one is due: by age, or because <c>salt-key</c> left its mark after a key went.</summary>
/// <remarks>
/// The mark is <c>cachedir/.dfn</c>, believed only as a regular file of mode 0400. A deletion through our bus is seen at once; a mark alone
/// is found at the next round of maintenance. Minions are not told: they notice at the next publish, and their requests are understood meanwhile.
/// </remarks>
public sealed class Auth : ReceiveActor
{
    private readonly MasterIdentity _identity;
    private readonly MasterOptions _options;
    private readonly AuthSettings _settings;
    private readonly IActorRef _events;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(MasterIdentity identity, MasterOptions options, AuthSettings settings, IActorRef events) =>
        Akka.Actor.Props.Create(() => new Auth(identity, options, settings, events));

    public Auth(MasterIdentity identity, MasterOptions options, AuthSettings settings, IActorRef events)
    {
        (_identity, _options, _settings, _events) = (identity, options, settings, events);
        Receive<CheckRotation>(_ => Check());
        Receive<EventBusProtocol.Heard>(_ => Check());
    }

    protected override void PreStart() => _events.Tell(new EventBusProtocol.Listen(EventTags.Key, Self));

    private void Check()
    {
        if (TakeMark()) Rotate("a minion's key was deleted or rejected");
        else if (_options.PublishSession > TimeSpan.Zero && _identity.EpochAge >= _options.PublishSession) Rotate("the AES key is older than publish_session");
    }

    private bool TakeMark()
    {
        var mark = new FileInfo(Path.Combine(_options.CacheDir, ".dfn"));
        if (!mark.Exists) return false;
        var isTrue = PrivateFiles.IsReadOnlyByOwner(mark);
        mark.Delete();
        if (!isTrue) _log.Warning("{0} is not a regular file of mode 0400; it was removed and not followed", mark.FullName);
        return isTrue;
    }

    private void Rotate(string why)
    {
        _identity.Rotate(_settings.EpochGrace);
        _log.Info("a new AES key: {0}", why);
        _events.Tell(new EventBusProtocol.Fire(new SaltEvent(EventTags.KeyRotated, MapValue.Of(("rotate_aes_key", true)))));
        if (_options.PingOnRotate)
            Context.System.EventStream.Publish(new PublisherProtocol.Publish(new JobRequest { Function = "test.ping", Target = "*", User = _options.User }, null, null));
    }
}
