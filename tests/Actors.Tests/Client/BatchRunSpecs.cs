using System.Threading.Channels;
using Akka.TestKit.Xunit2;
using SaltActors.Client.Batches;
using SaltActors.Client.Commands;
using SaltActors.Client.Link;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Client;

public sealed class BatchRunSpecs : TestKit
{
    private static readonly CommandPatience Short = new(TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(300), TimeSpan.Zero);
    private readonly ScriptedMaster _master = new();
    private readonly JidClock _jids = new(TimeProvider.System);
    private readonly List<Value> _targets = [];
    private readonly HashSet<string> _failing = [], _mute = [];

    [Fact]
    public async Task Starts_the_next_minion_as_soon_as_one_is_done()
    {
        Answer(["a", "b", "c"], ["a", "b", "c"]);
        var all = await Run("1");
        Assert.Equal(["a", "b", "c"], all.OfType<BatchUpdate.Returned>().Select(r => r.Return.Id.Text));
        Assert.Equal(3, all.OfType<BatchUpdate.Started>().Count());
        Assert.All(_targets, target => Assert.Single(Assert.IsType<ListValue>(target)));
    }

    [Fact]
    public async Task Sends_no_job_to_who_does_not_answer_the_ping()
    {
        Answer(["a", "b"], ["a"]);
        var all = await Run("100%");
        Assert.Contains(new BatchUpdate.Down("b"), all);
        Assert.Equal((Value)ListValue.OfTexts(["a"]), Assert.Single(_targets));
    }

    [Fact]
    public async Task Stops_at_the_first_failure_where_it_fails_hard()
    {
        Answer(["a", "b"], ["a", "b"]);
        _failing.Add("a");
        var all = await Run("1", failsHard: true);
        Assert.Equal(new BatchUpdate.FailedHard(MinionId.Parse("a")), all[^1]);
        Assert.Single(_targets);
    }

    [Fact]
    public async Task Gives_the_place_of_a_silent_minion_to_the_next()
    {
        Answer(["a", "b"], ["a", "b"]);
        _mute.Add("a");
        var all = await Run("1");
        Assert.Contains(new BatchUpdate.Silent("a"), all);
        Assert.Equal("b", Assert.Single(all.OfType<BatchUpdate.Returned>()).Return.Id.Text);
    }

    [Fact]
    public async Task Says_that_nobody_matched()
    {
        _master.OnPublish("test.ping", () => MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("jid", Value.Null), ("minions", ListValue.Empty)))));
        Assert.Equal(new BatchUpdate.Nobody(true), Assert.Single(await Run("1")));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task Refuses_a_size_that_is_none(string size)
    {
        Answer(["a"], ["a"]);
        Assert.Equal(new BatchUpdate.InvalidSize(size), Assert.Single(await Run(size)));
    }

    private void Answer(string[] matched, string[] present)
    {
        _master.OnPublish("test.ping", () =>
        {
            var jid = _jids.Next();
            foreach (var id in present) _master.Return(jid, id, true);
            return ScriptedMaster.Sent(jid, matched);
        });
        _master.OnPublish("saltutil.find_job", () => ScriptedMaster.Sent(_jids.Next(), matched));
        _master.OnRunner("manage.present", present);
        _master.OnPublish("cmd.run", load =>
        {
            var jid = _jids.Next();
            _targets.Add(load.Get("tgt")!);
            var ids = load.ListOf("tgt").Items.Select(i => i.ToString()).ToArray();
            foreach (var id in ids.Except(_mute)) _master.Return(jid, id, "done", _failing.Contains(id) ? 3 : 0);
            return ScriptedMaster.Sent(jid, ids);
        });
    }

    private async Task<List<BatchUpdate>> Run(string size, bool failsHard = false)
    {
        await using var link = new SharedLink(_master);
        var updates = Channel.CreateUnbounded<BatchUpdate>();
        var request = new JobRequest { Function = "cmd.run", Target = "*", Arguments = [(Value)"true"] };
        Sys.ActorOf(BatchRun.Props(link, request, new BatchSettings(size, TimeSpan.Zero, failsHard), Short, MapValue.Empty, updates.Writer, TimeProvider.System));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var all = new List<BatchUpdate>();
        await foreach (var update in updates.Reader.ReadAllAsync(limit.Token))
            if (update is not BatchUpdate.Published) all.Add(update);
        return all;
    }
}
