using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.SaltUtil;

/// <summary>The module <c>saltutil</c>: the jobs of this minion, and what it may be told to read anew.</summary>
/// <remarks>Follows Salt 3006, salt/modules/saltutil.py.</remarks>
public static class SaltUtilModule
{
    private const int Terminate = 15, Kill = 9;

    /// <summary>Answers with the jobs that run on this minion, as they were published and with their <c>pid</c>; this one is left out.</summary>
    /// <example><code>salt '*' saltutil.running</code></example>
    [SaltFunction("saltutil.running")]
    public static async Task<ListValue> Running(CallContext context) => ListValue.From(await OtherJobs(context).ConfigureAwait(false));

    /// <summary>Answers with the running jobs whose function fits a pattern.</summary>
    /// <param name="fun">The function, as <c>state.*</c>.</param>
    /// <example><code>salt '*' saltutil.is_running state.highstate</code></example>
    [SaltFunction("saltutil.is_running")]
    public static async Task<ListValue> IsRunning(CallContext context, string fun) => ListValue.From(
        (await OtherJobs(context).ConfigureAwait(false)).Where(j => FunctionsOf(j).Any(f => NamePattern.Matches(fun, f))));

    /// <summary>Answers with a running job, or with an empty map where it does not run here.</summary>
    /// <param name="jid">The job.</param>
    /// <example><code>salt '*' saltutil.find_job 20261122232844198899</code></example>
    [SaltFunction("saltutil.find_job")]
    public static async Task<MapValue> FindJob(CallContext context, string jid) =>
        (await OtherJobs(context).ConfigureAwait(false)).FirstOrDefault(j => IsJob(j, jid)) ?? MapValue.Empty;

    /// <summary>Answers with the return of a job that this minion keeps for itself (option <c>cache_jobs</c>).</summary>
    /// <param name="jid">The job.</param>
    /// <example><code>salt '*' saltutil.find_cached_job 20261122232844198899</code></example>
    [SaltFunction("saltutil.find_cached_job")]
    public static async Task<Value> FindCachedJob(CallContext context, string jid)
    {
        if (context.Services.CachedJobs is { } cache && await cache.FindAsync(jid, context.Stopped).ConfigureAwait(false) is { } found) return found;
        return context.Options.Get("cache_jobs") is { IsTruthy: true }
            ? $"Local jobs cache directory {System.IO.Path.Join(context.Options.TextOf("cachedir"), "minion_jobs", jid)} not found"
            : "Local jobs cache directory not found; you may need to enable cache_jobs on this minion";
    }

    /// <summary>Sends a signal to a job and to the programs that it started.</summary>
    /// <param name="jid">The job.</param>
    /// <param name="sig">The number of the signal: 15 asks the job to end, 9 ends it.</param>
    /// <returns>What was done; empty where the job does not run here.</returns>
    /// <example><code>salt '*' saltutil.signal_job 20261122232844198899 15</code></example>
    [SaltFunction("saltutil.signal_job")]
    public static async Task<string> SignalJob(CallContext context, string jid, int sig)
    {
        var job = (await OtherJobs(context).ConfigureAwait(false)).FirstOrDefault(j => IsJob(j, jid));
        if (job is null) return "";
        return await JobsOf(context).SignalAsync(jid, sig, context.Stopped).ConfigureAwait(false)
            ? $"Signal {sig} sent to job {jid} at pid {job.Get("pid")?.ToString() ?? "unknown"}"
            : $"Job {jid} was not running and job data has been cleaned up";
    }

    /// <summary>Asks a job to end (signal 15).</summary>
    /// <param name="jid">The job.</param>
    /// <returns>What was done; empty where the job does not run here.</returns>
    /// <example><code>salt '*' saltutil.term_job 20261122232844198899</code></example>
    [SaltFunction("saltutil.term_job")]
    public static Task<string> TermJob(CallContext context, string jid) => SignalJob(context, jid, Terminate);

    /// <summary>Ends a job at once (signal 9).</summary>
    /// <param name="jid">The job.</param>
    /// <returns>What was done; empty where the job does not run here.</returns>
    /// <example><code>salt '*' saltutil.kill_job 20261122232844198899</code></example>
    [SaltFunction("saltutil.kill_job")]
    public static Task<string> KillJob(CallContext context, string jid) => SignalJob(context, jid, Kill);

    /// <summary>Asks every job of this minion but this one to end (signal 15).</summary>
    /// <returns>What was done, one text a job.</returns>
    /// <example><code>salt '*' saltutil.term_all_jobs</code></example>
    [SaltFunction("saltutil.term_all_jobs")]
    public static Task<ListValue> TermAllJobs(CallContext context) => SignalAll(context, Terminate);

    /// <summary>Ends every job of this minion but this one at once (signal 9).</summary>
    /// <returns>What was done, one text a job.</returns>
    /// <example><code>salt '*' saltutil.kill_all_jobs</code></example>
    [SaltFunction("saltutil.kill_all_jobs")]
    public static Task<ListValue> KillAllJobs(CallContext context) => SignalAll(context, Kill);

    /// <summary>Collects the grains anew, and asks for a fresh pillar, which may depend on them.</summary>
    /// <param name="refreshPillar">Ask for a fresh pillar too.</param>
    /// <param name="cleanPillarCache">Ask for a pillar that comes from no cache.</param>
    /// <returns><c>True</c>, also where no daemon runs: such a call has collected its grains just now.</returns>
    /// <example><code>salt '*' saltutil.refresh_grains</code></example>
    [SaltFunction("saltutil.refresh_grains")]
    public static async Task<bool> RefreshGrains(CallContext context, bool refreshPillar = true, bool cleanPillarCache = false)
    {
        if (context.Services.Daemon is { } daemon) await daemon.RefreshGrainsAsync(context.Stopped).ConfigureAwait(false);
        if (refreshPillar) await RefreshPillar(context, cleanCache: cleanPillarCache).ConfigureAwait(false);
        return true;
    }

    /// <summary>Asks the minion to get its pillar anew from the master.</summary>
    /// <param name="wait">Not supported: the answer never waits for the pillar. <c>True</c> is refused.</param>
    /// <param name="timeout">Seconds to wait for; without <c>wait</c> it says nothing.</param>
    /// <param name="cleanCache">Ask for a pillar that comes from no cache.</param>
    /// <returns><c>True</c> where the minion was asked; <c>False</c> where no daemon runs.</returns>
    /// <example><code>salt '*' saltutil.refresh_pillar</code></example>
    [SaltFunction("saltutil.refresh_pillar")]
    public static async Task<bool> RefreshPillar(CallContext context, bool wait = false, int timeout = 30, bool cleanCache = true)
    {
        if (wait) throw new CommandFailed("saltutil.refresh_pillar: wait=True is not supported; ask for the pillar afterwards");
        return context.Services.Events is { } events
            && await events.FireAsync(new SaltEvent("pillar_refresh", MapValue.Of(("clean_cache", cleanCache))), context.Stopped).ConfigureAwait(false);
    }

    /// <summary>Asks the minion to load its modules anew.</summary>
    /// <param name="async">Taken for compatibility: the answer never waits.</param>
    /// <returns><c>True</c> where the minion was asked; <c>False</c> where no daemon runs.</returns>
    /// <example><code>salt '*' saltutil.refresh_modules</code></example>
    [SaltFunction("saltutil.refresh_modules")]
    public static async Task<bool> RefreshModules(CallContext context, bool async = true) =>
        context.Services.Events is { } events
        && await events.FireAsync(new SaltEvent("module_refresh", MapValue.Of(("notify", false))), context.Stopped).ConfigureAwait(false);

    private static IRunningJobs JobsOf(CallContext context) =>
        CallServices.Need(context.Services.RunningJobs, "jobs run in a minion's daemon, and this call does not");

    // A call that no daemon runs sees no jobs, as genuine Salt does.
    private static async Task<IReadOnlyList<MapValue>> OtherJobs(CallContext context)
    {
        if (context.Services.RunningJobs is not { } jobs) return [];
        var all = await jobs.ListAsync(context.Stopped).ConfigureAwait(false);
        return [.. all.Where(j => context.Jid is not { } own || !IsJob(j, own))];
    }

    private static async Task<ListValue> SignalAll(CallContext context, int signal)
    {
        var done = new List<Value>();
        foreach (var job in await OtherJobs(context).ConfigureAwait(false))
            done.Add(await SignalJob(context, job.Get("jid")?.ToString() ?? "", signal).ConfigureAwait(false));
        return ListValue.From(done);
    }

    // A compound call has a list of functions.
    private static IEnumerable<string> FunctionsOf(MapValue job) => job.Get("fun") switch
    {
        ListValue several => several.Items.Select(f => f.ToString()),
        { } one => [one.ToString()],
        null => [],
    };

    private static bool IsJob(MapValue job, string jid) => job.Get("jid")?.ToString() == jid;
}
