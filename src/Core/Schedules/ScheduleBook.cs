using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Core.Schedules;

/// <summary>A daemon's whole schedule: the entries of its configuration, those of its pillar, and what is known of each job.</summary>
public sealed record ScheduleBook
{
    private static readonly ImmutableHashSet<string> Settings = ["enabled", "skip_function", "skip_during_range", "splay"];

    public static readonly ScheduleBook Empty = new();
    /// <summary>The map <c>schedule</c> of the configuration: what functions may change, and what is kept on disk.</summary>
    public MapValue Own { get; init; } = MapValue.Empty;
    /// <summary>The map <c>schedule</c> of the pillar; an entry of the configuration with the same name hides one of these.</summary>
    public MapValue Pillar { get; init; } = MapValue.Empty;
    public MapValue Whens { get; init; } = MapValue.Empty;
    public ImmutableDictionary<string, ScheduledJobState> States { get; init; } = ImmutableDictionary<string, ScheduledJobState>.Empty;

    /// <summary>Settings and jobs, the configuration's over the pillar's.</summary>
    public MapValue Entries => Pillar.Over(Own);

    public static bool IsSetting(string key) => Settings.Contains(key);

    /// <summary>What is kept on disk: the configuration's entries but for the daemon's own jobs, which it adds at each start.</summary>
    public MapValue Kept => MapValue.From(Own.Where(e => !e.Key.ToString().StartsWith("__", StringComparison.Ordinal))
        .Select(e => KeyValuePair.Create(e.Key, e.Value is MapValue job ? MapValue.From(job.Where(f => !f.Key.ToString().StartsWith('_'))) : e.Value)));

    /// <summary>The jobs, read; settings are left out.</summary>
    public IEnumerable<ScheduledJob> Jobs => Entries.Where(e => !IsSetting(e.Key.ToString())).Select(e => ScheduledJob.Read(e.Key.ToString(), e.Value));

    public ScheduledJobState StateOf(string name) => States.GetValueOrDefault(name, ScheduledJobState.Fresh);

    /// <summary>The schedule as <c>schedule.list</c> and events show it: entries with what is known of their jobs.</summary>
    /// <param name="where"><c>opts</c>, <c>pillar</c>, or anything else for both.</param>
    public MapValue Shown(string? where)
    {
        var entries = where switch { "opts" => Own, "pillar" => Pillar, _ => Entries };
        return MapValue.From(entries.Select(e => KeyValuePair.Create(e.Key, e.Value is MapValue job && !IsSetting(e.Key.ToString()) ? ShownJob(e.Key.ToString(), job) : e.Value)));
    }

    public MapValue ShownJob(string key) => Entries.Get(key) is MapValue entry ? ShownJob(key, entry) : MapValue.Empty;

    private MapValue ShownJob(string key, MapValue entry)
    {
        var job = ScheduledJob.Read(key, entry);
        return StateOf(job.Name).Over(entry, job);
    }

    public ScheduleView ViewAt(DateTime now, int running, double chance) => new(now, running, chance)
    {
        IsEnabled = Entries.Get("enabled") is null or { IsTruthy: true },
        SkipFunction = Entries.Get("skip_function") is { IsTruthy: true } function ? function.ToString() : null,
        SkipDuringRange = ScheduleRange.From(Entries.Get("skip_during_range")),
        Splay = ScheduleSplay.Read(Entries.Get("splay")),
        Whens = Whens,
    };

    public ScheduleBook With(string name, ScheduledJobState state) => this with { States = States.SetItem(name, state) };

    /// <summary>The same schedule with another pillar; a job whose entry is another now begins anew.</summary>
    public ScheduleBook WithPillar(MapValue pillar, MapValue grains)
    {
        var next = this with { Pillar = pillar.MapOf("schedule"), Whens = grains.MapOf("whens").Over(pillar.MapOf("whens")) };
        return next with { States = States.RemoveRange(States.Keys.Where(name => next.Entries.Get(name) is not { } entry || !entry.Equals(Entries.Get(name)))) };
    }

    /// <summary>The same schedule with one entry of the configuration set, or removed where <paramref name="entry"/> is null; its job begins anew.</summary>
    public ScheduleBook WithEntry(string name, Value? entry) => this with
    {
        Own = entry is null ? Own.Without(name) : Own.With(name, entry),
        States = States.Remove(name),
    };

    /// <summary>Changes fields of one entry and keeps what is known of its job.</summary>
    public ScheduleBook WithFields(string name, Func<MapValue, MapValue> change) =>
        Own.Get(name) is MapValue entry ? this with { Own = Own.With(name, change(entry)) } : this;
}
