using System.Net;
using System.Net.Sockets;
using System.Text;
using SaltActors.Transport;

namespace SaltActors.Actors.Master.Metrics;

/// <summary>Serves one page to Prometheus: <c>GET /metrics</c>, HTTP/1.1, one request a connection. Everything else is refused, slow callers are cut.</summary>
public sealed class MetricsListener : IAsyncDisposable
{
    private const int LongestRequest = 8192, MostCallers = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly TcpListener _listener;
    private readonly Func<string> _page;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _places = new(MostCallers, MostCallers);
    private readonly Task _serving;

    /// <exception cref="PortUnavailable">The address cannot be bound.</exception>
    public MetricsListener(IPEndPoint at, Func<string> page)
    {
        (_listener, _page) = (new TcpListener(at), page);
        try
        {
            _listener.Start();
        }
        catch (SocketException cause)
        {
            throw new PortUnavailable($"the figures cannot be served at {at}: {cause.Message}; choose another port (metrics:port), or leave it out", cause);
        }
        _serving = ServeAsync();
    }

    /// <summary>Where it listens, with the real port.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _serving.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(_stopping.Token).ConfigureAwait(false);
                _ = AnswerAsync(await _listener.AcceptSocketAsync(_stopping.Token).ConfigureAwait(false));
            }
        }
        catch (Exception cause) when (cause is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The master goes down, or the system took the port away: the figures are missed where they are collected.
        }
    }

    private async Task AnswerAsync(Socket caller)
    {
        using var _ = caller;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(Patience);
        try
        {
            var answer = Answer(await ReadAsync(caller, limit.Token).ConfigureAwait(false));
            await caller.SendAsync(Encoding.UTF8.GetBytes(answer), limit.Token).ConfigureAwait(false);
            caller.Shutdown(SocketShutdown.Both);
        }
        catch (Exception cause) when (cause is SocketException or OperationCanceledException)
        {
            // The caller went away or took too long: it asks again.
        }
        finally
        {
            _places.Release();
        }
    }

    private string Answer(string request)
    {
        var line = request.Split('\r', 2)[0].Split(' ');
        if (line.Length < 3 || !line[2].StartsWith("HTTP/1.", StringComparison.Ordinal)) return Reply("400 Bad Request", "not a request of HTTP/1.x\n");
        if (line[1].Split('?')[0] != "/metrics") return Reply("404 Not Found", "there is /metrics here, and nothing else\n");
        return line[0] switch
        {
            "GET" => Reply("200 OK", _page()),
            "HEAD" => Reply("200 OK", ""),
            _ => Reply("405 Method Not Allowed", "only GET is answered\n"),
        };
    }

    private static string Reply(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    private static async Task<string> ReadAsync(Socket caller, CancellationToken stop)
    {
        var buffer = new byte[LongestRequest];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await caller.ReceiveAsync(buffer.AsMemory(length), stop).ConfigureAwait(false);
            length += read;
            if (read == 0 || buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0) break;
        }
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
