using System.Threading.Channels;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using SaltActors.Actors.Daemon.Events;
using SaltActors.Core.Events;
using SaltActors.Core.Values;
using SaltActors.Transport;

namespace SaltActors.Actors.Tests.Daemon;

public sealed class EventBusSpecs : TestKit
{
    private sealed class BreakingPort : IEventPort
    {
        public Channel<SaltEvent> Sent { get; } = Channel.CreateUnbounded<SaltEvent>();
        public PortCounters Counters { get; } = new();
        public int Readers => 0;
        public ChannelReader<SaltEvent> Inbound => Sent.Reader;
        public void Publish(SaltEvent @event)
        {
            if (@event.Tag == "break") throw new IOException("the socket is gone");
        }
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    [Fact]
    public void Who_listened_before_a_failure_hears_afterwards()
    {
        var bus = Sys.ActorOf(EventBus.Props(new BreakingPort(), TimeProvider.System));
        bus.Tell(new EventBusProtocol.Listen("my/", TestActor));
        bus.Tell(new EventBusProtocol.Fire(new SaltEvent("break", MapValue.Empty)));
        bus.Tell(new EventBusProtocol.Fire(new SaltEvent("other/tag", MapValue.Empty)));
        // What was in the mailbox already comes before the listeners do; what is fired later comes after them.
        AwaitAssert(() =>
        {
            bus.Tell(new EventBusProtocol.Fire(new SaltEvent("my/tag", MapValue.Empty)));
            Assert.Equal("my/tag", ExpectMsg<EventBusProtocol.Heard>(TimeSpan.FromMilliseconds(200)).Event.Tag);
        }, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Who_is_gone_is_told_nothing_more()
    {
        var bus = Sys.ActorOf(EventBus.Props(new BreakingPort(), TimeProvider.System));
        var gone = CreateTestProbe();
        bus.Tell(new EventBusProtocol.Listen("", gone));
        bus.Tell(new EventBusProtocol.Listen("", TestActor));
        await gone.Ref.GracefulStop(TimeSpan.FromSeconds(10));
        bus.Tell(new EventBusProtocol.Fire(new SaltEvent("my/tag", MapValue.Empty)));
        Assert.Equal("my/tag", ExpectMsg<EventBusProtocol.Heard>(TimeSpan.FromSeconds(10)).Event.Tag);
        gone.ExpectNoMsg(TimeSpan.Zero);
    }
}
