using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Core.Schedules;

/// <summary>A job of the schedule whose time has come.</summary>
/// <param name="Name">The job in the schedule.</param>
/// <param name="Returners">With commas between; empty for none.</param>
/// <param name="IsListed">False for one that does not show up among the running jobs (<c>jid_include: False</c>).</param>
public sealed record ScheduledRun(string Name, Jid Jid, string Function, CallArguments Arguments, ScheduleReturn Return, string Returners, bool IsListed)
{
    /// <summary>What travels with the return: <c>metadata</c>, <c>ret_config</c>, <c>ret_kwargs</c>, where the entry has them.</summary>
    public MapValue Extras { get; init; } = MapValue.Empty;
}

/// <summary>The schedule of the daemon that runs the call.</summary>
public interface IScheduleControl
{
    /// <summary>Does one command, as an event <c>manage_schedule</c> would carry it.</summary>
    /// <returns>The data of the event that tells of it; null (C#'s) where there is no such command.</returns>
    Task<MapValue?> AskAsync(MapValue command, CancellationToken stop);
}
