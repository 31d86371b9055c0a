using Akka.TestKit.Xunit2;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Actors.Master;
using SaltActors.Actors.Master.Keys;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Keys;
using static SaltActors.Actors.Master.Keys.KeysProtocol;
using static SaltActors.Actors.Tests.Master.Fixtures;

namespace SaltActors.Actors.Tests.Master;

/// <summary>Salt's table: what is stored under an id × the key that is shown.</summary>
public sealed class KeysSpecs : TestKit
{
    private static readonly Lazy<string> First = new(() => RsaKeyPair.Generate(2048).PublicPem), Second = new(() => RsaKeyPair.Generate(2048).PublicPem);
    private readonly TemporaryFolder _folder = new();
    private readonly KeyStore _store;

    public KeysSpecs() => _store = new KeyStore(_folder.Under("pki"));

    protected override void AfterAll()
    {
        base.AfterAll();
        _folder.Dispose();
    }

    private async Task<(SignInVerdict Verdict, string? Act)> Offer(string pem, MasterOptions? options = null)
    {
        var keys = Sys.ActorOf(Keys.Props(_store, options ?? new MasterOptions(), TestActor, TimeProvider.System));
        keys.Tell(new KeyOffered(Web1, pem, MapValue.Empty), TestActor);
        var news = options?.AuthEvents == false ? null : await ExpectMsgAsync<EventBusProtocol.Fire>();
        if (news is not null)
        {
            Assert.Equal("salt/auth", news.Event.Tag);
            Assert.Equal("web1", news.Event.Data.TextOf("id"));
        }
        return ((await ExpectMsgAsync<KeyDecided>()).Verdict, news?.Event.Data.TextOf("act"));
    }

    private KeyState[] Stored() => [.. KeyStates.All.Where(s => _store.Pem(s, Web1) is not null)];

    private string Rule(string line)
    {
        var path = _folder.Under("rule");
        File.WriteAllText(path, line);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    [Fact]
    public async Task A_new_key_waits_and_waits_on_when_shown_again()
    {
        Assert.Equal((SignInVerdict.Wait, "pend"), await Offer(First.Value));
        Assert.Equal((SignInVerdict.Wait, "pend"), await Offer(First.Value));
        Assert.Equal([KeyState.Pending], Stored());
    }

    [Fact]
    public async Task Another_key_under_a_waiting_id_is_denied_and_the_first_stays()
    {
        await Offer(First.Value);
        Assert.Equal((SignInVerdict.Refuse, "denied"), await Offer(Second.Value));
        Assert.Equal(First.Value, _store.Pem(KeyState.Pending, Web1));
        Assert.Equal(Second.Value, _store.Pem(KeyState.Denied, Web1));
    }

    [Fact]
    public async Task An_accepted_key_is_accepted_whatever_its_line_ends_and_another_is_denied()
    {
        _store.Write(KeyState.Accepted, Web1, First.Value);
        Assert.Equal((SignInVerdict.Accept, "accept"), await Offer(First.Value.ReplaceLineEndings("\r\n") + "\r\n"));
        Assert.Equal((SignInVerdict.Refuse, "denied"), await Offer(Second.Value));
        Assert.Equal(First.Value, _store.Pem(KeyState.Accepted, Web1));
    }

    [Fact]
    public async Task A_rejected_id_is_refused_even_where_it_would_be_signed()
    {
        _store.Write(KeyState.Rejected, Web1, First.Value);
        Assert.Equal((SignInVerdict.Refuse, "reject"), await Offer(First.Value, new MasterOptions { AutoAccept = true }));
        Assert.Equal([KeyState.Rejected], Stored());
    }

    [Fact]
    public async Task Autosign_accepts_a_new_and_a_waiting_key()
    {
        await Offer(First.Value);
        Assert.Equal((SignInVerdict.Accept, "accept"), await Offer(First.Value, new MasterOptions { AutosignFile = Rule("web*") }));
        Assert.Equal([KeyState.Accepted], Stored());
    }

    [Fact]
    public async Task Autosign_does_not_let_another_key_take_a_waiting_id()
    {
        await Offer(First.Value);
        Assert.Equal((SignInVerdict.Refuse, "denied"), await Offer(Second.Value, new MasterOptions { AutoAccept = true }));
        Assert.Null(_store.Pem(KeyState.Accepted, Web1));
    }

    [Fact]
    public async Task Autoreject_goes_before_autosign_and_takes_what_waited()
    {
        await Offer(First.Value);
        Assert.Equal((SignInVerdict.Refuse, "reject"), await Offer(First.Value, new MasterOptions { AutorejectFile = Rule("web1"), AutoAccept = true }));
        Assert.Equal([KeyState.Rejected], Stored());
    }

    [Fact]
    public async Task Open_mode_takes_every_key_in_the_place_of_the_old_one()
    {
        _store.Write(KeyState.Accepted, Web1, First.Value);
        Assert.Equal((SignInVerdict.Accept, "accept"), await Offer(Second.Value, new MasterOptions { OpenMode = true }));
        Assert.Equal(Second.Value, _store.Pem(KeyState.Accepted, Web1));
    }

    // CVE-2017-14696: what is no key changes nothing.
    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    public async Task What_is_no_key_is_refused_and_not_stored(string pem)
    {
        Assert.Equal((SignInVerdict.Refuse, "error"), await Offer(pem, new MasterOptions { OpenMode = true, AutoAccept = true }));
        Assert.Empty(Stored());
    }

    [Fact]
    public async Task A_broken_file_in_the_place_of_an_accepted_key_lets_nobody_in()
    {
        _store.Write(KeyState.Accepted, Web1, "half a ke");
        Assert.Equal((SignInVerdict.Refuse, "denied"), await Offer(First.Value));
        Assert.Equal("half a ke", _store.Pem(KeyState.Accepted, Web1));
    }

    [Fact]
    public async Task Without_auth_events_the_bus_hears_nothing()
    {
        Assert.Equal((SignInVerdict.Wait, null), await Offer(First.Value, new MasterOptions { AuthEvents = false }));
        await ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Lists_every_state_sorted()
    {
        foreach (var id in (MinionId[])[Web2, Db1, Web1]) _store.Write(KeyState.Accepted, id, First.Value);
        Sys.ActorOf(Keys.Props(_store, new MasterOptions(), TestActor, TimeProvider.System)).Tell(new ListKeys(), TestActor);
        var listed = (await ExpectMsgAsync<KeysListed>()).Keys;
        Assert.Equal<IEnumerable<MinionId>>([Db1, Web1, Web2], listed[KeyState.Accepted]);
        Assert.Empty(listed[KeyState.Denied]);
        Assert.Equal(KeyStates.All.Length, listed.Count);
    }
}
