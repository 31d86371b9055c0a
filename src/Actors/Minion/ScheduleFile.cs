using SaltActors.Core.Schedules;
using SaltActors.Core.Values;
using SaltActors.Rendering.Yaml;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Minion;

/// <summary>The schedule on disk, <c>minion.d/_schedule.conf</c>: read as any file of the configuration at a start, written when a function changes the schedule.</summary>
public static class ScheduleFile
{
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public static void Write(string path, MapValue schedule)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        PrivateFiles.Write(path, YamlDumper.Dump(MapValue.Of(("schedule", schedule))));
    }

    /// <summary>The jobs that a minion adds to its schedule by itself.</summary>
    /// <remarks>Salt 3006, salt/minion.py: <c>mine.update</c> every <c>mine_interval</c> minutes, unless <c>mine_enabled</c> is false.</remarks>
    public static MapValue OwnJobs(MapValue options)
    {
        if (options.Get("mine_enabled") is { IsTruthy: false }) return MapValue.Empty;
        var minutes = ScheduleSplay.Whole(options.Get("mine_interval")) is { } given and > 0 ? given : 60;
        return MapValue.Of(("__mine_interval", MapValue.Of(
            ("function", "mine.update"), ("minutes", minutes), ("jid_include", true), ("maxrunning", 2), ("run_on_start", true),
            ("return_job", options.Get("mine_return_job") ?? false))));
    }
}
