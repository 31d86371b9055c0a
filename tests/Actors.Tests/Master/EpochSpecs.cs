using Akka.Actor;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Time.Testing;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master;
using SaltActors.Actors.Master.Auth;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Keys;
using static SaltActors.Actors.Tests.Master.Fixtures;

namespace SaltActors.Actors.Tests.Master;

/// <summary>The master's secrets over time: epochs, serials, session keys, and the mark that <c>salt-key</c> leaves.</summary>
public sealed class EpochSpecs : TestKit
{
    private static readonly Lazy<RsaKeyPair> Pair = new(() => RsaKeyPair.Generate(2048)), Other = new(() => RsaKeyPair.Generate(2048));
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly MasterOptions _options;
    private readonly KeyStore _keys;

    public EpochSpecs()
    {
        _options = new MasterOptions { PkiDir = _folder.Under("pki"), CacheDir = _folder.Under("cache") };
        _keys = new KeyStore(_options.PkiDir);
        File.WriteAllText(_folder.Under("pki", "master.pem"), Pair.Value.PrivatePem);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _folder.Dispose();
    }

    private MasterIdentity Identity() => new(_keys, _options, _clock);
    private string Mark => _folder.Under("cache", ".dfn");

    private async Task<IActorRef> Start(MasterIdentity identity)
    {
        var auth = Sys.ActorOf(Auth.Props(identity, _options, new AuthSettings(Grace), TestActor));
        await ExpectMsgAsync<EventBusProtocol.Listen>();
        return auth;
    }

    // Nothing is answered to a check that finds nothing: the actor's end says that it was taken.
    private async Task Check(IActorRef auth)
    {
        Watch(auth);
        auth.Tell(new AuthProtocol.CheckRotation());
        auth.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(auth);
    }

    [Fact]
    public void The_old_epoch_is_understood_for_the_grace_time_and_no_longer()
    {
        var identity = Identity();
        var old = identity.Current;
        identity.Rotate(Grace);
        Assert.NotEqual(old.KeyString, identity.Current.KeyString);
        Assert.Equal([identity.Current, old], identity.Epochs);
        _clock.Advance(Grace);
        Assert.Equal([identity.Current], identity.Epochs);
    }

    [Fact]
    public void An_epoch_survives_a_restart_and_its_serials_only_grow()
    {
        var before = Identity();
        var last = Enumerable.Range(0, 25).Select(_ => before.NextSerial()).Last();
        var after = Identity();
        Assert.Equal(before.Current.KeyString, after.Current.KeyString);
        Assert.True(after.NextSerial() > last);
    }

    [Fact]
    public void An_epoch_past_publish_session_does_not_survive_a_restart()
    {
        var before = Identity();
        _clock.Advance(_options.PublishSession);
        Assert.NotEqual(before.Current.KeyString, Identity().Current.KeyString);
    }

    [Fact]
    public void A_session_key_is_made_for_accepted_minions_alone_and_ends_with_the_key()
    {
        var identity = Identity();
        Assert.Null(identity.SessionOf(Web1));
        _keys.Write(KeyState.Accepted, Web1, Pair.Value.PublicPem);
        var session = identity.SessionOf(Web1);
        Assert.NotNull(session);
        Assert.Same(session, identity.SessionOf(Web1));
        Assert.Null(identity.SessionOf(Web2));
        _keys.Delete(KeyState.Accepted, Web1);
        Assert.Null(identity.SessionOf(Web1));
        Assert.False(File.Exists(_folder.Under("cache", "sessions", "web1")));
    }

    // CVE-2016-9639: another machine under the same name gets nothing of the first one's.
    [Fact]
    public void Another_key_under_the_same_id_gets_another_session_key()
    {
        var identity = Identity();
        _keys.Write(KeyState.Accepted, Web1, Pair.Value.PublicPem);
        var first = identity.SessionOf(Web1)!.KeyString;
        _keys.Write(KeyState.Accepted, Web1, Other.Value.PublicPem);
        Assert.NotEqual(first, identity.SessionOf(Web1)!.KeyString);
    }

    [Fact]
    public void What_is_secret_is_its_owner_s_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        var identity = Identity();
        _keys.Write(KeyState.Accepted, Web1, Pair.Value.PublicPem);
        identity.SessionOf(Web1);
        foreach (var path in (string[])[_folder.Under("cache", ".aes_epoch"), _folder.Under("cache", "sessions", "web1")])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task The_mark_of_salt_key_begins_a_new_epoch_and_goes()
    {
        var identity = Identity();
        var auth = await Start(identity);
        var old = identity.Current.KeyString;
        PrivateFiles.Write(Mark, "", isReadOnly: true);
        auth.Tell(new AuthProtocol.CheckRotation());
        Assert.Equal(true, (await ExpectMsgAsync<EventBusProtocol.Fire>()).Event.Data.Get("rotate_aes_key"));
        Assert.NotEqual(old, identity.Current.KeyString);
        Assert.False(File.Exists(Mark));
    }

    [Fact]
    public async Task A_mark_that_others_could_have_made_is_removed_and_not_followed()
    {
        if (OperatingSystem.IsWindows()) return;
        var identity = Identity();
        var old = identity.Current.KeyString;
        PrivateFiles.Write(Mark, "");
        await Check(await Start(identity));
        Assert.Equal(old, identity.Current.KeyString);
        Assert.False(File.Exists(Mark));
    }

    [Fact]
    public async Task An_epoch_lasts_for_publish_session()
    {
        var identity = Identity();
        var old = identity.Current.KeyString;
        _clock.Advance(_options.PublishSession - TimeSpan.FromSeconds(1));
        await Check(await Start(identity));
        Assert.Equal(old, identity.Current.KeyString);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await Start(identity)).Tell(new AuthProtocol.CheckRotation());
        await ExpectMsgAsync<EventBusProtocol.Fire>();
        Assert.NotEqual(old, identity.Current.KeyString);
    }
}
