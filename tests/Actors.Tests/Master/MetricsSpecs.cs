using System.Net;
using System.Net.Sockets;
using System.Text;
using SaltActors.Actors.Master.Metrics;
using SaltActors.Actors.Tests.Master.Hostile;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master;

/// <summary>The master's figures: what Prometheus reads, and who may ask for it.</summary>
public sealed class MetricsSpecs
{
    private static (string, Value)[] On => [("metrics", MapValue.Of(("port", 0)))];

    private static async Task<string> Get(IPEndPoint at, string request = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(at);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync()).Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_in_the_form_of_Prometheus_says_what_the_master_did()
    {
        await using var master = await MasterBench.Start(null, On);
        foreach (var id in (string[])["web1", "web2"]) master.Accept(id);
        for (var i = 0; i < 3; i++) await master.AskClear(MapValue.Of(("cmd", "ping")));
        await master.AskClear(MapValue.Of(("cmd", "no such command")));
        await master.Wheel("key.list_all");

        // An answer goes out before it is counted: the page is read until it says so.
        var page = "";
        for (var round = 0; round < 100 && !(page.Contains("{command=\"ping\"} 3", StringComparison.Ordinal) && page.Contains("{command=\"wheel\"} 1", StringComparison.Ordinal)); round++) page = await Get(master.MetricsAddress!);
        Assert.StartsWith("HTTP/1.1 200 OK\nContent-Type: text/plain; version=0.0.4; charset=utf-8\n", page, StringComparison.Ordinal);
        foreach (var line in (string[])[
            "# TYPE salt_master_commands_total counter", "salt_master_commands_total{command=\"ping\"} 3", "salt_master_command_duration_seconds_count{command=\"ping\"} 3",
            "salt_master_command_duration_seconds_bucket{command=\"ping\",le=\"+Inf\"} 3", "salt_master_keys{state=\"minions\"} 2", "salt_master_keys{state=\"minions_pre\"} 0",
            "salt_master_requests_refused_total 1", "salt_master_runners_begun_total 1", "# TYPE salt_master_uptime_seconds gauge"])
            Assert.Contains(line + "\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_else_is_served_and_nothing_is_open_where_it_is_not_asked_for()
    {
        await using var master = await MasterBench.Start(null, On);
        Assert.StartsWith("HTTP/1.1 404", await Get(master.MetricsAddress!, "GET /etc/passwd HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 405", await Get(master.MetricsAddress!, "POST /metrics HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400", await Get(master.MetricsAddress!, "hello\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(IPAddress.Loopback, master.MetricsAddress!.Address);
        await using var silent = await MasterBench.Start();
        Assert.Null(silent.MetricsAddress);
    }

    [Fact]
    public async Task A_collector_is_sent_the_figures_by_OTLP()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var received = Task.Run(async () =>
        {
            using var caller = await collector.AcceptTcpClientAsync();
            var stream = caller.GetStream();
            var (bytes, buffer) = (new MemoryStream(), new byte[65536]);
            // The names of instruments stand in the message as they are.
            while (!Encoding.Latin1.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).Contains("salt.master.uptime", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is > 0 and var read)
                bytes.Write(buffer, 0, read);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            return Encoding.Latin1.GetString(bytes.ToArray());
        });
        await using (var master = await MasterBench.Start(null, ("metrics", MapValue.Of(("otlp", $"http://{collector.LocalEndpoint}/v1/metrics")))))
            await master.AskClear(MapValue.Of(("cmd", "ping")));
        var message = await received.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.StartsWith("POST /v1/metrics HTTP/1.1\r\n", message, StringComparison.Ordinal);
        Assert.Contains("salt.master.commands", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_option_is_read_or_refused_by_name()
    {
        Assert.Equal(MetricsSettings.Off, MetricsSettings.From(MapValue.Empty));
        var settings = MetricsSettings.From(MapValue.Of(("metrics", MapValue.Of(("address", "0.0.0.0"), ("port", 9105), ("otlp", "http://collector:4317")))));
        Assert.Equal((new IPEndPoint(IPAddress.Any, 9105), new Uri("http://collector:4317")), (settings.Listen, settings.Otlp));
        foreach (var (wrong, named) in ((Value, string)[])[("yes", "'metrics'"), (MapValue.Of(("port", "x")), "'metrics:port'"), (MapValue.Of(("port", 70000)), "'metrics:port'"),
            (MapValue.Of(("port", 1), ("address", "example")), "'metrics:address'"), (MapValue.Of(("otlp", "collector")), "'metrics:otlp'")])
            Assert.Contains(named, Assert.Throws<FormatException>(() => MetricsSettings.From(MapValue.Of(("metrics", wrong)))).Message, StringComparison.Ordinal);
    }
}
