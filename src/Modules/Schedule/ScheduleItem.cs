using SaltActors.Core.Schedules;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Schedule;

/// <summary>A job's entry as <c>schedule.add</c> and <c>schedule.modify</c> make it of their arguments.</summary>
internal static class ScheduleItem
{
    private static readonly string[] Units = ["seconds", "minutes", "hours", "days"];
    private static readonly string[] Passed =
        ["range", "when", "once", "once_fmt", "cron", "returner", "after", "return_config", "return_kwargs", "until", "run_on_start", "skip_during_range"];

    /// <summary>Times that do not go together.</summary>
    /// <returns>The text for the user; null where all is well.</returns>
    public static string? Conflict(MapValue arguments, string unitsText)
    {
        if (Units.Any(arguments.Has) && (arguments.Has("when") || arguments.Has("cron"))) return unitsText;
        return arguments.Has("when") && arguments.Has("cron") ? "Unable to use \"when\" and \"cron\" options together.  Ignoring." : null;
    }

    /// <returns>The entry; with a text, the answer <c>{comment, result}</c> of a call that cannot be done.</returns>
    public static (MapValue Entry, string? Problem) Build(string name, MapValue arguments)
    {
        if (Conflict(arguments, "Unable to use \"seconds\", \"minutes\", \"hours\", or \"days\" with \"when\" or \"cron\" options.") is { } conflict) return (MapValue.Empty, conflict);
        if (arguments.Get("function") is not { IsTruthy: true } function) return (MapValue.Empty, $"the job {name} needs a function");
        var entry = new MapValue.Builder { ["function"] = function };
        foreach (var unit in Units.Concat(["return_job", "metadata"]))
            if (arguments.Get(unit) is { } value) entry[unit] = value;
        if (arguments.Get("job_args") is { } args)
        {
            if (args is not ListValue) return (MapValue.Empty, "job_args is not a list. please correct and try again.");
            entry["args"] = args;
        }
        if (arguments.Get("job_kwargs") is { } kwargs)
        {
            if (kwargs is not MapValue) return (MapValue.Empty, "job_kwargs is not a dict. please correct and try again.");
            entry["kwargs"] = kwargs;
        }
        entry["maxrunning"] = arguments.Get("maxrunning") ?? 1;
        entry["name"] = arguments.Get("name") ?? name;
        entry["enabled"] = arguments.Get("enabled") ?? true;
        if (arguments.Get("jid_include") is null or { IsTruthy: true }) entry["jid_include"] = true;
        if (arguments.Get("splay") is { } splay)
            entry["splay"] = splay is MapValue map ? MapValue.Of(("start", map.Get("start") ?? Value.Null), ("end", map.Get("end") ?? Value.Null)) : splay;
        if (arguments.Get("when") is { } when)
            foreach (var one in when is ListValue list ? list : [when])
                if (!TimeTexts.TryRead(one.ToString(), DateTime.UnixEpoch, out _)) return (MapValue.Empty, $"Schedule item {one} for \"when\" in invalid.");
        foreach (var key in Passed)
            if (arguments.Get(key) is { } value) entry[key] = value;
        // A cron expression that nobody can read is better said here than in the log of the minion.
        if (arguments.Get("cron") is { } cron && Unreadable(cron.ToString()) is { } wrong) return (MapValue.Empty, wrong);
        return (entry.Build(), null);
    }

    private static string? Unreadable(string cron)
    {
        try
        {
            CronExpression.Parse(cron);
            return null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }
}
