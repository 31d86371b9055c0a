using System.Net.Sockets;
using SaltActors.Core.Returners;

namespace SaltActors.Modules.Returners.Wire;

/// <summary>Where a server takes connections: a host and a port, or a socket in the file system.</summary>
internal sealed record ServerAddress(string Host, int Port, string? SocketPath = null)
{
    /// <summary>The longest that one connection is tried; another try follows later anyway.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>True where nobody on the network can listen.</summary>
    internal bool IsLocalSocket => SocketPath is not null;

    public override string ToString() => SocketPath ?? (Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}");

    /// <exception cref="ReturnerFailed">Nobody answers there.</exception>
    internal async Task<Stream> ConnectAsync(string returner, CancellationToken stop)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(stop);
        within.CancelAfter(Patience);
        var socket = SocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (SocketPath is not null) await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), within.Token).ConfigureAwait(false);
            else await socket.ConnectAsync(Host, Port, within.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception cause) when (cause is SocketException or ArgumentException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            socket.Dispose();
            var why = cause is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} s" : cause.Message;
            throw new ReturnerFailed($"the returner '{returner}' cannot reach its server at {this}: {why}", cause: cause);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
