using System.Collections.Immutable;
using SaltActors.Actors.Master.Jobs.Archive;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Jobs.Returners;

/// <summary>What came of one walk over all that waits for a returner.</summary>
/// <param name="Refused">What the returner did not take although it took others: its number, and why.</param>
/// <param name="Failure">Why the walk ended early, or null where it came to the end.</param>
public sealed record DeliveryRound(int Delivered, ImmutableArray<(long Number, string What, string Reason)> Refused, string? Failure);

/// <summary>Brings what waits in the archive to one returner.</summary>
/// <remarks>
/// The returner's options come from the master's configuration alone: what a minion says in its return (<c>ret_config</c>, <c>ret_kwargs</c>) chooses
/// neither a server nor a file here.
/// </remarks>
public sealed class ReturnerDelivery(IReturner returner, ReturnerContext context, IOutgoing outgoing, int batch)
{
    public string Name => returner.Name;

    public Task<long> CountWaitingAsync() => Task.Run(() => outgoing.CountWaiting(returner.Name));

    /// <param name="passOver">Numbers that were refused before, and are not tried in this round.</param>
    public async Task<DeliveryRound> RunAsync(ImmutableHashSet<long> passOver, CancellationToken stop)
    {
        var (delivered, after) = (0, 0L);
        var refused = ImmutableArray.CreateBuilder<(long, string, string)>();
        try
        {
            while (await Task.Run(() => outgoing.Waiting(returner.Name, after, batch), stop).ConfigureAwait(false) is { IsEmpty: false } waiting)
            {
                after = waiting[^1].Number;
                var taken = new List<long>(waiting.Length);
                try
                {
                    await DeliverAsync([.. waiting.Where(w => !passOver.Contains(w.Number))], taken, refused, stop).ConfigureAwait(false);
                }
                finally
                {
                    if (taken.Count > 0) await Task.Run(() => outgoing.Delivered(taken), CancellationToken.None).ConfigureAwait(false);
                    delivered += taken.Count;
                }
            }
            return new DeliveryRound(delivered, refused.ToImmutable(), null);
        }
        catch (Exception cause) when (!stop.IsCancellationRequested)
        {
            // Also what nobody foresaw ends here: whatever a returner throws, what waits goes on waiting.
            return new DeliveryRound(delivered, refused.ToImmutable(), cause is ReturnerFailed or ArchiveFailed ? cause.Message : $"{cause.GetType().Name}: {cause.Message}");
        }
    }

    private async Task DeliverAsync(ImmutableArray<Outgoing> waiting, List<long> taken, ImmutableArray<(long, string, string)>.Builder refused, CancellationToken stop)
    {
        foreach (var job in waiting.Where(w => w.Return is null))
            await TryAsync(job, taken, refused, () => returner.Abilities.HasFlag(ReturnerAbilities.SaveLoad)
                ? returner.SaveLoadAsync(context, job.Jid, job.Load, [.. job.Expected.Select(m => m.Text)], stop) : Task.CompletedTask).ConfigureAwait(false);

        var returns = waiting.Where(w => w.Return is not null).ToList();
        if (returns.Count == 0) return;
        try
        {
            await returner.ReturnAsync(context, [.. returns.Select(LoadOf)], stop).ConfigureAwait(false);
            taken.AddRange(returns.Select(r => r.Number));
        }
        catch (ReturnerFailed failed) when (failed.IsRefusal)
        {
            // One of them does not fit; alone, the others do.
            foreach (var @return in returns)
                await TryAsync(@return, taken, refused, () => returner.ReturnAsync(context, [LoadOf(@return)], stop)).ConfigureAwait(false);
        }
    }

    private static async Task TryAsync(Outgoing item, List<long> taken, ImmutableArray<(long, string, string)>.Builder refused, Func<Task> deliver)
    {
        try
        {
            await deliver().ConfigureAwait(false);
            taken.Add(item.Number);
        }
        catch (ReturnerFailed failed) when (failed.IsRefusal)
        {
            refused.Add((item.Number, item.Return is { } @return ? $"the return of {@return.Id} to job {item.Jid}" : $"the load of job {item.Jid}", failed.Message));
        }
    }

    private static MapValue LoadOf(Outgoing item) => item.Return!.Load.Without("cmd").With("jid", item.Jid.Text);
}
