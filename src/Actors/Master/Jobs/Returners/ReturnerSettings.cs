using Akka.Configuration;
using SaltActors.Actors.Daemon.Settings;

namespace SaltActors.Actors.Master.Jobs.Returners;

/// <summary>The part of the HOCON about returners.</summary>
/// <param name="Batch">The most returns or events in one call of a returner.</param>
/// <param name="RetryFirst">How long a returner that failed is left alone.</param>
/// <param name="RetryAtMost">The same, after it has failed many times.</param>
/// <param name="WaitingEvents">Events that wait in memory for a returner that fails; beyond, the oldest are dropped.</param>
public sealed record ReturnerSettings(int Batch, TimeSpan RetryFirst, TimeSpan RetryAtMost, int WaitingEvents)
{
    public static ReturnerSettings From(Config config)
    {
        var section = new HoconSection(config, "salt.returners");
        return new(section.Number("batch"), section.Time("retry-first"), section.Time("retry-at-most"), section.Number("waiting-events"));
    }

    /// <summary>The wait after so many failures in a row, from 1: doubled each time.</summary>
    public TimeSpan WaitAfter(int failures)
    {
        var wait = RetryFirst * Math.Pow(2, Math.Min(failures - 1, 16));
        return wait < RetryAtMost ? wait : RetryAtMost;
    }
}
