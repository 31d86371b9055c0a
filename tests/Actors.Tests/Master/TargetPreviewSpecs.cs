using SaltActors.Actors.Tests.Master.Hostile;
using SaltActors.Core.Events;
using SaltActors.Core.Values;
using SaltActors.Transport.Ipc;

namespace SaltActors.Actors.Tests.Master;

/// <summary>What <c>salt --preview-target</c> asks a master for.</summary>
public sealed class TargetPreviewSpecs
{
    [Fact]
    public async Task Names_the_minions_that_a_job_would_wait_for_and_publishes_nothing()
    {
        await using var master = await MasterBench.Start(null, ("nodegroups", MapValue.Of(("front", "web* and not web2"))));
        foreach (var id in (string[])["web2", "db1", "web1"]) master.Accept(id);
        Assert.Equal("['web1', 'web2']", await Preview(master, "web*", "glob"));
        Assert.Equal("['db1', 'web1']", await Preview(master, ListValue.OfTexts(["db1", "gone", "web1"]), "list"));
        Assert.Equal("['db1', 'web2']", await Preview(master, "not web1", "compound"));
        Assert.Equal("['web1']", await Preview(master, "front", "nodegroup"));
        Assert.Equal("[]", await Preview(master, "mail*", "glob"));
        Assert.Equal("[]", await Preview(master, "web*", "no such kind"));
    }

    [Fact]
    public async Task Is_refused_to_whoever_brings_no_credential()
    {
        await using var master = await MasterBench.Start();
        master.Accept("web1");
        var answer = await master.AskClear(MapValue.Of(("cmd", "runner"), ("fun", "target.preview"), ("arg", ListValue.OfTexts(["*"]))));
        Assert.Equal("{'error': {'name': 'UserAuthenticationError', 'message': 'Authentication failure of type \"user\" occurred'}}", answer.ToString());
    }

    private static async Task<string> Preview(MasterBench master, Value target, string type)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var stream = await UnixEventStream.ConnectAsync(master.Under("run", "master_event_pub.ipc"), limit.Token);
        await HearOneself(master, stream, limit.Token);
        var load = MapValue.Of(("cmd", "runner"), ("fun", "target.preview"), ("arg", ListValue.Create([target])), ("kwarg", MapValue.Of(("tgt_type", type))), ("user", "root"), ("key", master.MasterKey));
        var started = Assert.IsType<MapValue>(await master.AskClear(load));
        var end = started.TextOf("tag") + "/ret";
        await foreach (var one in stream.Events.ReadAllAsync(limit.Token))
        {
            Assert.DoesNotContain("salt/job/", one.Tag, StringComparison.Ordinal);
            if (one.Tag != end) continue;
            Assert.Equal(true, one.Data.Get("success"));
            return one.Data.Get("return")!.ToString();
        }
        throw new InvalidOperationException($"the bus ended before {end}");
    }

    // A stream hears from the moment on when it hears itself.
    private static async Task HearOneself(MasterBench master, UnixEventStream stream, CancellationToken stop)
    {
        await UnixEventSender.SendAsync(master.Under("run", "master_event_pull.ipc"), new SaltEvent("spec/begin", MapValue.Empty), 1 << 20, stop);
        await foreach (var one in stream.Events.ReadAllAsync(stop))
            if (one.Tag == "spec/begin") return;
    }
}
