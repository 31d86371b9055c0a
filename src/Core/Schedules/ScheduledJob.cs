using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Core.Schedules;

/// <summary>What becomes of a scheduled job's return.</summary>
public enum ScheduleReturn
{
    /// <summary>Sent to the master, which keeps it as a job.</summary>
    Kept,
    /// <summary>Sent to the master, which makes an event of it and keeps nothing (<c>return_job: nocache</c>).</summary>
    NotKept,
    /// <summary>For returners alone (<c>return_job: False</c>).</summary>
    None,
}

/// <summary>A window of time, as texts that are read anew each time: <c>8:00am</c> is another moment every day.</summary>
/// <param name="IsInverted">True means all but the window.</param>
public sealed record ScheduleRange(string Start, string End, bool IsInverted)
{
    /// <summary>Whether a moment is inside, borders included. Null where a border cannot be read, or the end is not after the start.</summary>
    public (bool IsInside, DateTime End)? At(DateTime now) =>
        TimeTexts.TryRead(Start, now, out var start) && TimeTexts.TryRead(End, now, out var end) && end > start ? (start <= now && now <= end, end) : null;

    /// <summary>Reads <c>{start, end, invert}</c>; null (C#'s) where it is no such map.</summary>
    public static ScheduleRange? From(Value? value) => value is MapValue map && map.Get("start") is { } start && map.Get("end") is { } end
        ? new(start.ToString(), end.ToString(), map.Get("invert") is { IsTruthy: true }) : null;
}

/// <summary>A random delay of this many seconds, both ends included.</summary>
public sealed record ScheduleSplay(long From, long To)
{
    public TimeSpan Of(double chance) => TimeSpan.FromSeconds(From + Math.Floor((To - From + 1) * Math.Min(chance, 0.999999)));

    /// <summary>Reads a number (1 up to it) or <c>{start, end}</c>; null (C#'s) for none, and where the end is before the start.</summary>
    public static ScheduleSplay? Read(Value? value) => value switch
    {
        MapValue map when map.Get("start")?.AsInteger() is { } start && map.Get("end")?.AsInteger() is { } end && end >= start => new(start, end),
        MapValue or null => null,
        _ => Whole(value) is { } most and > 0 ? new(1, most) : null,
    };

    /// <summary>A whole number, also written as text; null (C#'s) where it is none.</summary>
    public static long? Whole(Value? value) => value switch
    {
        null => null,
        TextValue text => long.TryParse(text.Text, System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : null,
        FloatValue f => double.IsFinite(f.Number) ? (long)f.Number : null,
        _ => value.AsInteger(),
    };
}

/// <summary>One entry of <c>schedule</c>, read.</summary>
public sealed record ScheduledJob
{
    public required string Name { get; init; }
    public required string Function { get; init; }
    public CallArguments Arguments { get; init; } = CallArguments.None;
    /// <summary>The time between two runs (<c>seconds</c>, <c>minutes</c>, <c>hours</c>, <c>days</c> together); null for the other kinds.</summary>
    public TimeSpan? Every { get; init; }
    /// <summary>Texts of moments, or names of the map <c>whens</c> in pillar or grains.</summary>
    public ImmutableArray<string> When { get; init; } = [];
    public CronExpression? Cron { get; init; }
    public DateTime? Once { get; init; }
    public ImmutableArray<DateTime> RunExplicit { get; init; } = [];
    public ImmutableArray<DateTime> SkipExplicit { get; init; } = [];
    public ScheduleSplay? Splay { get; init; }
    public ScheduleRange? Range { get; init; }
    public ScheduleRange? SkipDuringRange { get; init; }
    public bool RunAfterSkipRange { get; init; }
    public string? After { get; init; }
    public string? Until { get; init; }
    public bool RunOnStart { get; init; }
    public bool IsEnabled { get; init; } = true;
    public bool IsDryRun { get; init; }
    /// <summary>False lets any number run at once, and hides the job from <c>saltutil.running</c>.</summary>
    public bool IncludesJid { get; init; } = true;
    public long MaxRunning { get; init; } = 1;
    public ScheduleReturn Return { get; init; }
    /// <summary>Returners of the job, with commas between; empty for none.</summary>
    public string Returners { get; init; } = "";
    public Value? ReturnConfig { get; init; }
    public Value? ReturnKwargs { get; init; }
    public MapValue? Metadata { get; init; }
    /// <summary>Why the job is never run; null where it is whole.</summary>
    public string? Error { get; init; }

    public bool HasTiming => Every is not null || When.Length > 0 || Cron is not null || Once is not null;

    /// <summary>Reads an entry. What cannot be used stands in <see cref="Error"/>: one bad job stops no other.</summary>
    public static ScheduledJob Read(string key, Value entry)
    {
        if (entry is not MapValue map) return new ScheduledJob { Name = key, Function = "", Error = $"Scheduled job \"{key}\" should have a dict value, not {entry.KindName}" };
        var name = map.Get("name") is { IsTruthy: true } given ? given.ToString() : key;
        var job = new ScheduledJob
        {
            Name = name,
            Function = (map.Get("function") ?? map.Get("func") ?? map.Get("fun"))?.ToString() ?? "",
            Arguments = new CallArguments([.. map.ListOf("args")], map.MapOf("kwargs")),
            When = map.Get("when") switch { null or NullValue => [], ListValue list => [.. list.Items.Select(w => w.ToString())], var one => [one.ToString()] },
            Splay = ScheduleSplay.Read(map.Get("splay")),
            Range = ScheduleRange.From(map.Get("range")),
            SkipDuringRange = ScheduleRange.From(map.Get("skip_during_range")),
            RunAfterSkipRange = map.Get("run_after_skip_range") is { IsTruthy: true },
            After = map.Get("after") is { IsTruthy: true } after ? after.ToString() : null,
            Until = map.Get("until") is { IsTruthy: true } until ? until.ToString() : null,
            RunOnStart = map.Get("run_on_start") is { IsTruthy: true },
            IsEnabled = map.Get("enabled") is null or { IsTruthy: true },
            IsDryRun = map.Get("dry_run") is { IsTruthy: true },
            IncludesJid = map.Get("jid_include") is null or { IsTruthy: true },
            MaxRunning = ScheduleSplay.Whole(map.Get("maxrunning")) ?? 1,
            Return = map.Get("return_job") switch { null => ScheduleReturn.Kept, TextValue { Text: "nocache" } => ScheduleReturn.NotKept, { IsTruthy: true } => ScheduleReturn.Kept, _ => ScheduleReturn.None },
            Returners = map.Get("returner") switch { null or NullValue => "", ListValue list => string.Join(',', list.Items), var one => one.ToString() },
            ReturnConfig = map.Get("return_config"),
            ReturnKwargs = map.Get("return_kwargs"),
            Metadata = map.Get("metadata") as MapValue,
        };
        try
        {
            return WithTiming(job, map);
        }
        catch (FormatException wrong)
        {
            return job with { Error = $"{wrong.Message}. Ignoring job {name}." };
        }
    }

    private static readonly (string Key, long Seconds)[] Units = [("seconds", 1), ("minutes", 60), ("hours", 3600), ("days", 86400)];

    private static ScheduledJob WithTiming(ScheduledJob job, MapValue map)
    {
        if (job.Function.Length == 0) throw new FormatException("It names no function");
        var units = Units.Where(u => map.Has(u.Key)).ToList();
        string[] kinds = [.. new[] { "when", "cron", "once" }.Where(map.Has)];
        if (kinds.Length > 1 || (kinds.Length == 1 && units.Count > 0))
            throw new FormatException($"Unable to use \"{string.Join("\", \"", kinds.Concat(units.Select(u => u.Key)))}\" options together");
        if (map.Has("range") && job.Range is null) throw new FormatException("Invalid, range must be specified as a dictionary");
        if (map.Has("skip_during_range") && job.SkipDuringRange is null) throw new FormatException("Invalid, range must be specified as a dictionary");
        job = job with { RunExplicit = Moments(map.ListOf("run_explicit")), SkipExplicit = Moments(map.ListOf("skip_explicit")) };
        if (units.Count > 0)
            return job with { Every = TimeSpan.FromSeconds(Math.Clamp(units.Sum(u => u.Seconds * (Number(map, u.Key) ?? throw new FormatException($"'{u.Key}' is no whole number"))), 1, int.MaxValue)) };
        if (map.Get("cron") is { } cron) return job with { Cron = CronExpression.Parse(cron.ToString()) };
        if (map.Get("once") is not { } once) return job;
        var format = map.TextOf("once_fmt") ?? TimeTexts.StandardFormat;
        return once is TimeValue time ? job with { Once = time.Time }
            : TimeTexts.TryReadExact(once.ToString(), format, out var moment) ? job with { Once = moment }
            : throw new FormatException($"Date string could not be parsed: {once}, {format}");
    }

    private static long? Number(MapValue map, string key) => ScheduleSplay.Whole(map.Get(key)) is { } n and > -int.MaxValue and < int.MaxValue ? n : null;

    private static ImmutableArray<DateTime> Moments(ListValue list) => [.. list.Items.Select(item => item switch
    {
        TimeValue time => time.Time,
        MapValue map when TimeTexts.TryReadExact(map.Get("time")?.ToString() ?? "", map.TextOf("time_fmt") ?? TimeTexts.StandardFormat, out var moment) => moment,
        _ when TimeTexts.TryRead(item.ToString(), DateTime.UnixEpoch, out var moment) => moment,
        _ => throw new FormatException($"Date string could not be parsed: {item}"),
    })];
}
