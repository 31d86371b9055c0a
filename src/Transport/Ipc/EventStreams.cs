using System.IO.Pipelines;
using System.Net.Sockets;
using SaltActors.Core.Events;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Ipc;

/// <summary>Reads events from a connection until it ends, or sends what can be no events.</summary>
internal static class EventStreams
{
    internal static async Task ReadAsync(Socket connection, int largestFrame, Func<SaltEvent, ValueTask> take, Action refuse, CancellationToken stop)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: false);
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(stop).ConfigureAwait(false);
                var buffer = read.Buffer;
                while (EventFrames.TryRead(ref buffer, out var @event))
                    if (@event is not null) await take(@event).ConfigureAwait(false);
                    else refuse();
                reader.AdvanceTo(buffer.Start, buffer.End);
                if (buffer.Length > largestFrame) throw new MsgpackBroken($"a frame larger than {largestFrame} bytes");
                if (read.IsCompleted) return;
            }
        }
        catch (MsgpackBroken)
        {
            refuse();   // this connection is closed; the others do not notice
        }
        catch (Exception cause) when (cause is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The other end went away, or we are closing.
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }
}
