using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Pillar;

/// <summary>The runner <c>pillar</c>: pillars as the master compiles them.</summary>
/// <remarks>Follows Salt 3006, salt/runners/pillar.py.</remarks>
public static class PillarRunner
{
    /// <summary>A minion's pillar, with the grains that the master knows of it.</summary>
    /// <param name="minion">The minion's id; without one, the pillar of a minion of which nothing is known.</param>
    /// <param name="kwargs"><c>saltenv</c>, <c>pillarenv</c>; all others are grains, which then stand for all that is known of the minion.</param>
    /// <example><code>salt-run pillar.show_pillar 'www.example.com' pillarenv=dev os=Debian</code></example>
    [SaltRunner("pillar.show_pillar")]
    public static Task<MapValue> ShowPillar(CallContext context, string minion = "*", [Keywords] MapValue? kwargs = null)
    {
        var pillars = CallServices.Need(context.Services.Pillars, "pillars are compiled by a running master");
        var named = MapValue.From((kwargs ?? MapValue.Empty).Where(k => !k.Key.ToString().StartsWith("__", StringComparison.Ordinal)));
        if (minion != "*" && !MinionId.TryParse(minion, out _)) throw new CommandFailed($"'{minion}' is not the id of a minion");
        // Without an id nobody is meant: only what is for all, and for given grains, is in it.
        var id = MinionId.Parse(minion == "*" ? "nobody" : minion);
        var grains = named.Without("saltenv").Without("pillarenv");
        if (minion == "*" || grains.Count > 0) grains = grains.With("id", id.Text);
        return pillars.CompileAsync(new PillarQuestion(id, grains, named.TextOf("saltenv"), named.TextOf("pillarenv"), MapValue.Empty), context.Stopped);
    }
}
