using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace SaltActors.Actors.Master.Metrics;

/// <summary>The figures of a meter as a page of Prometheus' text format, version 0.0.4.</summary>
/// <remarks>Names are the instruments' with <c>_</c> for dots, the unit behind, and <c>_total</c> for what only grows. Safe from every thread.</remarks>
public sealed class PrometheusPage : IDisposable
{
    private static readonly double[] Bounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

    private sealed class Series
    {
        public double Value, Sum;
        public readonly long[] Buckets = new long[Bounds.Length + 1];
    }

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> _instruments = new();

    /// <param name="isOurs">Which instruments stand on the page.</param>
    public PrometheusPage(Func<Instrument, bool> isOurs)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (isOurs(instrument)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The page as it is now.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var page = new StringBuilder();
        foreach (var (instrument, series) in _instruments.OrderBy(i => i.Key.Name, StringComparer.Ordinal))
        {
            var (name, isHistogram) = (NameOf(instrument), instrument is Histogram<double>);
            page.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description}\n# TYPE {name} {(isHistogram ? "histogram" : IsCounter(instrument) ? "counter" : "gauge")}\n");
            foreach (var (labels, one) in series.OrderBy(s => s.Key, StringComparer.Ordinal))
                if (isHistogram) WriteHistogram(page, name, labels, one);
                else page.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length > 0 ? $"{{{labels}}}" : "")} {one.Value}\n");
        }
        return page.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static void WriteHistogram(StringBuilder page, string name, string labels, Series one)
    {
        var comma = labels.Length > 0 ? labels + "," : "";
        lock (one)
        {
            var count = 0L;
            for (var i = 0; i < one.Buckets.Length; i++)
            {
                count += one.Buckets[i];
                page.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{comma}le=\"{(i < Bounds.Length ? Bounds[i] : "+Inf")}\"}} {count}\n");
            }
            var own = labels.Length > 0 ? $"{{{labels}}}" : "";
            page.Append(CultureInfo.InvariantCulture, $"{name}_sum{own} {one.Sum}\n{name}_count{own} {count}\n");
        }
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var one = _instruments.GetOrAdd(instrument, _ => new()).GetOrAdd(Labels(tags), _ => new());
        lock (one)
            switch (instrument)
            {
                case Histogram<double>:
                    one.Sum += value;
                    one.Buckets[Array.FindIndex(Bounds, bound => value <= bound) is >= 0 and var place ? place : Bounds.Length]++;
                    break;
                case Counter<long>:
                    one.Value += value;
                    break;
                default:
                    one.Value = value;   // an observed instrument tells the whole each time
                    break;
            }
    }

    private static bool IsCounter(Instrument instrument) => instrument is Counter<long> or ObservableCounter<long>;

    private static string NameOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_');
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return name + unit + (IsCounter(instrument) ? "_total" : "");
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var labels = new StringBuilder();
        foreach (var (name, value) in tags)
            labels.Append(labels.Length > 0 ? "," : "").Append(name).Append("=\"")
                .Append(value?.ToString()?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        return labels.ToString();
    }
}
