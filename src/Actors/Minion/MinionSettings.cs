using Akka.Configuration;
using SaltActors.Actors.Daemon.Settings;

namespace SaltActors.Actors.Minion;

/// <summary>The minion's own part of the HOCON, read once.</summary>
/// <param name="StopWithin">How long a stop waits for jobs and returns.</param>
/// <param name="QueuedPerReader">Events that may wait for one slow reader of the event sockets.</param>
public sealed record MinionSettings(TimeSpan StopWithin, int QueuedPerReader)
{
    /// <exception cref="ConfigurationException">A key is missing or wrong; the message names its path.</exception>
    public static MinionSettings From(Config hocon) => new(
        new HoconSection(hocon, "salt.minion").Time("stop-within"),
        new HoconSection(hocon, "salt.events").Number("queued-per-reader"));
}
