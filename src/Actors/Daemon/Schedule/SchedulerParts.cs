using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Daemon.Schedule;

/// <summary>What a scheduler is made from; a minion's and a master's alike.</summary>
public sealed record SchedulerParts
{
    /// <summary>The option <c>schedule</c>.</summary>
    public MapValue Schedule { get; init; } = MapValue.Empty;
    /// <summary>The daemon's own jobs, whose names begin with <c>__</c>; not kept on disk.</summary>
    public MapValue OwnJobs { get; init; } = MapValue.Empty;
    /// <summary>Keeps the entries over a restart (<c>_schedule.conf</c>); throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where it cannot.</summary>
    public Action<MapValue> Keep { get; init; } = _ => { };
    public required JidClock Jids { get; init; }
    /// <summary>A number between 0 and 1, so that no two daemons do the same at the same moment.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
