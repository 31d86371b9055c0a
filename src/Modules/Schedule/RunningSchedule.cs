using SaltActors.Core.Functions;
using SaltActors.Core.Schedules;
using SaltActors.Core.Values;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Modules.Schedule;

/// <summary>The schedule as functions meet it: the daemon's, or its file on disk where they are told to work without one (<c>offline</c>).</summary>
internal static class RunningSchedule
{
    // What is shown of a job; everything else is the daemon's own knowledge.
    private static readonly HashSet<string> ShownFields =
    [
        "name", "maxrunning", "function", "splay", "range", "when", "once", "once_fmt", "returner", "jid_include", "args", "kwargs", "_seconds", "seconds", "minutes",
        "hours", "days", "enabled", "return_job", "metadata", "cron", "until", "after", "return_config", "return_kwargs", "run_on_start", "skip_during_range", "run_after_skip_range",
    ];

    private static readonly HashSet<string> Settings = ["enabled", "skip_function", "skip_during_range"];

    /// <summary>Does one command; the data of the event that tells of it, or null (C#'s) where no daemon runs the call.</summary>
    public static Task<MapValue?> AskAsync(CallContext context, string command, params ReadOnlySpan<(string, Value)> fields) =>
        context.Services.Schedule is { } schedule ? schedule.AskAsync(MapValue.Of(("func", command)).Over(MapValue.Of(fields)), context.Stopped) : Task.FromResult<MapValue?>(null);

    /// <summary>The jobs as <c>schedule.list</c> shows them, and the settings of the whole schedule.</summary>
    /// <param name="where"><c>opts</c>, <c>pillar</c>, or null for both.</param>
    public static async Task<MapValue> ListAsync(CallContext context, bool showAll = true, bool showDisabled = true, string? where = null, bool offline = false)
    {
        var schedule = offline ? Saved(context) : (await AskAsync(context, "list", ("where", where)).ConfigureAwait(false))?.MapOf("schedule") ?? MapValue.Empty;
        var shown = new MapValue.Builder(schedule.Count);
        foreach (var (key, value) in schedule)
        {
            var name = key.ToString();
            if (Settings.Contains(name)) shown[key] = value;
            else if ((showAll || !name.StartsWith("__", StringComparison.Ordinal)) && value is MapValue job && Shown(job) is { } one && (showDisabled || one.Get("enabled") is { IsTruthy: true })) shown[key] = one;
        }
        return shown.Build();
    }

    private static MapValue Shown(MapValue job)
    {
        var shown = new MapValue.Builder(job.Count);
        foreach (var (key, value) in job)
            if (ShownFields.Contains(key.ToString()) && key.ToString() != "_seconds" && !value.IsNull)
                shown[key] = value.AsText() switch { "true" => true, "false" => false, _ => value };
        if (!shown.Has("enabled")) shown["enabled"] = true;
        return shown.Build();
    }

    /// <summary>What the file holds; empty where there is none.</summary>
    /// <exception cref="CommandFailed">The file is no YAML, or may not be read.</exception>
    public static MapValue Saved(CallContext context)
    {
        if (ScheduleFilePath.For(context.Options) is not { } path || !File.Exists(path)) return MapValue.Empty;
        try
        {
            return YamlLoader.Load(File.ReadAllText(path), path) is MapValue file ? file.MapOf("schedule") : MapValue.Empty;
        }
        catch (Exception cause) when (cause is YamlBroken or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"the saved schedule {path} cannot be read: {cause.Message}");
        }
    }

    /// <exception cref="CommandFailed">The file may not be written.</exception>
    public static void Save(CallContext context, MapValue schedule)
    {
        var path = ScheduleFilePath.For(context.Options) ?? throw new CommandFailed("the schedule cannot be saved: no configuration folder is known here");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var fresh = $"{path}.{Guid.NewGuid():N}";
            File.WriteAllText(fresh, YamlDumper.Dump(MapValue.Of(("schedule", schedule))));
            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"the schedule cannot be saved in {path}: {cause.Message}");
        }
    }

    /// <summary>Where a job stands: <c>opts</c>, <c>pillar</c>, or null (C#'s) where there is none of that name.</summary>
    public static async Task<string?> PlaceOfAsync(CallContext context, string name)
    {
        foreach (var place in (string[])["opts", "pillar"])
            if ((await ListAsync(context, where: place).ConfigureAwait(false)).Has(name)) return place;
        return null;
    }
}
