using System.Collections.Immutable;
using SaltActors.Actors.Master.Jobs.Archive;
using SaltActors.Core.Functions;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Jobs.Returners;

/// <summary>Which returners the master writes to and reads from: <c>master_job_cache</c>, <c>ext_job_cache</c>, <c>event_return</c> and what belongs to them.</summary>
/// <remarks>
/// The master's own archive is always written (but for <c>job_cache: False</c>); a returner in <c>master_job_cache</c> gets everything besides.
/// With <c>ext_job_cache</c> the minions return there by themselves, and it gets the loads from here.
/// </remarks>
public sealed record JobCacheOptions
{
    public static readonly JobCacheOptions Local = new();

    /// <summary>False: no job and no return is kept (<c>job_cache: False</c>).</summary>
    public bool IsKept { get; init; } = true;

    public ImmutableArray<OutgoingTarget> Targets { get; init; } = [];

    /// <summary>The returner that look-ups ask besides the archive; null for the archive alone.</summary>
    public string? Reader { get; init; }

    /// <summary>The returners that get the events of the bus.</summary>
    public ImmutableArray<string> EventReturners { get; init; } = [];

    public EventReturnRules Events { get; init; } = new();

    /// <exception cref="FormatException">An option names a returner that does not exist, or that cannot do what it is named for.</exception>
    public static JobCacheOptions From(MapValue options, ReturnerTable returners)
    {
        var multi = options.Get(ReturnerTable.Multi);
        var isKept = options.Get("job_cache") is not { IsTruthy: false };
        var (master, external) = (options.TextOf("master_job_cache") ?? "", options.TextOf("ext_job_cache") ?? "");
        var masters = Named("master_job_cache", master, ReturnerAbilities.Return | ReturnerAbilities.SaveLoad);
        var externals = Named("ext_job_cache", external, ReturnerAbilities.SaveLoad);
        var hasExternal = !externals.IsEmpty;
        var targets = externals.Select(n => new OutgoingTarget(n, WithReturns: false))
            .Concat(masters.Where(n => !externals.Contains(n)).Select(n => new OutgoingTarget(n, WithReturns: !hasExternal)));
        return new JobCacheOptions
        {
            IsKept = isKept,
            Targets = isKept ? [.. targets] : [],
            Reader = hasExternal ? external : masters.IsEmpty ? null : master,
            EventReturners = Named("event_return", options.Get("event_return"), ReturnerAbilities.EventReturn),
            Events = EventReturnRules.From(options),
        };

        ImmutableArray<string> Named(string option, Value? list, ReturnerAbilities needed)
        {
            // The master's own cache is its archive, also where it stands in a list with others.
            var names = ReturnerTable.NamesIn(list, multi).Remove(ReturnerTable.LocalCache);
            foreach (var name in names)
            {
                var returner = returners.Find(name) ?? throw new FormatException($"the option '{option}' names '{name}': {returners.UnknownText(name)}");
                if ((returner.Abilities & needed) != needed) throw new FormatException($"the option '{option}' names '{name}', which cannot do what is needed there ({needed})");
            }
            return names;
        }
    }
}

/// <summary>Which events go to the returners of <c>event_return</c>, and how many at once.</summary>
public sealed record EventReturnRules
{
    /// <summary><c>event_return_queue</c>: events that are gathered before they are sent; 0 sends each as soon as the returner is free.</summary>
    public int Gather { get; init; }
    /// <summary><c>event_return_queue_max_seconds</c>: the longest that an event is gathered; zero for as long as it takes.</summary>
    public TimeSpan AtMost { get; init; }
    /// <summary>Patterns over tags; empty takes all.</summary>
    public ImmutableArray<string> Whitelist { get; init; } = [];
    /// <summary>Patterns over tags that are never taken.</summary>
    public ImmutableArray<string> Blacklist { get; init; } = [];

    public bool Takes(string tag) =>
        (Whitelist.IsEmpty || Whitelist.Any(p => NamePattern.Matches(p, tag))) && !Blacklist.Any(p => NamePattern.Matches(p, tag));

    public static EventReturnRules From(MapValue options) => new()
    {
        Gather = (int)Math.Clamp(options.Get("event_return_queue")?.AsInteger() ?? 0, 0, int.MaxValue),
        AtMost = TimeSpan.FromSeconds(Math.Clamp(options.Get("event_return_queue_max_seconds")?.AsNumber() ?? 0, 0, 86400)),
        Whitelist = Patterns(options.Get("event_return_whitelist")),
        Blacklist = Patterns(options.Get("event_return_blacklist")),
    };

    private static ImmutableArray<string> Patterns(Value? list) => list switch
    {
        ListValue several => [.. several.Items.Select(p => p.ToString())],
        TextValue { Text.Length: > 0 } one => [one.Text],
        _ => [],
    };
}
