using System.Collections.Concurrent;
using System.Text;
using SaltActors.Transport.InMemory;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Transport.Tests.Ports;

/// <summary>What every transport promises. One class a transport runs it.</summary>
public abstract class TransportContract
{
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(20), Short = TimeSpan.FromMilliseconds(300);
    private const string AnyPort = "tcp://127.0.0.1:0";
    protected static CancellationToken NotLong => new CancellationTokenSource(Soon).Token;

    /// <summary>One instance a test: the in-memory ports of one instance see each other.</summary>
    protected abstract ITransport Transport { get; }

    [Fact]
    public async Task A_request_gets_its_reply()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        await using var requester = Transport.Connect(port.Address, PortLimits.Default);
        var asked = requester.RequestAsync(Bytes("ping"), Soon, NotLong);
        var request = await port.Requests.ReadAsync(NotLong);
        Assert.Equal("ping", Text(request.Body));
        request.Reply(Bytes("pong"));
        Assert.Equal("pong", Text(await asked));
        Assert.Equal((1, 0, 0), (port.Counters.Received, port.Counters.Dropped, port.Counters.Refused));
    }

    [Fact]
    public async Task An_empty_and_a_large_body_arrive_as_they_are()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        await using var echo = Echo(port);
        await using var requester = Transport.Connect(port.Address, PortLimits.Default);
        var large = new byte[5_000_000];
        new Random(1).NextBytes(large);
        Assert.Equal(0, (await requester.RequestAsync(ReadOnlyMemory<byte>.Empty, Soon, NotLong)).Length);
        Assert.Equal(large, (await requester.RequestAsync(large, Soon, NotLong)).ToArray());
    }

    [Fact]
    public async Task Many_requesters_at_once_get_their_own_replies()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        await using var echo = Echo(port);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async n =>
        {
            await using var requester = Transport.Connect(port.Address, PortLimits.Default);
            for (var i = 0; i < 25; i++)
                Assert.Equal($"{n}/{i}", Text(await requester.RequestAsync(Bytes($"{n}/{i}"), Soon, NotLong)));
        }));
    }

    [Fact]
    public async Task Replies_find_their_senders_where_they_are_given_out_of_order()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        var requesters = Enumerable.Range(0, 10).Select(_ => Transport.Connect(port.Address, PortLimits.Default)).ToArray();
        var asked = requesters.Select((r, n) => r.RequestAsync(Bytes($"{n}"), Soon, NotLong)).ToArray();
        var requests = new List<InboundRequest>();
        while (requests.Count < 10) requests.Add(await port.Requests.ReadAsync(NotLong));
        foreach (var request in requests.OrderByDescending(r => Text(r.Body))) request.Reply(Bytes($"re {Text(request.Body)}"));
        for (var n = 0; n < 10; n++) Assert.Equal($"re {n}", Text(await asked[n]));
        foreach (var requester in requesters) await requester.DisposeAsync();
    }

    [Fact]
    public async Task Only_the_first_reply_to_a_request_counts()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        await using var requester = Transport.Connect(port.Address, PortLimits.Default);
        foreach (var name in (string[])["one", "two"])
        {
            var asked = requester.RequestAsync(Bytes(name), Soon, NotLong);
            var request = await port.Requests.ReadAsync(NotLong);
            request.Reply(Bytes($"{name} first"));
            request.Reply(Bytes($"{name} second"));
            Assert.Equal($"{name} first", Text(await asked));
        }
    }

    [Fact]
    public async Task Requests_of_one_requester_go_one_after_the_other()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        await using var requester = Transport.Connect(port.Address, PortLimits.Default);
        var asked = Enumerable.Range(0, 5).Select(n => requester.RequestAsync(Bytes($"{n}"), Soon, NotLong)).ToArray();
        for (var n = 0; n < 5; n++)
        {
            var request = await port.Requests.ReadAsync(NotLong);
            Assert.False(port.Requests.TryRead(out _), "the next request came before the one before was answered");
            request.Reply(request.Body);
        }
        await Task.WhenAll(asked);
    }

    [Fact]
    public async Task A_request_without_a_reply_times_out_and_names_the_address_and_the_time()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        await using var requester = Transport.Connect(port.Address, PortLimits.Default);
        var late = await Assert.ThrowsAsync<TimeoutException>(() => requester.RequestAsync(Bytes("x"), Short, NotLong));
        Assert.Contains(port.Address, late.Message, StringComparison.Ordinal);
        Assert.Contains("0.3 seconds", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_to_nobody_times_out()
    {
        await using var requester = Transport.Connect("tcp://127.0.0.1:9", PortLimits.Default);
        await Assert.ThrowsAsync<TimeoutException>(() => requester.RequestAsync(Bytes("x"), Short, NotLong));
    }

    [Fact]
    public async Task A_late_reply_is_not_taken_for_the_next_one()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        await using var requester = Transport.Connect(port.Address, PortLimits.Default);
        await Assert.ThrowsAsync<TimeoutException>(() => requester.RequestAsync(Bytes("first"), Short, NotLong));
        var first = await port.Requests.ReadAsync(NotLong);
        var asked = requester.RequestAsync(Bytes("second"), Soon, NotLong);
        var second = await port.Requests.ReadAsync(NotLong);
        first.Reply(Bytes("to the first"));
        second.Reply(Bytes("to the second"));
        Assert.Equal("to the second", Text(await asked));
    }

    [Fact]
    public async Task A_request_can_be_given_up()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        await using var requester = Transport.Connect(port.Address, PortLimits.Default);
        using var stop = new CancellationTokenSource();
        var asked = requester.RequestAsync(Bytes("x"), Soon, stop.Token);
        await port.Requests.ReadAsync(NotLong);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_and_harms_its_sender_alone()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default with { FrameBytes = 1000 });
        await using var echo = Echo(port);
        await using var rude = Transport.Connect(port.Address, PortLimits.Default);
        await using var polite = Transport.Connect(port.Address, PortLimits.Default);
        await Assert.ThrowsAsync<TimeoutException>(() => rude.RequestAsync(new byte[1001], Short, NotLong));
        Assert.Equal(1000, (await polite.RequestAsync(new byte[1000], Soon, NotLong)).Length);
        Assert.Equal("again", Text(await rude.RequestAsync(Bytes("again"), Soon, NotLong)));
    }

    [Fact]
    public async Task Requests_over_the_queue_are_dropped_and_counted()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default with { QueuedRequests = 2 });
        var requesters = Enumerable.Range(0, 5).Select(_ => Transport.Connect(port.Address, PortLimits.Default)).ToArray();
        var asked = requesters.Select(r => r.RequestAsync(Bytes("x"), Soon, NotLong)).ToArray();
        await Eventually(() => port.Counters.Dropped == 3, () => $"dropped 3 of 5, found {port.Counters.Dropped} of {port.Counters.Received}");
        for (var n = 0; n < 2; n++) (await port.Requests.ReadAsync(NotLong)).Reply(Bytes("y"));
        await Eventually(() => asked.Count(a => a.IsCompletedSuccessfully) == 2, () => "two are answered");
        foreach (var requester in requesters) await requester.DisposeAsync();
        foreach (var unanswered in asked.Where(a => !a.IsCompletedSuccessfully)) await Assert.ThrowsAsync<ObjectDisposedException>(() => unanswered);
    }

    [Fact]
    public async Task A_requester_finds_the_port_again_after_it_was_restarted()
    {
        var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        var address = port.Address;
        await using var requester = Transport.Connect(address, PortLimits.Default);
        await using (Echo(port)) Assert.Equal("1", Text(await requester.RequestAsync(Bytes("1"), Soon, NotLong)));
        await port.DisposeAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => requester.RequestAsync(Bytes("2"), Short, NotLong));
        await using var again = Transport.BindRequests(address, PortLimits.Default);
        await using var echo = Echo(again);
        Assert.Equal("3", Text(await requester.RequestAsync(Bytes("3"), Soon, NotLong)));
    }

    [Fact]
    public async Task A_request_waits_for_a_port_that_opens_later()
    {
        var first = Transport.BindRequests(AnyPort, PortLimits.Default);
        var address = first.Address;
        await first.DisposeAsync();
        await using var requester = Transport.Connect(address, PortLimits.Default);
        var asked = requester.RequestAsync(Bytes("early"), Soon, NotLong);
        await using var port = Transport.BindRequests(address, PortLimits.Default);
        await using var echo = Echo(port);
        Assert.Equal("early", Text(await asked));
    }

    [Fact]
    public async Task A_requester_that_is_closed_in_the_middle_says_so()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        var requester = Transport.Connect(port.Address, PortLimits.Default);
        var asked = requester.RequestAsync(Bytes("x"), Soon, NotLong);
        var queued = requester.RequestAsync(Bytes("y"), Soon, NotLong);
        await port.Requests.ReadAsync(NotLong);
        await requester.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => asked);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queued);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => requester.RequestAsync(Bytes("z"), Soon, NotLong));
        await requester.DisposeAsync();
    }

    [Fact]
    public async Task A_request_port_that_is_closed_while_busy_ends_its_channel_and_takes_late_replies()
    {
        var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        var requesters = Enumerable.Range(0, 20).Select(_ => Transport.Connect(port.Address, PortLimits.Default)).ToArray();
        var asked = requesters.Select(r => r.RequestAsync(Bytes("x"), Soon, NotLong)).ToArray();
        var request = await port.Requests.ReadAsync(NotLong);
        await port.DisposeAsync().AsTask().WaitAsync(Soon);
        request.Reply(Bytes("too late"));
        while (await port.Requests.WaitToReadAsync(NotLong)) port.Requests.TryRead(out _);
        await port.DisposeAsync();
        foreach (var requester in requesters) await requester.DisposeAsync().AsTask().WaitAsync(Soon);
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(asked));
    }

    [Fact]
    public async Task A_taken_address_is_refused_with_its_name()
    {
        await using var port = Transport.BindRequests(AnyPort, PortLimits.Default);
        var taken = Assert.Throws<PortUnavailable>(() => Transport.BindPublish(port.Address, PortLimits.Default));
        Assert.Contains(port.Address, taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_is_free_again_as_soon_as_its_port_is_closed()
    {
        var address = AnyPort;
        for (var n = 0; n < 5; n++)
        {
            await using var port = Transport.BindRequests(address, PortLimits.Default);
            address = port.Address;
            await using var requester = Transport.Connect(address, PortLimits.Default);
            await using var echo = Echo(port);
            await requester.RequestAsync(Bytes("x"), Soon, NotLong);
        }
    }

    [Fact]
    public async Task What_is_published_reaches_every_subscriber_in_order()
    {
        await using var port = Transport.BindPublish(AnyPort, PortLimits.Default);
        var subscribers = await SubscribersOf(port, 5);
        for (var n = 0; n < 500; n++) port.Publish(new PublishMessage(null, Bytes($"{n}")));
        foreach (var subscriber in subscribers)
        {
            Assert.True(subscriber.IsConnected);
            for (var n = 0; n < 500; n++)
            {
                var message = await NextAsync(subscriber);
                Assert.Equal((null, $"{n}"), (message.Topic, Text(message.Payload)));
            }
            await subscriber.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_filtered_subscriber_gets_its_topics_alone()
    {
        await using var port = Transport.BindPublish(AnyPort, PortLimits.Default);
        var mine = (await SubscribersOf(port, 1, "broadcast", "aabb"))[0];
        var all = (await SubscribersOf(port, 1))[0];
        foreach (var topic in (string[])["broadcast", "aabb", "ccdd", "broadcast2", "aab", "aabb"])
            port.Publish(new PublishMessage(topic, Bytes($"for {topic}")));
        port.Publish(new PublishMessage("broadcast", Bytes("end")));
        var got = new List<string>();
        for (var message = await NextAsync(mine); Text(message.Payload) != "end"; message = await NextAsync(mine))
            got.Add($"{message.Topic}: {Text(message.Payload)}");
        Assert.Equal(["broadcast: for broadcast", "aabb: for aabb", "aabb: for aabb"], got);
        Assert.Equal(("broadcast", "for broadcast"), await NextAsync(all) is var first ? (first.Topic, Text(first.Payload)) : default);
        await mine.DisposeAsync();
        await all.DisposeAsync();
    }

    [Fact]
    public async Task A_subscriber_that_does_not_read_loses_messages_and_nobody_else_does()
    {
        const int Messages = 5000;
        var small = PortLimits.Default with { QueuedPerPeer = 100 };
        await using var port = Transport.BindPublish(AnyPort, small with { QueuedRequests = 2 * Messages });
        await using var slow = Transport.Subscribe(port.Address, new SubscriberSettings { Limits = small });
        var fast = (await SubscribersOf(port, 3)).ToArray();
        await PublishUntilHeard(port, slow);
        var seen = new int[fast.Length];
        var reading = fast.Select(async (subscriber, which) =>
        {
            while (seen[which] < Messages)
                if ((await NextAsync(subscriber)).Payload.Length == 2000) seen[which]++;
        }).ToArray();
        // A few at a time, as a master does: who reads keeps up, who does not is left behind.
        for (var n = 0; n < Messages; n++)
        {
            port.Publish(new PublishMessage(null, new byte[2000]));
            if (n % 25 == 24) await Eventually(() => seen.All(s => s >= n - 20), () => $"the fast ones have read about {n}: {string.Join(", ", seen)}");
        }
        await Task.WhenAll(reading);
        var heard = 0;
        while (slow.Messages.TryRead(out _)) heard++;
        Assert.InRange(heard, 1, Messages - 1);
        foreach (var subscriber in fast) await subscriber.DisposeAsync();
    }

    [Fact]
    public async Task A_subscriber_finds_the_port_again_after_it_was_restarted()
    {
        var port = Transport.BindPublish(AnyPort, PortLimits.Default);
        var address = port.Address;
        await using var subscriber = Transport.Subscribe(address, Quick);
        await PublishUntilHeard(port, subscriber);
        await port.DisposeAsync();
        await Eventually(() => !subscriber.IsConnected, () => "the subscriber notices that the port is gone");
        await using var again = Transport.BindPublish(address, PortLimits.Default);
        await PublishUntilHeard(again, subscriber);
        Assert.True(subscriber.IsConnected);
    }

    [Fact]
    public async Task A_subscriber_waits_for_a_port_that_opens_later()
    {
        var first = Transport.BindPublish(AnyPort, PortLimits.Default);
        var address = first.Address;
        await first.DisposeAsync();
        await using var subscriber = Transport.Subscribe(address, Quick);
        var connected = subscriber.ConnectedAsync(NotLong);
        Assert.False(connected.IsCompleted);
        await using var port = Transport.BindPublish(address, PortLimits.Default);
        await connected;
        await PublishUntilHeard(port, subscriber);
    }

    [Fact]
    public async Task A_subscriber_that_is_closed_ends_its_channel_and_its_waiting()
    {
        var subscriber = Transport.Subscribe("tcp://127.0.0.1:9", Quick);
        var connected = subscriber.ConnectedAsync(NotLong);
        await subscriber.DisposeAsync();
        await subscriber.DisposeAsync();
        Assert.False(await subscriber.Messages.WaitToReadAsync(NotLong));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connected);
        Assert.False(subscriber.IsConnected);
    }

    [Fact]
    public async Task A_publish_port_that_is_closed_while_busy_closes_at_once()
    {
        var port = Transport.BindPublish(AnyPort, PortLimits.Default);
        var subscribers = await SubscribersOf(port, 3);
        using var stop = new CancellationTokenSource();
        var publishing = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) port.Publish(new PublishMessage(null, new byte[1000]));
        });
        await Eventually(() => port.Counters.Sent > 100, () => "messages flow");
        await port.DisposeAsync().AsTask().WaitAsync(Soon);
        await stop.CancelAsync();
        await publishing;
        foreach (var subscriber in subscribers) await subscriber.DisposeAsync().AsTask().WaitAsync(Soon);
    }

    [Fact]
    public async Task Publishing_and_replying_work_from_many_threads()
    {
        await using var port = Transport.BindPublish(AnyPort, PortLimits.Default);
        await using var subscriber = (await SubscribersOf(port, 1))[0];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(() =>
        {
            for (var n = 0; n < 50; n++) port.Publish(new PublishMessage(null, Bytes($"{t}/{n}")));
        })));
        var seen = new ConcurrentDictionary<string, int>();
        for (var n = 0; n < 400; n++) seen[Text((await NextAsync(subscriber)).Payload)] = n;
        Assert.Equal(400, seen.Count);
        for (var t = 0; t < 8; t++)
            Assert.Equal(Enumerable.Range(0, 50), Enumerable.Range(0, 50).OrderBy(n => seen[$"{t}/{n}"]));
    }

    protected static SubscriberSettings Quick => new()
    {
        Identity = "minion-1",
        ReconnectAfter = TimeSpan.FromMilliseconds(20),
        ReconnectAtMost = TimeSpan.FromMilliseconds(200),
    };

    protected async Task<List<ISubscriber>> SubscribersOf(IPublishPort port, int count, params string[] topics)
    {
        var subscribers = Enumerable.Range(0, count).Select(_ => Transport.Subscribe(port.Address, Quick with { Topics = topics })).ToList();
        foreach (var subscriber in subscribers)
        {
            await subscriber.ConnectedAsync(NotLong);
            await PublishUntilHeard(port, subscriber, topics.FirstOrDefault());
        }
        return subscribers;
    }

    /// <summary>Some transports cannot know when a subscription stands; hearing something is the proof.</summary>
    protected static async Task PublishUntilHeard(IPublishPort port, ISubscriber subscriber, string? topic = null)
    {
        var mark = Bytes($"mark {Guid.NewGuid()}");
        var hearing = Task.Run(async () =>
        {
            while (!(await subscriber.Messages.ReadAsync(NotLong)).Payload.Span.SequenceEqual(mark)) { }
        });
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!hearing.IsCompleted)
        {
            port.Publish(new PublishMessage(topic, mark));
            await pause.WaitForNextTickAsync(NotLong);
        }
        await hearing;
    }

    /// <summary>The next message that is no mark of <see cref="PublishUntilHeard"/>.</summary>
    protected static async Task<PublishMessage> NextAsync(ISubscriber subscriber)
    {
        while (true)
        {
            var message = await subscriber.Messages.ReadAsync(NotLong);
            if (!message.Payload.Span.StartsWith("mark "u8)) return message;
        }
    }

    protected static IAsyncDisposable Echo(IRequestPort port) => new Echoing(port);

    private sealed class Echoing : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Echoing(IRequestPort port) => _running = Task.Run(async () =>
        {
            try
            {
                await foreach (var request in port.Requests.ReadAllAsync(_stop.Token)) request.Reply(request.Body);
            }
            catch (OperationCanceledException)
            {
                // The test has seen enough.
            }
        });

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }
    }

    /// <summary>Waits until something holds; looks again and again, and fails with words after <see cref="Soon"/>.</summary>
    protected static async Task Eventually(Func<bool> holds, Func<string> expected)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var until = DateTime.UtcNow + Soon;
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < until, $"expected within {Soon.TotalSeconds} s: {expected()}");
            await pause.WaitForNextTickAsync();
        }
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
    protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}

public sealed class InMemoryTransportSpecs : TransportContract
{
    protected override ITransport Transport { get; } = new InMemoryTransport();
}

public sealed class ZeroMqTransportSpecs : TransportContract
{
    protected override ITransport Transport { get; } = new ZeroMqTransport();
}
