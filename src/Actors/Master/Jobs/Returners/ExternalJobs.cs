using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Jobs.Returners;

/// <summary>Jobs as a returner knows them, laid under what the archive knows: other masters and the minions themselves may have written there.</summary>
/// <param name="warn">Told where the returner does not answer, and the archive alone is shown.</param>
public sealed class ExternalJobs(IReturner returner, ReturnerContext context, Action<string> warn)
{
    /// <param name="local">The job as the archive has it, or null.</param>
    /// <exception cref="ReturnerFailed">The archive has nothing, and the returner does not answer.</exception>
    public async Task<JobRecord?> FindAsync(Jid jid, JobRecord? local, CancellationToken stop)
    {
        // All have answered: nobody else knows more.
        if (local is not null && local.Expected.Length > 0 && local.Expected.All(id => local.Returns.Any(r => r.Id == id))) return local;
        try
        {
            var load = local?.Load ?? await returner.GetLoadAsync(context, jid, stop).ConfigureAwait(false);
            var stored = await returner.GetJidAsync(context, jid, stop).ConfigureAwait(false);
            if (load is null && stored.Count == 0) return null;
            var known = local?.Returns ?? [];
            var more = stored.Select(e => Read(jid, e.Key, e.Value)).OfType<MinionReturn>().Where(r => known.All(k => k.Id != r.Id)).ToImmutableArray();
            var expected = local?.Expected ?? [.. more.Select(r => r.Id)];
            return new JobRecord(jid, load ?? MapValue.Empty, expected, known.AddRange(more), local?.Ended);
        }
        catch (ReturnerFailed failed) when (local is not null)
        {
            warn($"job [{jid}] is shown without what '{returner.Name}' may know of it: {failed.Message}");
            return local;
        }
    }

    /// <exception cref="ReturnerFailed">The archive has nothing, and the returner does not answer.</exception>
    public async Task<ImmutableArray<JobRecord>> ListAsync(ImmutableArray<JobRecord> local, CancellationToken stop)
    {
        try
        {
            var jobs = new SortedDictionary<Jid, JobRecord>();
            foreach (var (key, load) in await returner.GetJidsAsync(context, stop).ConfigureAwait(false))
                if (Jid.TryParse(key.ToString(), out var jid)) jobs[jid] = new JobRecord(jid, load as MapValue ?? MapValue.Empty, [], [], null);
            foreach (var job in local) jobs[job.Jid] = job;
            return [.. jobs.Values];
        }
        catch (ReturnerFailed failed) when (!local.IsEmpty)
        {
            warn($"jobs are listed without what '{returner.Name}' may know: {failed.Message}");
            return local;
        }
    }

    /// <summary>Deletes what is older than a moment, where the returner knows how.</summary>
    public Task DeleteBeforeAsync(DateTimeOffset moment, CancellationToken stop) =>
        returner.Abilities.HasFlag(ReturnerAbilities.CleanOldJobs) ? returner.CleanOldJobsAsync(context, moment, stop) : Task.CompletedTask;

    private static MinionReturn? Read(Jid jid, Value id, Value stored) =>
        MinionId.TryParse(id.AsText(), out var minion) && stored is MapValue load ? new MinionReturn(jid, minion, load) : null;
}
