using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion.Jobs;

/// <summary>Everything the minion's jobs take, and everything they answer.</summary>
public static class JobsProtocol
{
    /// <summary>A publish that is for this minion.</summary>
    public sealed record RunJob(MapValue Load, MapValue Grains, MapValue Pillar);

    /// <summary>Answered by <see cref="RunningJobs"/>.</summary>
    public sealed record ListRunning;

    /// <param name="Jobs">One map a job: the publish fields and <c>pid</c>.</param>
    public sealed record RunningJobs(ImmutableArray<MapValue> Jobs);

    /// <summary>Ask a job to end (15), or end it (9). Answered by <see cref="Signalled"/>.</summary>
    public sealed record SignalJob(string Jid, int Signal);

    public sealed record Signalled(bool WasThere);
}
