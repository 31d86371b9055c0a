using SaltActors.Core.Values;

namespace SaltActors.Core.Schedules;

/// <summary>What a command to the schedule came to.</summary>
/// <param name="Tag">The event that tells of it.</param>
/// <param name="Run">The job to run now; null for none.</param>
/// <param name="Warning">For the log; null for none.</param>
public sealed record ScheduleAnswer(ScheduleBook Book, string Tag, MapValue Data, bool IsToKeep, string? Run = null, string? Warning = null);

/// <summary>The commands to a schedule, as events <c>manage_schedule</c> carry them: <c>func</c>, <c>name</c>, <c>schedule</c>, <c>where</c>, <c>persist</c> and others.</summary>
/// <remarks>Names of commands, their fields, and the events that answer them: Salt 3006, salt/minion.py and salt/utils/schedule.py.</remarks>
public static class ScheduleCommands
{
    /// <summary>The event that carries a command.</summary>
    public const string ManageTag = "manage_schedule";
    private const string Prefix = "/salt/minion/minion_schedule_";

    /// <summary>Null (C#'s) where there is no such command.</summary>
    public static ScheduleAnswer? Apply(ScheduleBook book, MapValue command)
    {
        var name = command.Get("name")?.ToString() ?? "";
        var persists = command.Get("persist") is null or { IsTruthy: true };
        return command.TextOf("func") switch
        {
            "delete" => Changed(book, name, persists, "delete_complete", "delete", b => b.WithEntry(name, null)),
            "add" => Add(book, command.MapOf("schedule"), persists),
            "modify" => Changed(book, name, persists, "delete_complete", "modify", b => b.WithEntry(name, command.Get("schedule") ?? MapValue.Empty)),
            "enable_job" => Changed(book, name, persists, "enabled_job_complete", "modify", b => b.WithFields(name, e => e.With("enabled", true))),
            "disable_job" => Changed(book, name, persists, "disabled_job_complete", "modify", b => b.WithFields(name, e => e.With("enabled", false))),
            "postpone_job" => Changed(book, name, false, "postpone_job_complete", "modify", b => b.WithFields(name, e =>
                Plus(Plus(e, "skip_explicit", command.Get("time"), command), "run_explicit", command.Get("new_time"), command))),
            "skip_job" => Changed(book, name, false, "skip_job_complete", "modify", b => b.WithFields(name, e => Plus(e, "skip_explicit", command.Get("time"), command))),
            "enable" => Set(book, true, persists, "enabled_complete"),
            "disable" => Set(book, false, persists, "disabled_complete"),
            "reload" => Reload(book, command.MapOf("schedule")),
            "list" => new(book, Prefix + "list_complete", Complete(("schedule", book.Shown(command.TextOf("where")))), false),
            "save_schedule" => new(book, Prefix + "saved", Complete(), true),
            "run_job" => new(book, Prefix + "run_job_complete", Complete(("schedule", book.Shown(null))), false, Run: name),
            "get_next_fire_time" => new(book, Prefix + "next_fire_time_complete", Complete(("next_fire_time", NextFireTime(book, name))), false),
            "job_status" => new(book, Prefix + "job_status_complete", Complete(("data", book.ShownJob(name))), false),
            _ => null,
        };
    }

    private static Value NextFireTime(ScheduleBook book, string name) =>
        book.Entries.Has(name) && book.StateOf(ScheduledJob.Read(name, book.Entries.Get(name)!).Name).NextFire is { } next ? TimeTexts.Write(next, TimeTexts.StandardFormat) : Value.Null;

    private static ScheduleAnswer Changed(ScheduleBook book, string name, bool persists, string tag, string verb, Func<ScheduleBook, ScheduleBook> change)
    {
        var isOwn = book.Own.Has(name);
        var next = isOwn ? change(book) : book;
        return new(next, Prefix + tag, Complete(("schedule", next.Shown(null))), isOwn && persists,
            Warning: !isOwn && book.Pillar.Has(name) ? $"Cannot {verb} job {name}, it's in the pillar!" : null);
    }

    private static ScheduleAnswer Add(ScheduleBook book, MapValue added, bool persists)
    {
        string? warning = null;
        var next = book;
        if (added.Count != 1) warning = $"one new job at a time can be scheduled, found {added.Count}";
        else if (added[0] is { Key: var key, Value: var entry } && book.Pillar.Has(key)) warning = $"Cannot update job {key}, it's in the pillar!";
        else next = book.WithEntry(key.ToString(), entry is MapValue job && !job.Has("enabled") ? job.With("enabled", true) : entry);
        return new(next, Prefix + "add_complete", Complete(("schedule", next.Shown(null))), persists && warning is null, Warning: warning);
    }

    private static ScheduleAnswer Set(ScheduleBook book, bool isEnabled, bool persists, string tag)
    {
        var next = book with { Own = book.Own.With("enabled", isEnabled) };
        return new(next, Prefix + tag, Complete(("schedule", next.Shown(null))), persists);
    }

    private static ScheduleAnswer Reload(ScheduleBook book, MapValue read)
    {
        var entries = read.Has("schedule") ? read.MapOf("schedule") : read;
        var next = book with { Own = book.Own.Over(entries), States = book.States.Clear() };
        return new(next, Prefix + "reload_complete", Complete(("schedule", next.Shown(null))), false);
    }

    private static MapValue Plus(MapValue entry, string list, Value? time, MapValue command) => entry.With(list,
        entry.ListOf(list).Add(MapValue.Of(("time", time ?? Value.Null), ("time_fmt", command.TextOf("time_fmt") ?? TimeTexts.StandardFormat))));

    private static MapValue Complete(params ReadOnlySpan<(string, Value)> fields) => MapValue.Of(("complete", true)).Over(MapValue.Of(fields));
}
