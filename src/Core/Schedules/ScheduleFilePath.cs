using SaltActors.Core.Values;

namespace SaltActors.Core.Schedules;

/// <summary>Where a daemon keeps its schedule: <c>_schedule.conf</c> in the folder of <c>default_include</c>, read as any file of the configuration at a start.</summary>
public static class ScheduleFilePath
{
    private const string Name = "_schedule.conf", StandardInclude = "minion.d/*.conf";

    /// <summary>Null where no configuration folder is known.</summary>
    public static string? For(MapValue options) =>
        (options.TextOf("conf_dir") ?? options.TextOf("config_dir") ?? Path.GetDirectoryName(options.TextOf("conf_file"))) is { Length: > 0 } folder
            ? Path.Combine(folder, Path.GetDirectoryName(options.TextOf("default_include") ?? StandardInclude) ?? "", Name) : null;
}
