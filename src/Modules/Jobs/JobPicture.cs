using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Jobs;

/// <summary>A job as the <c>jobs</c> runner shows it.</summary>
internal static class JobPicture
{
    /// <summary><c>Function</c>, <c>Arguments</c>, <c>Target</c>, <c>Target-type</c>, <c>User</c>, <c>StartTime</c>, and <c>Metadata</c> where there is some.</summary>
    internal static MapValue Short(JobRecord job)
    {
        var load = job.Load;
        var picture = new MapValue.Builder
        {
            ["Function"] = load.Get("fun") ?? "unknown-function",
            ["Arguments"] = load.Get("arg") ?? ListValue.Empty,
            ["Target"] = load.Get("tgt") ?? "unknown-target",
            ["Target-type"] = load.Get("tgt_type") ?? "list",
            ["User"] = load.Get("user") ?? "root",
            ["StartTime"] = job.Jid.StartTime,
        };
        if (Metadata(load) is { } metadata) picture["Metadata"] = metadata;
        return picture.Build();
    }

    /// <summary>The short picture with <c>jid</c> first, <c>Minions</c>, and <c>Result</c>: id to <c>return</c>, <c>retcode</c>, <c>success</c>, <c>out</c>.</summary>
    /// <param name="hasEnd">Show <c>EndTime</c>, where it has ended (<c>job_cache_store_endtime</c>).</param>
    internal static MapValue Whole(JobRecord job, bool hasEnd)
    {
        var results = new MapValue.Builder();
        foreach (var answer in job.Returns) results[answer.Id.Text] = Result(answer.Load);
        var whole = MapValue.Of(("jid", job.Jid.Text))
            .Over(Short(job))
            .With("Minions", ListValue.OfTexts(job.Expected.Select(m => m.Text).Order(StringComparer.Ordinal)))
            .With("Result", results.Build());
        return hasEnd && job.Ended is { } ended ? whole.With("EndTime", ended.UtcDateTime.ToString("yyyy, MMM dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture)) : whole;
    }

    internal static Value? Metadata(MapValue load) =>
        (load.Get("metadata") ?? load.MapOf("kwargs").Get("metadata")) is { IsTruthy: true } metadata ? metadata : null;

    private static MapValue Result(MapValue load)
    {
        var result = new MapValue.Builder { ["return"] = load.Get("return") ?? Value.Null };
        foreach (var field in (ReadOnlySpan<string>)["retcode", "success", "out"])
            if (load.Get(field) is { } value) result[field] = value;
        return result.Build();
    }

    internal static Jid Parse(string text) =>
        Jid.TryParse(text, out var jid) ? jid : throw new CommandFailed($"'{text}' is no job id: 20 digits of UTC time were expected, as salt-run jobs.list_jobs shows them");
}
