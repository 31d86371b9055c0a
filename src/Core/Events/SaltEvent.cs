using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Core.Events;

/// <summary>Something that happened, as the event bus carries it: a tag and a map of data.</summary>
/// <remarks>The bus adds <c>_stamp</c> (UTC, ISO 8601 with microseconds, no zone) where the sender gave none.</remarks>
public sealed record SaltEvent(string Tag, MapValue Data)
{
    public const string StampKey = "_stamp";

    public SaltEvent Stamped(TimeProvider clock) =>
        Data.Has(StampKey) ? this : this with { Data = Data.With(StampKey, Stamp(clock)) };

    public static string Stamp(TimeProvider clock) =>
        clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The tags that Salt gives its own events.</summary>
public static class EventTags
{
    public const string Auth = "salt/auth", Key = "salt/key", KeyRotated = "key",
        PresenceChange = "salt/presence/change", PresencePresent = "salt/presence/present", LegacyMinionStart = "minion_start";

    public static string JobNew(Jid jid) => $"salt/job/{jid}/new";
    public static string JobReturn(Jid jid, MinionId id) => $"salt/job/{jid}/ret/{id}";
    public static string JobReturns(Jid jid) => $"salt/job/{jid}/ret/";
    public static string JobError(Jid jid) => $"salt/job/{jid}/error";
    public static string JobOf(Jid jid) => $"salt/job/{jid}";
    public static string MinionStart(MinionId id) => $"salt/minion/{id}/start";
    public static string MinionRefresh(MinionId id) => $"minion/refresh/{id}";
    public static string RunNew(Jid jid) => $"salt/run/{jid}/new";
    public static string RunReturn(Jid jid) => $"salt/run/{jid}/ret";
    public static string Wheel(Jid jid) => $"salt/wheel/{jid}";
    public static string WheelNew(Jid jid) => $"salt/wheel/{jid}/new";
    public static string WheelReturn(Jid jid) => $"salt/wheel/{jid}/ret";

    /// <summary>
    /// Tags that only a master may fire. A minion that sends one is refused: it could forge a return, a key or a run
    /// (CVE-2025-22239). Its own start event and beacons are its own.
    /// </summary>
    public static bool IsReservedForMaster(string tag, MinionId sender)
    {
        if (tag == KeyRotated || Jid.TryParse(tag, out _)) return true;
        if (!tag.StartsWith("salt/", StringComparison.Ordinal)) return false;
        if (tag == MinionStart(sender) || tag == $"salt/syndic/{sender}/start") return false;
        if (tag.StartsWith($"salt/beacon/{sender}/", StringComparison.Ordinal)) return false;
        return Reserved.Any(prefix => tag.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static readonly string[] Reserved =
    [
        "salt/auth", "salt/key", "salt/job/", "salt/run/", "salt/wheel/", "salt/presence", "salt/minion/", "salt/syndic/", "salt/beacon/",
        "salt/batch/", "salt/cloud/", "salt/fileserver/", "salt/stats/", "salt/reactors/", "salt/netapi/", "salt/event/",
    ];
}
