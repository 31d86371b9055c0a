using System.Net;
using Microsoft.Extensions.Time.Testing;
using SaltActors.Actors.Master;
using SaltActors.Actors.Master.Auth;
using SaltActors.Actors.Tests.Master.Hostile;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Tests.Master;

/// <summary>What a master looks after besides its work: how many it lets in, who is there, what it keeps and for how long, whose files are whose.</summary>
public sealed class MasterCareSpecs
{
    private const string Jid = "20261123054300000001";

    private static void Describe(MasterBench master, string id, string address)
    {
        master.Accept(id);
        Directory.CreateDirectory(master.Under("cache", "minions", id));
        PrivateFiles.Write(master.Under("cache", "minions", id, "data.p"), Msgpack.Pack(MapValue.Of(("grains", MapValue.Of(("ipv4", ListValue.OfTexts([address])))), ("pillar", MapValue.Empty)), MsgpackDialect.Local));
    }

    private static Task<MasterBench> Connected(string[] addresses, params (string, Value)[] options) =>
        MasterBench.StartWith(null, start => start with { Peers = _ => [.. addresses.Select(IPAddress.Parse)] }, options);

    private static Task<Value> Publish(MasterBench master, string jid = Jid) => master.AskClear(MapValue.Of(
        ("cmd", "publish"), ("fun", "test.ping"), ("tgt", "*"), ("arg", ListValue.Empty), ("jid", jid), ("user", "root"), ("key", master.MasterKey)));

    [Fact]
    public async Task A_newcomer_is_turned_away_where_the_master_is_full()
    {
        await using var master = await Connected(["10.0.0.1", "10.0.0.2"], ("max_minions", 1));
        Describe(master, "web1", "10.0.0.1");
        Describe(master, "web2", "10.0.0.2");
        master.Accept("late");
        var heard = await master.HeardWhile(async () =>
        {
            var signIn = new SignIn(MasterBench.Identity("late"), new MasterTrust(null), 3, MapValue.Empty);
            Assert.Equal("Full", signIn.Read(await master.Ask(signIn.Frame)).GetType().Name);
        });
        Assert.Equal("{'result': False, 'act': 'full', 'id': 'late'}", Assert.Single(heard, e => e.Tag == "salt/auth").Data.Without("pub").Without("_stamp").ToString());
        // Who is connected must be able to come again: for its pillar, its mine, a new AES key.
        await master.SignIn("web1");
    }

    [Fact]
    public async Task Salt_counts_one_more_than_it_says()
    {
        await using var master = await Connected(["10.0.0.1"], ("max_minions", 1));
        Describe(master, "web1", "10.0.0.1");
        master.Accept("late");
        await master.SignIn("late");
    }

    [Fact]
    public async Task Presence_is_told_to_the_bus_where_it_is_asked_for()
    {
        await using var master = await Connected(["10.0.0.1"], ("presence_events", true), ("loop_interval", 1));
        var heard = await master.HeardWhile(() =>
        {
            Describe(master, "web1", "10.0.0.1");
            return Task.CompletedTask;
        }, until: e => e.Tag == "salt/presence/present" && e.Data.ListOf("present").Count > 0);
        Assert.Equal("{'new': ['web1'], 'lost': []}", heard.First(e => e.Tag == "salt/presence/change").Data.Without("_stamp").ToString());
        Assert.Equal("{'present': ['web1']}", heard.Last(e => e.Tag == "salt/presence/present").Data.Without("_stamp").ToString());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_minion_that_leaves_takes_its_key_along_and_no_other_s(int version)
    {
        await using var master = await MasterBench.Start();
        master.Accept("web1");
        master.Accept("web*");
        var session = await master.SignIn("web*", version);
        var heard = await master.HeardWhile(async () => Assert.Equal(true, await master.AskSealed(session, MapValue.Of(("cmd", "revoke_auth"), ("id", "web*")))), until: e => e.Tag == "key");
        Assert.False(File.Exists(master.Under("pki", "minions", "web*")));
        Assert.True(File.Exists(master.Under("pki", "minions", "web1")));
        Assert.Contains(heard, e => e.Tag == "salt/key" && e.Data.TextOf("act") == "delete");
        Assert.Contains(heard, e => e.Tag == "key");
    }

    [Fact]
    public async Task A_minion_stays_where_leaving_is_not_allowed()
    {
        await using var master = await MasterBench.Start(null, ("allow_minion_key_revoke", false));
        master.Accept("web1");
        var answer = await master.AskSealed(await master.SignIn("web1"), MapValue.Of(("cmd", "revoke_auth"), ("id", "web1")));
        Assert.Equal("web1", Assert.IsType<MapValue>(answer).TextOf("id"));
        Assert.True(File.Exists(master.Under("pki", "minions", "web1")));
    }

    [Fact]
    public async Task A_new_AES_key_is_followed_by_one_ping_where_that_is_asked_for()
    {
        await using var master = await MasterBench.Start(null, ("ping_on_rotate", true));
        foreach (var id in (string[])["web1", "web2", "web3"]) master.Accept(id);
        var heard = await master.HeardWhile(() => master.Wheel("key.delete", ("match", "web1,web2")), until: e => e.Tag.StartsWith("salt/job/", StringComparison.Ordinal));
        Assert.Single(heard, e => e.Tag == "key");
        Assert.Equal("test.ping", Assert.Single(heard, e => e.Tag.StartsWith("salt/job/", StringComparison.Ordinal)).Data.TextOf("fun"));
    }

    [Fact]
    public async Task Jobs_are_forgotten_after_their_time()
    {
        await using var master = await MasterBench.Start(null, ("keep_jobs_seconds", 1), ("loop_interval", 1));
        master.Accept("web1");
        await Publish(master);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var kept = 1;
        for (var round = 0; round < 100 && kept > 0 && await timer.WaitForNextTickAsync(); round++) kept = ((MapValue)(await master.Run("jobs.list_jobs")).Get("return")!).Count;
        Assert.Equal(0, kept);
    }

    [Fact]
    public async Task Nothing_is_kept_of_jobs_and_minions_where_it_must_not_be()
    {
        await using var master = await MasterBench.Start(null, ("job_cache", false), ("minion_data_cache", false));
        master.Accept("web1");
        Assert.Equal(Jid, ((MapValue)await Publish(master)).MapOf("load").TextOf("jid"));
        var session = await master.SignIn("web1");
        await master.AskSealed(session, MapValue.Of(("cmd", "_return"), ("id", "web1"), ("jid", Jid), ("fun", "test.ping"), ("fun_args", ListValue.Empty), ("return", true), ("retcode", 0), ("success", true)));
        await master.AskSealed(session, MapValue.Of(("cmd", "_pillar"), ("id", "web1"), ("grains", MapValue.Of(("os", "x"))), ("saltenv", Value.Null), ("pillarenv", Value.Null), ("ver", "2")));
        await master.AskSealed(session, MapValue.Of(("cmd", "_mine"), ("id", "web1"), ("data", MapValue.Of(("x", 1)))));
        Assert.Equal("{}", (await master.Run("jobs.list_jobs")).Get("return")!.ToString());
        Assert.Equal("{'web1': {}}", (await master.Run("cache.grains", null, "*")).Get("return")!.ToString());
        Assert.False(Directory.Exists(master.Under("cache", "minions", "web1")));
    }

    // Recorded beside 3006.0: golden cli/jobcache.json, master_tree.
    [Fact]
    public async Task Files_and_folders_have_the_modes_that_Salt_gives_them()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var master = await MasterBench.Start(null, ("external_auth", MapValue.Of(("pam", MapValue.Of(("nobody", ListValue.OfTexts(["test.ping"])))))));
        master.Accept("m1");
        await master.SignIn("m1");
        using var golden = GoldenData.Read("cli/jobcache.json");
        var wrong = new List<string>();
        foreach (var entry in golden.RootElement.GetProperty("master_tree").EnumerateArray())
        {
            var (path, mode) = (entry.GetProperty("path").GetString()!, entry.GetProperty("mode").GetString()!);
            var ours = path.Replace("<root_dir>/etc/salt/pki/master", master.Under("pki"), StringComparison.Ordinal)
                .Replace("<root_dir>/var/cache/salt/master", master.Under("cache"), StringComparison.Ordinal).Replace("<root_dir>/var/run/salt/master", master.Under("run"), StringComparison.Ordinal);
            if (ours.StartsWith('<') || !Path.Exists(ours)) continue;
            var found = Convert.ToString((int)File.GetUnixFileMode(ours), 8).PadLeft(4, '0');
            // The run and cache folders themselves are the spec's own temporary ones.
            if (found != mode && ours.TrimEnd('/') != master.Under("cache") && ours.TrimEnd('/') != master.Under("run")) wrong.Add($"{path}: {found}, Salt has {mode}");
        }
        Assert.Equal([], wrong);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(master.Under("cache", "sessions", "m1")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(master.Under("cache", ".aes_epoch")));
    }

    [Fact]
    public void A_key_that_is_accepted_in_another_s_place_gets_a_session_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var (options, clock) = (new MasterOptions { PkiDir = folder.Under("pki"), CacheDir = folder.Under("cache") }, new FakeTimeProvider(DateTimeOffset.UtcNow));
        var keys = new KeyStore(options.PkiDir);
        File.WriteAllText(folder.Under("pki", "master.pem"), MasterBench.MinionKeys.PrivatePem);
        var id = MinionId.Parse("web1");
        keys.Write(KeyState.Denied, id, MasterBench.StrangerKeys.PublicPem);
        keys.Write(KeyState.Accepted, id, MasterBench.MinionKeys.PublicPem);
        var hour = TimeSpan.FromHours(1);
        File.SetLastWriteTimeUtc(keys.PathOf(KeyState.Denied, id), DateTime.UtcNow - hour);
        File.SetLastWriteTimeUtc(keys.PathOf(KeyState.Accepted, id), DateTime.UtcNow - hour);
        var first = new MasterIdentity(keys, options, clock).SessionOf(id)!.KeyString;
        Assert.Equal(first, new MasterIdentity(keys, options, clock).SessionOf(id)!.KeyString);
        File.SetLastWriteTimeUtc(folder.Under("cache", "sessions", "web1"), DateTime.UtcNow - hour / 2);

        keys.Delete(KeyState.Accepted, id);
        keys.Move(KeyState.Denied, KeyState.Accepted, id);
        // A restarted master knows of the session only what lies on disk.
        Assert.NotEqual(first, new MasterIdentity(keys, options, clock).SessionOf(id)!.KeyString);
    }
}
