using System.Globalization;
using SaltActors.Core.Functions;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Jobs;

/// <summary>The runner <c>jobs</c>: what was published, and what came back.</summary>
public static class JobsRunner
{
    private const string FindJob = "saltutil.find_job";

    /// <summary>The returns of one job, by minion.</summary>
    /// <param name="jid">The job's id.</param>
    /// <param name="extSource">A returner to read from instead of the job store; none can be read so in this version.</param>
    /// <param name="returned">Show the minions that have returned.</param>
    /// <param name="missing">Show the minions that have not, too.</param>
    /// <param name="displayProgress">Accepted for compatibility; the answer comes at once.</param>
    /// <returns>Minion id to its return; empty where the job is unknown.</returns>
    /// <example><code>salt-run jobs.lookup_jid 20130916125524463507</code></example>
    [SaltRunner("jobs.lookup_jid")]
    public static async Task<Value> LookupJid(CallContext context, string jid, string? extSource = null, bool returned = true, bool missing = false, bool displayProgress = false)
    {
        if (await Find(context, jid, extSource).ConfigureAwait(false) is not { } job) return MapValue.Empty;
        var answers = new MapValue.Builder();
        if (returned)
            foreach (var answer in job.Returns) answers[answer.Id.Text] = answer.Return;
        if (missing)
            foreach (var id in job.Expected.Where(id => job.Returns.All(r => r.Id != id)))
                answers[id.Text] = "Minion did not return";
        // The first return's outputter is asked for, as its job would have been shown.
        return job.Returns.FirstOrDefault()?.Load.TextOf("out") is { Length: > 0 } outputter ? MapValue.Of(("outputter", outputter), ("data", answers.Build())) : answers.Build();
    }

    /// <summary>One job with everything that is known of it.</summary>
    /// <param name="jid">The job's id.</param>
    /// <param name="extSource">A returner to read from instead of the job store; none can be read so in this version.</param>
    /// <param name="displayProgress">Accepted for compatibility; the answer comes at once.</param>
    /// <returns><c>jid</c>, <c>Function</c>, <c>Arguments</c>, <c>Target</c>, <c>Target-type</c>, <c>User</c>, <c>StartTime</c>, <c>Minions</c>, <c>Result</c>, and <c>EndTime</c> with <c>job_cache_store_endtime</c>.</returns>
    /// <example><code>salt-run jobs.list_job 20130916125524463507</code></example>
    [SaltRunner("jobs.list_job")]
    public static async Task<MapValue> ListJob(CallContext context, string jid, string? extSource = null, bool displayProgress = false) =>
        await Find(context, jid, extSource).ConfigureAwait(false) is { } job
            ? JobPicture.Whole(job, context.Options.Get("job_cache_store_endtime") is { IsTruthy: true })
            : MapValue.Of(("jid", jid), ("Error", "Cannot contact returner or no job with this jid"), ("StartTime", JobPicture.Parse(jid).StartTime));

    /// <summary>All jobs that are kept, without their returns.</summary>
    /// <param name="extSource">A returner to read from instead of the job store; none can be read so in this version.</param>
    /// <param name="outputter">The outputter to show the list with.</param>
    /// <param name="searchMetadata">Only jobs whose metadata has one of these pairs.</param>
    /// <param name="searchFunction">Only jobs whose function matches this glob, or one of several: a list, or with commas between them.</param>
    /// <param name="searchTarget">Only jobs whose target matches this glob, or one of several: a list, or with commas between them.</param>
    /// <param name="startTime">Only jobs from this time on, as <c>2026-11-22 10:00</c>.</param>
    /// <param name="endTime">Only jobs up to this time.</param>
    /// <param name="displayProgress">Accepted for compatibility; the answer comes at once.</param>
    /// <returns>Jid to the job's picture.</returns>
    /// <example><code>salt-run jobs.list_jobs search_function='test.*'</code></example>
    [SaltRunner("jobs.list_jobs")]
    public static async Task<MapValue> ListJobs(CallContext context, string? extSource = null, string? outputter = null, MapValue? searchMetadata = null,
        Value? searchFunction = null, Value? searchTarget = null, string? startTime = null, string? endTime = null, bool displayProgress = false)
    {
        RefuseSource(extSource);
        var (from, to) = (Moment(startTime, "start_time"), Moment(endTime, "end_time"));
        var jobs = new MapValue.Builder();
        foreach (var job in await Store(context).ListAsync(context.Stopped).ConfigureAwait(false))
        {
            if (from is not null && job.Jid.Time < from || to is not null && job.Jid.Time > to) continue;
            if (searchMetadata is not null && !HasOne(JobPicture.Metadata(job.Load) as MapValue, searchMetadata)) continue;
            if (!AnyGlob(searchFunction, job.Load.Get("fun")) || !AnyGlob(searchTarget, job.Load.Get("tgt"))) continue;
            jobs[job.Jid.Text] = JobPicture.Short(job);
        }
        return Shown(jobs.Build(), outputter);
    }

    /// <summary>The last jobs, newest first, without the questions that commands ask themselves.</summary>
    /// <param name="count">How many.</param>
    /// <param name="filterFindJob">Leave <c>saltutil.find_job</c> out.</param>
    /// <param name="extSource">A returner to read from instead of the job store; none can be read so in this version.</param>
    /// <param name="outputter">The outputter to show the list with.</param>
    /// <param name="displayProgress">Accepted for compatibility; the answer comes at once.</param>
    /// <returns>Jid to the job's picture.</returns>
    /// <example><code>salt-run jobs.list_jobs_filter 50</code></example>
    [SaltRunner("jobs.list_jobs_filter")]
    public static async Task<MapValue> ListJobsFilter(CallContext context, int count, bool filterFindJob = true, string? extSource = null, string? outputter = null, bool displayProgress = false)
    {
        RefuseSource(extSource);
        var jobs = (await Store(context).ListAsync(context.Stopped).ConfigureAwait(false)).AsEnumerable();
        if (filterFindJob) jobs = jobs.Where(j => j.Load.TextOf("fun") != FindJob);
        return Shown(MapValue.From(jobs.Reverse().Take(count).Reverse().Select(j => KeyValuePair.Create(j.Jid.Text, (Value)JobPicture.Short(j)))), outputter);
    }

    /// <summary>One job with its returns, under its jid.</summary>
    /// <param name="jid">The job's id.</param>
    /// <param name="extSource">A returner to read from instead of the job store; none can be read so in this version.</param>
    /// <returns>The jid to the whole picture.</returns>
    /// <example><code>salt-run jobs.print_job 20130916125524463507</code></example>
    [SaltRunner("jobs.print_job")]
    public static async Task<MapValue> PrintJob(CallContext context, string jid, string? extSource = null) =>
        MapValue.Of((jid, (await ListJob(context, jid, extSource).ConfigureAwait(false)).Without("jid")));

    /// <summary>Which minions ended a job well.</summary>
    /// <param name="jid">The job's id.</param>
    /// <param name="extSource">A returner to read from instead of the job store; none can be read so in this version.</param>
    /// <returns>Minion id to true or false, by the truth of what it returned: an empty return is false, as is a minion that has not returned.</returns>
    /// <remarks>Salt's rule; the code of a return is not looked at.</remarks>
    /// <example><code>salt-run jobs.exit_success 20130916125524463507</code></example>
    [SaltRunner("jobs.exit_success")]
    public static async Task<MapValue> ExitSuccess(CallContext context, string jid, string? extSource = null)
    {
        var ended = new MapValue.Builder();
        if (await Find(context, jid, extSource).ConfigureAwait(false) is not { } job) return MapValue.Empty;
        foreach (var id in job.Expected) ended[id.Text] = job.Returns.FirstOrDefault(r => r.Id == id) is { } answer && answer.Return.IsTruthy;
        return ended.Build();
    }

    /// <summary>The last job, of a function or on a target where they are given.</summary>
    /// <param name="extSource">A returner to read from instead of the job store; none can be read so in this version.</param>
    /// <param name="outputter">The outputter to show it with.</param>
    /// <param name="metadata">Only jobs whose metadata has one of these pairs.</param>
    /// <param name="function">Only jobs of functions that match this glob.</param>
    /// <param name="target">Only jobs on targets that match this glob.</param>
    /// <param name="displayProgress">Accepted for compatibility; the answer comes at once.</param>
    /// <returns>Jid to the whole picture; false where there is none.</returns>
    /// <example><code>salt-run jobs.last_run function=test.ping</code></example>
    [SaltRunner("jobs.last_run")]
    public static async Task<Value> LastRun(CallContext context, string? extSource = null, string? outputter = null, MapValue? metadata = null,
        Value? function = null, Value? target = null, bool displayProgress = false)
    {
        var jobs = await ListJobs(context, extSource, null, metadata, function, target).ConfigureAwait(false);
        return jobs.Count == 0 ? false : await PrintJob(context, jobs[jobs.Count - 1].Key.ToString(), extSource).ConfigureAwait(false);
    }

    /// <summary>The jobs that minions say they run at this moment.</summary>
    /// <param name="displayProgress">Accepted for compatibility; nothing is shown while the minions are asked.</param>
    /// <returns>Jid to the job's picture with <c>Running</c> (maps of minion to process id) and <c>Returned</c> (minions that are done).</returns>
    /// <example><code>salt-run jobs.active</code></example>
    [SaltRunner("jobs.active")]
    public static async Task<MapValue> Active(CallContext context, bool displayProgress = false)
    {
        var minions = CallServices.Need(context.Services.Minions, "jobs.active asks the minions, and works on a running master");
        var request = new JobRequest { Function = "saltutil.running", Target = "*", User = context.Publish.TextOf("user") ?? "root" };
        var (timeout, gather) = Manage.ManageRunner.Patience(context.Options);
        var answers = await minions.CallAsync(request, timeout, gather, context.Stopped).ConfigureAwait(false);
        var active = new MapValue.Builder();
        foreach (var answer in answers.Returns)
            foreach (var job in (answer.Return as ListValue ?? ListValue.Empty).Items.OfType<MapValue>())
                if (job.TextOf("jid") is { } jid)
                {
                    var running = MapValue.Of((answer.Id.Text, job.Get("pid") ?? Value.Null));
                    active[jid] = active.Get(jid) is MapValue known
                        ? known.With("Running", known.ListOf("Running").Add(running))
                        : MapValue.Of(("Function", job.Get("fun") ?? ""), ("Arguments", job.Get("arg") ?? ListValue.Empty), ("Target", job.Get("tgt") ?? ""),
                            ("Target-type", job.Get("tgt_type") ?? "glob"), ("User", job.Get("user") ?? "root"), ("StartTime", JobPicture.Parse(jid).StartTime),
                            ("Running", ListValue.Create([running])), ("Returned", ListValue.Empty));
                }
        foreach (var (jid, picture) in active.Build())
            if (await Find(context, jid.ToString(), null).ConfigureAwait(false) is { } job)
                active[jid] = ((MapValue)picture).With("Returned", ListValue.OfTexts(job.Returns.Select(r => r.Id.Text)));
        return active.Build();
    }

    /// <summary>The runners that are at work on the master.</summary>
    /// <returns>A list of maps: <c>jid</c>, <c>fun</c>, <c>user</c>, <c>pid</c>, <c>start</c>.</returns>
    /// <example><code>salt-run jobs.master</code></example>
    [SaltRunner("jobs.master")]
    public static async Task<ListValue> Master(CallContext context) => ListValue.Create([.. (await CallServices
        .Need(context.Services.MasterState, "jobs.master looks at a running master").RunningAsync(context.Stopped).ConfigureAwait(false))
        .Where(r => r.TextOf("jid") != context.Jid)]);

    private static MapValue Shown(MapValue jobs, string? outputter) =>
        string.IsNullOrEmpty(outputter) ? jobs : MapValue.Of(("outputter", outputter), ("data", jobs));

    private static IJobQueries Store(CallContext context) =>
        CallServices.Need(context.Services.Jobs, "the jobs runner reads the master's job store, and works on a running master");

    private static Task<JobRecord?> Find(CallContext context, string jid, string? extSource)
    {
        RefuseSource(extSource);
        return Store(context).FindAsync(JobPicture.Parse(jid), context.Stopped);
    }

    private static void RefuseSource(string? extSource)
    {
        if (!string.IsNullOrEmpty(extSource)) throw new CommandFailed($"ext_source={extSource}: reading jobs from a returner is not available in this version; leave it out to read the master's job store");
    }

    private static bool HasOne(MapValue? metadata, MapValue wanted) =>
        metadata is not null && wanted.Any(pair => metadata.Get(pair.Key) is { } found && found.Equals(pair.Value));

    private static bool AnyGlob(Value? globs, Value? subject)
    {
        if (globs is null or NullValue) return true;
        var subjects = subject is ListValue several ? several.Items.Select(s => s.ToString()).ToList() : [subject?.ToString() ?? ""];
        var patterns = globs is ListValue list ? list.Items.Select(g => g.ToString()) : globs.ToString().Split(',').Select(g => g.Trim());
        return patterns.Any(glob => subjects.Any(s => NamePattern.Matches(glob, s)));
    }

    private static DateTime? Moment(string? text, string parameter) => string.IsNullOrEmpty(text) ? null
        : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment) ? moment
        : throw new CommandFailed($"{parameter}={text} is no time; as in '2026-11-22 10:00'");
}
