using SaltActors.Core.Functions;
using SaltActors.Modules.Grains.Machines;
using SaltActors.Modules.Grains.Os;
using SaltActors.Modules.Status;

namespace SaltActors.Modules.Clock;

/// <summary>The module <c>timezone</c>: where the machine's clock is.</summary>
/// <remarks>Follows Salt 3006, salt/modules/timezone.py; read from the files that <c>timedatectl</c> keeps, so that it works without systemd too.</remarks>
public static class TimezoneModule
{
    private static readonly LocalMachine Machine = new();

    /// <summary>The name of the local zone, as <c>Europe/Berlin</c>.</summary>
    /// <exception cref="CommandFailed">No file names it.</exception>
    /// <example><code>salt '*' timezone.get_zone</code></example>
    [SaltFunction("timezone.get_zone")]
    public static string GetZone() => ZoneFiles.Name(Machine) ?? throw new CommandFailed("The time zone has no name: neither the link /etc/localtime nor /etc/timezone gives one");

    /// <summary>The short name of the local zone right now, as <c>CEST</c>.</summary>
    /// <example><code>salt '*' timezone.get_zonecode</code></example>
    [SaltFunction("timezone.get_zonecode")]
    public static string GetZonecode(CallContext context) => TimeZoneName.Of(Machine, context.Clock.GetUtcNow());

    /// <summary>How far the local time is from UTC, as <c>+0200</c>.</summary>
    /// <example><code>salt '*' timezone.get_offset</code></example>
    [SaltFunction("timezone.get_offset")]
    public static string GetOffset(CallContext context) => TimeText.Offset(context.Clock.GetLocalNow().Offset);

    /// <summary>Whether the local zone is this one.</summary>
    /// <param name="timezone">A zone's name; another name for the same rules counts too.</param>
    /// <exception cref="NamedError">There is no such zone.</exception>
    /// <example><code>salt '*' timezone.zone_compare 'America/Denver'</code></example>
    [SaltFunction("timezone.zone_compare")]
    public static bool ZoneCompare(string timezone) => ZoneFiles.IsLocal(Machine, timezone);

    /// <summary>Moves the machine into another zone.</summary>
    /// <param name="timezone">The zone's name.</param>
    /// <returns><c>True</c>; a text where there is no such zone.</returns>
    /// <exception cref="CommandFailed">The files may not be written.</exception>
    /// <example><code>salt '*' timezone.set_zone 'America/Denver'</code></example>
    [SaltFunction("timezone.set_zone")]
    public static Core.Values.Value SetZone(string timezone)
    {
        if (ZoneFiles.PathOf(Machine, timezone) is not { } zone) return $"Zone does not exist: {ZoneFiles.Folder}{timezone}";
        ZoneFiles.Set(zone, timezone, "/etc");
        return true;
    }

    /// <summary>What the hardware clock counts: <c>UTC</c> or <c>LOCAL</c>.</summary>
    /// <example><code>salt '*' timezone.get_hwclock</code></example>
    [SaltFunction("timezone.get_hwclock")]
    public static string GetHwclock() => ZoneFiles.HardwareClock(Machine);

    /// <summary>Says what the hardware clock counts.</summary>
    /// <param name="clock"><c>UTC</c> or <c>localtime</c>.</param>
    /// <returns>Whether it was set.</returns>
    /// <exception cref="NamedError">Another word.</exception>
    /// <example><code>salt '*' timezone.set_hwclock UTC</code></example>
    [SaltFunction("timezone.set_hwclock")]
    public static async Task<bool> SetHwclock(CallContext context, string clock)
    {
        var isLocal = clock.ToLowerInvariant() switch
        {
            "utc" => false,
            "localtime" or "local" => true,
            _ => throw new NamedError("SaltInvocationError", $"localtime and UTC are the only permitted values, found '{clock}'"),
        };
        return (await Machine.NeedMergedAsync("timedatectl", ["set-local-rtc", isLocal ? "true" : "false"], context.Stopped).ConfigureAwait(false)).Code == 0;
    }
}
