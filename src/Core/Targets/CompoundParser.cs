using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Core.Targets;

/// <summary>The grammar of compound targets: words apart by white space, <c>not</c> before <c>and</c> before <c>or</c>, parentheses as words.</summary>
internal sealed class CompoundParser
{
    private static readonly char[] WhiteSpace = [' ', '\t', '\n', '\r', '\f', '\v'];
    private readonly ImmutableArray<string> _words;
    private int _at;
    private bool _isUnclosed;

    private CompoundParser(ImmutableArray<string> words) => _words = words;

    internal static Target Parse(Value target, MapValue nodegroups)
    {
        ImmutableArray<string> words;
        switch (target)
        {
            case TextValue text: words = [.. text.Text.Split(WhiteSpace, StringSplitOptions.RemoveEmptyEntries)]; break;
            case ListValue list when list.Items.All(i => i is TextValue): words = [.. list.Items.Select(i => i.ToString())]; break;
            default: return new Target.Never($"a compound target must be text or a list of words, found a {target.KindName}");
        }
        words = [.. words.SelectMany(word => word.StartsWith("N@", StringComparison.Ordinal) ? InParentheses(Nodegroups.Expand(word[2..], nodegroups)) : [word])];
        if (words.IsEmpty) return new Target.Never("the target is empty");
        try
        {
            var parser = new CompoundParser(words);
            var parsed = parser.Or();
            if (parser._at < words.Length) throw new Unreadable($"'{words[parser._at]}' was not expected here");
            return parser._isUnclosed ? new Target.MasterOnly(parsed) : parsed;
        }
        catch (Unreadable cause)
        {
            return new Target.Never($"the compound target '{string.Join(' ', words)}' cannot be read: {cause.Message}");
        }
    }

    private static IEnumerable<string> InParentheses(ImmutableArray<string> words) => words.IsEmpty || words.Length == 1 ? words : ["(", .. words, ")"];

    private string? Word => _at < _words.Length ? _words[_at] : null;

    private Target Or()
    {
        var left = And();
        while (Word == "or")
        {
            _at++;
            left = new Target.Or(left, And());
        }
        return left;
    }

    private Target And()
    {
        var left = Not();
        while (true)
        {
            if (Word == "and") _at++;
            else if (Word != "not") return left;   // "not" after an operand means "and not"
            left = new Target.And(left, Not());
        }
    }

    private Target Not()
    {
        if (Word != "not") return Operand();
        _at++;
        if (Word == "not") throw new Unreadable("two 'not' in a row");
        return new Target.Not(Operand());
    }

    private Target Operand()
    {
        switch (Word)
        {
            case null: throw new Unreadable("it ends where something was expected");
            case "(":
                _at++;
                var inner = Or();
                if (Word is null) _isUnclosed = true;
                else if (Word != ")") throw new Unreadable($"'{Word}' stands where 'and', 'or' or ')' was expected");
                else _at++;
                return inner;
            case "and" or "or" or ")": throw new Unreadable($"'{Word}' was not expected here");
            default: return TargetParser.Term(_words[_at++]);
        }
    }

    private sealed class Unreadable(string message) : Exception(message);
}
