using System.Collections.Immutable;
using System.Threading.Channels;
using SaltActors.Core.Events;
using SaltActors.Core.Values;

namespace SaltActors.Client.Link;

/// <summary>One way to a master for several commands at the same time: each has every event from the moment on which it opened its part.</summary>
/// <remarks>The link itself stays its owner's; closing this one ends the parts and leaves the link open.</remarks>
public sealed class SharedLink : IAsyncDisposable
{
    private readonly IMasterLink _inner;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Task _pump;
    private ImmutableArray<Channel<SaltEvent>> _parts = [];
    private bool _isOver;

    public SharedLink(IMasterLink inner)
    {
        _inner = inner;
        _pump = PumpAsync();
    }

    /// <summary>A link of its own for one command; closing it ends its events alone.</summary>
    public IMasterLink Open()
    {
        var events = Channel.CreateUnbounded<SaltEvent>(new UnboundedChannelOptions { SingleReader = true });
        lock (_gate)
        {
            if (_isOver) events.Writer.TryComplete();
            else _parts = _parts.Add(events);
        }
        return new Part(this, events);
    }

    private async Task PumpAsync()
    {
        Exception? cause = null;
        try
        {
            await foreach (var happened in _inner.Events.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
                foreach (var part in _parts) part.Writer.TryWrite(happened);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception broken)
        {
            cause = broken;   // the commands are told by their own events
        }
        lock (_gate)
        {
            _isOver = true;
            foreach (var part in _parts) part.Writer.TryComplete(cause);
        }
    }

    private void Close(Channel<SaltEvent> events)
    {
        lock (_gate) _parts = _parts.Remove(events);
        events.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private sealed class Part(SharedLink shared, Channel<SaltEvent> events) : IMasterLink
    {
        public ChannelReader<SaltEvent> Events => events.Reader;

        public Task<Value> AskAsync(MapValue load, TimeSpan timeout, CancellationToken stop) => shared._inner.AskAsync(load, timeout, stop);

        public ValueTask DisposeAsync()
        {
            shared.Close(events);
            return ValueTask.CompletedTask;
        }
    }
}
