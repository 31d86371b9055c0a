using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Client.Commands;

/// <summary>Which minions of a target a job goes to where it is for some of them only.</summary>
public static class Subset
{
    /// <summary>At most <paramref name="size"/> minions, chosen at random among those that have all the functions.</summary>
    /// <param name="lists">What each minion returned to <c>sys.list_functions</c>.</param>
    public static ImmutableArray<MinionId> Of(IEnumerable<MinionReturn> lists, IReadOnlyCollection<string> functions, int size, Random random)
    {
        var able = lists.Where(l => l.Return is ListValue names && functions.All(f => names.Items.Contains((Value)f))).Select(l => l.Id).ToArray();
        random.Shuffle(able);
        return [.. able.Take(size)];
    }
}
