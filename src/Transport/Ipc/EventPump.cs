using System.IO.Pipelines;
using SaltActors.Core.Events;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Ipc;

/// <summary>Turns a stream of bytes into events.</summary>
internal static class EventPump
{
    /// <summary>Reads until the stream ends.</summary>
    /// <param name="take">Gets each event, and null for a frame that holds none.</param>
    /// <exception cref="MsgpackBroken">The bytes are no frames.</exception>
    public static async Task RunAsync(PipeReader reader, Func<SaltEvent?, ValueTask> take, CancellationToken stop)
    {
        long atLeast = 1;
        while (true)
        {
            var read = await reader.ReadAtLeastAsync((int)Math.Min(atLeast, int.MaxValue), stop).ConfigureAwait(false);
            var bytes = read.Buffer;
            while (!bytes.IsEmpty && EventFrames.TryRead(ref bytes, out var @event, out atLeast))
                await take(@event).ConfigureAwait(false);
            if (bytes.IsEmpty) atLeast = 1;
            reader.AdvanceTo(bytes.Start, bytes.End);
            if (read.IsCompleted) return;
        }
    }
}
