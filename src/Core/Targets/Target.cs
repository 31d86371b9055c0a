using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace SaltActors.Core.Targets;

/// <summary>Whom a job is for, as a tree. The minion decides by it (<see cref="MinionMatcher"/>), the master expects by it (<see cref="MasterMatcher"/>).</summary>
/// <remarks>
/// Patterns are compiled once, when the tree is built; asking ten thousand minions parses nothing. <c>ToString()</c> gives a compound expression that
/// <see cref="TargetParser"/> reads back as an equal tree, wherever that grammar has words for it: it has none for white space inside a pattern, for delimiters
/// of several characters, for <see cref="Store"/>, and for an exact comparison with the pillar.
/// </remarks>
public abstract record Target
{
    private Target() { }

    /// <summary>A shell pattern on the id; case matters.</summary>
    public sealed record Glob(string Pattern) : Target
    {
        public override string ToString() => Pattern;
    }

    /// <summary>A regular expression on the id, anchored at its start. <paramref name="Compiled"/> is null where the pattern is none: then it is nobody.</summary>
    public sealed record Pcre(string Pattern, Regex? Compiled) : Target
    {
        public bool Equals(Pcre? other) => other is not null && other.Pattern == Pattern;
        public override int GetHashCode() => Pattern.GetHashCode(StringComparison.Ordinal);
        public override string ToString() => "E@" + Pattern;
    }

    /// <summary>Ids, spelled out and never empty ones; the list itself may be empty.</summary>
    public sealed record IdList(ImmutableArray<string> Ids) : Target
    {
        private readonly HashSet<string> _ids = [.. Ids];
        internal bool Has(string id) => _ids.Contains(id);
        public bool Equals(IdList? other) => other is not null && other.Ids.SequenceEqual(Ids);
        public override int GetHashCode() => HashOf(Ids);
        // A lone comma is a list of nobody; nothing at all would be read as a pattern on the id.
        public override string ToString() => "L@" + (Ids.IsEmpty ? "," : string.Join(',', Ids));
    }

    /// <summary>A value among the grains or in the pillar.</summary>
    public sealed record Data(DataKind Kind, string Expression, string Delimiter, DataMatch How) : Target
    {
        internal KeyPattern Pattern { get; } = new(Expression, Delimiter, How);
        public bool Equals(Data? other) => other is not null && (other.Kind, other.Expression, other.Delimiter, other.How) == (Kind, Expression, Delimiter, How);
        public override int GetHashCode() => HashCode.Combine(Kind, Expression, Delimiter, How);
        public override string ToString() => $"{Letter}{(Delimiter == ":" ? "" : Delimiter)}@{Expression}";
        private char Letter => (Kind, How) switch { (DataKind.Grains, DataMatch.Regex) => 'P', (DataKind.Grains, _) => 'G', (_, DataMatch.Regex) => 'J', _ => 'I' };
    }

    /// <summary>An address or a network, compared with the grains <c>ipv4</c> and <c>ipv6</c>.</summary>
    public sealed record Subnet(AddressPattern Addresses) : Target
    {
        public override string ToString() => "S@" + Addresses.Text;
    }

    /// <summary>Names from a range server. There is none, so minions refuse it and the master expects nobody.</summary>
    public sealed record Range(string Expression) : Target
    {
        public override string ToString() => "R@" + Expression;
    }

    /// <summary>Something in the minion's own data store, as <c>key:pattern</c>; only the minion can tell.</summary>
    public sealed record Store(string Expression) : Target
    {
        public override string ToString() => Expression;
    }

    /// <param name="Terms">Two or more.</param>
    public sealed record And(ImmutableArray<Target> Terms) : Target
    {
        public bool Equals(And? other) => other is not null && other.Terms.SequenceEqual(Terms);
        public override int GetHashCode() => HashOf(Terms);
        public override string ToString() => string.Join(" and ", Terms.Select(t => t is And or Or ? $"( {t} )" : t.ToString()));
    }

    /// <param name="Terms">Two or more.</param>
    public sealed record Or(ImmutableArray<Target> Terms) : Target
    {
        public bool Equals(Or? other) => other is not null && other.Terms.SequenceEqual(Terms);
        public override int GetHashCode() => HashOf(Terms);
        public override string ToString() => string.Join(" or ", Terms.Select(t => t is Or ? $"( {t} )" : t.ToString()));
    }

    public sealed record Not(Target Inner) : Target
    {
        public override string ToString() => Inner is And or Or or Not ? $"not ( {Inner} )" : $"not {Inner}";
    }

    /// <summary>Read by the master, but refused by minions: a parenthesis that is never closed. Only at the root.</summary>
    public sealed record MasterOnly(Target Inner) : Target
    {
        public override string ToString() => $"( {Inner}";
    }

    /// <summary>Parentheses around nothing: false for a minion; the master refuses the whole target.</summary>
    public sealed record Hollow : Target
    {
        public override string ToString() => "( )";
    }

    /// <summary>
    /// An operand right before a parenthesis, as <c>web* ( db1 )</c>. It means nothing, yet it is no error of grammar: a minion refuses the target only where it
    /// gets to this place (so not in <c>db1 or web* ( db2 )</c> on <c>db1</c>), the master always does.
    /// </summary>
    /// <param name="Text">The words, with one space between two.</param>
    public sealed record Applied(string Text) : Target
    {
        public override string ToString() => Text;
    }

    /// <summary>Nobody, because the target means nothing; the reason is for a person. Only at the root. Printed as an empty group, which is nobody as well.</summary>
    public sealed record Never(string Reason) : Target
    {
        public override string ToString() => "( )";
    }

    private static int HashOf<T>(ImmutableArray<T> items)
    {
        var hash = new HashCode();
        foreach (var item in items) hash.Add(item);
        return hash.ToHashCode();
    }
}

/// <summary>Where a <see cref="Target.Data"/> looks.</summary>
public enum DataKind { Grains, Pillar }

/// <summary>How a <see cref="Target.Data"/> compares; always in lower case.</summary>
public enum DataMatch { Glob, Regex, Exact }
