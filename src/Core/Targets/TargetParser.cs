using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>Reads a target of any kind. What means nothing becomes <see cref="Target.Never"/> with the reason; nothing is thrown.</summary>
public static class TargetParser
{
    private const string Letters = "GPIJLNSER", LettersWithDelimiter = "GPIJ";

    /// <param name="target">Text; for <c>list</c> also a list of ids; for <c>compound</c> also a list of words.</param>
    /// <param name="tgtType">Salt's name of the kind; empty is <c>glob</c>. <c>compound_pillar_exact</c> is a compound whose <c>I@</c> and <c>J@</c> compare exactly.</param>
    /// <param name="delimiter">Stands between keys of grains and pillar targets; empty is a colon. Inside a compound target each word brings its own.</param>
    /// <param name="nodegroups">The configuration's <c>nodegroups</c>: name to text or list.</param>
    public static Target Parse(Value target, string tgtType, string delimiter, MapValue nodegroups)
    {
        if (delimiter.Length == 0) delimiter = ":";
        return (tgtType, target) switch
        {
            ("compound", _) => CompoundParser.Parse(target, nodegroups, isPillarExact: false),
            ("compound_pillar_exact", _) => CompoundParser.Parse(target, nodegroups, isPillarExact: true),
            ("list", ListValue ids) => new Target.IdList([.. ids.Items.Select(i => i.ToString()).Where(id => id.Length > 0)]),
            ("" or "glob", TextValue t) => new Target.Glob(t.Text),
            ("pcre", TextValue t) => Pcre(t.Text),
            ("list", TextValue t) => List(t.Text),
            ("grain", TextValue t) => new Target.Data(DataKind.Grains, t.Text, delimiter, DataMatch.Glob),
            ("grain_pcre", TextValue t) => new Target.Data(DataKind.Grains, t.Text, delimiter, DataMatch.Regex),
            ("pillar", TextValue t) => new Target.Data(DataKind.Pillar, t.Text, delimiter, DataMatch.Glob),
            ("pillar_pcre", TextValue t) => new Target.Data(DataKind.Pillar, t.Text, delimiter, DataMatch.Regex),
            ("pillar_exact", TextValue t) => new Target.Data(DataKind.Pillar, t.Text, delimiter, DataMatch.Exact),
            ("ipcidr", TextValue t) => new Target.Subnet(AddressPattern.Parse(t.Text)),
            ("range", TextValue t) => new Target.Range(t.Text),
            ("data", TextValue t) => new Target.Store(t.Text),
            ("nodegroup", TextValue t) => CompoundParser.ParseNodegroup(t.Text, nodegroups),
            ("" or "glob" or "pcre" or "list" or "grain" or "grain_pcre" or "pillar" or "pillar_pcre" or "pillar_exact" or "ipcidr" or "range" or "data" or "nodegroup", _) =>
                new Target.Never($"a target of the kind '{tgtType}' must be text, found a {target.KindName}"),
            _ => new Target.Never($"there is no kind of target called '{tgtType}'"),
        };
    }

    /// <summary>The parts of one word of a compound target, <c>G|@os|Debian</c>; no engine where the word is a pattern on the id.</summary>
    /// <remarks>Follows Salt 3006, salt/utils/minions.py, TARGET_REX: the delimiter is tried first, and the pattern is one line that is not empty.</remarks>
    public static (string? Engine, string? Delimiter, string Pattern) SplitTerm(string word)
    {
        if (word.Length > 2 && Letters.Contains(word[0], StringComparison.Ordinal))
        {
            var wide = char.IsHighSurrogate(word[1]) ? 2 : 1;
            if (LettersWithDelimiter.Contains(word[0], StringComparison.Ordinal) && word[1] != '\n' && word.Length > wide + 2 && word[wide + 1] == '@'
                && OneLine(word[(wide + 2)..]) is { } delimited)
                return (word[..1], word.Substring(1, wide), delimited);
            if (word[1] == '@' && OneLine(word[2..]) is { } pattern) return (word[..1], null, pattern);
        }
        return (null, null, word);
    }

    internal static bool IsOperator(string word) => word is "and" or "or" or "not" or "(" or ")";

    /// <summary>One word that is neither an operator nor a nodegroup.</summary>
    internal static Target Term(string word, bool isPillarExact)
    {
        var (engine, delimiter, pattern) = SplitTerm(word);
        return engine switch
        {
            "G" => new Target.Data(DataKind.Grains, pattern, delimiter ?? ":", DataMatch.Glob),
            "P" => new Target.Data(DataKind.Grains, pattern, delimiter ?? ":", DataMatch.Regex),
            "I" => new Target.Data(DataKind.Pillar, pattern, delimiter ?? ":", isPillarExact ? DataMatch.Exact : DataMatch.Glob),
            "J" => new Target.Data(DataKind.Pillar, pattern, delimiter ?? ":", isPillarExact ? DataMatch.Exact : DataMatch.Regex),
            // Results of terms are sets, so a repeated id counts once; as a target of its own a list keeps repetitions.
            "L" => new Target.IdList([.. List(pattern).Ids.Distinct()]),
            "S" => new Target.Subnet(AddressPattern.Parse(pattern)),
            "E" => Pcre(pattern),
            "R" => new Target.Range(pattern),
            _ => new Target.Glob(word),
        };
    }

    private static Target.Pcre Pcre(string pattern) => new(pattern, PythonRegex.Compile(pattern));
    private static Target.IdList List(string text) => new([.. text.Split(',', StringSplitOptions.RemoveEmptyEntries)]);

    // A line break at the very end is not part of the pattern; one inside means that the word has no engine.
    private static string? OneLine(string text)
    {
        var line = text.EndsWith('\n') ? text[..^1] : text;
        return line.Length > 0 && !line.Contains('\n', StringComparison.Ordinal) ? line : null;
    }
}
