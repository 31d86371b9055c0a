using System.Runtime.InteropServices;
using NetMQ;

namespace SaltActors.Transport.ZeroMq;

/// <summary>Bytes as ZeroMQ frames.</summary>
internal static class Frames
{
    /// <summary>Sends a frame without copying where the bytes stand in an array. The bytes must not change afterwards.</summary>
    /// <returns>False where the socket takes nothing right now; the frame is dropped.</returns>
    public static bool Send(NetMQSocket socket, ReadOnlyMemory<byte> bytes, bool more)
    {
        var frame = new Msg();
        if (MemoryMarshal.TryGetArray(bytes, out var there) && there.Array is { } array)
            frame.InitGC(array, there.Offset, there.Count);
        else
            frame.InitGC(bytes.ToArray(), bytes.Length);
        try
        {
            return socket.TrySend(ref frame, TimeSpan.Zero, more);
        }
        finally
        {
            frame.Close();
        }
    }
}
