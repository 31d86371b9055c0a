using System.Net.Sockets;
using System.Threading.Channels;

namespace SaltActors.Transport.Ipc;

/// <summary>One program that reads the event bus, with a bounded queue of its own: it delays nobody, however slow it is.</summary>
internal sealed class EventReader(Socket socket, int queuedEvents, long queuedBytes, PortCounters counters)
{
    private readonly Channel<byte[]> _frames =
        Channel.CreateBounded<byte[]>(new BoundedChannelOptions(queuedEvents) { SingleReader = true });
    private long _waitingBytes;

    /// <returns>False where the queue is full; whole frames are dropped, never parts.</returns>
    public bool Offer(byte[] frame)
    {
        if (Interlocked.Add(ref _waitingBytes, frame.Length) <= queuedBytes && _frames.Writer.TryWrite(frame)) return true;
        Interlocked.Add(ref _waitingBytes, -frame.Length);
        return false;
    }

    /// <summary>Writes frames until the program goes away or the port closes. Never throws.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = WatchAsync(ended);
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(ended.Token).ConfigureAwait(false))
            {
                for (var rest = frame.AsMemory(); !rest.IsEmpty;)
                    rest = rest[await socket.SendAsync(rest, ended.Token).ConfigureAwait(false)..];
                Interlocked.Add(ref _waitingBytes, -frame.Length);
                counters.CountSent();
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A reader may leave at any time; that is no fault of the bus.
        }
        await ended.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        socket.Dispose();
    }

    // A reader sends nothing; what it does send is thrown away. The end of its stream is how it says that it has gone.
    private async Task WatchAsync(CancellationTokenSource ended)
    {
        var ignored = new byte[64];
        try
        {
            while (await socket.ReceiveAsync(ignored, ended.Token).ConfigureAwait(false) > 0) { }
            await ended.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }
}
