using SaltActors.Core.Events;
using SaltActors.Core.Values;
using SaltActors.Transport.Ipc;

namespace SaltActors.Transport.Tests.Ipc;

public sealed class LargeEventSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("salt-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_a_runner_returns_is_never_cut_short_and_other_events_are()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var port = UnixEventPort.Open(new EventPortSettings { PublishPath = Path.Combine(_folder, "pub"), PullPath = Path.Combine(_folder, "pull"), MaxEventBytes = 1 << 20 });
        await using var stream = await UnixEventStream.ConnectAsync(Path.Combine(_folder, "pub"), limit.Token);
        while (port.Readers == 0) await Task.Yield();
        var large = new string('x', 5_000_000);
        port.Publish(new SaltEvent("salt/job/20261123054300000001/ret/web1", MapValue.Of(("return", large))));
        port.Publish(new SaltEvent("salt/run/20261123054300000001/ret", MapValue.Of(("return", large))));
        Assert.Equal(EventSize.Trimmed, (await stream.Events.ReadAsync(limit.Token)).Data.TextOf("return"));
        Assert.Equal(large, (await stream.Events.ReadAsync(limit.Token)).Data.TextOf("return"));
    }
}
