namespace SaltActors.Actors.Minion.Doctor;

/// <summary>Whether the minion can keep what it must: keys, grains, returns that wait.</summary>
public static class DiskCheck
{
    private const long Little = 100L << 20, VeryLittle = 5L << 20;

    public static Finding Look(MinionOptions options)
    {
        foreach (var folder in (ReadOnlySpan<string>)[options.PkiDir, options.CacheDir])
            if (Trouble(folder) is { } trouble) return new Finding("disk", Health.Broken, trouble);
        var free = new DriveInfo(options.CacheDir).AvailableFreeSpace;
        return free < VeryLittle ? new("disk", Health.Broken, $"only {free >> 10} KiB are free in {options.CacheDir}: returns cannot be kept until the master takes them; make room")
            : free < Little ? new("disk", Health.Weak, $"only {free >> 20} MiB are free in {options.CacheDir}")
            : new("disk", Health.Good, $"{options.PkiDir} and {options.CacheDir} can be written, {free >> 30} GiB are free");
    }

    private static string? Trouble(string folder)
    {
        var probe = Path.Combine(folder, $".doctor-{Guid.NewGuid():N}");
        try
        {
            if (!Directory.Exists(folder)) return $"{folder} does not exist: start salt-minion once, as the user it is to run as";
            File.WriteAllText(probe, "x");
            File.Delete(probe);
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return $"{folder} cannot be written by {Environment.UserName}: {cause.Message}; run as the minion's user, or give the folder to it";
        }
    }
}
