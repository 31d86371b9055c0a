using SaltActors.Core.Functions;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Clock;

/// <summary>The files that say in which zone a machine is.</summary>
internal static class ZoneFiles
{
    public const string Folder = "/usr/share/zoneinfo/";
    private const string Local = "/etc/localtime";

    /// <summary>The zone's name, or null where no file gives it.</summary>
    public static string? Name(IMachine machine)
    {
        if (machine.LinkTarget(Local) is { } target && target.IndexOf("zoneinfo/", StringComparison.Ordinal) is >= 0 and var at) return target[(at + "zoneinfo/".Length)..];
        return machine.ReadTrimmed("/etc/timezone") is { Length: > 0 } name ? name : null;
    }

    /// <summary>The file with a zone's rules, or null where there is no such zone; a name that leads out of the folder has none.</summary>
    public static string? PathOf(IMachine machine, string zone) =>
        zone.Length > 0 && zone[0] != '/' && !zone.Split('/').Contains("..") && machine.HasFile(Folder + zone) ? Folder + zone : null;

    /// <summary>The names match, or the rules do to the byte.</summary>
    /// <exception cref="NamedError">There is no such zone.</exception>
    public static bool IsLocal(IMachine machine, string zone)
    {
        var path = PathOf(machine, zone) ?? throw new NamedError("SaltInvocationError", $"Can't find a local timezone \"{zone}\"");
        if (machine.ReadBytes(Local) is { } local) return machine.ReadBytes(path).AsSpan().SequenceEqual(local);
        return Name(machine) == zone;
    }

    /// <summary>The third line of adjtime(5); without that file the clock counts UTC.</summary>
    public static string HardwareClock(IMachine machine) => machine.ReadLines("/etc/adjtime").ElementAtOrDefault(2)?.Trim() == "LOCAL" ? "LOCAL" : "UTC";

    /// <param name="etc">The folder of both files.</param>
    /// <exception cref="CommandFailed">They may not be written.</exception>
    public static void Set(string zoneFile, string name, string etc)
    {
        var link = Path.Join(etc, "localtime");
        try
        {
            var fresh = link + ".new";
            File.Delete(fresh);
            File.CreateSymbolicLink(fresh, zoneFile);
            File.Move(fresh, link, overwrite: true);
            File.WriteAllText(Path.Join(etc, "timezone"), name + "\n");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"{link} cannot be set to {zoneFile}: {cause.Message}");
        }
    }
}
