using System.Diagnostics;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master;

/// <summary>How the master is, as figures and as sentences: for <c>manage.health</c> and the meters.</summary>
public sealed class MasterHealth(MasterParts parts)
{
    private const long LittleDisk = 512L << 20;
    private readonly DateTimeOffset _started = parts.Clock.GetUtcNow();

    public TimeSpan Uptime => parts.Clock.GetUtcNow() - _started;
    public int Keys(KeyState state) => parts.Keys.Count(state);
    public long FreeDisk => new DriveInfo(parts.Options.CacheDir).AvailableFreeSpace;

    /// <param name="connected">How many minions hold a connection.</param>
    public MapValue Describe(int connected)
    {
        using var process = Process.GetCurrentProcess();
        var (free, problems) = (FreeDisk, new List<string>());
        if (free < LittleDisk) problems.Add($"only {free >> 20} MiB are free in {parts.Options.CacheDir}: jobs and returns are refused where the disk is full");
        if (Keys(KeyState.Denied) is > 0 and var denied) problems.Add($"{denied} keys are denied: another machine uses the name of an accepted minion, or it was set up anew; see salt-key -l denied");
        if (parts.RequestPort.Counters.Dropped is > 0 and var lost) problems.Add($"{lost} requests were lost because too many waited: more worker_threads, or fewer minions at this master");
        if (parts.PublishPort.Counters.Dropped is > 0 and var unread) problems.Add($"{unread} published messages were lost for minions that read too slowly (pub_hwm is {parts.Options.PubHwm})");
        if (parts.Restarts.Total is > 0 and var restarts) problems.Add($"{restarts} restarts of actors; see the log, and salt-run cluster.tree");
        return MapValue.Of(
            ("version", Core.Identity.SaltVersion.Text),
            ("node", parts.NodeName()),
            ("uptime_seconds", (long)Uptime.TotalSeconds),
            ("keys", MapValue.From(KeyStates.All.Select(s => KeyValuePair.Create(s.Folder(), (Value)(long)Keys(s))))),
            ("minions_connected", connected),
            ("requests", MapValue.Of(("taken", parts.RequestPort.Counters.Received), ("dropped", parts.RequestPort.Counters.Dropped), ("refused", parts.RefusalLog.Total))),
            ("published", MapValue.Of(("sent", parts.PublishPort.Counters.Sent), ("dropped", parts.PublishPort.Counters.Dropped))),
            ("events", MapValue.Of(("readers", parts.EventPort.Readers), ("dropped", parts.EventPort.Counters.Dropped))),
            ("runners", MapValue.Of(("running", parts.Running.All.Length), ("begun", parts.Running.Begun))),
            ("aes_key_age_seconds", (long)parts.Identity.EpochAge.TotalSeconds),
            ("memory_bytes", process.WorkingSet64),
            ("disk_free_bytes", free),
            ("problems", ListValue.OfTexts(problems)));
    }
}
