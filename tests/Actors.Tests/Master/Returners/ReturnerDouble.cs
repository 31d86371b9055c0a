using System.Collections.Immutable;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master.Returners;

/// <summary>A returner that keeps everything in memory, and fails where a spec wants it to.</summary>
internal sealed class ReturnerDouble(string name = "double") : IReturner
{
    private readonly Lock _gate = new();
    private readonly List<MapValue> _returns = [];
    private readonly List<(Jid Jid, MapValue Load, ImmutableArray<string> Minions)> _loads = [];
    private readonly List<SaltEvent> _events = [];
    private readonly List<ReturnerContext> _contexts = [];

    public string Name => name;
    public ReturnerAbilities Abilities { get; init; } = ReturnerAbilities.JobCache | ReturnerAbilities.EventReturn | ReturnerAbilities.CleanOldJobs;

    /// <summary>Why nothing can be kept, or null.</summary>
    public Exception? Broken { get; set; }
    /// <summary>Refuses the returns of this minion alone.</summary>
    public string? RefusedId { get; set; }
    public int Calls { get; private set; }
    public DateTimeOffset? CleanedBefore { get; private set; }

    public ImmutableArray<MapValue> Returns { get { lock (_gate) return [.. _returns]; } }
    public ImmutableArray<(Jid Jid, MapValue Load, ImmutableArray<string> Minions)> Loads { get { lock (_gate) return [.. _loads]; } }
    public ImmutableArray<SaltEvent> Events { get { lock (_gate) return [.. _events]; } }
    public ImmutableArray<ReturnerContext> Contexts { get { lock (_gate) return [.. _contexts]; } }

    public Task ReturnAsync(ReturnerContext context, IReadOnlyList<MapValue> returns, CancellationToken stop) => Do(context, () =>
    {
        if (returns.Any(r => r.TextOf("id") == RefusedId)) throw new ReturnerFailed($"'{RefusedId}' does not fit", isRefusal: true);
        _returns.AddRange(returns);
    });

    public Task SaveLoadAsync(ReturnerContext context, Jid jid, MapValue load, ImmutableArray<string> minions, CancellationToken stop) => Do(context, () => _loads.Add((jid, load, minions)));
    public Task EventReturnAsync(ReturnerContext context, IReadOnlyList<SaltEvent> events, CancellationToken stop) => Do(context, () => _events.AddRange(events));
    public Task CleanOldJobsAsync(ReturnerContext context, DateTimeOffset before, CancellationToken stop) => Do(context, () => CleanedBefore = before);

    public async Task<MapValue?> GetLoadAsync(ReturnerContext context, Jid jid, CancellationToken stop)
    {
        await Do(context, () => { });
        return Loads.Where(l => l.Jid == jid).Select(l => l.Load).FirstOrDefault();
    }

    public async Task<MapValue> GetJidAsync(ReturnerContext context, Jid jid, CancellationToken stop)
    {
        await Do(context, () => { });
        return MapValue.From(Returns.Where(r => r.TextOf("jid") == jid.Text).Select(r => KeyValuePair.Create(r.TextOf("id")!, (Value)r)));
    }

    public async Task<MapValue> GetJidsAsync(ReturnerContext context, CancellationToken stop)
    {
        await Do(context, () => { });
        return MapValue.From(Loads.Select(l => KeyValuePair.Create(l.Jid.Text, (Value)l.Load)));
    }

    private Task Do(ReturnerContext context, Action change)
    {
        lock (_gate)
        {
            Calls++;
            _contexts.Add(context);
            if (Broken is { } broken) throw broken;
            change();
        }
        return Task.CompletedTask;
    }
}
