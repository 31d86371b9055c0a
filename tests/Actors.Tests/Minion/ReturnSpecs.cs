namespace SaltActors.Actors.Tests.Minion;

public sealed class ReturnSpecs : MinionSpecs
{
    private static readonly (string, Core.Values.Value)[] Soon = [("return_retry_timer", 0.2), ("return_retry_timer_max", 0.4)];
    private string SpoolFolder => Path.Combine(Bench.CacheDir, "returns");

    [Fact]
    public async Task Keeps_a_return_until_the_master_has_taken_it()
    {
        await Bench.StartReady(Soon);
        Master.SilentOn.Add("_return");
        Master.Publish(First, "test.ping");
        await Master.UntilCount("_return", 3);
        var kept = Assert.Single(Directory.EnumerateFiles(SpoolFolder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, MinionBench.ModeOf(kept));
        Master.SilentOn.Clear();
        await UntilSpoolIsEmpty();
        Assert.All(Master.Heard("_return"), r => Assert.Equal(First, r.TextOf("jid")));
    }

    [Fact]
    public async Task Sends_a_return_of_an_earlier_run_after_a_restart()
    {
        var minion = await Bench.StartReady(Soon);
        Master.SilentOn.Add("_return");
        Master.Publish(First, "test.echo", ["kept"]);
        await Master.UntilReturned(First);
        await minion.DisposeAsync();
        Assert.Single(Directory.EnumerateFiles(SpoolFolder));

        var master = await Bench.ReplaceMaster();
        await Bench.Start();
        Assert.Equal("kept", (await master.UntilReturned(First)).TextOf("return"));
        await UntilSpoolIsEmpty();
    }

    [Fact]
    public async Task Lets_no_return_hold_up_the_others()
    {
        await Bench.StartReady(Soon);
        Master.FailsOn.Add("_return");
        Master.Publish(First, "test.ping");
        await Master.UntilReturned(First);
        Master.Publish(Second, "test.ping");
        await Master.UntilReturned(Second);
        Assert.Equal(2, Directory.EnumerateFiles(SpoolFolder).Count());
        Master.FailsOn.Clear();
        await UntilSpoolIsEmpty();
    }

    [Fact]
    public async Task Does_not_sign_in_again_where_the_master_has_too_much_to_do()
    {
        await Bench.StartReady(Soon);
        Master.FailsOn.Add("_return");
        Master.Publish(First, "test.ping");
        await Master.UntilCount("_return", 4);
        Assert.Single(Master.Heard("_auth"));
    }

    [Fact]
    public async Task Removes_what_is_no_return_from_the_spool()
    {
        Directory.CreateDirectory(SpoolFolder);
        File.WriteAllBytes(Path.Combine(SpoolFolder, "broken"), [0xc1]);
        File.WriteAllBytes(Path.Combine(SpoolFolder, ".half"), [0x81]);
        await Bench.StartReady(Soon);
        await UntilSpoolIsEmpty();
        Assert.Empty(Master.Heard("_return"));
    }

    [Fact]
    public async Task Stops_at_once_where_the_master_is_not_there_to_take_the_returns()
    {
        var minion = await Bench.StartReady(Soon);
        Master.SilentOn.Add("_return");
        Master.Publish(First, "test.ping");
        await Master.UntilCount("_return", 2);
        await minion.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(4));
        Assert.Single(Directory.EnumerateFiles(SpoolFolder));
    }

    private async Task UntilSpoolIsEmpty()
    {
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var left = 1000; left > 0 && Directory.EnumerateFiles(SpoolFolder).Any(); left--) await every.WaitForNextTickAsync();
        Assert.Empty(Directory.EnumerateFiles(SpoolFolder));
    }
}
