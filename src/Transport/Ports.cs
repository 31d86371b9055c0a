using System.Threading.Channels;
using SaltActors.Core.Events;

namespace SaltActors.Transport;

/// <summary>A way to move bytes between Salt's programs. ZeroMQ is the one that genuine Salt speaks; the in-memory one serves tests.</summary>
public interface ITransport
{
    /// <summary>The master's request port (4506): takes requests from many peers, gives each exactly one reply.</summary>
    /// <param name="address">As <c>tcp://127.0.0.1:4506</c>; port 0 takes any free one.</param>
    /// <exception cref="PortUnavailable">The address cannot be bound; the message says why and what to do.</exception>
    IRequestPort BindRequests(string address, PortLimits limits);

    /// <summary>The master's publish port (4505): what is published goes to every subscriber, in order.</summary>
    /// <exception cref="PortUnavailable">The address cannot be bound.</exception>
    IPublishPort BindPublish(string address, PortLimits limits);

    /// <summary>Subscribes to a publish port. Reconnects by itself until disposed.</summary>
    ISubscriber Subscribe(string address, SubscriberSettings settings);

    /// <summary>A caller of a request port. Reconnects by itself until disposed.</summary>
    IRequester Connect(string address, PortLimits limits);
}

/// <summary>Bounds of a port. A full queue drops and counts; nothing waits without an end.</summary>
public sealed record PortLimits
{
    public static readonly PortLimits Default = new();
    /// <summary>The largest frame that is taken; a larger one closes its connection before it is buffered.</summary>
    public int FrameBytes { get; init; } = 64 * 1024 * 1024;
    /// <summary>Messages that may wait for one peer before the next are dropped for it.</summary>
    public int QueuedPerPeer { get; init; } = 1000;
    /// <summary>Requests that may wait for the master's workers.</summary>
    public int QueuedRequests { get; init; } = 20_000;
    /// <summary>Connections that the system may hold before they are accepted.</summary>
    public int Backlog { get; init; } = 4096;
}

/// <summary>How a subscriber connects.</summary>
public sealed record SubscriberSettings
{
    /// <summary>The minion's id, as ZeroMQ's socket identity.</summary>
    public string Identity { get; init; } = "";
    /// <summary>Topics under <c>zmq_filtering</c>; empty takes every message in one frame.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];
    public TimeSpan ReconnectAfter { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan ReconnectAtMost { get; init; } = TimeSpan.FromSeconds(10);
    public PortLimits Limits { get; init; } = PortLimits.Default;
}

public interface IRequestPort : IAsyncDisposable
{
    /// <summary>Where it listens, with the real port.</summary>
    string Address { get; }
    /// <summary>Requests in the order of arrival.</summary>
    ChannelReader<InboundRequest> Requests { get; }
    PortCounters Counters { get; }
}

/// <summary>One request and the way back to its sender.</summary>
public abstract class InboundRequest(ReadOnlyMemory<byte> body)
{
    public ReadOnlyMemory<byte> Body { get; } = body;
    /// <summary>Sends the reply; callable from any thread, never blocks, and only the first call counts.</summary>
    public abstract void Reply(ReadOnlyMemory<byte> body);
}

public interface IPublishPort : IAsyncDisposable
{
    string Address { get; }
    /// <summary>Hands a message over to every subscriber's queue; callable from any thread, never blocks.</summary>
    void Publish(PublishMessage message);
    PortCounters Counters { get; }
}

/// <summary>A published message: one frame, or under <c>zmq_filtering</c> a topic and a frame.</summary>
public readonly record struct PublishMessage(string? Topic, ReadOnlyMemory<byte> Payload);

public interface ISubscriber : IAsyncDisposable
{
    ChannelReader<PublishMessage> Messages { get; }
    /// <summary>Waits until the subscription stands at the publish port; what is published later arrives.</summary>
    Task ConnectedAsync(CancellationToken stop);
    /// <summary>True while there is a connection.</summary>
    bool IsConnected { get; }
    /// <summary>What came, what was refused, and what was lost because <see cref="Messages"/> was not read in time.</summary>
    PortCounters Counters { get; }
}

public interface IRequester : IAsyncDisposable
{
    /// <summary>Sends one request and waits for its reply. Requests of one requester are answered one after the other.</summary>
    /// <exception cref="TimeoutException">No reply within the time; a late one is dropped.</exception>
    Task<ReadOnlyMemory<byte>> RequestAsync(ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken stop);
}

/// <summary>What a port has seen. Read from any thread.</summary>
public sealed class PortCounters
{
    private long _received, _sent, _dropped, _refused;
    public long Received => Interlocked.Read(ref _received);
    public long Sent => Interlocked.Read(ref _sent);
    /// <summary>Messages lost because a queue was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);
    /// <summary>Messages that were no messages: wrong number of frames, too large.</summary>
    public long Refused => Interlocked.Read(ref _refused);
    public void CountReceived() => Interlocked.Increment(ref _received);
    public void CountSent(long messages = 1) => Interlocked.Add(ref _sent, messages);
    public void CountDropped() => Interlocked.Increment(ref _dropped);
    public void CountRefused() => Interlocked.Increment(ref _refused);
}

/// <summary>A port cannot be opened; the message names it, the cause and what to do.</summary>
public sealed class PortUnavailable(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The local event sockets of a daemon: one that everybody reads, one that everybody writes to.</summary>
public interface IEventPort : IAsyncDisposable
{
    /// <summary>Events that local programs sent.</summary>
    ChannelReader<SaltEvent> Inbound { get; }
    /// <summary>Writes an event to every reader; callable from any thread, never blocks; a slow reader loses events and is counted.</summary>
    void Publish(SaltEvent @event);
    /// <summary>Readers connected right now.</summary>
    int Readers { get; }
    PortCounters Counters { get; }
}

/// <summary>A local program's end of the event sockets.</summary>
public interface IEventStream : IAsyncDisposable
{
    /// <summary>Events from the moment of connecting on; completed when the daemon goes away.</summary>
    ChannelReader<SaltEvent> Events { get; }
}
