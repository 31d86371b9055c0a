using System.Net;
using System.Net.Sockets;

namespace SaltActors.Actors.Minion.Doctor;

/// <summary>How far a master can be reached: its name, its ports, and whether ZeroMQ answers there.</summary>
public static class Reach
{
    private const int SignatureBytes = 10;

    /// <summary>The addresses of a host; empty where the name service does not know it.</summary>
    public static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken stop)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];
        try
        {
            return await Dns.GetHostAddressesAsync(host, stop).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    /// <summary>Connects and waits for the greeting with which every ZeroMQ socket begins.</summary>
    /// <returns>Null where it came; else what happened instead.</returns>
    public static async Task<string?> GreetAsync(IPAddress address, int port, TimeSpan patience, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(patience);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token).ConfigureAwait(false);
        }
        catch (SocketException cause)
        {
            return cause.SocketErrorCode == SocketError.ConnectionRefused ? "nobody listens there: is the master running, and is the port its own?" : $"there is no way to it: {cause.Message}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"nothing came back within {patience.TotalSeconds:0} s: a firewall drops what is sent, or the host is down";
        }
        try
        {
            // ZMTP 3: FF, eight bytes, 7F; each side says it first.
            byte[] greeting = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F];
            await socket.SendAsync(greeting, limit.Token).ConfigureAwait(false);
            var answer = new byte[SignatureBytes];
            var length = 0;
            while (length < answer.Length && await socket.ReceiveAsync(answer.AsMemory(length), limit.Token).ConfigureAwait(false) is > 0 and var read) length += read;
            return length == SignatureBytes && answer[0] == 0xFF && answer[^1] == 0x7F ? null : "somebody listens there, but does not speak ZeroMQ: it is not a Salt master's port";
        }
        catch (SocketException cause)
        {
            return $"the connection was cut before a greeting came: {cause.Message}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"somebody listens there, but says nothing within {patience.TotalSeconds:0} s: it is not a Salt master's port, or the master hangs";
        }
    }
}
