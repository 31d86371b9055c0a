using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>What a target can ask of one minion.</summary>
public sealed record MinionFacts(MinionId Id, MapValue Grains, MapValue Pillar)
{
    /// <summary>The minion's own data store; only it knows.</summary>
    public MapValue Data { get; init; } = MapValue.Empty;
}

/// <summary>The minion's verdict on itself: it alone decides whether it runs a job.</summary>
public static class MinionMatcher
{
    public static bool Matches(Target target, MinionFacts self) => target switch
    {
        Target.MasterOnly or Target.Never => false,
        Target.And a => Matches(a.Left, self) && Matches(a.Right, self),
        Target.Or o => Matches(o.Left, self) || Matches(o.Right, self),
        Target.Not n => !Matches(n.Inner, self),
        Target.Store s => MatchesStore(s.Expression, self.Data),
        _ => MatchesOne(target, self),
    };

    internal static bool MatchesId(Target target, string id) => target switch
    {
        Target.Glob g => NamePattern.Matches(g.Pattern, id),
        Target.Pcre p => PythonRegex.Matches(p.Compiled, id),
        Target.IdList l => l.Ids.Contains(id),
        _ => false,
    };

    internal static bool MatchesOne(Target target, MinionFacts facts) => target switch
    {
        Target.Data { Kind: DataKind.Grains } d => d.Walk.Matches(facts.Grains),
        Target.Data d => d.Walk.Matches(facts.Pillar),
        Target.Subnet s => MatchesSubnet(s, facts.Grains),
        _ => MatchesId(target, facts.Id.Text),
    };

    private static bool MatchesSubnet(Target.Subnet subnet, MapValue grains)
    {
        if (subnet.Address is null && subnet.Network is null) return false;
        foreach (var text in grains.ListOf("ipv4").Items.Concat(grains.ListOf("ipv6").Items))
        {
            if (!IPAddress.TryParse(text.ToString(), out var own)) continue;
            if (subnet.Address is { } address ? own.Equals(address) : subnet.Network!.Value.BaseAddress.AddressFamily == own.AddressFamily && subnet.Network.Value.Contains(own)) return true;
        }
        return false;
    }

    private static bool MatchesStore(string expression, MapValue data)
    {
        var colon = expression.IndexOf(':');
        if (colon < 0 || data.Get(expression[..colon]) is not { } value) return false;
        var pattern = expression[(colon + 1)..];
        return value switch
        {
            ListValue list => list.Items.Any(i => NamePattern.Matches(pattern.ToLowerInvariant(), i.ToString().ToLowerInvariant())),
            MapValue map => map.Has(pattern),
            _ => NamePattern.Matches(pattern, value.ToString()),
        };
    }
}

/// <summary>The accepted minions, and what the master remembers of them.</summary>
public interface IFleet
{
    /// <summary>Every accepted id, sorted.</summary>
    IEnumerable<MinionId> Ids { get; }

    /// <summary>False for a minion that has told nothing of itself yet.</summary>
    bool TryGetFacts(MinionId id, [NotNullWhen(true)] out MinionFacts? facts);
}

/// <summary>Whom the master expects to answer.</summary>
/// <param name="Missing">Ids of a list that no accepted minion has.</param>
public sealed record ExpectedMinions(ImmutableArray<MinionId> Matched, ImmutableArray<string> Missing);

/// <summary>The master's expectation, from accepted keys and remembered grains and pillars. It only tells a client whom to wait for.</summary>
/// <remarks>Sets are combined as Salt combines them: <c>not</c> takes away what its operand gives, those included of whom nothing is known.</remarks>
public static class MasterMatcher
{
    /// <param name="greedy">Also expect minions of whom nothing is known, where knowing would be needed.</param>
    public static ExpectedMinions Expect(Target target, IFleet fleet, bool greedy)
    {
        if (target is Target.IdList list) return ExpectList(list, fleet);
        var ids = fleet.Ids.ToImmutableArray();
        var matched = Set(target, ids, fleet, greedy);
        return new([.. ids.Where(matched.Contains)], MissingIn(target, ids));
    }

    private static HashSet<MinionId> Set(Target target, ImmutableArray<MinionId> ids, IFleet fleet, bool greedy)
    {
        switch (target)
        {
            case Target.And and:
                var both = Set(and.Left, ids, fleet, greedy);
                both.IntersectWith(Set(and.Right, ids, fleet, greedy));
                return both;
            case Target.Or or:
                var either = Set(or.Left, ids, fleet, greedy);
                either.UnionWith(Set(or.Right, ids, fleet, greedy));
                return either;
            case Target.Not not:
                var others = ids.ToHashSet();
                others.ExceptWith(Set(not.Inner, ids, fleet, greedy));
                return others;
            case Target.MasterOnly unclosed:
                return Set(unclosed.Inner, ids, fleet, greedy);
            case Target.Never or Target.Store or Target.Subnet { Address: null, Network: null }:
                return [];
            case Target.Data or Target.Subnet:
                return [.. ids.Where(id => fleet.TryGetFacts(id, out var facts) ? MinionMatcher.MatchesOne(target, facts) : greedy)];
            default:
                return [.. ids.Where(id => MinionMatcher.MatchesId(target, id.Text))];
        }
    }

    // A list keeps its order and its repetitions: Salt's own answer.
    private static ExpectedMinions ExpectList(Target.IdList list, IFleet fleet)
    {
        var accepted = fleet.Ids.ToDictionary(id => id.Text);
        var names = list.Ids.Where(id => id.Length > 0).ToImmutableArray();
        return new([.. names.Where(accepted.ContainsKey).Select(n => accepted[n])], [.. names.Where(n => !accepted.ContainsKey(n))]);
    }

    private static ImmutableArray<string> MissingIn(Target target, ImmutableArray<MinionId> ids) => target switch
    {
        Target.And a => [.. MissingIn(a.Left, ids), .. MissingIn(a.Right, ids)],
        Target.Or o => [.. MissingIn(o.Left, ids), .. MissingIn(o.Right, ids)],
        Target.Not n => MissingIn(n.Inner, ids),
        Target.MasterOnly m => MissingIn(m.Inner, ids),
        Target.IdList l => [.. l.Ids.Where(name => name.Length > 0 && !ids.Any(id => id.Text == name))],
        _ => [],
    };
}
