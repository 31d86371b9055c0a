using System.Collections.Immutable;
using SaltActors.Actors.Daemon.Supervision;
using SaltActors.Actors.Minion.Jobs;
using SaltActors.Actors.Minion.Returns;
using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Functions;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Transport;

namespace SaltActors.Actors.Minion;

/// <summary>Collects the grains.</summary>
/// <param name="refresh">True asks for them anew where they are cached.</param>
public delegate Task<MapValue> GrainsSource(bool refresh, CancellationToken stop);

/// <summary>What the minion's actors are made from.</summary>
public sealed record MinionParts
{
    public required MinionOptions Options { get; init; }
    public required ITransport Transport { get; init; }
    public required IEventPort EventPort { get; init; }
    public required MinionKeys Keys { get; init; }
    public required MasterConversation Conversation { get; init; }
    /// <summary>The same parts for each master after the first, where the minion has several at once: its address, conversation, spool and doors.</summary>
    public ImmutableArray<MinionParts> OtherMasters { get; init; } = [];
    /// <summary>True for the first master's parts: what is one for all masters is done there.</summary>
    public bool IsFirst { get; init; } = true;
    /// <summary>Whether the name service knows a host; addresses are always known.</summary>
    public Func<string, CancellationToken, Task<bool>> Resolves { get; init; } = (_, _) => Task.FromResult(true);
    public required FunctionTable Functions { get; init; }
    public required GrainsSource Grains { get; init; }
    /// <summary>Splits a load's arguments; text of the form <c>name=value</c> becomes a keyword.</summary>
    public required Func<ListValue, CallArguments> ParseArguments { get; init; }
    public required CallServices Services { get; init; }
    public required ProcFolder Proc { get; init; }
    public required ReturnSpool Spool { get; init; }
    /// <summary>Returns that are kept for <c>saltutil.find_cached_job</c>; null without <c>cache_jobs</c>.</summary>
    public JobCache? Cache { get; init; }
    /// <summary>Returners by name.</summary>
    public ReturnerTable Returners { get; init; } = ReturnerTable.Empty;
    /// <summary>What returners have not taken yet.</summary>
    public ReturnerSpool ReturnerSpool => field ??= new ReturnerSpool(Options.CacheDir);
    /// <summary>A number between 0 and 1, so that no two minions do the same at the same moment.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;
    /// <summary>Called where nothing is to be done for a while: the minion has settled, or its last job ended some time ago.</summary>
    public Action AtRest { get; init; } = () => { };
    /// <summary>Keeps the schedule's entries on disk; throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where it cannot.</summary>
    public Action<MapValue> KeepSchedule { get; init; } = _ => { };
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    public ChildProcesses Children => Services.Children;
    public RestartCounts Restarts { get; } = new();
}
