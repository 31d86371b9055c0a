using SaltActors.Core.Values;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Tests.Minion;

public sealed class PublishSpecs : MinionSpecs
{
    [Fact]
    public async Task Runs_what_targets_it_and_nothing_else()
    {
        Master.Pillar = MapValue.Of(("tier", "front"));
        await Bench.StartReady();
        (string Jid, Value Target, string Type, bool IsOurs)[] jobs =
        [
            ("20261123054300000001", "web*", "glob", true),
            ("20261123054300000002", "db*", "glob", false),
            ("20261123054300000003", List("db1", "web1"), "list", true),
            ("20261123054300000004", List("db1"), "list", false),
            ("20261123054300000005", "roles:web", "grain", true),
            ("20261123054300000006", "roles:db", "grain", false),
            ("20261123054300000007", "tier:front", "pillar", true),
            ("20261123054300000008", "G@os:Debian and not E@web.", "compound", false),
            ("20261123054300000009", "nonsense", "no-such-kind", false),
            ("20261123054300000010", "web[0-9]", "pcre", true),
        ];
        foreach (var (jid, target, type, _) in jobs) Master.Publish(jid, "test.ping", target: target, targetType: type);
        Assert.Equal(jobs.Where(j => j.IsOurs).Select(j => j.Jid).Append(Last), await AllUntilLast());
    }

    [Fact]
    public async Task Runs_a_repeated_jid_once()
    {
        await Bench.StartReady();
        Master.Publish(First, "test.ping");
        Master.Publish(First, "test.ping");
        Assert.Equal([First, Last], await AllUntilLast());
    }

    [Fact]
    public async Task Drops_a_publish_that_is_sent_again()
    {
        await Bench.StartReady(("minion_jid_queue_hwm", 1));
        Master.Publish(First, "test.ping");
        Master.Publish(Second, "test.ping");
        Master.ReplayFirst();
        Assert.Equal([First, Second, Last], await AllUntilLast());
        await Bench.UntilLogged("was seen before");
    }

    [Fact]
    public async Task Drops_clear_publishes_and_garbage()
    {
        await Bench.StartReady();
        var job = MapValue.Of(("fun", "test.ping"), ("arg", ListValue.Empty), ("tgt", "*"), ("jid", First), ("ret", ""));
        Value[] frames =
        [
            MapValue.Of(("enc", "clear"), ("load", job)), job, "text", ListValue.Empty, MapValue.Of(("enc", "aes"), ("load", job)),
            MapValue.Of(("enc", "aes"), ("load", new byte[200])), MapValue.Of(("enc", "aes"), ("load", new byte[200]), ("sig", "no")),
        ];
        foreach (var frame in frames) Master.PublishRaw(Msgpack.Pack(frame, MsgpackDialect.Wire));
        Master.PublishRaw([]);
        Master.PublishRaw([0xc1, 0xff]);
        Master.Publish("not-a-jid", "test.ping");
        Master.Publish(Second, "", extras: MapValue.Of(("arg", "no list")));
        Assert.Equal([Last], await AllUntilLast());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Runs_unsigned_jobs_only_where_no_signature_is_asked_for(bool mustBeSigned)
    {
        await Bench.StartReady(("sign_pub_messages", mustBeSigned));
        Master.Publish(First, "test.ping", isSigned: false);
        Assert.Equal(mustBeSigned ? [Last] : [First, Last], await AllUntilLast());
    }

    [Fact]
    public async Task Meets_a_new_key_of_the_master_silently()
    {
        await Bench.StartReady();
        Master.Publish(First, "test.ping");
        await Master.UntilReturned(First);
        Master.Rotate();
        Master.Publish(Second, "test.ping");
        Assert.Equal(true, (await Master.UntilReturned(Second)).Get("return"));
        Assert.Equal(2, Master.Heard("_auth").Count);
        Assert.True(Master.Heard("_auth")[1].Has("token"));
        Assert.Equal(2, Master.Heard("_minion_event").Count);
    }

    [Fact]
    public async Task Asks_once_more_where_its_session_key_is_old()
    {
        await Bench.StartReady();
        Master.RenewSession();
        Master.Publish(First, "test.ping");
        await Master.UntilReturned(First);
        Assert.Equal(2, Master.Heard("_auth").Count);
        Assert.Equal(["_auth", "_pillar", "_minion_event", "_minion_event", "refused", "_auth", "_return"], Master.Commands);
    }

    [Fact]
    public async Task Does_not_sign_in_for_every_publish_that_nobody_can_open()
    {
        await Bench.StartReady();
        for (var i = 0; i < 50; i++) Master.PublishRaw(Msgpack.Pack(MapValue.Of(("enc", "aes"), ("load", new byte[96 + 16 * i])), MsgpackDialect.Wire));
        Assert.Equal([Last], await AllUntilLast());
        Assert.InRange(Master.Heard("_auth").Count, 2, 5);
    }

    [Fact]
    public async Task Sees_new_grains_and_pillar_after_a_refresh()
    {
        await Bench.StartReady();
        Master.Pillar = MapValue.Of(("tier", "back"));
        Bench.Grains = MapValue.Of(("os", "Fedora"));
        Master.Publish(First, "saltutil.refresh_grains");
        await Master.Until("_pillar", p => p.MapOf("grains").TextOf("os") == "Fedora");
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var i = 10; i < 99 && await every.WaitForNextTickAsync(); i++)
        {
            Master.Publish($"202611230543000000{i}", "spec.pillar", target: "I@tier:back and G@os:Fedora", targetType: "compound");
            if (Master.Heard("_return").Any(r => r.TextOf("fun") == "spec.pillar")) break;
        }
        Assert.Equal(Master.Pillar, (await Master.Until("_return", r => r.TextOf("fun") == "spec.pillar")).Get("return"));
    }

    // Publishes are decided upon in order, and a minion that stops brings its returns home first: then nothing more can come.
    private async Task<IEnumerable<string?>> AllUntilLast()
    {
        Master.Publish(Last, "test.ping");
        await Master.UntilReturned(Last);
        await Bench.StopAll();
        return Master.Heard("_return").Select(r => r.TextOf("jid")).Order(StringComparer.Ordinal);
    }
}
