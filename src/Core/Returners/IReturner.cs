using System.Collections.Immutable;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Core.Returners;

/// <summary>What a returner can do; Salt finds that out from the functions that its module has.</summary>
[Flags]
public enum ReturnerAbilities
{
    None = 0,
    /// <summary>Takes a minion's return: <c>--return</c>.</summary>
    Return = 1,
    /// <summary>Keeps the load of a job.</summary>
    SaveLoad = 2,
    /// <summary>Keeps which minions a job expects, apart from its load.</summary>
    SaveMinions = 4,
    GetLoad = 8,
    GetJid = 16,
    GetFun = 32,
    GetJids = 64,
    GetMinions = 128,
    /// <summary>Gives a job its id; needed of a <c>master_job_cache</c>.</summary>
    PrepJid = 256,
    /// <summary>Takes the events of the master's bus: <c>event_return</c>.</summary>
    EventReturn = 512,
    CleanOldJobs = 1024,

    /// <summary>What a job cache must be able to do.</summary>
    JobCache = Return | SaveLoad | GetLoad | GetJid | GetJids | GetMinions | PrepJid,
}

/// <summary>A place outside of the master where returns, jobs or events are kept.</summary>
/// <remarks>
/// One object serves the whole process and holds no connection between two calls. Every method may throw
/// <see cref="ReturnerFailed"/>; a method whose ability is missing always does.
/// Follows the functions of Salt 3006's returner modules.
/// </remarks>
public interface IReturner
{
    /// <summary>As it is written in <c>--return</c>: <c>pgjsonb</c>, <c>redis</c> …</summary>
    string Name { get; }
    ReturnerAbilities Abilities { get; }

    /// <summary>Keeps returns, all of them or, where it throws, none.</summary>
    /// <param name="returns">Loads as a minion sends them, without <c>cmd</c>: <c>id jid fun fun_args return retcode success …</c>.</param>
    Task ReturnAsync(ReturnerContext context, IReadOnlyList<MapValue> returns, CancellationToken stop);

    /// <summary>Keeps a job's load; a job that is there already is not an error.</summary>
    Task SaveLoadAsync(ReturnerContext context, Jid jid, MapValue load, ImmutableArray<string> minions, CancellationToken stop) => throw Cannot("keep the load of a job");

    /// <summary>Keeps which minions a lower master expects of a job.</summary>
    Task SaveMinionsAsync(ReturnerContext context, Jid jid, ImmutableArray<string> minions, string? syndic, CancellationToken stop) => throw Cannot("keep the minions of a job");

    /// <summary>A job's load, or null where there is no such job.</summary>
    Task<MapValue?> GetLoadAsync(ReturnerContext context, Jid jid, CancellationToken stop) => throw Cannot("find a job");

    /// <summary>The returns to a job: minion id to a map with at least <c>return</c>.</summary>
    Task<MapValue> GetJidAsync(ReturnerContext context, Jid jid, CancellationToken stop) => throw Cannot("find the returns to a job");

    /// <summary>The last return of every minion to one function, by minion id.</summary>
    Task<MapValue> GetFunAsync(ReturnerContext context, string function, CancellationToken stop) => throw Cannot("find the returns of a function");

    /// <summary>All jobs: jid to load, in the order of their ids.</summary>
    Task<MapValue> GetJidsAsync(ReturnerContext context, CancellationToken stop) => throw Cannot("list jobs");

    /// <summary>The ids of all minions that have returned something, sorted.</summary>
    Task<ImmutableArray<string>> GetMinionsAsync(ReturnerContext context, CancellationToken stop) => throw Cannot("list minions");

    /// <summary>The id of a new job: the one that was asked for, or the next of the clock.</summary>
    Jid PrepJid(Jid? passed, JidClock clock) => passed ?? clock.Next();

    /// <summary>Keeps events, all of them or, where it throws, none.</summary>
    Task EventReturnAsync(ReturnerContext context, IReadOnlyList<SaltEvent> events, CancellationToken stop) => throw Cannot("keep events");

    /// <summary>Deletes the jobs that are older than a moment, with their returns; moves them away with <c>archive_jobs</c>, where the returner knows how.</summary>
    Task CleanOldJobsAsync(ReturnerContext context, DateTimeOffset before, CancellationToken stop) => throw Cannot("delete old jobs");

    private ReturnerFailed Cannot(string what) => new($"the returner '{Name}' cannot {what}", isRefusal: true);
}

/// <summary>A returner did not do what it was asked; the message names the returner, where it went, and why.</summary>
/// <param name="isRefusal">
/// True where this very return, load or event was refused (a row that does not fit, say) and others may be taken;
/// false where nothing can be kept at the moment.
/// </param>
public sealed class ReturnerFailed(string message, bool isRefusal = false, Exception? cause = null) : Exception(message, cause)
{
    public bool IsRefusal { get; } = isRefusal;
}
