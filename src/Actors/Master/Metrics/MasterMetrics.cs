using System.Net;

namespace SaltActors.Actors.Master.Metrics;

/// <summary>The master's meter with whoever reads it: Prometheus' page, an exporter, or nobody.</summary>
public sealed class MasterMetrics : IAsyncDisposable
{
    private readonly MasterMeter _meter;
    private readonly PrometheusPage? _page;
    private readonly MetricsListener? _listener;
    private readonly IDisposable? _export;

    private MasterMetrics(MasterMeter meter, PrometheusPage? page, MetricsListener? listener, IDisposable? export) =>
        (_meter, _page, _listener, _export) = (meter, page, listener, export);

    public IPEndPoint? Address => _listener?.Address;

    /// <exception cref="Transport.PortUnavailable">The page's address cannot be bound.</exception>
    public static MasterMetrics Open(MasterMeter meter, MetricsSettings settings)
    {
        PrometheusPage? page = null;
        MetricsListener? listener = null;
        if (settings.Listen is { } at)
        {
            page = new PrometheusPage(meter.Owns);
            listener = new MetricsListener(at, page.Write);
        }
        return new MasterMetrics(meter, page, listener, settings.Otlp is { } collector ? OtlpExport.Start(MasterMeter.Name, collector) : null);
    }

    public async ValueTask DisposeAsync()
    {
        _export?.Dispose();
        if (_listener is not null) await _listener.DisposeAsync().ConfigureAwait(false);
        _page?.Dispose();
        _meter.Dispose();
    }
}
