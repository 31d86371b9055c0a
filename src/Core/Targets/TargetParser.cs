using System.Net;
using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>Reads a target of any kind. What means nothing becomes <see cref="Target.Never"/> with the reason; nothing is thrown.</summary>
public static class TargetParser
{
    private const string Letters = "GPIJLNSER", LettersWithDelimiter = "GPIJ";

    /// <param name="target">Text; for <c>list</c> also a list; for <c>compound</c> also a list of words.</param>
    /// <param name="tgtType">Salt's name of the kind; empty is <c>glob</c>.</param>
    public static Target Parse(Value target, string tgtType, string delimiter, MapValue nodegroups)
    {
        if (tgtType == "compound") return CompoundParser.Parse(target, nodegroups);
        if (tgtType == "list") return target is ListValue ids ? new Target.IdList([.. ids.Items.Select(i => i.ToString())], false) : List(target.ToString());
        if (target is not TextValue { Text: var text })
        {
            // Numbers are ids, too; YAML made them so.
            if (target is not (IntegerValue or FloatValue or BoolValue)) return new Target.Never($"a target of the kind '{tgtType}' must be text, found a {target.KindName}");
            text = target.ToString();
        }
        return tgtType switch
        {
            "" or "glob" => new Target.Glob(text),
            "pcre" => Pcre(text),
            "grain" => Data(DataKind.Grains, text, delimiter, DataMatch.Glob),
            "grain_pcre" => Data(DataKind.Grains, text, delimiter, DataMatch.Regex),
            "pillar" => Data(DataKind.Pillar, text, delimiter, DataMatch.Glob),
            "pillar_pcre" => Data(DataKind.Pillar, text, delimiter, DataMatch.Regex),
            "pillar_exact" => Data(DataKind.Pillar, text, delimiter, DataMatch.Exact),
            "ipcidr" => Subnet(text),
            "nodegroup" => CompoundParser.Parse(ListValue.OfTexts(Nodegroups.Expand(text, nodegroups)), nodegroups),
            "data" => new Target.Store(text),
            "range" => new Target.Never("a range target needs a range server, which is not available"),
            _ => new Target.Never($"there is no kind of target called '{tgtType}'"),
        };
    }

    /// <summary>The parts of one word of a compound target; no engine where the word is an id pattern.</summary>
    public static (string? Engine, string? Delimiter, string Pattern) SplitTerm(string word)
    {
        if (word.Length > 3 && word[2] == '@' && LettersWithDelimiter.Contains(word[0])) return (word[..1], word.Substring(1, 1), word[3..]);
        if (word.Length > 2 && word[1] == '@' && Letters.Contains(word[0])) return (word[..1], null, word[2..]);
        return (null, null, word);
    }

    internal static Target Term(string word)
    {
        var (engine, delimiter, pattern) = SplitTerm(word);
        return engine switch
        {
            "G" => Data(DataKind.Grains, pattern, delimiter ?? ":", DataMatch.Glob),
            "P" => Data(DataKind.Grains, pattern, delimiter ?? ":", DataMatch.Regex),
            "I" => Data(DataKind.Pillar, pattern, delimiter ?? ":", DataMatch.Glob),
            "J" => Data(DataKind.Pillar, pattern, delimiter ?? ":", DataMatch.Regex),
            "L" => List(pattern),
            "S" => Subnet(pattern),
            "E" => Pcre(pattern),
            "R" => new Target.Never("a range target needs a range server, which is not available"),
            _ => new Target.Glob(word),
        };
    }

    internal static bool IsOperator(string word) => word is "and" or "or" or "not" or "(" or ")";

    private static Target.Pcre Pcre(string pattern) => new(pattern, PythonRegex.Compile(pattern));
    private static Target.IdList List(string text) => new([.. text.Split(',')], true);
    private static Target.Data Data(DataKind kind, string expression, string delimiter, DataMatch how) => new(kind, expression, delimiter, how);

    // Host bits in a network, or a number too large, mean nobody; IPv6 may be written in any form.
    private static Target.Subnet Subnet(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal)) return new(text, null, NetworkOf(text));
        var isWhole = text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3;
        return new(text, isWhole && IPAddress.TryParse(text, out var address) ? address : null, null);
    }

    private static IPNetwork? NetworkOf(string text)
    {
        var address = text[..text.IndexOf('/')];
        if (!address.Contains(':', StringComparison.Ordinal) && address.Count(c => c == '.') != 3) return null;
        return IPNetwork.TryParse(text, out var network) && IPAddress.TryParse(address, out var given) && network.BaseAddress.Equals(given) ? network : null;
    }
}
