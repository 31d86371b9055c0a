using System.Diagnostics;
using CsCheck;
using SaltActors.Core.Values;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Payload;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Actors.Tests.Master.Hostile;

/// <summary>What strangers and dishonest minions send to a whole master. The numbers are those of the weaknesses that Salt had.</summary>
public sealed class HostileMasterSpecs
{
    private const string Jid = "20261123054300000001";

    private static MapValue Return(string id, Value? value = null, string jid = Jid) => MapValue.Of(
        ("cmd", "_return"), ("id", id), ("jid", jid), ("fun", "test.ping"), ("fun_args", ListValue.Empty), ("return", value ?? true), ("retcode", 0), ("success", true));

    // CVE-2020-11651: internal methods are nobody's to call.
    [Fact]
    public async Task A_name_that_is_no_command_is_answered_with_nothing()
    {
        string[] names = ["_prep_auth_info", "_send_pub", "_send_ssh_pub", "_prep_jid", "_prep_pub", "__init__", "__class__", "__dict__", "run_func", "get_method", "process_token", "AnswerAsync", "Publish", "PING", "_auth ", ""];
        await using var master = await MasterBench.Start();
        master.Accept("web1");
        var (older, newer) = (await master.SignIn("web1", 2), await master.SignIn("web1"));
        var heard = await master.HeardWhile(async () =>
        {
            foreach (var name in names)
            {
                Assert.Equal(MapValue.Empty, await master.AskClear(MapValue.Of(("cmd", name), ("fun", "test.ping"), ("tgt", "*"), ("arg", ListValue.Empty))));
                foreach (var session in (MasterSession[])[older, newer])
                    Assert.Equal(MapValue.Empty, await master.AskSealed(session, MapValue.Of(("cmd", name), ("id", "web1"), ("fun", "test.ping"), ("tgt", "*"))));
            }
        });
        Assert.DoesNotContain(heard, e => e.Tag.StartsWith("salt/job/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_sealed_is_not_answered_in_the_clear()
    {
        await using var master = await MasterBench.Start();
        master.Accept("web1");
        foreach (var command in (string[])["_return", "_minion_event", "_pillar", "_mine", "_mine_get", "_mine_delete", "_mine_flush", "_file_list", "_serve_file", "_file_find",
            "_file_hash", "_file_recv", "_master_opts", "_ext_nodes", "minion_pub", "minion_publish", "minion_runner", "pub_ret", "_syndic_return", "revoke_auth"])
            Assert.Equal(MapValue.Empty, await master.AskClear(MapValue.Of(("cmd", command), ("id", "web1"), ("jid", Jid), ("return", true), ("path", "top.sls"), ("data", MapValue.Empty))));
    }

    // CVE-2013-4439 and 2024-38822: one minion does not speak for another, and a token is proven.
    [Fact]
    public async Task A_command_that_needs_a_proof_takes_no_other_minion_s()
    {
        string[] commands = ["_minion_event", "_mine", "_mine_get", "_mine_delete", "_mine_flush", "_file_recv", "minion_pub", "minion_publish", "minion_runner", "pub_ret", "_master_tops"];
        await using var master = await MasterBench.Start(null, ("file_recv", true), ("peer", MapValue.Of((".*", ListValue.Create([".*"])))), ("peer_run", MapValue.Of((".*", ListValue.Create([".*"])))));
        master.Accept("web1");
        master.Accept("web2", MasterBench.StrangerKeys);
        var older = await master.SignIn("web1", 2);
        var heard = await master.HeardWhile(async () =>
        {
            foreach (var command in commands)
            {
                var load = MapValue.Of(("cmd", command), ("id", "web2"), ("tag", "my/tag"), ("data", MapValue.Of(("x", 1))), ("tgt", "*"), ("fun", "test.ping"), ("arg", ListValue.Empty), ("jid", Jid), ("path", ListValue.Create(["x"])), ("loc", 0));
                Assert.Equal(MapValue.Empty, await master.AskSealed(older, load));                          // with its own token
                foreach (var token in (Value[])[new byte[256], "", Value.Null]) Assert.Equal(MapValue.Empty, await master.AskSealed(older, load.With("tok", token)));
            }
        });
        Assert.DoesNotContain(heard, e => e.Tag is "my/tag" || e.Tag.StartsWith("salt/job/", StringComparison.Ordinal));
        Assert.False(Directory.Exists(master.Under("cache", "minions", "web2")));
    }

    [Fact]
    public async Task A_return_in_the_name_of_another_is_refused()
    {
        await using var master = await MasterBench.Start();
        master.Accept("web1");
        master.Accept("web2", MasterBench.StrangerKeys);
        var (older, newer) = (await master.SignIn("web1", 2), await master.SignIn("web1"));
        var heard = await master.HeardWhile(async () =>
        {
            await master.AskSealed(older, Return("web2").With("tok", older.Token));
            // Protocol 3 says the sender twice: the name inside is then overwritten by the session's own, so the frame is made by hand.
            var load = Return("web2").With("tok", newer.Token).With("nonce", "0123456789abcdef0123456789abcdef").With("ts", DateTimeOffset.UtcNow.ToUnixTimeSeconds());
            var key = newer.Seal(load, TimeProvider.System).Key;
            foreach (var outer in (string[])["web1", "web2"])
                Assert.Equal("bad load", Msgpack.Unpack(await master.Ask(Msgpack.Pack(MapValue.Of(("enc", "aes"), ("version", 3), ("id", outer), ("load", key.Seal(load))), MsgpackDialect.Wire)), MsgpackDialect.Wire).ToString());
        });
        Assert.DoesNotContain(heard, e => e.Tag.Contains("/ret/web2", StringComparison.Ordinal));
    }

    // CVE-2024-38823: the same bytes twice are one return.
    [Fact]
    public async Task A_return_that_is_sent_again_is_one_return()
    {
        await using var master = await MasterBench.Start();
        master.Accept("web1");
        var session = await master.SignIn("web1");
        await master.AskClear(MapValue.Of(("cmd", "publish"), ("fun", "test.ping"), ("tgt", "*"), ("arg", ListValue.Empty), ("jid", Jid), ("user", "root"), ("key", master.MasterKey)));
        var question = session.Seal(Return("web1"), TimeProvider.System);
        var heard = await master.HeardWhile(async () =>
        {
            // A return to a job that was never published is nobody's news.
            await master.AskSealed(session, Return("web1", jid: "20261123054300000099"));
            for (var i = 0; i < 5; i++) Assert.Equal(Value.Null, MasterBench.Read(session, question, await master.Ask(question.Frame)));
        });
        Assert.Single(heard, e => e.Tag == $"salt/job/{Jid}/ret/web1");
        Assert.DoesNotContain(heard, e => e.Tag.Contains("20261123054300000099", StringComparison.Ordinal));
    }

    // CVE-2025-22239: what only a master may say.
    [Fact]
    public async Task An_event_under_the_master_s_own_tag_never_reaches_the_bus()
    {
        string[] tags = ["salt/auth", "salt/key", $"salt/job/{Jid}/ret/web2", $"salt/job/{Jid}/new", $"salt/run/{Jid}/ret", $"salt/wheel/{Jid}/ret", "salt/minion/web2/start", "salt/beacon/web2/load/", "salt/presence/change", "salt/cloud/x/created", Jid, "key", "my/tag\n\nsalt/auth"];
        await using var master = await MasterBench.Start();
        master.Accept("web1");
        var session = await master.SignIn("web1");
        var heard = await master.HeardWhile(async () =>
        {
            foreach (var tag in tags)
            {
                await master.AskSealed(session, MapValue.Of(("cmd", "_minion_event"), ("tag", tag), ("data", MapValue.Empty)));
                await master.AskSealed(session, MapValue.Of(("cmd", "_minion_event"), ("events", ListValue.Create([MapValue.Of(("tag", tag), ("data", MapValue.Empty))])), ("pretag", "salt/auth")));
            }
            await master.AskSealed(session, MapValue.Of(("cmd", "_minion_event"), ("tag", "my/own"), ("data", MapValue.Empty)));
        });
        Assert.Empty(heard.Where(e => tags.Contains(e.Tag) || e.Tag.Contains('\n') || e.Tag.StartsWith("salt/", StringComparison.Ordinal)).Select(e => $"{e.Tag}: {e.Data}"));
        Assert.Contains(heard, e => e.Tag == "my/own");
    }

    // CVE-2017-12791, 2017-14695, 2017-14696: what an id is.
    [Fact]
    public async Task An_id_that_is_none_is_refused_and_nothing_is_written()
    {
        await using var master = await MasterBench.Start(null, ("auto_accept", true));
        var before = master.Picture("pki");
        foreach (var id in (Value[])["../x", "a/b", "a\\b", "..", ".", "", "a\0b", "/etc/passwd", "x\ny", new string('a', 300), 5, Value.Null, ListValue.Create(["x"]), MapValue.Of(("a", 1)), "\u001b[31mred"])
        {
            var answer = await master.AskClear(MapValue.Of(("cmd", "_auth"), ("id", id), ("pub", MasterBench.MinionKeys.PublicPem), ("nonce", new string('0', 32)), ("enc_algo", "OAEP-SHA1"), ("sig_algo", "PKCS1v15-SHA1")));
            Assert.DoesNotContain("'aes'", answer.ToString());
        }
        foreach (var key in (Value[])["", "no key", 5, Value.Null, new string('A', 1_000_000), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
        {
            var answer = await master.AskClear(MapValue.Of(("cmd", "_auth"), ("id", "web9"), ("pub", key), ("nonce", new string('0', 32)), ("enc_algo", "OAEP-SHA1"), ("sig_algo", "PKCS1v15-SHA1")));
            Assert.DoesNotContain("'aes'", answer.ToString());
        }
        Assert.Equal(before, master.Picture("pki"));
        Assert.Equal(MapValue.Of(("cmd", "ping")), await master.AskClear(MapValue.Of(("cmd", "ping"))));
    }

    // CVE-2016-9639: who is deleted is out at once.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_deleted_minion_is_heard_no_more(int version)
    {
        await using var master = await MasterBench.Start();
        master.Accept("web1");
        var session = await master.SignIn("web1", version);
        File.Delete(master.Under("pki", "minions", "web1"));
        var heard = await master.HeardWhile(async () =>
        {
            await master.AskSealed(session, MapValue.Of(("cmd", "_minion_event"), ("id", "web1"), ("tag", "my/tag"), ("data", MapValue.Empty)));
            await master.AskSealed(session, MapValue.Of(("cmd", "_mine"), ("id", "web1"), ("data", MapValue.Of(("x", 1)))));
            await master.AskSealed(session, Return("web1").With("tok", session.Token));
        });
        Assert.DoesNotContain(heard, e => e.Tag == "my/tag" || e.Tag.Contains("/ret/", StringComparison.Ordinal));
        Assert.False(File.Exists(master.Under("cache", "minions", "web1", "mine.p")));
    }

    // CVE-2025-62349: the floor counts for everything.
    [Fact]
    public async Task Below_the_floor_nothing_is_heard()
    {
        await using var master = await MasterBench.Start(null, ("minimum_auth_version", 3));
        master.Accept("web1");
        foreach (var version in (int[])[0, 1, 2])
        {
            Assert.Equal("bad load", (await master.AskClear(MapValue.Of(("cmd", "_auth"), ("id", "web1"), ("pub", MasterBench.MinionKeys.PublicPem)), version)).ToString());
            Assert.Equal("bad load", (await master.AskClear(MapValue.Of(("cmd", "ping")), version)).ToString());
        }
        var session = await master.SignIn("web1");
        var frame = Msgpack.Pack(MapValue.Of(("enc", "aes"), ("version", 2), ("load", session.Epoch.Seal(Return("web1")))), MsgpackDialect.Wire);
        Assert.Equal("bad load", Msgpack.Unpack(await master.Ask(frame), MsgpackDialect.Wire).ToString());
    }

    // CVE-2025-22242, 2024-22231: a jid and an id are no paths.
    [Fact]
    public async Task A_jid_that_is_a_path_opens_no_file()
    {
        await using var master = await MasterBench.Start(null, ("peer", MapValue.Of((".*", ListValue.Create([".*"])))));
        master.Accept("web1");
        var session = await master.SignIn("web1");
        foreach (var jid in (string[])["../../x", "/etc/passwd", "..", "20261123054300000001/../../x", "2026", "20261123054300000001_../x", "20261123054300000001\0"])
        {
            Assert.Equal(MapValue.Empty, await master.AskSealed(session, MapValue.Of(("cmd", "pub_ret"), ("jid", jid))));
            await master.AskSealed(session, Return("web1", jid: jid));
            await master.AskSealed(session, MapValue.Of(("cmd", "_syndic_return"), ("id", "../../x"), ("jid", jid), ("load", ListValue.Empty)));
        }
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(master.Under(), "*", SearchOption.AllDirectories), f => Path.GetFileName(f) is "x" or "passwd");
    }

    // CVE-2024-38824: a file goes where pushed files go.
    [Fact]
    public async Task A_pushed_file_stays_in_its_folder()
    {
        await using var master = await MasterBench.Start(null, ("file_recv", true), ("file_recv_max_size", 1));
        master.Accept("web1");
        var session = await master.SignIn("web1");
        Task<Value> Push(Value path, Value? data = null, long loc = 0) => master.AskSealed(session, MapValue.Of(("cmd", "_file_recv"), ("path", path), ("loc", loc), ("size", 3), ("data", data ?? "abc")));
        Assert.Equal(true, await Push(ListValue.Create(["etc", "hosts"])));
        Assert.Equal("abc", File.ReadAllText(master.Under("cache", "minions", "web1", "files", "etc", "hosts")));

        var outside = Directory.CreateDirectory(master.Under("outside")).FullName;
        Directory.CreateSymbolicLink(master.Under("cache", "minions", "web1", "files", "link"), outside);
        File.WriteAllText(master.Under("outside", "canary"), "alive");
        foreach (var path in (Value[])[ListValue.Create(["..", "x"]), ListValue.Create(["a", "..", "..", "x"]), ListValue.Create(["a/../../x"]), ListValue.Create(["/x"]), ListValue.Create(["a\\x"]), ListValue.Create(["a\0"]), ListValue.Create([""]),
            ListValue.Create(["link", "canary"]), ListValue.Empty, "x", 5, ListValue.Create([5])])
            Assert.Equal(false, await Push(path));
        Assert.Equal(false, await Push(ListValue.Create(["y"]), loc: -1));
        Assert.Equal(false, await Push(ListValue.Create(["y"]), loc: 2_000_000));
        Assert.Equal(false, await Push(ListValue.Create(["y"]), new string('x', 1_100_000)));
        Assert.Equal("alive", File.ReadAllText(master.Under("outside", "canary")));
        Assert.False(File.Exists(master.Under("cache", "minions", "web1", "files", "y")));
    }

    [Fact]
    public async Task Nobody_pushes_a_file_where_that_is_not_allowed()
    {
        await using var master = await MasterBench.Start();
        master.Accept("web1");
        Assert.Equal(false, await master.AskSealed(await master.SignIn("web1"), MapValue.Of(("cmd", "_file_recv"), ("path", ListValue.Create(["x"])), ("loc", 0), ("data", "abc"))));
    }

    // §0: who may not, gets the same words as from Salt.
    [Fact]
    public async Task A_command_without_a_credential_is_refused_in_Salt_s_words()
    {
        await using var master = await MasterBench.Start();
        master.Accept("web1");
        var publish = MapValue.Of(("cmd", "publish"), ("fun", "test.ping"), ("tgt", "*"), ("arg", ListValue.Empty), ("jid", Jid), ("user", "root"), ("kwargs", MapValue.Of(("password", "canary-secret"))));
        var heard = await master.HeardWhile(async () =>
        {
            foreach (var load in (MapValue[])[publish, publish.With("key", "wrong"), publish.With("key", ""), publish.With("key", 5), publish.With("key", Value.Null)])
                Assert.Equal("{'error': {'name': 'AuthenticationError', 'message': 'Authentication error occurred.'}}", (await master.AskClear(load)).ToString());
            foreach (var form in (string[])["runner", "wheel"])
                Assert.Equal("{'error': {'name': 'UserAuthenticationError', 'message': 'Authentication failure of type \"user\" occurred'}}", (await master.AskClear(MapValue.Of(("cmd", form), ("fun", "manage.up")))).ToString());
            Assert.Equal("", (await master.AskClear(MapValue.Of(("cmd", "mk_token"), ("eauth", "pam"), ("username", "root"), ("password", "")))).ToString());
        });
        Assert.DoesNotContain(heard, e => e.Tag.EndsWith("/new", StringComparison.Ordinal));
        // A refused publish is told to the bus, and its secrets are not.
        Assert.Contains(heard, e => e.Tag == $"salt/job/{Jid}/error");
        Assert.DoesNotContain(heard, e => e.Data.ToString().Contains("canary-secret", StringComparison.Ordinal) || e.Data.ToString().Contains(master.MasterKey, StringComparison.Ordinal));
    }

    // CVE-2023-20897: broken frames cost a worker nothing.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_ten_thousand_broken_frames_the_master_answers_within_a_second(bool isReal)
    {
        using var sockets = isReal ? new ZeroMqTransport() : null;
        await using var master = await MasterBench.Start(sockets);
        master.Accept("web1");
        var good = Msgpack.Pack(MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("cmd", "ping"))), ("version", 2)), MsgpackDialect.Wire);
        var noise = Gen.Byte.Array[0, 200];
        var random = PCG.Parse("0N0XIzNsQ0O2");
        for (var sent = 0; sent < 10_000; sent++)
        {
            var frame = noise.Generate(random, null, out _);
            if (sent % 2 == 0)
            {
                frame = [.. good];
                frame[sent / 2 % frame.Length] ^= (byte)(1 + sent % 255);
            }
            await master.Ask(frame);
        }
        var clock = Stopwatch.StartNew();
        Assert.Equal(MapValue.Of(("cmd", "ping")), Msgpack.Unpack(await master.Ask(good), MsgpackDialect.Wire));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"answered after {clock.Elapsed}");
        await master.SignIn("web1");
    }

    // §0: the frames that have an answer of their own.
    [Fact]
    public async Task Broken_requests_get_Salt_s_answers()
    {
        await using var master = await MasterBench.Start();
        async Task<string> Of(Value frame) => Msgpack.Unpack(await master.Ask(Msgpack.Pack(frame, MsgpackDialect.Wire)), MsgpackDialect.Wire).ToString();
        Assert.Equal("bad load", await Of("text"));
        Assert.Equal("bad load", await Of(MapValue.Of(("load", MapValue.Empty))));
        Assert.Equal("bad load", await Of(MapValue.Of(("enc", "aes"), ("load", new byte[100]))));
        Assert.Equal("payload and load must be a dict", await Of(MapValue.Of(("enc", "clear"), ("load", "text"), ("version", 2))));
        Assert.Equal("bad load: id contains a null byte", await Of(MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("cmd", "_auth"), ("id", "a\0b"))), ("version", 2))));
        Assert.Equal("bad load: id 5 is not a string", await Of(MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("cmd", "_auth"), ("id", 5))), ("version", 2))));
    }
}
