using System.Globalization;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Transport;

namespace SaltActors.Actors.Minion.Session;

/// <summary>What a minion does between being let in and being ready: stand at the publish port, know its grains and pillar, say that it is there.</summary>
/// <remarks>The subscription stands before anybody is told that we are there: what is published then reaches us.</remarks>
internal sealed class Settling(MinionParts parts)
{
    private readonly MinionOptions _options = parts.Options;

    /// <exception cref="MasterAnswerRefused">The publish port is not reached, or the pillar is not given.</exception>
    /// <exception cref="TimeoutException">The master does not answer.</exception>
    internal async Task<(MapValue Grains, MapValue Pillar)> RunAsync(ISubscriber subscriber, string address, Task<MapValue> collecting, CancellationToken stop)
    {
        await ConnectedAsync(subscriber, address, stop).ConfigureAwait(false);
        var grains = await collecting.ConfigureAwait(false);
        var pillar = await PillarAsync(grains, stop).ConfigureAwait(false);
        var text = $"Minion {_options.Id} started at {ClockText(parts.Clock.GetLocalNow())}";
        var named = _options.StartEventGrains.Count == 0 ? null
            : MapValue.From(_options.StartEventGrains.Items.Where(g => grains.Has(g)).Select(g => KeyValuePair.Create(g, grains.Get(g)!)));
        if (_options.LegacyStartEvents) await FireAsync(EventTags.LegacyMinionStart, text, named, stop).ConfigureAwait(false);
        await FireAsync(EventTags.MinionStart(_options.Id), text, named, stop).ConfigureAwait(false);
        return (grains, pillar);
    }

    internal async Task<(MapValue Grains, MapValue Pillar)> RefreshAsync(MapValue grains, bool withGrains, CancellationToken stop)
    {
        if (withGrains) grains = await parts.Grains(true, stop).ConfigureAwait(false);
        return (grains, await PillarAsync(grains, stop).ConfigureAwait(false));
    }

    private Task<MapValue> PillarAsync(MapValue grains, CancellationToken stop) =>
        parts.Services.Pillars!.CompileAsync(new PillarQuestion(_options.Id, grains, _options.SaltEnv, _options.PillarEnv, MapValue.Empty), stop);

    private async Task ConnectedAsync(ISubscriber subscriber, string address, CancellationToken stop)
    {
        var patience = _options.AuthTimeout * _options.AuthTries;
        try
        {
            await subscriber.ConnectedAsync(stop).WaitAsync(patience, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new MasterAnswerRefused($"the master lets us in, but its publish port {address} was not reached within {patience.TotalSeconds:0.#} s. Does a firewall let it through?");
        }
    }

    private async Task FireAsync(string tag, string text, MapValue? grains, CancellationToken stop)
    {
        if (!await parts.Conversation.FireAsync(tag, text, stop, grains).ConfigureAwait(false))
            throw new MasterAnswerRefused($"the master did not take the event {tag}");
    }

    // As C's asctime: Mon Nov  2 06:46:22 2026.
    private static string ClockText(DateTimeOffset time) =>
        time.ToString("ddd MMM ", CultureInfo.InvariantCulture) + $"{time.Day,2}" + time.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture);
}
