using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;

namespace SaltActors.Actors.Tests.Minion;

public sealed class SignInSpecs : MinionSpecs
{
    [Fact]
    public async Task Hears_a_job_that_is_published_at_the_moment_of_its_start_event()
    {
        Master.WhenHeard = (command, load) =>
        {
            if (command == "_minion_event" && load.TextOf("tag") == "salt/minion/web1/start") Master.Publish(First, "test.ping");
        };
        await Bench.Start();
        Assert.Equal(true, (await Master.UntilReturned(First)).Get("return"));
    }

    [Fact]
    public async Task Asks_for_its_pillar_with_its_grains_and_then_says_that_it_is_there()
    {
        await Bench.StartReady(("start_event_grains", List("os", "missing")));
        Assert.Equal(["_auth", "_pillar", "_minion_event", "_minion_event"], Master.Commands);
        Assert.Equal(Bench.Grains, Master.Heard("_pillar")[0].Get("grains"));
        Assert.Equal(["minion_start", "salt/minion/web1/start"], Master.Heard("_minion_event").Select(e => e.TextOf("tag")));
        Assert.Equal(MapValue.Of(("os", "Debian")), Master.Heard("_minion_event")[1].Get("grains"));
        Assert.Matches("^Minion web1 started at [A-Z][a-z]{2} [A-Z][a-z]{2} [ 1-3][0-9] [0-9:]{8} [0-9]{4}$", Master.Heard("_minion_event")[1].TextOf("data"));
    }

    [Fact]
    public async Task Leaves_the_old_start_event_out_where_it_is_not_wanted()
    {
        await Bench.StartReady(("enable_legacy_startup_events", false));
        Assert.Equal(["salt/minion/web1/start"], Master.Heard("_minion_event").Select(e => e.TextOf("tag")));
    }

    [Fact]
    public async Task Waits_for_the_operator_and_says_what_to_run()
    {
        Master.OnSignIn = MasterDouble.Verdict.Wait;
        await Bench.Start();
        await Bench.UntilLogged("salt-key -a web1");
        await Master.UntilCount("_auth", 3);
        Master.OnSignIn = MasterDouble.Verdict.Accept;
        await Master.UntilReady();
    }

    [Fact]
    public async Task Asks_again_where_the_master_is_full()
    {
        Master.OnSignIn = MasterDouble.Verdict.Full;
        await Bench.Start();
        await Master.UntilCount("_auth", 2);
        Master.OnSignIn = MasterDouble.Verdict.Accept;
        await Master.UntilReady();
    }

    [Fact]
    public async Task Stops_where_its_key_is_rejected()
    {
        Master.OnSignIn = MasterDouble.Verdict.Refuse;
        var minion = await Bench.Start();
        Assert.Equal(77, await minion.Stopped.WaitAsync(TimeSpan.FromSeconds(20)));
        await Bench.UntilLogged("salt-key -d web1");
        Assert.Single(Master.Heard("_auth"));
    }

    [Fact]
    public async Task Asks_again_with_rejected_retry()
    {
        Master.OnSignIn = MasterDouble.Verdict.Refuse;
        await Bench.Start(("rejected_retry", true));
        await Master.UntilCount("_auth", 2);
        Master.OnSignIn = MasterDouble.Verdict.Accept;
        await Master.UntilReady();
    }

    [Fact]
    public async Task Waits_for_a_master_that_does_not_answer()
    {
        Master.SilentOn.Add("_auth");
        await Bench.Start(("auth_timeout", 0.1));
        await Bench.UntilLogged("the master does not answer");
        Master.SilentOn.Clear();
        await Master.UntilReady();
    }

    [Fact]
    public async Task Keeps_the_masters_key_and_stops_where_another_one_comes()
    {
        await using (await Bench.StartReady()) { }
        await Bench.ReplaceMaster(RsaKeyPair.Generate());
        var again = await Bench.Start();
        Assert.Equal(42, await again.Stopped.WaitAsync(TimeSpan.FromSeconds(20)));
        await Bench.UntilLogged("the master's key has changed");
        await Bench.UntilLogged(Path.Combine(Bench.PkiDir, "minion_master.pub"));
        Assert.DoesNotContain("_pillar", Master.Commands);
    }

    [Fact]
    public async Task Believes_a_changed_master_in_open_mode()
    {
        await using (await Bench.StartReady()) { }
        await Bench.ReplaceMaster(RsaKeyPair.Generate());
        await Bench.StartReady(("open_mode", true));
    }

    [Fact]
    public async Task Signs_in_at_a_master_with_the_right_finger() => await Bench.StartReady(("master_finger", Master.Pair.Public.Fingerprint("sha256")));

    [Fact]
    public async Task Stops_at_a_master_with_another_finger_and_learns_nothing_from_it()
    {
        var minion = await Bench.Start(("master_finger", "12:34"));
        Assert.Equal(42, await minion.Stopped.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.False(File.Exists(Path.Combine(Bench.PkiDir, "minion_master.pub")));
        await Bench.UntilLogged("master_finger says 12:34");
    }

    [Fact]
    public async Task Is_not_stopped_by_a_forged_rejection()
    {
        var minion = await Bench.StartReady();
        Master.IsForging = true;
        Master.Rotate();
        Master.Publish(First, "test.ping");
        await Bench.UntilLogged("was not believed");
        Assert.False(minion.Stopped.IsCompleted);
        Master.IsForging = false;
        await Master.UntilCount("_pillar", 2);
        await Bench.UntilLogged("is ready");
        Master.Publish(Second, "test.ping");
        await Master.UntilReturned(Second);
    }

    [Fact]
    public async Task Talks_to_a_master_that_knows_protocol_2_alone()
    {
        Master.GivesSessions = false;
        await Bench.StartReady();
        Master.Publish(First, "test.ping");
        Assert.Equal(true, (await Master.UntilReturned(First)).Get("return"));
        await Bench.UntilLogged("the master speaks protocol 2");
    }

    [Fact]
    public async Task Refuses_protocol_2_where_3_is_the_least()
    {
        Master.GivesSessions = false;
        await Bench.Start(("minimum_master_protocol", 3));
        await Bench.UntilLogged("minimum_master_protocol is 3");
        Assert.DoesNotContain("_pillar", Master.Commands);
        Master.GivesSessions = true;
        await Master.UntilReady();
    }

    [Fact]
    public async Task Makes_its_key_where_there_is_none()
    {
        File.Delete(Path.Combine(Bench.PkiDir, "minion.pem"));
        await Bench.StartReady();
        Assert.Equal(UnixFileMode.UserRead, MinionBench.ModeOf(Path.Combine(Bench.PkiDir, "minion.pem")));
        Assert.Equal(File.ReadAllText(Path.Combine(Bench.PkiDir, "minion.pub")), Master.Heard("_auth")[0].TextOf("pub"));
    }

    [Fact]
    public async Task Rests_once_it_has_settled()
    {
        await Bench.StartReady();
        await Bench.Rests.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
