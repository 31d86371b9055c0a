using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>Named targets from the configuration (<c>nodegroups</c>), spelled out as the words of a compound target.</summary>
/// <remarks>Follows Salt 3006, salt/utils/minions.py, nodegroup_comp().</remarks>
public static partial class Nodegroups
{
    private static readonly char[] RegexSigns = ['(', '[', '{', '\\', '?', '}', ']', ')'];

    /// <summary>The words, or nothing where there is no such group, it is neither text nor a list, it holds only itself, or a plain list has a member that is no text.</summary>
    public static ImmutableArray<string> Expand(string name, MapValue nodegroups) => Spell(name, nodegroups).Words;

    /// <summary>As <see cref="Expand"/>, with the reason where something was left out.</summary>
    internal static Spelling Spell(string name, MapValue nodegroups) => Spell(name, nodegroups, [], isFirst: true);

    private static Spelling Spell(string name, MapValue nodegroups, ImmutableHashSet<string> within, bool isFirst)
    {
        if (within.Contains(name)) return Spelling.Nothing($"nodegroup '{name}' holds itself");
        if (!nodegroups.TryGet(name, out var group)) return Spelling.Nothing($"there is no nodegroup '{name}'");
        ImmutableArray<Value> members;
        switch (group)
        {
            case TextValue text: members = [.. CompoundParser.Words(text.Text).Select(Value (word) => word)]; break;
            case ListValue list: members = list.Items; break;
            default: return Spelling.Nothing($"nodegroup '{name}' must be text or a list, found a {group.KindName}");
        }
        within = within.Add(name);
        var words = ImmutableArray.CreateBuilder<string>();
        var (holdsOthers, problem) = (false, (string?)null);
        string[] texts = [.. members.Select(m => m.ToString())];
        foreach (var word in texts)
        {
            if (word.Length < 3 || !word.StartsWith("N@", StringComparison.Ordinal))
            {
                words.Add(word);
                continue;
            }
            holdsOthers = true;
            var inner = Spell(word[2..], nodegroups, within, isFirst: false);
            if (inner.IsBroken) return inner;
            words.AddRange(inner.Words);
            problem ??= inner.Problem;
        }
        if (!holdsOthers || !isFirst)
        {
            if (Odd(members) is { } odd) return Spelling.Broken($"a member of nodegroup '{name}' must be text, found a {odd.KindName}: {PythonText.Repr(odd)}");
            if (PlainList(texts) is { } joined) return new([joined], problem);
            if (isFirst) return new([.. texts], problem);
        }
        return new(words.Count == 0 ? [] : ["(", .. words, ")"], problem);
    }

    // Maps and lists never are words; a number is one only beside an operator, because only members of a plain list are searched for signs.
    private static Value? Odd(ImmutableArray<Value> members) =>
        members.FirstOrDefault(m => m is MapValue or ListValue { IsTuple: false })
        ?? (members.Any(m => m is TextValue t && TargetParser.IsOperator(t.Text)) ? null : members.FirstOrDefault(m => m is not TextValue));

    // Words without operators, stars and engines are ids, or together one regular expression where any of them looks like one.
    private static string? PlainList(string[] words)
    {
        if (words.Any(word => TargetParser.IsOperator(word) || word.Contains('*', StringComparison.Ordinal) || Engine().IsMatch(word))) return null;
        return (words.Any(word => word.IndexOfAny(RegexSigns) >= 0) ? "E@" : "L@") + string.Join(',', words);
    }

    [GeneratedRegex("^[A-Z]@")]
    private static partial Regex Engine();

    /// <param name="Problem">What was left out, for a person; null where nothing was.</param>
    /// <param name="IsBroken">True where the target that names this group is nobody as a whole; otherwise the group only gives no words.</param>
    internal readonly record struct Spelling(ImmutableArray<string> Words, string? Problem, bool IsBroken = false)
    {
        internal bool IsEmpty => Words.IsEmpty;
        internal static Spelling Nothing(string problem) => new([], problem);
        internal static Spelling Broken(string problem) => new([], problem, IsBroken: true);
    }
}
