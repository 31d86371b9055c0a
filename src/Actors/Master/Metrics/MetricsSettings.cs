using System.Net;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Metrics;

/// <summary>The option <c>metrics</c>, which genuine Salt does not have: <c>{address: 127.0.0.1, port: 9105, otlp: http://collector:4317}</c>. Nothing is open where it is not set.</summary>
/// <param name="Listen">Where <c>/metrics</c> is served for Prometheus; null for nowhere.</param>
/// <param name="Otlp">The collector that is sent the same figures by OTLP; null for none.</param>
public sealed record MetricsSettings(IPEndPoint? Listen, Uri? Otlp)
{
    public static readonly MetricsSettings Off = new(null, null);

    /// <exception cref="FormatException">An entry is of the wrong kind; the message names it.</exception>
    public static MetricsSettings From(MapValue options)
    {
        if (options.Get("metrics") is not { IsNull: false } set) return Off;
        if (set is not MapValue map) throw new FormatException($"the option 'metrics' must be a map of address, port and otlp, found {set.KindName} {PythonText.Repr(set)}");
        return new MetricsSettings(map.Get("port") is { IsNull: false } port ? new IPEndPoint(AddressOf(map), PortOf(port)) : null, OtlpOf(map));
    }

    // Only this machine, unless somebody says otherwise: the figures are not secret, but nobody's business.
    private static IPAddress AddressOf(MapValue map) => IPAddress.TryParse(map.TextOf("address") ?? "127.0.0.1", out var address) ? address
        : throw new FormatException($"the option 'metrics:address' must be an IP address, found '{map.Get("address")}'");

    private static int PortOf(Value port) => port.AsInteger() is >= 0 and <= 65535 and var number ? (int)number
        : throw new FormatException($"the option 'metrics:port' must be a port's number, found {PythonText.Repr(port)}");

    private static Uri? OtlpOf(MapValue map) => map.Get("otlp") is not { IsNull: false } otlp ? null
        : Uri.TryCreate(otlp.ToString(), UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") ? uri
        : throw new FormatException($"the option 'metrics:otlp' must be an address as http://collector:4317, found '{otlp}'");
}
