using SaltActors.Client.Commands;
using SaltActors.Client.Link;
using SaltActors.Client.Runners;
using SaltActors.Core.Functions;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using static SaltActors.Actors.Tests.Master.Fixtures;

namespace SaltActors.Actors.Tests.Client;

/// <summary>Runners and wheel functions, and the load of a publish.</summary>
public sealed class MasterCallSpecs : IAsyncDisposable
{
    private readonly ScriptedMaster _master = new();

    public ValueTask DisposeAsync() => _master.DisposeAsync();

    [Fact]
    public async Task A_wheel_function_has_its_arguments_in_the_load_and_its_result_in_the_answer()
    {
        MapValue? seen = null;
        _master.OnPublish("key.accept", load =>
        {
            seen = load;
            return MapValue.Of(("tag", "salt/wheel/x"), ("data", MapValue.Of(("return", MapValue.Of(("minions", ListValue.OfTexts(["web1"])))), ("success", true))));
        });
        var result = await WheelCall.RunAsync(_master, "key.accept", MapValue.Of(("match", "web*")), CancellationToken.None);
        Assert.Equal("{'minions': ['web1']}", result.ToString());
        Assert.Equal("{'cmd': 'wheel', 'fun': 'key.accept', 'match': 'web*'}", seen!.ToString());
    }

    [Fact]
    public async Task A_wheel_function_that_failed_is_a_refusal()
    {
        _master.OnPublish("key.accept", () => MapValue.Of(("data", MapValue.Of(("return", "no"), ("success", false)))));
        Assert.Equal("no", (await Assert.ThrowsAsync<MasterRefused>(() => WheelCall.RunAsync(_master, "key.accept", MapValue.Empty, CancellationToken.None))).Message);
    }

    [Fact]
    public async Task A_refusal_has_Salts_name()
    {
        _master.OnPublish("manage.up", () => MapValue.Of(("error", MapValue.Of(("name", "EauthAuthenticationError"), ("message", "no")))));
        var refused = await Assert.ThrowsAsync<MasterRefused>(() => RunnerCall.StartAsync(_master, "manage.up", CallArguments.None, TimeSpan.FromSeconds(1), CancellationToken.None));
        Assert.Equal(("EauthAuthenticationError", "no"), (refused.Name, refused.Message));
    }

    [Fact]
    public void A_wished_jid_stands_in_the_load_of_a_runner()
    {
        Assert.Equal(Ping.Text, RunnerCall.Load("manage.up", CallArguments.None, Ping).TextOf("jid"));
        Assert.False(RunnerCall.Load("manage.up", CallArguments.None).Has("jid"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Only_masters_below_get_to_know_how_long_is_waited(bool hasSyndics)
    {
        var load = PublishLoad.Of(new JobRequest { Function = "test.ping", Target = "*" }, null, TimeSpan.FromSeconds(7), MapValue.Empty, hasSyndics);
        Assert.Equal(hasSyndics ? 7 : null, load.Get("to")?.AsInteger());
        Assert.Equal(7, load.Get("timeout")?.AsInteger());
    }
}
