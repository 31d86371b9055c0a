using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>Named targets from the configuration (<c>nodegroups</c>), spelled out as the words of a compound target.</summary>
public static class Nodegroups
{
    private static readonly char[] RegexSigns = ['(', '[', '{', '\\', '?', '}', ']', ')'];

    /// <summary>The words, or nothing where there is no such group, it is no text or list, or it holds itself.</summary>
    public static ImmutableArray<string> Expand(string name, MapValue nodegroups) => Expand(name, nodegroups, [], isFirst: true);

    private static ImmutableArray<string> Expand(string name, MapValue nodegroups, ImmutableHashSet<string> within, bool isFirst)
    {
        if (within.Contains(name) || Words(nodegroups.Get(name)) is not { } words) return [];
        within = within.Add(name);
        var spelled = ImmutableArray.CreateBuilder<string>();
        var holdsOthers = false;
        foreach (var word in words)
            if (word.StartsWith("N@", StringComparison.Ordinal))
            {
                holdsOthers = true;
                spelled.AddRange(Expand(word[2..], nodegroups, within, isFirst: false));
            }
            else spelled.Add(word);
        if (holdsOthers) return spelled.Count == 0 ? [] : ["(", .. spelled, ")"];
        if (!IsPlainList(words)) return isFirst ? spelled.ToImmutable() : ["(", .. spelled, ")"];
        var joined = string.Join(',', words);
        return [joined.IndexOfAny(RegexSigns) >= 0 ? "E@" + joined : "L@" + joined];
    }

    private static ImmutableArray<string>? Words(Value? group) => group switch
    {
        TextValue text => [.. text.Text.Split(' ')],
        ListValue list when list.Items.All(i => i is TextValue) => [.. list.Items.Select(i => i.ToString())],
        _ => null,
    };

    private static bool IsPlainList(ImmutableArray<string> words) =>
        !words.Any(word => TargetParser.IsOperator(word) || word.Contains('*', StringComparison.Ordinal) || word.Length > 1 && word[1] == '@');
}
