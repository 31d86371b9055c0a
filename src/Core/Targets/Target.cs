using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;

namespace SaltActors.Core.Targets;

/// <summary>Whom a job is for, as a tree. The minion decides by it (<see cref="MinionMatcher"/>), the master expects by it (<see cref="MasterMatcher"/>).</summary>
/// <remarks>Everything is compiled once, when it is parsed; asking ten thousand minions parses nothing. <c>ToString()</c> gives a compound expression that reads back the same.</remarks>
public abstract record Target
{
    /// <summary>A shell pattern on the id.</summary>
    public sealed record Glob(string Pattern) : Target
    {
        public override string ToString() => Pattern;
    }

    /// <summary>A regular expression on the id, anchored at its start; null where it is none.</summary>
    public sealed record Pcre(string Pattern, Regex? Compiled) : Target
    {
        public bool Equals(Pcre? other) => other is not null && other.Pattern == Pattern;
        public override int GetHashCode() => Pattern.GetHashCode(StringComparison.Ordinal);
        public override string ToString() => "E@" + Pattern;
    }

    /// <summary>Ids, spelled out.</summary>
    /// <param name="IsText">True where they were one text, whose empty parts mean nobody.</param>
    public sealed record IdList(ImmutableArray<string> Ids, bool IsText) : Target
    {
        public bool Equals(IdList? other) => other is not null && other.Ids.SequenceEqual(Ids);
        public override int GetHashCode() => Ids.Length;
        public override string ToString() => "L@" + string.Join(',', Ids);
    }

    /// <summary>A value among the grains or the pillar.</summary>
    public sealed record Data(DataKind Kind, string Expression, string Delimiter, DataMatch How) : Target
    {
        internal DataWalk Walk { get; } = new(Expression, Delimiter, How);
        public bool Equals(Data? other) => other is not null && (other.Kind, other.Expression, other.Delimiter, other.How) == (Kind, Expression, Delimiter, How);
        public override int GetHashCode() => HashCode.Combine(Kind, Expression, Delimiter, How);
        public override string ToString() => $"{Letter}{(Delimiter == ":" ? "" : Delimiter)}@{Expression}";
        private char Letter => (Kind, How) switch { (DataKind.Grains, DataMatch.Regex) => 'P', (DataKind.Grains, _) => 'G', (_, DataMatch.Regex) => 'J', _ => 'I' };
    }

    /// <summary>An address, or a network, among the minion's own.</summary>
    public sealed record Subnet(string Text, IPAddress? Address, IPNetwork? Network) : Target
    {
        public override string ToString() => "S@" + Text;
    }

    /// <summary>Something in the minion's own data store.</summary>
    public sealed record Store(string Expression) : Target
    {
        public override string ToString() => Expression;
    }

    public sealed record And(Target Left, Target Right) : Target
    {
        public override string ToString() => $"( {Left} and {Right} )";
    }

    public sealed record Or(Target Left, Target Right) : Target
    {
        public override string ToString() => $"( {Left} or {Right} )";
    }

    public sealed record Not(Target Inner) : Target
    {
        public override string ToString() => $"( not {Inner} )";
    }

    /// <summary>Read by the master, but refused by minions: a parenthesis that is never closed.</summary>
    public sealed record MasterOnly(Target Inner) : Target
    {
        public override string ToString() => $"( {Inner}";
    }

    /// <summary>Nobody, because the target means nothing; the reason is for a person.</summary>
    public sealed record Never(string Reason) : Target
    {
        public override string ToString() => "and";
    }
}

/// <summary>Where a <see cref="Target.Data"/> looks.</summary>
public enum DataKind { Grains, Pillar }

/// <summary>How a <see cref="Target.Data"/> compares.</summary>
public enum DataMatch { Glob, Regex, Exact }
