using System.Diagnostics;
using System.Diagnostics.Metrics;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master.Metrics;

/// <summary>The master's figures as .NET instruments: whoever listens to the meter <see cref="Name"/> gets them, Prometheus' page and OTLP alike.</summary>
public sealed class MasterMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "SaltActors.Master";
    private readonly Meter _meter = new(Name, Core.Identity.SaltVersion.Text);
    private readonly Counter<long> _commands;
    private readonly Histogram<double> _seconds;

    public MasterMeter(MasterParts parts, MasterHealth health)
    {
        _commands = _meter.CreateCounter<long>("salt.master.commands", "{command}", "Commands answered, by name");
        _seconds = _meter.CreateHistogram<double>("salt.master.command.duration", "s", "Time until a command was answered, by name");
        Gauge("salt.master.uptime", "s", "Since the master's start", () => (long)health.Uptime.TotalSeconds);
        Gauge("salt.master.aes_key.age", "s", "Age of the key that publishes are sealed with", () => (long)parts.Identity.EpochAge.TotalSeconds);
        Gauge("salt.master.disk.free", "By", "Free where the master keeps jobs and returns", () => health.FreeDisk);
        Gauge("salt.master.event.readers", "{reader}", "Programs that listen to the event bus", () => parts.EventPort.Readers);
        Gauge("salt.master.runners.running", "{runner}", "Runners and wheel functions at work", () => parts.Running.All.Length);
        Gauge("salt.master.memory", "By", "Memory of the process", () => Environment.WorkingSet);
        Count("salt.master.runners.begun", "{runner}", "Runners and wheel functions that ever began", () => parts.Running.Begun);
        Count("salt.master.requests.received", "{request}", "Requests that arrived at the request port", () => parts.RequestPort.Counters.Received);
        Count("salt.master.requests.dropped", "{request}", "Requests lost because too many waited", () => parts.RequestPort.Counters.Dropped);
        Count("salt.master.requests.refused", "{request}", "Requests that were not believed, or ask for what is not answered", () => parts.RefusalLog.Total);
        Count("salt.master.published.sent", "{message}", "Messages handed over for minions", () => parts.PublishPort.Counters.Sent);
        Count("salt.master.published.dropped", "{message}", "Messages lost for minions that read too slowly", () => parts.PublishPort.Counters.Dropped);
        Count("salt.master.events.dropped", "{event}", "Events lost for programs that read too slowly", () => parts.EventPort.Counters.Dropped);
        Count("salt.master.actors.restarts", "{restart}", "Actors that failed and were started anew", () => parts.Restarts.Total);
        _meter.CreateObservableGauge("salt.master.keys", () => KeyStates.All.Select(s => new Measurement<long>(health.Keys(s), new KeyValuePair<string, object?>("state", s.Folder()))), "{key}", "Minions' keys, by state");
    }

    /// <summary>True for an instrument of this very master.</summary>
    public bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, _meter);

    /// <param name="started">From <see cref="Stopwatch.GetTimestamp"/>.</param>
    public void Answered(string command, long started)
    {
        var name = new KeyValuePair<string, object?>("command", command);
        _commands.Add(1, name);
        _seconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, name);
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string unit, string description, Func<long> read) => _meter.CreateObservableGauge(name, read, unit, description);
    private void Count(string name, string unit, string description, Func<long> read) => _meter.CreateObservableCounter(name, read, unit, description);
}
