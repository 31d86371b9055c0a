using System.Threading.Channels;
using Akka.TestKit.Xunit2;
using SaltActors.Client.Commands;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using static SaltActors.Actors.Tests.Master.Fixtures;

namespace SaltActors.Actors.Tests.Client;

public sealed class CommandSessionSpecs : TestKit
{
    private static readonly CommandPatience Short = new(TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(300), TimeSpan.Zero);
    private static readonly JobRequest PingAll = new() { Function = "test.ping", Target = "*" };
    private readonly ScriptedMaster _master = new();

    [Fact]
    public async Task Ends_as_soon_as_everybody_has_returned()
    {
        _master.OnPublish("test.ping", () => ScriptedMaster.Sent(Ping, "web1", "web2"));
        var updates = Run();
        _master.Return(Ping, "web1", true);
        _master.Return(Ping, "web2", true);
        var all = await All(updates);
        Assert.Equal(["web1", "web2"], all.OfType<CommandUpdate.Returned>().Select(r => r.Return.Id.Text));
        Assert.DoesNotContain(all, u => u is CommandUpdate.Silent);
    }

    [Fact]
    public async Task Does_not_miss_a_return_that_is_faster_than_the_publishs_own_answer()
    {
        _master.OnPublish("test.ping", () =>
        {
            _master.Return(Ping, "web1", true);
            return ScriptedMaster.Sent(Ping, "web1");
        });
        Assert.Single((await All(Run())).OfType<CommandUpdate.Returned>());
    }

    [Fact]
    public async Task Waits_for_a_minion_that_says_it_still_runs_the_job()
    {
        _master.OnPublish("test.ping", () => ScriptedMaster.Sent(Ping, "web1"));
        var asked = 0;
        _master.OnPublish("saltutil.find_job", () =>
        {
            if (++asked == 2) _master.Return(Ping, "web1", "at last");
            else _master.Return(Other, "web1", MapValue.Of(("fun", "test.ping"), ("pid", 1)));
            return ScriptedMaster.Sent(Other, "web1");
        });
        var all = await All(Run());
        Assert.Contains(all, u => u is CommandUpdate.StillRunning);
        Assert.Equal("at last", Assert.Single(all.OfType<CommandUpdate.Returned>()).Return.Return);
    }

    [Theory]
    [InlineData(true, SilenceReason.NoResponse)]
    [InlineData(false, SilenceReason.NotConnected)]
    public async Task Says_why_a_minion_is_silent(bool isConnected, SilenceReason reason)
    {
        _master.OnPublish("test.ping", () => ScriptedMaster.Sent(Ping, "web1"));
        _master.OnPublish("saltutil.find_job", () => ScriptedMaster.Sent(Other, "web1"));
        _master.OnRunner("manage.present", isConnected ? ["web1"] : []);
        var silent = Assert.Single((await All(Run())).OfType<CommandUpdate.Silent>());
        Assert.Equal(("web1", reason), (silent.Id, silent.Reason));
    }

    [Fact]
    public async Task Names_ids_of_a_list_that_have_no_key()
    {
        _master.OnPublish("test.ping", () => MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("jid", Ping.Text), ("minions", ListValue.Create(["web1"])), ("missing", ListValue.Create(["nope"]))))));
        var updates = Run();
        _master.Return(Ping, "web1", true);
        Assert.Contains(await All(updates), u => u is CommandUpdate.Silent { Id: "nope", Reason: SilenceReason.NoKey });
    }

    [Fact]
    public async Task Says_that_nobody_matched()
    {
        _master.OnPublish("test.ping", () => MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("jid", Value.Null), ("minions", ListValue.Empty), ("error", "x")))));
        Assert.IsType<CommandUpdate.NobodyMatched>(Assert.Single(await All(Run())));
    }

    [Fact]
    public async Task Tells_last_of_ids_that_have_no_key()
    {
        _master.OnPublish("test.ping", () => MapValue.Of(("enc", "clear"), ("load", MapValue.Of(
            ("jid", Ping.Text), ("minions", ListValue.OfTexts(["web1"])), ("missing", ListValue.OfTexts(["zz"]))))));
        var updates = Run();
        _master.Return(Ping, "web1", true);
        var all = await All(updates);
        Assert.IsType<CommandUpdate.Returned>(all[^2]);
        Assert.Equal(new CommandUpdate.Silent("zz", SilenceReason.NoKey), all[^1]);
    }

    [Fact]
    public async Task Passes_a_refusal_on()
    {
        _master.OnPublish("test.ping", () => MapValue.Of(("error", MapValue.Of(("name", "AuthenticationError"), ("message", "Authentication error occurred.")))));
        Assert.Equal("AuthenticationError", Assert.IsType<CommandUpdate.Refused>(Assert.Single(await All(Run()))).Name);
    }

    [Fact]
    public async Task Ends_with_a_word_when_the_master_goes_away()
    {
        _master.OnPublish("test.ping", () => ScriptedMaster.Sent(Ping, "web1"));
        var updates = Run();
        await updates.ReadAsync();
        _master.GoAway();
        Assert.Contains("went away", Assert.IsType<CommandUpdate.Broken>(Assert.Single(await All(updates))).Message);
    }

    private ChannelReader<CommandUpdate> Run()
    {
        var updates = Channel.CreateUnbounded<CommandUpdate>();
        Sys.ActorOf(CommandSession.Props(_master, PingAll, Short, null, MapValue.Empty, updates.Writer));
        return updates.Reader;
    }

    private static async Task<List<CommandUpdate>> All(ChannelReader<CommandUpdate> updates)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var all = new List<CommandUpdate>();
        await foreach (var update in updates.ReadAllAsync(limit.Token)) all.Add(update);
        return all;
    }
}
