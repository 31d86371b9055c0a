using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Keys;
using static SaltActors.Actors.Master.Keys.KeysProtocol;

namespace SaltActors.Actors.Master.Keys;

/// <summary>Decides on every key that a minion shows. One decision after the other, so two offers never meet half-way.</summary>
/// <remarks>The table of states is Salt's (what is stored × what is offered); each decision is told to the bus as <c>salt/auth</c>.</remarks>
public sealed class Keys : ReceiveActor
{
    private readonly KeyStore _store;
    private readonly KeyCare _care;
    private readonly AutoSign _autoSign;
    private readonly MasterOptions _options;
    private readonly IActorRef _events;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(KeyStore store, MasterOptions options, IActorRef events, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new Keys(store, options, events, clock));

    public Keys(KeyStore store, MasterOptions options, IActorRef events, TimeProvider clock)
    {
        (_store, _options, _events) = (store, options, events);
        _care = new KeyCare(store, new KeyCareSettings(options.PkiDir, options.CacheDir, options.RotateAesKey, options.PreserveMinionCache), text => _log.Warning(text));
        _autoSign = new AutoSign(options, store.StubFolder, clock, text => _log.Warning(text));
        Receive<KeyOffered>(OnOffered);
        Receive<ChangeKeys>(m => Answer(() => _care.Change(m.Change, m.Choice, m.More, m.KeepsMinionCache)));
        Receive<AcceptNew>(m => Answer(() => AcceptOurs(m)));
        Receive<ListKeys>(_ => Sender.Tell(new KeysListed(KeyStates.All.ToImmutableDictionary(s => s, s => _store.List(s)))));
    }

    private void OnOffered(KeyOffered m)
    {
        try
        {
            Sender.Tell(new KeyDecided(Decide(m)));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new KeyStoreBroken($"the key of minion [{m.Id}] could not be stored: {cause.Message}", cause);
        }
    }

    // An operator's change that the disk refuses is his to know; nobody's trust hangs on it.
    private void Answer(Func<ImmutableArray<ChangedKey>> change)
    {
        try
        {
            var changed = change();
            foreach (var key in changed)
            {
                _log.Info("minion [{0}]: its key was changed: {1}", key.Id, key.Change);
                _events.Tell(new EventBusProtocol.Fire(new SaltEvent(EventTags.Key, key.ToEventData())));
            }
            Sender.Tell(new KeysChanged(changed));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Sender.Tell(new KeysChanged([], cause.Message));
        }
    }

    private ImmutableArray<ChangedKey> AcceptOurs(AcceptNew m)
    {
        if (_store.IsAccepted(m.Id) && !m.IsForced) return [];
        _store.Write(KeyState.Accepted, m.Id, m.PublicKey);
        return [new ChangedKey(m.Id, KeyState.Pending, KeyChange.Accept)];
    }

    private SignInVerdict Decide(KeyOffered m)
    {
        if (!RsaPublicKey.TryParse(m.PublicKey, out _))
        {
            _log.Warning("minion [{0}] showed a key that is no RSA public key; nothing was stored", m.Id);
            return Tell(m, SignInVerdict.Refuse, act: "error");
        }
        if (_options.OpenMode) return Accept(m, "open_mode");
        if (_store.Pem(KeyState.Rejected, m.Id) is not null)
        {
            _log.Info("minion [{0}] showed a key, but it is rejected; to let it in: salt-key -d {0}", m.Id);
            return Tell(m, SignInVerdict.Refuse, act: "reject");
        }
        if (_store.IsAccepted(m.Id))
            return IsSame(_store.Pem(KeyState.Accepted, m.Id), m.PublicKey) ? Accepted(m) : Deny(m, "another key is accepted under this id");

        var pending = _store.Pem(KeyState.Pending, m.Id);
        if (_autoSign.Rejects(m.Id))
        {
            if (pending is null) _store.Write(KeyState.Rejected, m.Id, m.PublicKey);
            else _store.Move(KeyState.Pending, KeyState.Rejected, m.Id);
            _log.Warning("minion [{0}] was rejected by autoreject_file", m.Id);
            return Tell(m, SignInVerdict.Refuse, act: "reject");
        }
        if (pending is not null && !IsSame(pending, m.PublicKey)) return Deny(m, "another key waits under this id");
        if (_autoSign.Accepts(m.Id, m.AutosignGrains)) return Accept(m, "autosign");
        if (pending is null)
        {
            _store.Write(KeyState.Pending, m.Id, m.PublicKey);
            _log.Info("minion [{0}] is new and waits; to let it in: salt-key -a {0}", m.Id);
        }
        return Tell(m, SignInVerdict.Wait, act: "pend");
    }

    private SignInVerdict Accept(KeyOffered m, string why)
    {
        if (_store.Pem(KeyState.Accepted, m.Id) is not { } stored || !IsSame(stored, m.PublicKey)) _store.Write(KeyState.Accepted, m.Id, m.PublicKey);
        _store.Delete(KeyState.Pending, m.Id);
        _log.Info("minion [{0}] was accepted by {1}", m.Id, why);
        return Accepted(m);
    }

    private SignInVerdict Accepted(KeyOffered m)
    {
        if (_store.Accepted(m.Id) is not null) return Tell(m, SignInVerdict.Accept, act: "accept");
        _log.Warning("minion [{0}]: its accepted key is no RSA public key; delete it with salt-key -d {0} and let it sign in again", m.Id);
        return Tell(m, SignInVerdict.Refuse, act: "error");
    }

    private SignInVerdict Deny(KeyOffered m, string why)
    {
        _store.Write(KeyState.Denied, m.Id, m.PublicKey);
        _log.Warning("minion [{0}] was denied: {1}. If the minion was set up anew: salt-key -d {0}; if not, somebody else uses its name", m.Id, why);
        return Tell(m, SignInVerdict.Refuse, act: "denied");
    }

    private SignInVerdict Tell(KeyOffered m, SignInVerdict verdict, string act)
    {
        if (_options.AuthEvents)
            _events.Tell(new EventBusProtocol.Fire(new SaltEvent(EventTags.Auth,
                MapValue.Of(("result", verdict is SignInVerdict.Accept or SignInVerdict.Wait), ("act", act), ("id", m.Id.Text), ("pub", m.PublicKey)))));
        return verdict;
    }

    // Line ends and white space around a PEM mean nothing.
    private static bool IsSame(string? stored, string offered) => stored is not null && RsaPublicKey.Normalise(stored) == RsaPublicKey.Normalise(offered);
}
