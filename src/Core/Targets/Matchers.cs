using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>The minion's verdict on itself: it alone decides whether it runs a job.</summary>
public static class MinionMatcher
{
    public static bool Matches(Target target, MinionFacts self) =>
        target is not Target.MasterOnly && Judgement.Of(target, new Candidate { Id = self.Id, Facts = self }) == Verdict.Yes;
}

/// <summary>The master's expectation, from accepted keys and remembered grains and pillars. It only tells a client whom to wait for.</summary>
public static class MasterMatcher
{
    /// <param name="greedy">Also expect minions of whom nothing is known, where knowing would be needed; <c>not</c> then leaves them out.</param>
    /// <remarks>Follows Salt 3006, salt/utils/minions.py, CkMinions: every term gives a set of ids, and <c>not</c> is the difference from all accepted ones.</remarks>
    public static ExpectedMinions Expect(Target target, IFleet fleet, bool greedy)
    {
        if (target is Target.MasterOnly unclosed) target = unclosed.Inner;
        if (target is Target.Never or Target.Store || IsRefused(target)) return ExpectedMinions.None;
        if (target is Target.IdList list) return ExpectList(list, fleet);
        var ids = fleet.Ids.ToImmutableArray();
        var candidate = new Candidate { Fleet = fleet, IfUnknown = greedy ? Verdict.Yes : Verdict.No };
        var matched = ImmutableArray.CreateBuilder<MinionId>();
        foreach (var id in ids)
        {
            candidate.TurnTo(id);
            if (Judgement.Of(target, candidate) == Verdict.Yes) matched.Add(id);
        }
        string[] named = [.. Named(target)];
        return new(matched.DrainToImmutable(), named.Length == 0 ? [] : Missing(named, [.. ids.Select(id => id.Text)]));
    }

    private static ExpectedMinions ExpectList(Target.IdList list, IFleet fleet)
    {
        var accepted = new Dictionary<string, MinionId>();
        foreach (var id in fleet.Ids) accepted[id.Text] = id;
        return new([.. list.Ids.Where(accepted.ContainsKey).Select(name => accepted[name])], Missing(list.Ids, [.. accepted.Keys]));
    }

    private static ImmutableArray<string> Missing(IEnumerable<string> named, HashSet<string> accepted) => [.. named.Where(name => !accepted.Contains(name))];

    // Sets have no short cut: one meaningless term and the whole is nobody, wherever it stands.
    private static bool IsRefused(Target target) => target switch
    {
        Target.Hollow or Target.Applied or Target.Range or Target.Pcre { Compiled: null } => true,
        Target.And a => a.Terms.Any(IsRefused),
        Target.Or o => o.Terms.Any(IsRefused),
        Target.Not n => IsRefused(n.Inner),
        _ => false,
    };

    // A list that is taken away needs nobody to be there.
    private static IEnumerable<string> Named(Target target) => target switch
    {
        Target.IdList l => l.Ids,
        Target.And a => a.Terms.SelectMany(Named),
        Target.Or o => o.Terms.SelectMany(Named),
        Target.Not { Inner: not Target.IdList } n => Named(n.Inner),
        _ => [],
    };
}

/// <summary><see cref="Broken"/>: there is no answer, as where Python would raise; the whole target is refused unless <c>and</c> or <c>or</c> never get there.</summary>
internal enum Verdict { No, Yes, Broken }

/// <summary>The minion that is asked about: itself, or one of the fleet, whose facts are fetched once and only where a term needs them.</summary>
internal sealed class Candidate
{
    private bool _isFetched;

    internal MinionId Id { get; set; }
    internal MinionFacts? Facts { get; set; }
    internal IFleet? Fleet { get; init; }
    /// <summary>What a term about grains, pillar or addresses answers for a minion of which nothing is known.</summary>
    internal Verdict IfUnknown { get; init; }

    internal void TurnTo(MinionId id) => (Id, Facts, _isFetched) = (id, null, false);

    internal Verdict Ask(Func<MinionFacts, bool> question)
    {
        if (Facts is null && !_isFetched && Fleet is not null)
        {
            Facts = Fleet.TryGetFacts(Id, out var facts) ? facts : null;
            _isFetched = true;
        }
        return Facts is null ? IfUnknown : question(Facts) ? Verdict.Yes : Verdict.No;
    }
}

internal static class Judgement
{
    internal static Verdict Of(Target target, Candidate who)
    {
        switch (target)
        {
            case Target.And and:
                foreach (var term in and.Terms)
                    if (Of(term, who) is var verdict and not Verdict.Yes) return verdict;
                return Verdict.Yes;
            case Target.Or or:
                foreach (var term in or.Terms)
                    if (Of(term, who) is var verdict and not Verdict.No) return verdict;
                return Verdict.No;
            case Target.Not not:
                return Of(not.Inner, who) switch { Verdict.Yes => Verdict.No, Verdict.No => Verdict.Yes, _ => Verdict.Broken };
            case Target.Glob glob: return Plain(NamePattern.Matches(glob.Pattern, who.Id.Text));
            case Target.Pcre { Compiled: { } regex }: return Plain(PythonRegex.Matches(regex, who.Id.Text));
            case Target.IdList list: return Plain(list.Has(who.Id.Text));
            case Target.Data { Kind: DataKind.Grains } data: return who.Ask(facts => data.Pattern.Matches(facts.Grains));
            case Target.Data data: return who.Ask(facts => data.Pattern.Matches(facts.Pillar));
            // No address at all is nobody, known or not.
            case Target.Subnet subnet: return subnet.Addresses.Version == 0 ? Verdict.No : who.Ask(facts => subnet.Addresses.Matches(facts.Grains));
            case Target.Store store: return who.Ask(facts => MatchesStore(store.Expression, facts.Data));
            case Target.MasterOnly unclosed: return Of(unclosed.Inner, who);
            case Target.Hollow or Target.Never: return Verdict.No;
            case Target.Applied or Target.Range or Target.Pcre: return Verdict.Broken;
            default: throw new InvalidOperationException($"a target of the unknown kind {target.GetType()}");
        }
    }

    private static Verdict Plain(bool matches) => matches ? Verdict.Yes : Verdict.No;

    // Text is compared as it is, members of a list in lower case; a third part is ignored. Salt 3006, salt/matchers/data_match.py.
    private static bool MatchesStore(string expression, MapValue data)
    {
        var parts = expression.Split(':');
        if (parts.Length < 2) return false;
        return data.Get(parts[0]) switch
        {
            ListValue list => list.Items.Any(item => NamePattern.Matches(parts[1].ToLowerInvariant(), item.ToString().ToLowerInvariant())),
            MapValue map => map.Has(parts[1]),
            TextValue text => NamePattern.Matches(parts[1], text.Text),
            _ => false,
        };
    }
}
